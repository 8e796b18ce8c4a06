"""How each stage of a programme stands, in as few looks as a page that is reloaded all day can afford."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from dure.blueprint.model import Unit
from dure.core import clock
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import (
    ALIVE,
    Programme,
    Settlement,
    SettlementState,
    Turn,
    TurnMember,
    TurnState,
)
from dure.store.worded import asked, valued

SOON = timedelta(days=3)


@dataclass
class Health:
    """One stage: turns by state, and of those still alive how many close within ``SOON``.

    ``due``: it settles as a set and its window is over. ``held``: it is confirmed and waits for its release.
    ``settled``: it was released.
    """

    states: Counter[str] = field(default_factory=Counter)
    closing: int = 0
    closes_first: datetime | None = None
    due: bool = False
    held: bool = False
    settled: bool = False

    @property
    def entered(self) -> int:
        """All that came so far, those who still wait left out."""
        return self.states.total() - self.states[TurnState.WAITING]

    @property
    def handed_in(self) -> int:
        return self.states[TurnState.HANDED_IN]


def states_at(programme: Programme, stage: str) -> Counter[str]:
    """How many turns of one stage stand how; an index alone answers."""
    turns = Turn.objects.filter(programme=programme, stage=stage).order_by()
    return Counter(dict(turns.values_list("state").annotate(n=Count("*"))))


def health_of(programme: Programme) -> Mapping[str, Health]:
    """Every stage's health by its id, in four queries."""
    found = {stage.id: Health() for stage in blueprint_of(programme).stages}
    for stage, state, n in asked(_turns, programme.pk):
        found[stage].states[state] = n
    _note_closings(programme, found)
    for stage, state in asked(_settlements, programme.pk):
        found[stage].held |= state == SettlementState.CONFIRMED
        found[stage].settled |= state == SettlementState.RELEASED
    return found


def _turns(programme: UUID) -> "QuerySet[Turn, tuple[str, str, int]]":
    turns = Turn.objects.filter(programme=programme).order_by()
    return turns.values_list("stage", "state").annotate(n=Count("*"))


def _settlements(programme: UUID) -> "QuerySet[Settlement, tuple[str, str]]":
    return Settlement.objects.filter(programme=programme).values_list("stage", "state")


def late_at(programme: Programme) -> Counter[str]:
    """By stage, how many hand-ins came late."""
    late = Turn.objects.filter(programme=programme, late=True).order_by()
    return Counter(dict(late.values_list("stage").annotate(n=Count("*"))))


def people_at(programme: Programme, health: Mapping[str, Health]) -> Mapping[str, int]:
    """By stage, how many came so far, so that stages can be compared: persons where a programme forms teams of them
    (one query), else what travels."""
    stages = blueprint_of(programme).stages
    teams = [stage.id for stage in stages if stage.unit is Unit.TEAM]
    came = {stage.id: health[stage.id].entered for stage in stages}
    if 0 < len(teams) < len(stages):
        rows = TurnMember.objects.filter(turn__programme=programme, turn__stage__in=teams)
        entered = rows.exclude(turn__state=TurnState.WAITING).order_by().values_list("turn__stage")
        came |= dict.fromkeys(teams, 0) | dict(entered.annotate(Count("pk")))
    return came


def handed_in(health: Mapping[str, Health]) -> dict[str, int]:
    """How many hand-ins wait at each stage."""
    return {stage: one.handed_in for stage, one in health.items()}


def _note_closings(programme: Programme, found: Mapping[str, Health]) -> None:
    """What closes soon, and which sets are over and wait to be settled."""
    now = clock.now()
    blueprint = blueprint_of(programme)
    for stage, n, first in valued(_closing, programme.pk, now, now + SOON):
        found[stage].closing, found[stage].closes_first = n, first
    sets = [stage.id for stage in blueprint.stages if stage.settles_as_set and found[stage.id].handed_in]
    for (stage,) in asked(_over, programme.pk, now, *sets) if sets else ():
        found[stage].due = True


def _closing(programme: UUID, after: datetime, until: datetime) -> "QuerySet[Turn, Any]":
    alive = Turn.objects.filter(programme=programme, state__in=ALIVE, closes_at__gt=after, closes_at__lte=until)
    return alive.order_by().values_list("stage").annotate(n=Count("*"), first=Min("closes_at"))


def _over(programme: UUID, now: datetime, *stages: str) -> "QuerySet[Turn, Any]":
    over = Turn.objects.filter(programme=programme, stage__in=stages, state=TurnState.HANDED_IN, closes_at__lte=now)
    return over.order_by().values_list("stage").distinct()
