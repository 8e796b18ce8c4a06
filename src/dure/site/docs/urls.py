"""Addresses of the documentation."""

from django.urls import path

from dure.site.docs import views

urlpatterns = [
    path("docs/", views.index, name="docs"),
    path("docs/screens/<slug:name>-<str:language>.png", views.screen, name="docs-screen"),
    path("docs/<slug:shelf>/", views.shelf, name="docs-shelf"),
    path("docs/<slug:shelf>/<slug:name>/", views.page, name="docs-page"),
]
