"""Which page of challenges answers which address."""

from django.urls import path

from dure.site.challenges import board, checks, details, listing, ruling

_STAGE = "desk/<slug:slug>/stages/<slug:stage>/"

urlpatterns = [
    path("challenges/", listing.index, name="challenges"),
    path("tasks/<uuid:task_id>/", board.show, name="board"),
    path("tasks/<uuid:task_id>/lines/", board.lines, name="board-lines"),
    path("tasks/<uuid:task_id>/board.<str:format_>", board.file, name="board-file"),
    path("submissions/<uuid:submission_id>/details/", details.show, name="details"),
    path("details/<str:token>/", details.page, name="details-page"),
    path(f"{_STAGE}rules/", ruling.show, name="desk-rules"),
    path(f"{_STAGE}finalists/", checks.show_finalists, name="desk-finalists"),
    path(f"{_STAGE}finalists/<uuid:verification_id>/", checks.show_finalist, name="desk-finalist"),
    path(f"{_STAGE}similarity/", checks.show_similarity, name="desk-similarity"),
    path(f"{_STAGE}similarity/<uuid:pair_id>/", checks.show_pair, name="desk-similar"),
]
