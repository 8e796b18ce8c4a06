"""Addresses of teams."""

from django.urls import path

from dure.site.teams import entering, locking, merging, mine

_TEAM = "me/teams/<uuid:team_id>/"

urlpatterns = [
    path("me/teams/", mine.index, name="teams"),
    path("me/teams/new/", mine.new_team, name="new-team"),
    path("me/teams/join/", mine.join, name="join-team"),
    path(_TEAM, mine.show, name="team"),
    path(f"{_TEAM}leave/", mine.leave, name="leave-team"),
    *(path(f"{_TEAM}{what}/", mine.act, {"what": what}, name=f"team-{what}") for what in mine.ACTS),
    path(f"{_TEAM}invitations/<uuid:invitation_id>/take-back/", mine.take_back, name="uninvite-mate"),
    path(f"{_TEAM}members/<uuid:person_id>/captain/", mine.make_captain, name="make-captain"),
    path(f"{_TEAM}members/<uuid:person_id>/dismiss/", mine.take_out, name="dismiss-mate"),
    path(f"{_TEAM}merge/", merging.find, name="find-merge"),
    path(f"{_TEAM}merge/<uuid:other_id>/", merging.ask, name="ask-merge"),
    path("me/merges/<uuid:merge_id>/", merging.answer, name="merge"),
    path("tasks/<uuid:task_id>/enter/", entering.enter, name="enter-task"),
    path("rounds/<uuid:round_id>/teams/", locking.of_round, name="round-teams"),
    path("desk/<slug:slug>/teams/", locking.of_programme, name="desk-teams"),
]  # fmt: skip
