"""Which record counts where: the best choice, proven by OR-tools' CP-SAT where there is anything to choose.

A record counts whole, in one area at most and for one core list at most; transferred ones up to the cap. The best
choice leaves the fewest credits lacking (those of all areas and of the whole, added up); of these the fewest places of
core lists, then the fewest conditions unmet; then it counts the most credits, gives the most records their place, and
takes what stands first in the requirement.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dure.core.errors import Unready
from dure.core.text import Text
from dure.match.audits.model import Record, Requirement

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar, LinearExpr

SECONDS = 10.0
_UNPROVEN = Text(
    ko="가장 유리한 배정을 제시간에 찾지 못했습니다. 잠시 뒤 다시 시도하세요.",
    en="The best way to count these credits was not found in time. Try again in a while.",
)


@dataclass(frozen=True)
class Seat:
    """A record with where it could count: places of areas and of core lists in the requirement."""

    record: Record
    transferred: bool
    areas: tuple[int, ...]
    cores: tuple[int, ...]

    @property
    def tenths(self) -> int:
        return int(self.record.credits * 10)


@dataclass(frozen=True)
class Place:
    """Where it counts; ``counts`` false: not at all, for it is above the cap."""

    counts: bool
    area: int | None
    core: int | None


def seats_of(records: Sequence[tuple[Record, bool]], requirement: Requirement) -> list[Seat]:
    """Records, each with whether it is transferred."""
    areas, cores = requirement.areas, requirement.core
    return [
        Seat(
            record, transferred,
            tuple(at for at, area in enumerate(areas) if record.area == area.key or record.is_one_of(area.courses)),
            tuple(at for at, core in enumerate(cores) if record.is_one_of(core.courses)),
        )
        for record, transferred in records
    ]  # fmt: skip


def best_places(seats: Sequence[Seat], requirement: Requirement) -> list[Place]:
    """The best choice, a place for each seat. Raises Unready where it is not proven in time."""
    transferred = sum(seat.record.credits for seat in seats if seat.transferred)
    one_way = all(len(seat.areas) <= 1 and len(seat.cores) <= 1 for seat in seats)
    if one_way and transferred <= requirement.transfer:
        return list(_straight(seats, [core.take for core in requirement.core]))
    return _Choice(seats, requirement).made()


def _straight(seats: Sequence[Seat], free: list[int]) -> Iterator[Place]:
    """Where nothing is to be chosen: everything counts, and core lists (with so many ``free`` places) fill in order."""
    for seat in seats:
        core = next((core for core in seat.cores if free[core]), None)
        if core is not None:
            free[core] -= 1
        yield Place(True, next(iter(seat.areas), None), core)


class _Choice:
    """The model: credits are whole tenths."""

    def __init__(self, seats: Sequence[Seat], requirement: Requirement) -> None:
        from ortools.sat.python import cp_model  # noqa: PLC0415 -- half a second; most transcripts leave no choice

        self.seats, self.requirement = seats, requirement
        self.model: CpModel = cp_model.CpModel()
        self.sum: Callable[[Sequence[LinearExpr]], LinearExpr] = cp_model.LinearExpr.sum
        self.solver, self.proven = cp_model.CpSolver(), cp_model.OPTIMAL
        self.counts = [self.model.new_bool_var(f"counts {at}") for at in range(len(seats))]
        self.in_area = self._places("areas")
        self.in_core = self._places("cores")
        for at, seat in enumerate(seats):
            for places in (self.in_area, self.in_core):
                self.model.add(self.sum(list(places[at].values())) <= self.counts[at])
            if not seat.transferred:
                self.model.add(self.counts[at] == 1)
        self.model.add(self._credits(self.counts, moved=True) <= int(requirement.transfer * 10))
        self._aim()

    def made(self) -> list[Place]:
        self.solver.parameters.num_workers = 1
        self.solver.parameters.max_time_in_seconds = SECONDS
        if self.solver.solve(self.model) != self.proven:
            raise Unready("audit.unproven", _UNPROVEN)
        return [
            Place(self.solver.boolean_value(counts), self._taken(self.in_area[at]), self._taken(self.in_core[at]))
            for at, counts in enumerate(self.counts)
        ]

    def _taken(self, places: dict[int, "IntVar"]) -> int | None:
        return next((at for at, taken in places.items() if self.solver.boolean_value(taken)), None)

    def _places(self, kind: str) -> list[dict[int, "IntVar"]]:
        return [
            {place: self.model.new_bool_var(f"{kind} {at} {place}") for place in getattr(seat, kind)}
            for at, seat in enumerate(self.seats)
        ]

    def _credits(self, taken: Sequence["IntVar"], *, moved: bool = False) -> "LinearExpr":
        pairs = zip(self.seats, taken, strict=True)
        return self.sum([seat.tenths * var for seat, var in pairs if seat.transferred or not moved])

    def _aim(self) -> None:
        """One number of which each part outweighs all that follow it."""
        credits_, unmet = self._credit_gaps()
        courses, more = self._core_gaps()
        asked, most = self.requirement, sum(seat.tenths for seat in self.seats)
        placed = [var for places in (*self.in_area, *self.in_core) for var in places.values()]
        last = [place * var for places in self.in_area for place, var in places.items()]
        parts = [
            (credits_, int(10 * (asked.credits + sum(area.credits for area in asked.areas)))),
            (courses, sum(core.take for core in asked.core)),
            (self.sum([*unmet, *more]), len(unmet) + len(more)),
            (most - self._credits(self.counts), most),
            (len(placed) - self.sum(placed), len(placed)),
            (self.sum(last), len(self.seats) * len(asked.areas)),
        ]
        whole = self.sum([])
        for part, bound in parts:
            whole = whole * (bound + 1) + part
        self.model.minimize(whole)

    def _credit_gaps(self) -> tuple["LinearExpr", list["IntVar"]]:
        """What the areas and the whole lack, added up, and whether each does."""
        gaps, unmet = [], []
        asked = [(int(area.credits * 10), self._in(at)) for at, area in enumerate(self.requirement.areas)]
        asked.append((int(self.requirement.credits * 10), self._credits(self.counts)))
        for at, (need, has) in enumerate(asked):
            gap = self.model.new_int_var(0, need, f"gap {at}")
            short = self.model.new_bool_var(f"short {at}")
            self.model.add(gap >= need - has)
            self.model.add(gap <= need * short)
            gaps.append(gap)
            unmet.append(short)
        return self.sum(gaps), unmet

    def _in(self, area: int) -> "LinearExpr":
        pairs = zip(self.seats, self.in_area, strict=True)
        return self.sum([seat.tenths * places[area] for seat, places in pairs if area in places])

    def _core_gaps(self) -> tuple["LinearExpr", list["IntVar"]]:
        """Places of core lists that stay empty, and whether any does in each."""
        empty, unmet = [], []
        for at, core in enumerate(self.requirement.core):
            filled = self.sum([places[at] for places in self.in_core if at in places])
            short = self.model.new_bool_var(f"core {at} short")
            self.model.add(filled <= core.take)
            self.model.add(core.take - filled <= core.take * short)
            empty.append(core.take - filled)
            unmet.append(short)
        return self.sum(empty), unmet
