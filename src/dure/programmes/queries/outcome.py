"""How a programme stands, in the very shape of a rehearsal's JSON (INTERFACE.md)."""

from collections import Counter
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from dure.blueprint.expressions import check, measures_of, rounded
from dure.blueprint.model import (
    CredentialGive,
    MoneyGive,
    PrivilegeGive,
    PublishGive,
    RoleGive,
    SpawnGive,
    Stage,
)
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Decision, Programme, Turn, TurnState
from dure.programmes.queries.figures import LiveFigures, RehearsedFigures


def outcome(programme: Programme, *, as_rehearsed: bool = False) -> dict[str, Any]:
    """Stages, money, credentials … and measures as they stand; names that nobody got yet count 0.

    ``as_rehearsed``: what a rehearsal cannot know (days, late, uses, holders) counts as it does there (appendix H),
    so that both can be compared.
    """
    blueprint = blueprint_of(programme)
    figures = RehearsedFigures(programme) if as_rehearsed else LiveFigures(programme)
    expected = blueprint.rehearse.expect if blueprint.rehearse else ()
    return {
        "blueprint": blueprint.name,
        "cases": programme.cases.count(),
        "stages": [_stage(programme, stage, opened=as_rehearsed) for stage in blueprint.stages],
        **_given(programme, figures),
        "provided": _provided(figures),
        "measures": measures_of(blueprint, figures),
        "expect": [check(text, figures, blueprint.measures).as_dict() for text in expected],
    }


def _stage(programme: Programme, stage: Stage, *, opened: bool) -> dict[str, Any]:
    """``opened``: only turns that ever were, for in a rehearsal who is left behind is nowhere."""
    turns = Turn.objects.filter(programme=programme, stage=stage.id)
    if opened:
        turns = turns.filter(opened_at__isnull=False)
    states = Counter(turns.values_list("state", flat=True))
    return {
        "id": stage.id,
        "kind": str(stage.kind),
        "in": turns.filter(opened_at__isnull=False).count(),
        "passed": states[TurnState.PASSED],
        "out": states[TurnState.OUT],
        "withdrawn": states[TurnState.WITHDRAWN],
        "reasons": _reasons(turns),
    }


def _reasons(turns: QuerySet[Turn]) -> dict[str, int]:
    """Why those who are out now are out: the code of each one's latest decision."""
    gone = turns.filter(state=TurnState.OUT).values("pk")
    rows = Decision.objects.filter(turn__in=gone, verdict="out").exclude(settlement__state="undone")
    latest = dict[UUID, str](rows.order_by("pk").values_list("turn_id", "code"))
    return dict(sorted(Counter(latest.values()).items()))


def _provided(figures: LiveFigures) -> dict[str, int | float | None]:
    """By type; what is metered and not yet at anybody's disposal counts 0."""
    metered = [p.type for stage in figures.blueprint.stages for p in stage.provides if p.amount is not None]
    amounts: dict[str, Fraction] = dict.fromkeys(metered, Fraction(0))
    amounts.update(figures.provided())
    return {name: rounded(amount) for name, amount in amounts.items()}


def _given(programme: Programme, figures: LiveFigures) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {
        "money": {}, "credentials": {}, "privileges": {}, "published": {}, "spawned": {}, "roles": {},
    }  # fmt: skip
    for stage in figures.blueprint.stages:
        for give in stage.gives:
            match give:
                case MoneyGive():
                    counts["money"][give.type] = 0
                case CredentialGive():
                    counts["credentials"][give.name] = 0
                case PrivilegeGive():
                    counts["privileges"][give.type] = 0
                case PublishGive():
                    names = options_at(programme, stage.id) if give.type == "option" else (give.type,)
                    counts["published"].update(dict.fromkeys(names, 0))
                case SpawnGive():
                    counts["spawned"][give.blueprint] = 0
                case RoleGive():
                    counts["roles"][give.role] = 0
    for name, counted in counts.items():
        counted.update(getattr(figures, name)())
    return counts
