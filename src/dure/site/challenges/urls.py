"""Which page of challenges answers which address."""

from django.urls import path

from dure.site.challenges import board, details, listing

urlpatterns = [
    path("challenges/", listing.index, name="challenges"),
    path("tasks/<uuid:task_id>/", board.show, name="board"),
    path("tasks/<uuid:task_id>/lines/", board.lines, name="board-lines"),
    path("tasks/<uuid:task_id>/board.<str:format_>", board.file, name="board-file"),
    path("submissions/<uuid:submission_id>/details/", details.show, name="details"),
    path("details/<str:token>/", details.page, name="details-page"),
]
