"""Which page of challenges answers which address."""

from django.urls import path

from dure.site.challenges import board, details, listing, sharing

urlpatterns = [
    path("challenges/", listing.index, name="challenges"),
    path("tasks/<uuid:task_id>/", board.show, name="board"),
    path("tasks/<uuid:task_id>/lines/", board.lines, name="board-lines"),
    path("tasks/<uuid:task_id>/board.<str:format_>", board.file, name="board-file"),
    path("tasks/<uuid:task_id>/shared/", sharing.index, name="shared"),
    path("submissions/<uuid:submission_id>/share/", sharing.share_one, name="share"),
    path("submissions/<uuid:submission_id>/file/", sharing.file, name="submission-file"),
    path("submissions/<uuid:submission_id>/details/", details.show, name="details"),
    path("details/<str:token>/", details.page, name="details-page"),
]
