"""The sign-in pages alone, for tests of the flows."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.email if request.user.is_authenticated else "nobody")


urlpatterns = [path("", home), path("accounts/", include("allauth.urls"))]
