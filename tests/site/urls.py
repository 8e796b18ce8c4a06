"""The whole site, pages and sign-in, for tests of the pages."""

from django.urls import include, path

urlpatterns = [path("accounts/", include("allauth.urls")), path("", include("dure.site.urls"))]
