"""Days: which one it is here, and how old somebody is on it."""

from datetime import date

from django.utils import timezone

from dure.core import clock


def today() -> date:
    """The day it is now where Dure is at home (settings.TIME_ZONE)."""
    return timezone.localdate(clock.now())


def whole_years(birth: date, on: date) -> int:
    """Age on a day. Born on 29 February: a year older on 1 March of a common year (Korean Civil Act, 158 and 160)."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
