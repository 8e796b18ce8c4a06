"""The pages that sign-in leads to: the site as it is served, and a home for those who come back."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.email if request.user.is_authenticated else "nobody")


urlpatterns = [path("", home), path("", include("dure.urls"))]
