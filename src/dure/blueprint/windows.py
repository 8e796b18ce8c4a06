"""When a stage is open (appendix D): pure arithmetic of dates, durations and calendar months."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from dure.blueprint.dates import first_instant
from dure.blueprint.model import Asked, Bind, Duration, Moment, When, Window

_NEVER = datetime(9999, 12, 30, tzinfo=UTC)  # what lies beyond the calendar


@dataclass(frozen=True, slots=True)
class Span:
    """[opens, closes), aware; None: no such bound. ``judged_at_end``: nothing is judged before it closes.

    ``occurring``: one of several, told apart by where it opens.
    """

    opens: datetime | None
    closes: datetime | None
    judged_at_end: bool = False
    occurring: bool = False


def moment_span(moment: Moment, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first moment of a date, and the first after it. With a time, both are that time."""
    instant = first_instant(moment.text)
    if instant is None:
        raise ValueError(f"not a date: {moment.text!r}")
    start = _aware(instant, zone)
    units = {4: Duration(1, "y"), 7: Duration(1, "m"), 10: Duration(1, "d")}
    length = units.get(len(moment.text))
    return (start, add(start, length, zone)) if length else (start, start)


def _aware(instant: datetime, zone: tzinfo) -> datetime:
    try:
        return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        return _NEVER if instant.year > 1 else datetime(1, 1, 2, tzinfo=UTC)


def add(moment: datetime, duration: Duration, zone: tzinfo) -> datetime:
    """``moment`` plus a length: hours as they pass, days to years by the zone's calendar, last day clamped."""
    try:
        if duration.unit == "h":
            return moment.astimezone(UTC) + timedelta(hours=duration.number)
        return _by_calendar(moment.astimezone(zone), duration).astimezone(UTC)
    except (OverflowError, ValueError):
        return _NEVER


def _by_calendar(local: datetime, duration: Duration) -> datetime:
    if duration.unit in {"d", "w"}:
        return local + timedelta(days=duration.number * (7 if duration.unit == "w" else 1))
    months = local.month - 1 + duration.number * (12 if duration.unit == "y" else 1)
    year, month = local.year + months // 12, months % 12 + 1
    return local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1]))


def window_of(
    window: Window,
    *,
    zone: str,
    opened: datetime | None,
    published: datetime,
    arrived: datetime,
    asked: Callable[[str, str], date | None],
    bound: Mapping[str, object],
    other: Callable[[str], Span],
) -> Span:
    """The window of one turn.

    ``opened``: when the turn opened, None while it waits; ``arrived``: when its case came; ``asked``: the date
    that a form asked (stage, field); ``other``: the window of another stage. ``from`` and ``to`` in ``bound``
    stand for a ``bind`` that is still in the window (``binding.bound`` fills them in otherwise); one that nothing
    fills is no bound.
    """
    place = ZoneInfo(zone)
    if window.beside is not None:
        return other(window.beside)
    start, end = (_resolved(w, asked, bound.get(key), place) for key, w in (("from", window.start), ("to", window.end)))
    opens, closes = start and start[0], end and end[1]
    first = opens or (published if window.every else None)
    if window.length and first:
        closes = add(first, window.length, place)
    if window.every and first:
        return occurrence(window.every, first, closes, arrived, place)
    if opens or closes:
        return Span(opens, closes)
    length = window.within or window.length
    closes = add(opened, length, place) if opened and length else None
    return Span(None, closes, judged_at_end=window.length is not None)


def _resolved(
    written: When | None, asked: Callable[[str, str], date | None], bound: object, zone: tzinfo
) -> tuple[datetime, datetime] | None:
    if isinstance(written, Asked):
        day = asked(written.stage, written.field)
        return moment_span(Moment(day.isoformat()), zone) if day else None
    if isinstance(written, Bind):
        return moment_span(Moment(str(bound)), zone) if bound is not None else None
    return moment_span(written, zone) if written else None


def occurrence(every: Duration, first: datetime, last: datetime | None, arrived: datetime, zone: tzinfo) -> Span:
    """The next period that begins when or after a turn arrives; one that would begin after ``last`` never opens."""
    number = _periods_before(every, first, arrived, zone)
    opens, closes = _nth(every, first, number, zone), _nth(every, first, number + 1, zone)
    if last is not None:
        opens, closes = min(opens, last), min(closes, last)
    return Span(opens, closes, occurring=True)


def _periods_before(every: Duration, first: datetime, arrived: datetime, zone: tzinfo) -> int:
    """How many periods begin before ``arrived``: by bisection, since months have no fixed length."""
    low, high = 0, 1
    while _nth(every, first, high, zone) < arrived:
        low, high = high, high * 2
    if _nth(every, first, low, zone) >= arrived:
        return low
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _nth(every, first, middle, zone) < arrived else (low, middle)
    return high


def _nth(every: Duration, first: datetime, number: int, zone: tzinfo) -> datetime:
    return add(first, Duration(every.number * number, every.unit), zone) if number else first
