"""Two sides beside each other in numbers that add up exactly: of one request, of a batch, of a day, of all; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import reduce
from typing import Any, Self

from dure.challenges.field.requests import Cells, Shadow
from dure.challenges.models import Ending
from dure.challenges.tables import number

GUARD_FROM = 20  # requests; before that a share of failures says little
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_STEP = Decimal("1e-12")
_NOTHING = Decimal(0)
_LARGEST = 1e15
_COUNTS = ("tried", "failed", "compared", "agreed", "judged", "right", "service_judged", "service_right")
_SUMS = ("gap", "error", "service_error")
_TIMES = ("ms", "service_ms")
_TALLIES = (*_TIMES, "causes")


@dataclass(frozen=True)
class Outcome:
    """What became of one request: the model's answer within ``ms``, or the ``cause`` why there is none."""

    shadow: Shadow
    answer: Cells | None = None
    ms: int | None = None
    cause: str = ""


@dataclass(frozen=True)
class Measure:
    """How answers are compared: numbers within ``tolerance``, everything else letter by letter."""

    numeric: bool
    tolerance: Decimal = _NOTHING

    def distance(self, one: Cells, other: Cells) -> Decimal | None:
        """The differences of all columns added up, to 12 decimals; None where one of them is no number."""
        total = _NOTHING
        for mine, theirs in zip(one, other, strict=True):
            first, second = _decimal(mine), _decimal(theirs)
            if first is None or second is None:
                return None
            total = _EXACT.add(total, _EXACT.abs(_EXACT.subtract(first, second)))
        return total

    def same(self, one: Cells, other: Cells) -> bool:
        """Whether they count as the same answer; of numbers each column by itself."""
        if not self.numeric:
            return one == other
        return all(
            (apart := self.distance((mine,), (theirs,))) is not None and apart <= self.tolerance
            for mine, theirs in zip(one, other, strict=True)
        )


@dataclass(frozen=True)
class Verdict:
    """One request's comparison; None: one of the two is not known."""

    agrees: bool | None
    right: bool | None
    service_right: bool | None


def verdict_of(outcome: Outcome, measure: Measure) -> Verdict:
    asked = outcome.shadow
    return Verdict(
        agrees=_same(outcome.answer, asked.answer, measure),
        right=_same(outcome.answer, asked.truth, measure),
        service_right=_same(asked.answer, asked.truth, measure),
    )


def _same(one: Cells | None, other: Cells | None, measure: Measure) -> bool | None:
    return None if one is None or other is None else measure.same(one, other)


@dataclass(frozen=True)
class Counts:
    """How many were ``tried`` and ``failed``; ``agreed`` of ``compared`` with the service; ``right`` of ``judged`` by
    the truth, on both sides.
    """

    tried: int = 0
    failed: int = 0
    compared: int = 0
    agreed: int = 0
    judged: int = 0
    right: int = 0
    service_judged: int = 0
    service_right: int = 0

    @property
    def answered(self) -> int:
        return self.tried - self.failed

    @property
    def failures(self) -> Fraction | None:
        return _share(self.failed, self.tried)

    @property
    def agreement(self) -> Fraction | None:
        return _share(self.agreed, self.compared)

    @property
    def quality(self) -> Fraction | None:
        return _share(self.right, self.judged)

    @property
    def service_quality(self) -> Fraction | None:
        return _share(self.service_right, self.service_judged)


@dataclass(frozen=True)
class Brief(Counts):
    """What a chart shows of a day: its counts, and the ms that 95 % of the answers of each side do not exceed.

    Of several days those of the slowest one.
    """

    slow: int | None = None
    service_slow: int | None = None

    @classmethod
    def total(cls, briefs: Iterable[Self]) -> Self:
        found = list(briefs)
        slow, service_slow = _slowest(one.slow for one in found), _slowest(one.service_slow for one in found)
        return cls(**_counted(found), slow=slow, service_slow=service_slow)


@dataclass(frozen=True)
class Tally(Counts):
    """Everything that was counted. ``gap``, ``error`` and ``service_error`` add up distances of numbers. Times: how
    often each number of milliseconds; ``causes``: how often each kept an answer away.
    """

    gap: Decimal = _NOTHING
    error: Decimal = _NOTHING
    service_error: Decimal = _NOTHING
    ms: Mapping[int, int] = field(default_factory=dict)
    service_ms: Mapping[int, int] = field(default_factory=dict)
    causes: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Self) -> Self:
        return self.total([self, other])

    @classmethod
    def total(cls, tallies: Iterable[Self]) -> Self:
        """All of them added up, in one go."""
        found = list(tallies)
        both: dict[str, Any] = {**_counted(found)}
        both |= {name: reduce(_EXACT.add, (getattr(one, name) for one in found), _NOTHING) for name in _SUMS}
        for name in _TALLIES:
            times = both[name] = Counter[Any]()
            for one in found:
                times.update(getattr(one, name))
        return cls(**both)

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it; ``read`` reads it back."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        times = {name: {str(ms): many for ms, many in sorted(told[name].items())} for name in _TIMES}
        return {**told, **{name: str(told[name]) for name in _SUMS}, **times}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        sums = {name: Decimal(told[name]) for name in _SUMS}
        times = {name: {int(ms): many for ms, many in told[name].items()} for name in _TIMES}
        return cls(**{**told, **sums, **times})

    @property
    def brief(self) -> Brief:
        counts = {name: getattr(self, name) for name in _COUNTS}
        return Brief(**counts, slow=percentile(self.ms, 95), service_slow=percentile(self.service_ms, 95))

    @property
    def worth(self) -> Fraction | None:
        """What the trial says of the model, from 0 to 1: by the truth where it is known, else by the service; a
        request without an answer counts as wrong."""
        of, good = (self.judged, self.right) if self.judged else (self.compared, self.agreed)
        return _share(good, of + self.failed)


def _slowest(times: Iterable[int | None]) -> int | None:
    return max((ms for ms in times if ms is not None), default=None)


def _counted(many: Iterable[Counts]) -> dict[str, int]:
    found = list(many)
    return {name: sum(getattr(one, name) for one in found) for name in _COUNTS}


def tally_of(outcomes: Iterable[Outcome], measure: Measure) -> Tally:
    """The sum over single requests."""
    return Tally.total(_one(outcome, measure) for outcome in outcomes)


def _one(outcome: Outcome, measure: Measure) -> Tally:
    asked, told = outcome.shadow, verdict_of(outcome, measure)
    return Tally(
        tried=1,
        failed=int(outcome.answer is None),
        compared=int(told.agrees is not None),
        agreed=int(told.agrees is True),
        judged=int(told.right is not None),
        right=int(told.right is True),
        service_judged=int(told.service_right is not None),
        service_right=int(told.service_right is True),
        gap=_apart(outcome.answer, asked.answer, measure),
        error=_apart(outcome.answer, asked.truth, measure),
        service_error=_apart(asked.answer, asked.truth, measure),
        ms={outcome.ms: 1} if outcome.ms is not None and outcome.answer is not None else {},
        service_ms={asked.ms: 1} if asked.ms is not None else {},
        causes={outcome.cause: 1} if outcome.cause else {},
    )


def _apart(one: Cells | None, other: Cells | None, measure: Measure) -> Decimal:
    if one is None or other is None or not measure.numeric:
        return _NOTHING
    return measure.distance(one, other) or _NOTHING


def percentile(times: Mapping[int, int], percent: int) -> int | None:
    """The nearest rank: the smallest time that at least ``percent`` of all do not exceed."""
    wanted = -(-sum(times.values()) * percent // 100)
    for ms in sorted(times):
        wanted -= times[ms]
        if wanted <= 0:
            return ms
    return None


def guarded(tally: Tally, *, most_failed: int, most_ms: int | None) -> Ending | None:
    """Why the guard stops a trial that stands so, if it does: more failures in percent, or more ms at the 95th
    percentile, than was agreed."""
    if tally.tried < GUARD_FROM:
        return None
    if tally.failed * 100 > most_failed * tally.tried:
        return Ending.FAILURES
    slow = percentile(tally.ms, 95)
    return Ending.TIME if most_ms is not None and slow is not None and slow > most_ms else None


def _share(part: int, of: int) -> Fraction | None:
    return Fraction(part, of) if of else None


def _decimal(cell: str) -> Decimal | None:
    """The number in a cell, to 12 decimals; None where it is none, or larger than any that is compared."""
    value = number(cell)
    return None if value is None or abs(value) > _LARGEST else _EXACT.quantize(Decimal(cell), _STEP)
