"""Weekly rules, written out: days by the calendar, times by the clock on the wall of their zone. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dure.core.errors import Refused
from dure.core.text import Text

MOST = 200  # sessions that one rule makes
_NONE = Text(
    ko="이 규칙에는 해당하는 날이 없습니다. 요일과 기간, 제외할 날을 확인하세요.",
    en="No day fits this rule. Check its weekdays, its dates and the days left out.",
)
_MANY = Text(
    ko="한 번에 {most}회까지 만들 수 있습니다. 기간을 나누세요.",
    en="At most {most} sessions at a time. Divide the dates.",
)


@dataclass(frozen=True)
class Weekly:
    """On ``weekdays`` (0: Monday) from ``first`` to ``last``, both included, except on ``skipped`` days."""

    weekdays: Collection[int]
    first: date
    last: date
    at: time
    minutes: int
    zone: str
    skipped: Collection[date] = ()


def occurrences(rule: Weekly) -> list[tuple[datetime, datetime]]:
    """Begin and end of each, in UTC and in order. Raises Refused("recurrence.none" or "recurrence.many")."""
    found: list[tuple[datetime, datetime]] = []
    for day in _days(rule):
        if len(found) == MOST:
            raise Refused("recurrence.many", _MANY.format(most=MOST))
        found.append(span(day, rule.at, minutes=rule.minutes, zone=rule.zone))
    if not found:
        raise Refused("recurrence.none", _NONE)
    return found


def _days(rule: Weekly) -> Iterator[date]:
    for ahead in range((rule.last - rule.first).days + 1):
        day = rule.first + timedelta(days=ahead)
        if day.weekday() in rule.weekdays and day not in rule.skipped:
            yield day


def span(day: date, at: time, *, minutes: int, zone: str) -> tuple[datetime, datetime]:
    """From a time of day on the wall, in UTC. A time that the clocks leap over is taken as if they had not leapt."""
    start = datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
    return start, start + timedelta(minutes=minutes)
