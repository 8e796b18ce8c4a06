"""Which page of interviews answers which address."""

from django.urls import path

from dure.site.interviews import holding, mine, room, scoring, times

urlpatterns = [
    path("interviews/", mine.index, name="interviews"),
    path("interviews/new/", holding.new, name="interview-new"),
    path("interviews/<uuid:interview_id>/", mine.show, name="interview"),
    path("interviews/<uuid:interview_id>/booking/", mine.choose, name="interview-booking"),
    path("interviews/<uuid:interview_id>/booking.ics", mine.invitation, name="interview-invitation"),
    path("interviews/<uuid:interview_id>/room/", room.room, name="interview-room"),
    path("interviews/<uuid:interview_id>/people/", holding.people, name="interview-people"),
    path("interviews/<uuid:interview_id>/settings/", holding.settings, name="interview-settings"),
    path("interviews/<uuid:interview_id>/state/", holding.change_state, name="interview-state"),
    path("interviews/<uuid:interview_id>/release/", holding.release, name="interview-release"),
    path("interviews/<uuid:interview_id>/results.<str:format_>", holding.sheet, name="interview-sheet"),
    path("interviews/<uuid:interview_id>/times/", times.show, name="interview-times"),
    path("interviews/<uuid:interview_id>/times/<uuid:slot_id>/withdraw/", times.withdraw, name="interview-withdraw"),
    path("interviews/interviewees/<uuid:interviewee_id>/", holding.interviewee, name="interview-interviewee"),
    path("interviews/scorings/<uuid:scoring_id>/", scoring.show, name="scoring"),
    path("interviews/scorings/<uuid:scoring_id>/keep/", scoring.keep, name="scoring-keep"),
    path("interviews/scorings/<uuid:scoring_id>/act/", scoring.act, name="scoring-act"),
]
