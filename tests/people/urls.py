"""The pages that sign-in leads to: the site as it is served, and a home for those who come back."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def home(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


urlpatterns = [path("", home), path("", include("dure.urls"))]
