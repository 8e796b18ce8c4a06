"""Who stands where on a task's boards, worked out from its attempts; pure."""

from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from dure.challenges.ranks import rank_of


class Attempt(NamedTuple):
    """A scored submission that counts. ``final``: the final part's score, None where there is none."""

    entrant: UUID
    pk: UUID
    public: float
    final: float | None
    at: datetime
    number: int

    @property
    def lasting(self) -> float:
        return self.public if self.final is None else self.final


class Stand(NamedTuple):
    """An entrant's row on the boards, as :class:`dure.challenges.models.Best` keeps it."""

    best: Attempt
    public_rank: int
    counting: Attempt
    final_rank: int
    chosen: bool


class Places(NamedTuple):
    """By entrant, the place on the public board and on the final one."""

    public: Mapping[UUID, int]
    final: Mapping[UUID, int]


def stands_of(
    attempts: Iterable[Attempt],
    chosen: Mapping[UUID, Collection[UUID]],
    *,
    greater_is_better: bool,
    select_most: int = 1,
) -> dict[UUID, Stand]:
    """By entrant its stand: the best public score (of equal ones the earlier), and what counts in the end.

    ``chosen``: by entrant the submissions that it chose, of which the best on the final part counts; those that are not
    among ``attempts`` count no more. Where none is chosen, the ``select_most`` best by public score are.
    """

    def rank(score: float) -> int:
        return rank_of(score, greater_is_better=greater_is_better)

    leading: dict[UUID, list[tuple[int, datetime, int, Attempt]]] = defaultdict(list)
    selected: dict[UUID, list[Attempt]] = defaultdict(list)
    for one in attempts:
        insort(leading[one.entrant], (rank(one.public), one.at, one.number, one))
        del leading[one.entrant][select_most:]
        if one.pk in chosen.get(one.entrant, ()):
            selected[one.entrant].append(one)
    found = {}
    for entrant, best in leading.items():
        among = selected.get(entrant) or [one for *_, one in best]
        counts = min(among, key=lambda one: (rank(one.lasting), one.at, one.number))
        found[entrant] = Stand(best[0][3], best[0][0], counts, rank(counts.lasting), entrant in selected)
    return found


def places_of(stands: Mapping[UUID, Stand]) -> Places:
    """Counted as boards do: by rank, then by who was earlier, then by entrant."""
    public = sorted(stands, key=lambda pk: (stands[pk].public_rank, stands[pk].best.at, pk))
    final = sorted(stands, key=lambda pk: (stands[pk].final_rank, stands[pk].counting.at, pk))
    return Places(_numbered(public), _numbered(final))


def _numbered(order: Iterable[UUID]) -> dict[UUID, int]:
    return {entrant: place for place, entrant in enumerate(order, 1)}
