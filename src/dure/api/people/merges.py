"""Two teams that become one: asked by one captain, answered by the other."""

from typing import Self
from uuid import UUID

from django.db.models import Q
from ninja import Router

from dure.api.base import Asked
from dure.api.find import allow, one, seen_team
from dure.api.shapes import In, Moment, Out
from dure.api.writing import writes
from dure.challenges.models import Entrant
from dure.challenges.rules import may_see_board
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.joints.teams import outlooks, team_of
from dure.people import operations, rules
from dure.people.models import Person, Team, TeamMerge
from dure.people.queries import merges_of

router = Router(tags=["people"])
MERGE = Text(ko="팀 병합 제안", en="question to merge")
TEAM = Text(ko="팀", en="team")
_ONE_TEAM = Text(
    ko="team에 팀을, 또는 entrant에 순위표의 참가자를 적으세요. 둘 중 하나만 보냅니다.",
    en="Name the other team as `team`, or by its row of a board as `entrant`: one of the two.",
)


class MergeIn(In):
    """The other team: its id, or the entrant that it is on a board."""

    team: UUID | None = None
    entrant: UUID | None = None


class SharedTask(Out):
    """A task in which both take part: attempts they have ``used`` together, ``of`` those one team would have had."""

    task: UUID
    used: int
    of: int | None
    unjudged: int


class MergeOut(Out):
    """``into`` asks: everybody of ``gone`` will be in it. ``tasks``: where they become one entrant."""

    id: UUID
    into: UUID
    into_name: str
    gone: UUID
    gone_name: str
    state: str
    asked_at: Moment
    tasks: list[SharedTask]

    @classmethod
    def of(cls, merge: TeamMerge) -> Self:
        tasks = [
            SharedTask(task=seen.into.task_id, used=seen.used, of=seen.of, unjudged=seen.unjudged)
            for seen in outlooks(merge.into, merge.gone)
        ]
        return cls(
            id=merge.pk,
            into=merge.into_id,
            into_name=merge.into.name,
            gone=merge.gone_id,
            gone_name=merge.gone.name,
            state=merge.state,
            asked_at=merge.asked_at,
            tasks=tasks,
        )


@router.get("/teams/{uuid:team_id}/merges", response=list[MergeOut])
def waiting(request: Asked, team_id: UUID) -> list[MergeOut]:
    """What the team asked or was asked and waits for an answer, for those who are in it."""
    return [MergeOut.of(merge) for merge in merges_of(seen_team(request.auth, team_id))]


@writes(router.post, "/teams/{uuid:team_id}/merges", MergeOut, status=201)
def ask(request: Asked, team_id: UUID, body: MergeIn) -> TeamMerge:
    """Ask another team's captain to merge into one's own, by the captain."""
    team = seen_team(request.auth, team_id)
    allow(rules.may_lead(request.auth, team))
    return operations.ask_merge(team, other=_other(request.auth, body), by=request.auth)


@writes(router.post, "/merges/{uuid:merge_id}/accept", MergeOut)
def accept(request: Asked, merge_id: UUID) -> TeamMerge:
    """Become one team, by the captain who was asked. This cannot be undone."""
    merge = _merge(request.auth, merge_id)
    allow(rules.may_lead(request.auth, merge.gone))
    operations.accept_merge(merge, by=request.auth)
    return merge


@writes(router.post, "/merges/{uuid:merge_id}/decline", MergeOut)
def decline(request: Asked, merge_id: UUID) -> TeamMerge:
    """Stay two teams, by the captain who was asked."""
    merge = _merge(request.auth, merge_id)
    allow(rules.may_lead(request.auth, merge.gone))
    return operations.decline_merge(merge, by=request.auth)


@writes(router.post, "/merges/{uuid:merge_id}/withdraw", MergeOut)
def withdraw(request: Asked, merge_id: UUID) -> TeamMerge:
    """Take the question back, by the captain who asked."""
    merge = _merge(request.auth, merge_id)
    allow(rules.may_lead(request.auth, merge.into))
    return operations.withdraw_merge(merge)


def _merge(person: Person, merge_id: UUID) -> TeamMerge:
    """For the captains of the two."""
    own = Q() if rules.is_operator(person) else Q(into__captain=person) | Q(gone__captain=person)
    return one(TeamMerge.objects.filter(own).select_related("into", "gone"), "merge.missing", MERGE, pk=merge_id)


def _other(person: Person, body: MergeIn) -> Team:
    if (body.team is None) == (body.entrant is None):
        raise Flawed("merge.team", _ONE_TEAM)
    if body.team:
        return one(Team.objects.filter(size__gt=0), "team.missing", TEAM, pk=body.team)
    entrant = one(Entrant.objects.select_related("task__round"), "team.missing", TEAM, pk=body.entrant)
    found = team_of(entrant) if may_see_board(person, entrant.task) else None
    return found or one(Team.objects.none(), "team.missing", TEAM)
