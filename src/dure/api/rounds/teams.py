"""Rounds that teams enter by themselves, and from when teams are fixed."""

from typing import Annotated, Self
from uuid import UUID

from ninja import Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import led_team, operated_programme
from dure.api.rounds.found import organised_round, task_by
from dure.api.shapes import GivenMoment, In, Line, Moment, Out
from dure.api.writing import writes
from dure.challenges.models import Entrant, TeamRule
from dure.challenges.operations import enter_team, open_to_teams
from dure.core.errors import Refused
from dure.core.text import Text
from dure.joints.models import RoundTask
from dure.people.operations import form_team
from dure.programmes.operations.teams import set_team_lock

router = Router(tags=["rounds"])
Size = Annotated[int, Field(ge=1, le=100)]
_BLUEPRINTS = Text(
    ko="프로그램에 속한 라운드의 참가 방법과 팀 인원은 블루프린트가 정합니다.",
    en="Who enters a round of a programme, and how large teams are, its blueprint says.",
)


class TeamRuleIn(In):
    """``most`` null: no bound but the platform's. ``locks_at`` null: until the round is over."""

    least: Size = 1
    most: Size | None = None
    locks_at: GivenMoment | None = None


class TeamRuleOut(Out):
    round: UUID
    least: int
    most: int | None
    locks_at: Moment | None

    @classmethod
    def of(cls, rule: TeamRule) -> Self:
        return cls(round=rule.round_id, least=rule.least, most=rule.most, locks_at=rule.locks_at)


class RoundEntryIn(In):
    """``team``: one that one leads; null: a new one called ``name``, else by one's own name."""

    team: UUID | None = None
    name: Line | None = None


class EntrantOut(Out):
    id: UUID
    task: UUID
    title: str

    @classmethod
    def of(cls, entrant: Entrant) -> Self:
        return cls(id=entrant.pk, task=entrant.task_id, title=entrant.title)


class LockIn(In):
    """``at`` null: teams may change as long as their stage takes hand-ins."""

    at: GivenMoment | None


class LockOut(Out):
    """``teams``: how many there are that it holds for already."""

    teams: int

    @classmethod
    def of(cls, teams: int) -> Self:
        return cls(teams=teams)


@writes(router.put, "/rounds/{uuid:round_id}/teams", TeamRuleOut)
def set_rule(request: Asked, round_id: UUID, body: TeamRuleIn) -> TeamRule:
    """Let people enter the round by themselves, in teams of that size until that moment, by its organisers."""
    round_ = organised_round(request.auth, round_id)
    if RoundTask.objects.filter(task__round=round_).exists():
        raise Refused("round.of-programme", _BLUEPRINTS)
    return open_to_teams(round_, least=body.least, most=body.most, locks_at=body.locks_at)


@writes(router.post, "/tasks/{uuid:task_id}/entries", EntrantOut, status=201)
def enter(request: Asked, task_id: UUID, body: RoundEntryIn) -> Entrant:
    """Enter a task of a round that is open to teams, with a team that one leads or a new one."""
    task, person = task_by(task_id), request.auth
    team = led_team(person, body.team) or form_team(body.name or person.name, captain=person)
    return enter_team(task, team)


@writes(router.put, "/programmes/{slug}/team-lock", LockOut)
def lock(request: Asked, slug: str, body: LockIn) -> int:
    """From that moment on nothing changes in the programme's teams, by its operators."""
    return set_team_lock(operated_programme(request.auth, slug), at=body.at)
