"""Two teams become one when both captains agree; it cannot be undone."""

from uuid import UUID

from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.events import TeamsMerged
from dure.people.models import MERGE_MOVES, MergeState, NoticeKind, Person, Team, TeamMember, TeamMerge
from dure.people.operations.checks import once
from dure.people.operations.notices import tell
from dure.people.operations.team_bounds import bind_team, check_changeable, give_places, take_places
from dure.people.operations.teams import dissolve
from dure.store.models import move


@transaction.atomic
def ask_merge(into: Team, *, other: Team, by: Person) -> TeamMerge:
    """Ask the captain of ``other`` that both become one team, this one. Raises Refused("merge.same", "merge.asked"),
    and where either can no longer change."""
    if into.pk == other.pk:
        sentence = Text(ko="합칠 다른 팀을 고르세요.", en="Choose another team to merge with.")
        raise Refused("merge.same", sentence)
    for team in sorted((into, other), key=lambda one: one.pk):
        check_changeable(team)
    waits = Text(ko="이미 제안했고 답을 기다리고 있습니다.", en="You have asked already; their answer is awaited.")
    with once("merge.asked", waits):
        merge = TeamMerge.objects.create(into=into, gone=other, asked_by=by)
    _tell(
        merge, other, Text(ko="‘{into}’ 팀이 팀 병합을 제안했습니다.", en="The team {into} asks to merge with yours.")
    )
    record("team.merge-asked", merge, after={"into": into.pk, "gone": other.pk})
    return merge


@transaction.atomic
def accept_merge(merge: TeamMerge, *, by: Person) -> Team:
    """Become one team: everybody of the team that was asked is in the one that asked, and so is all it did.

    Raises Refused where the one team would be too large, where either can no longer change, and what they take part in
    refuses.
    """
    into, gone = merge.into, merge.gone
    for team in sorted((into, gone), key=lambda one: one.pk):  # both wait for nobody in turn
        check_changeable(team)
    move(merge, MergeState.ACCEPTED, by=MERGE_MOVES, answered_by=by, answered_at=clock.now())
    fresh = _take_over(into, gone)
    dissolve(gone)
    told = {"into": into.pk, "gone": gone.pk, "persons": fresh}
    record("team.merged", into, after=told)
    publish(TeamsMerged(into.pk, gone.pk, tuple(fresh)))
    _tell(merge, into, Text(ko="‘{gone}’ 팀과 한 팀이 되었습니다.", en="You are one team with {gone} now."))
    return into


def _take_over(into: Team, gone: Team) -> list[UUID]:
    """Move everybody over, within the bounds of both; returns who was not in ``into`` before."""
    mates = gone.members.filter(left_at=None).order_by("joined_at", "pk")
    leaving = list(mates.values_list("person", flat=True))
    there = set(into.members.filter(left_at=None).values_list("person", flat=True))
    fresh = [person for person in leaving if person not in there]
    for bound in gone.bounds.all():
        own = into.bounds.filter(of=bound.of).first()
        if own is None:
            bind_team(into, of=bound.of, least=bound.least, most=bound.most, locks_at=bound.locks_at)
    take_places(into, len(fresh))
    mates.update(left_at=clock.now())
    give_places(gone, len(leaving))
    TeamMember.objects.bulk_create([TeamMember(team=into, person_id=person) for person in fresh])
    return fresh


@transaction.atomic
def decline_merge(merge: TeamMerge, *, by: Person) -> TeamMerge:
    """Stay two teams."""
    move(merge, MergeState.DECLINED, by=MERGE_MOVES, answered_by=by, answered_at=clock.now())
    record("team.merge-declined", merge)
    _tell(merge, merge.into, Text(ko="‘{gone}’ 팀이 팀 병합을 거절했습니다.", en="The team {gone} will not merge."))
    return merge


@transaction.atomic
def withdraw_merge(merge: TeamMerge) -> TeamMerge:
    """Take the question back before it is answered."""
    move(merge, MergeState.WITHDRAWN, by=MERGE_MOVES, answered_at=clock.now())
    record("team.merge-withdrawn", merge)
    return merge


def _tell(merge: TeamMerge, team: Team, text: Text) -> None:
    """Its captain; after a merge everybody."""
    merged = merge.state == MergeState.ACCEPTED
    readers = team.members.filter(left_at=None).values_list("person", flat=True) if merged else [team.captain_id]
    told = text.format(into=merge.into.name, gone=merge.gone.name)
    tell(readers, kind=NoticeKind.INVITATION, text=told, path=f"/me/teams/{team.pk}/")
