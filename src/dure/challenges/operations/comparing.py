"""What a proposal would change for whom: boards by the version in force beside boards by the proposed one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from uuid import UUID

from dure.challenges.events import ProposalCompared
from dure.challenges.models import Change, PlaceChange, Proposal
from dure.challenges.queries.rejudging import GATE, attempts_by
from dure.challenges.queries.standing import counting_attempts, selections
from dure.challenges.standings import Places, Stand, places_of, stands_of
from dure.core import clock
from dure.core.events import publish
from dure.store.bulk import insert_rows
from dure.store.chunks import chunked

_SIDE = ("public_place", "public_score", "final_place", "final_score")
_COLUMNS = ("proposal", "entrant", "change", "order", *(f"old_{name}" for name in _SIDE), *_SIDE)
Side = tuple[int | None, float | None, int | None, float | None]
_NOWHERE: Side = (None, None, None, None)


def compare(proposal: Proposal) -> None:
    """Keep for every entrant whose places or scores differ what they were and would be."""
    proposal.changes.all().delete()
    chosen, most = selections(proposal.task), proposal.task.round.select_most
    attempts = counting_attempts(proposal.task)
    old, new = (version.greater_is_better for version in (proposal.before, proposal.after))
    before = stands_of(attempts, chosen, greater_is_better=old, select_most=most)
    after = stands_of(attempts_by(proposal), chosen, greater_is_better=new, select_most=most)
    rows = list(_rows(proposal, before, after))
    insert_rows(PlaceChange, _COLUMNS, rows)
    publish(ProposalCompared(proposal.pk))
    moved = Counter(row[2] for row in rows)
    proposal.moved = dict(moved) | {name: proposal.changes.filter(which).count() for name, which in GATE.items()}
    proposal.compared_at = clock.now()
    proposal.save(update_fields=["moved", "compared_at"])


def note_passing(proposal: Proposal, *, passed: set[UUID], passes: set[UUID], asked: set[UUID]) -> None:
    """Who of the entrants that a gate is ``asked`` about it lets on today, and would let on."""
    known = {row.entrant_id: row for row in proposal.changes.filter(entrant__in=list(asked))}
    for entrant, row in known.items():
        row.passed, row.passes = entrant in passed, entrant in passes
    for piece in chunked(known.values()):
        PlaceChange.objects.bulk_update(piece, ["passed", "passes"], batch_size=500)


def _rows(
    proposal: Proposal, before: Mapping[UUID, Stand], after: Mapping[UUID, Stand]
) -> Iterator[tuple[object, ...]]:
    """In the order of the new public board; who stands on none comes last."""
    old_places, places = places_of(before), places_of(after)
    for order, entrant in enumerate([*places.public, *sorted(before.keys() - after.keys())], 1):
        old, new = _side(before, old_places, entrant), _side(after, places, entrant)
        if old != new:
            yield (proposal.pk, entrant, _change(old, new), order, *old, *new)


def _side(stands: Mapping[UUID, Stand], places: Places, entrant: UUID) -> Side:
    stand = stands.get(entrant)
    if stand is None:
        return _NOWHERE
    return places.public[entrant], stand.best.public, places.final[entrant], stand.counting.lasting


def _change(old: Side, new: Side) -> Change:
    """By the final place, which decides; where that stays, by the public one."""
    if _NOWHERE in (old, new):
        return Change.LEFT if new == _NOWHERE else Change.CAME
    steps = [(then or 0) - (now or 0) for then, now in ((old[2], new[2]), (old[0], new[0]))]
    moved = next((step for step in steps if step), 0)
    return Change.UP if moved > 0 else Change.DOWN if moved < 0 else Change.SCORE
