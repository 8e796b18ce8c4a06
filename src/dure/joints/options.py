"""Which option each turn of a stage stands under."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Member, Programme, Turn
from dure.programmes.queries.members import turns_by_member


def option_by_turn(
    programme: Programme, stage_id: str, turns: Sequence[Turn], members: Mapping[UUID, Sequence[Member]]
) -> dict[UUID, str]:
    """Chosen here, or at the latest earlier stage that has any; else empty."""
    source = blueprint_of(programme).options_stage(stage_id)
    if source is None or source.id == stage_id:
        return {turn.pk: (turn.options or [""])[0] for turn in turns}
    first = {turn.pk: members[turn.pk][0] for turn in turns}
    chosen = turns_by_member(list(first.values()), [source.id])
    return {pk: (chosen[member.pk][source.id].options or [""])[0] for pk, member in first.items()}
