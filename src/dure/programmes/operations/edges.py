"""The board of a cut: who is just inside and just outside where only so many pass."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dure.blueprint.model import PanelStep, RankStep, Stage
from dure.programmes.models import Programme, Verdict
from dure.programmes.operations.judging import Ruled
from dure.programmes.queries.options import first_option
from dure.programmes.queries.standing import Standing

NEAR = 3  # how many on each side
_CUT = frozenset({"rank", "panel.full"})


@dataclass(frozen=True)
class Edge:
    """One turn near a cut: by what value it stands there, and on which side. ``option``: of a cut for each option."""

    turn: Standing
    value: float | None
    passes: bool
    option: str = ""


def edges_of(programme: Programme, stage: Stage, ruled: Sequence[Ruled]) -> list[Edge]:
    """Near the last cut of the gate, best first, option by option; none where the gate cuts nobody."""
    cut = next((step for step in reversed(stage.gate) if _cuts(step)), None)
    if cut is None or not any(row.code in _CUT for row in ruled):
        return []
    near = [row for row in ruled if row.verdict == Verdict.PASSED or row.code in _CUT]
    options = _options(programme, stage, cut, near)
    sides: dict[str, list[Edge]] = defaultdict(list)
    for row in near:
        option = options.get(row.turn.pk) or ""
        sides[option].append(Edge(row.turn, _value(cut, row), row.verdict == Verdict.PASSED, option))
    return [edge for option in sorted(sides) for edge in _near(sides[option])]


def _options(programme: Programme, stage: Stage, cut: object, rows: Sequence[Ruled]) -> dict[UUID, str | None]:
    """What each turn chose, where each option has a cut of its own."""
    alone = isinstance(cut, RankStep) and cut.per_option
    return first_option(programme, stage, [row.turn for row in rows]) if alone else {}


def _cuts(step: object) -> bool:
    return isinstance(step, RankStep | PanelStep) and step.take is not None


def _value(cut: object, row: Ruled) -> float | None:
    if isinstance(cut, RankStep):
        found = row.facts.get(cut.by, {}).get("value")
        return float(found) if isinstance(found, int | float) else None
    return row.mark


def _near(edges: list[Edge]) -> list[Edge]:
    """The last that pass and the first that do not."""
    ordered = sorted(edges, key=lambda edge: (not edge.passes, -(edge.value or 0.0)))
    inside = [edge for edge in ordered if edge.passes]
    outside = [edge for edge in ordered if not edge.passes]
    return [*inside[-NEAR:], *outside[:NEAR]]
