"""Moments as credentials write them, and months as calendars count them."""

from calendar import monthrange
from datetime import UTC, datetime

from django.utils.timezone import localtime


def written(moment: datetime) -> str:
    """``2026-11-22T05:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: str) -> datetime:
    """A moment of RFC 3339. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def months_after(moment: datetime, months: int) -> datetime:
    """The same time of day and day of the month, where Dure is at home; the month's last day where it has no such."""
    here = localtime(moment)
    years, month = divmod(here.month - 1 + months, 12)
    year = here.year + years
    last = monthrange(year, month + 1)[1]
    return here.replace(year=year, month=month + 1, day=min(here.day, last)).astimezone(UTC)
