"""Which page of programmes answers which address."""

from django.urls import path

from dure.site.programmes import applying, listing, page, pages

urlpatterns = [
    path("programmes/", listing.index, name="programmes"),
    path("programmes/<slug:slug>/", page.show, name="programme"),
    path("programmes/<slug:slug>/figures/", page.figures, name="figures"),
    path("programmes/<slug:slug>/pages/<slug:name>/", pages.show, name="programme-page"),
    path("programmes/<slug:slug>/files/<str:name>", pages.file, name="page-file"),
    path("programmes/<slug:slug>/<slug:stage>/apply/", applying.apply, name="apply"),
]
