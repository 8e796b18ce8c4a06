"""Addresses of those who judge."""

from django.urls import path

from dure.site.reviews import attending, deciding, marking, queue

_PANEL, _DECIDING = (
    "me/reviews/panel/<slug:slug>/<slug:stage>/<int:step>/",
    "me/reviews/decide/<slug:slug>/<slug:stage>/<int:step>/",
)

urlpatterns = [
    path("me/reviews/", queue.queue, name="reviews"),
    path("me/reviews/next/", queue.begin, name="begin-reviews"),
    path(_PANEL, marking.panel, name="panel"),
    path(f"{_PANEL}next/", marking.next_of_panel, name="next-review"),
    path("me/reviews/compare/", marking.compare, name="compare"),
    path(_DECIDING, deciding.deciding, name="deciding"),
    path(f"{_DECIDING}next/", deciding.next_to_decide, name="next-decision"),
    path("me/reviews/with/<slug:slug>/<slug:stage>/", attending.attended, name="attended"),
    path("reviews/<uuid:review_id>/", marking.review, name="review"),
    path("reviews/<uuid:review_id>/draft/", marking.draft, name="review-draft"),
    path("reviews/<uuid:review_id>/take-back/", marking.undo, name="take-back-review"),
    path("reviews/<uuid:review_id>/conflict/", marking.step_back, name="step-back"),
    path("reviews/<uuid:review_id>/files/<uuid:file_id>/", marking.file, name="review-file"),
    path("reviews/with/<uuid:turn_id>/", attending.recording, name="recording"),
    path("reviews/with/<uuid:turn_id>/files/<uuid:file_id>/", attending.file, name="attended-file"),
    path("decisions/<uuid:turn_id>/<int:step>/", deciding.decision, name="decision"),
    path("decisions/<uuid:turn_id>/<int:step>/files/<uuid:file_id>/", deciding.file, name="decision-file"),
]
