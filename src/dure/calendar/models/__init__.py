"""Series with their people, sessions, attendance, slots and their bookings, calendar feeds."""

from dure.calendar.models.attendance import (
    ATTENDED,
    EXCUSE_MOVES,
    Attendance,
    Excuse,
    ExcuseState,
    Mark,
    SignInTries,
    Source,
)
from dure.calendar.models.feeds import Feed
from dure.calendar.models.series import Attendee, Role, Series
from dure.calendar.models.sessions import (
    SESSION_MOVES,
    UPCOMING,
    Recurrence,
    Session,
    SessionChange,
    SessionState,
)
from dure.calendar.models.slots import GRID, SLOT_MOVES, Booking, Claim, Slot, SlotState

__all__ = [
    "ATTENDED", "EXCUSE_MOVES", "GRID", "SESSION_MOVES", "SLOT_MOVES", "UPCOMING",
    "Attendance", "Attendee", "Booking", "Claim", "Excuse", "ExcuseState", "Feed", "Mark", "Recurrence", "Role",
    "Series", "Session", "SessionChange", "SessionState", "SignInTries", "Slot", "SlotState", "Source",
]  # fmt: skip
