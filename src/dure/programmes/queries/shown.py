"""What of a turn's evidence may be shown before its verdict."""

from typing import Any

from dure.blueprint.model import RoundDo
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, Turn


def shown_values(turn: Turn) -> dict[str, Any]:
    """The evidence's values; of a sealed round without ``score`` until the turn has ended: it may hold the final
    part, which is hidden until then (appendix C, ``sealed``)."""
    values: dict[str, Any] = dict(turn.evidence.values) if turn.evidence else {}
    do = blueprint_of(turn.programme).stage(turn.stage).do
    if isinstance(do, RoundDo) and do.sealed and turn.state in ALIVE:
        values.pop("score", None)
    return values
