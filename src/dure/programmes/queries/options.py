"""Which options turns stand under."""

from collections.abc import Sequence
from uuid import UUID

from dure.blueprint.model import Stage
from dure.programmes.models import Programme
from dure.programmes.queries.frames import frame_of
from dure.programmes.queries.standing import Standing


def first_option(programme: Programme, stage: Stage, turns: Sequence[Standing]) -> dict[UUID, str | None]:
    """By turn, the (first) option in force at ``stage``; None where there is none."""
    rows = frame_of(programme, stage, turns, names=[]).rows
    return {turn.pk: (options or [None])[0] for turn, options in zip(turns, rows["options"].to_list(), strict=True)}
