"""Which page of what is decided and checked answers which address."""

from django.urls import path

from dure.site.desk.checks import asking, pages, ruling

_STAGE = "desk/<slug:slug>/stages/<slug:stage>/"

urlpatterns = [
    path(f"{_STAGE}rules/", ruling.show, name="desk-rules"),
    path(f"{_STAGE}asked/", asking.show, name="desk-asked"),
    path(f"{_STAGE}finalists/", pages.show_finalists, name="desk-finalists"),
    path(f"{_STAGE}finalists/<uuid:verification_id>/", pages.show_finalist, name="desk-finalist"),
    path(f"{_STAGE}similarity/", pages.show_similarity, name="desk-similarity"),
    path(f"{_STAGE}similarity/<uuid:pair_id>/", pages.show_pair, name="desk-similar"),
]
