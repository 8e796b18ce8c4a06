"""Every read of this room that two callers share."""

from dure.calendar.queries.attendance import (
    Rate,
    attendance_of,
    expected,
    rates,
    rows_of_sheet,
    shared_devices,
    standing_in,
)
from dure.calendar.queries.entries import Clashes, Entry, agenda, clashes, entries_of_series, overlapping
from dure.calendar.queries.feeds import entries_of, feed_by, feeds_of

__all__ = [
    "Clashes",
    "Entry",
    "Rate",
    "agenda",
    "attendance_of",
    "clashes",
    "entries_of",
    "entries_of_series",
    "expected",
    "feed_by",
    "feeds_of",
    "overlapping",
    "rates",
    "rows_of_sheet",
    "shared_devices",
    "standing_in",
]
