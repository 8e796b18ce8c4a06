"""Whether a set has been judged, and with it every turn of it."""

from dure.programmes.models import Settlement, SettlementState, Turn


def is_settled(turn: Turn) -> bool:
    """Whether a settlement of the turn's stage (and period) stands, confirmed or released."""
    of_set = Settlement.objects.filter(programme=turn.programme_id, stage=turn.stage, occurrence=turn.occurrence)
    return of_set.exclude(state=SettlementState.UNDONE).exists()
