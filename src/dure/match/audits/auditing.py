"""The audit itself: what of a transcript counts on a day, where, and what each condition still lacks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

from dure.core.text import Text
from dure.match.audits import sayings
from dure.match.audits.model import (
    BEST,
    NONE,
    Audit,
    Core,
    Left,
    Line,
    Placed,
    Record,
    Requirement,
    Sort,
    Why,
)
from dure.match.audits.placing import best_places, seats_of

CENT, TENTH = Decimal("0.01"), Decimal("0.1")
FULL = Decimal(1)


def audit(transcript: Sequence[Record], requirement: Requirement, *, on: date) -> Audit:
    """What of ``transcript`` meets ``requirement`` on that day, and what is missing. Raises Unready (see placing).

    Of one course of one issuer the latest record stands. What is transferred enters no mean, what was failed does.
    """
    sorted_ = _sorted(transcript, requirement, on)
    seats = seats_of(sorted_.counting, requirement)
    places = best_places(seats, requirement)
    placed, left = [], list(sorted_.left)
    for seat, place in zip(seats, places, strict=True):
        if place.counts:
            area = None if place.area is None else requirement.areas[place.area]
            core = None if place.core is None else requirement.core[place.core]
            placed.append(Placed(seat.record, area, core, seat.transferred))
        else:
            left.append(Left(seat.record, Why.CAP))
    lines = (
        *_credit_lines(placed, requirement), *_core_lines(placed, requirement),
        *_mean_lines([one.record for one in placed if not one.transferred] + sorted_.failed, requirement),
        *_thesis_line(sorted_.theses, requirement),
    )  # fmt: skip
    return Audit(requirement, on, lines, tuple(placed), tuple(left), _further(lines))


@dataclass
class _Sorted:
    """Records that count (with whether each is transferred), that were failed, that are theses, that do not count."""

    counting: list[tuple[Record, bool]] = field(default_factory=list)
    failed: list[Record] = field(default_factory=list)
    theses: list[Record] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def _sorted(transcript: Iterable[Record], requirement: Requirement, on: date) -> _Sorted:
    found = _Sorted()
    there = []
    for record in sorted(transcript, key=lambda record: record.earned):
        if record.earned > on:
            found.left.append(Left(record, Why.LATER))
        else:
            there.append(record)
    latest = {(record.issuer, record.course): record for record in there}
    for record in there:
        transferred = _is_transferred(record, requirement)
        if latest[record.issuer, record.course] is not record:
            found.left.append(Left(record, Why.REPLACED))
        elif why := _why_not(record, requirement, on, transferred=transferred):
            found.left.append(Left(record, why))
            if why is Why.FAILED and not transferred and not record.thesis:
                found.failed.append(record)
        else:
            if record.thesis:
                found.theses.append(record)
            if record.credits:
                found.counting.append((record, transferred))
    return found


def _is_transferred(record: Record, requirement: Requirement) -> bool:
    return record.transfer or record.issuer not in {requirement.home, *requirement.partners}


def _why_not(record: Record, requirement: Requirement, on: date, *, transferred: bool) -> Why | None:
    known = {requirement.home, *requirement.partners, *requirement.recognised}
    if record.issuer not in known or (transferred and not requirement.transfer):
        return Why.ISSUER
    if requirement.years is not None and on >= _years_after(record.earned, requirement.years):
        return Why.EXPIRED
    if record.grade is not None and record.grade < requirement.passes_from:
        return Why.FAILED
    return None


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, 1 March of a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


# --- what each condition has


def _credit_lines(placed: Sequence[Placed], requirement: Requirement) -> Iterator[Line]:
    yield _amount(Sort.CREDITS, sayings.CREDITS, requirement.credits, placed)
    for area in requirement.areas:
        yield _amount(Sort.AREA, area.title, area.credits, (one for one in placed if one.area is area))
    if requirement.residency:
        own = (one for one in placed if one.record.issuer == requirement.home and not one.transferred)
        yield _amount(Sort.RESIDENCY, sayings.RESIDENCY, requirement.residency, own)


def _amount(sort: Sort, title: Text, asked: Decimal, placed: Iterable[Placed]) -> Line:
    has = sum((one.record.credits for one in placed), NONE)
    return Line(sort, title, asked, has, max(asked - has, NONE))


def _core_lines(placed: Sequence[Placed], requirement: Requirement) -> Iterator[Line]:
    for core in requirement.core:
        has = Decimal(sum(one.core is core for one in placed))
        lacks = core.take - has
        yield Line(
            Sort.CORE, core.title, Decimal(core.take), has, lacks, courses=_left_of(core, placed) if lacks else ()
        )


def _left_of(core: Core, placed: Sequence[Placed]) -> tuple[str, ...]:
    """Courses of the list of which nothing counts yet."""
    return tuple(course for course in core.courses if not any(one.record.is_one_of((course,)) for one in placed))


def _mean_lines(records: Sequence[Record], requirement: Requirement) -> Iterator[Line]:
    if requirement.grade is not None:
        told = [(record.credits, record.grade) for record in records if record.grade is not None]
        yield _mean(Sort.GRADE, sayings.GRADE, requirement.grade, told, BEST)
    if requirement.attendance is not None:
        told = [(record.credits, record.attendance) for record in records if record.attendance is not None]
        yield _mean(Sort.ATTENDANCE, sayings.ATTENDANCE, requirement.attendance, told, FULL)


def _mean(sort: Sort, title: Text, asked: Decimal, told: Sequence[tuple[Decimal, Decimal]], most: Decimal) -> Line:
    """Compared as it is; only what is shown is cut."""
    weights = sum((weight for weight, _ in told), NONE)
    points = sum((weight * value for weight, value in told), NONE)
    short = asked * weights - points  # in credits times grade
    has = (points / weights).quantize(CENT, ROUND_DOWN) if weights else NONE
    if weights and short <= 0:
        return Line(sort, title, asked, has, NONE)
    best = None if asked >= most else max((short / (most - asked)).quantize(TENTH, ROUND_CEILING), TENTH)
    return Line(sort, title, asked, has, asked - has, best=best)


def _thesis_line(theses: Sequence[Record], requirement: Requirement) -> Iterator[Line]:
    if requirement.thesis:
        has = Decimal(bool(theses))
        yield Line(Sort.THESIS, sayings.THESIS, Decimal(1), has, 1 - has)


def _further(lines: Iterable[Line]) -> Decimal:
    """Credits at home, each counting for an area, for the whole and for residency together."""
    lacks = {sort: sum((line.lacks for line in lines if line.sort is sort), NONE) for sort in Sort}
    return max(lacks[Sort.CREDITS], lacks[Sort.AREA], lacks[Sort.RESIDENCY])
