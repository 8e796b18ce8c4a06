"""Days: which one it is here, how old somebody is on it, and where it is which: time zones by name."""

from datetime import date, datetime
from functools import cache
from zoneinfo import available_timezones

from django.utils import timezone

from dure.core import clock


def day_of(at: datetime) -> date:
    """The day of a moment where Dure is at home (settings.TIME_ZONE), wherever its reader is."""
    return timezone.localdate(at, timezone.get_default_timezone())


def today() -> date:
    """The day it is now where Dure is at home."""
    return day_of(clock.now())


@cache
def zone_names() -> frozenset[str]:
    """All time zones there are. Kept: looking for them takes 8 ms, and every page asks."""
    return frozenset(available_timezones())


def whole_years(birth: date, on: date) -> int:
    """Age on a day. Born on 29 February: a year older on 1 March of a common year (Korean Civil Act, 158 and 160)."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
