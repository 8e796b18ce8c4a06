"""Days: which one it is here, how old somebody is on it, and where it is which: time zones by name, moments told."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils import timezone

from dure.core import clock
from dure.core.moments import Told
from dure.core.text import Text


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


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name, else the site's own: a page or letter is never lost over it."""
    return ZoneInfo(name if name in zone_names() else settings.TIME_ZONE)


def for_reader(at: datetime, zone: str = "", *, closes: bool = False) -> Text:
    """A moment to whoever asks now, in their zone; beside it in ``zone``, of who set it, where clocks differ."""
    return Told(at, zone, closes).to(timezone.get_current_timezone())


def whole_years(birth: date, on: date) -> int:
    """Age on a day. Born on 29 February: a year older on 1 March of a common year (Korean Civil Act, 158 and 160)."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
