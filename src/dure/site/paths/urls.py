"""Which page of paths, revisions and a cohort's sessions answers which address."""

from django.urls import path

from dure.site.paths import own, revisions, sessions

urlpatterns = [
    path("learn/paths/", own.index, name="paths"),
    path("learn/paths/new/", own.new, name="path-new"),
    path("learn/paths/<uuid:path_id>/", own.show, name="path"),
    path("learn/paths/<uuid:path_id>/plan/", own.plan, name="path-plan"),
    path("learn/paths/<uuid:path_id>/change/", own.change, name="path-change"),
    path("learn/paths/<uuid:path_id>/choose/", own.choose, name="path-choose"),
    path("learn/paths/<uuid:path_id>/leave/", own.leave, name="path-leave"),
    path("learn/paths/<uuid:path_id>/path.ics", own.ics, name="path-ics"),
    path("learn/revisions/", revisions.index, name="revisions"),
    path("learn/revisions/<uuid:task_id>/", revisions.show, name="revision"),
    path("learn/revisions/<uuid:task_id>/reply/", revisions.reply, name="revision-reply"),
    path("learn/cohorts/<uuid:cohort_id>/sessions/", sessions.show, name="cohort-sessions"),
    path("learn/cohorts/<uuid:cohort_id>/sessions/lessons/", sessions.hold, name="cohort-lessons"),
]
