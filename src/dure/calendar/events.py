"""What happened on the calendar, told to whoever asked."""

from dataclasses import dataclass
from uuid import UUID

from dure.core.events import Fact


@dataclass(frozen=True)
class SessionClosed(Fact):
    """Its window is over: everybody expected has a mark, and those without one were marked absent."""

    session: UUID


@dataclass(frozen=True)
class SeatsChanged(Fact):
    """A series has more seats, or fewer."""

    series: UUID


@dataclass(frozen=True)
class AttendanceMarked(Fact):
    """Somebody signed in, was marked, corrected or excused. Absences of a closing session are ``SessionClosed``."""

    attendance: UUID


@dataclass(frozen=True)
class SlotBooked(Fact):
    booking: UUID


@dataclass(frozen=True)
class SlotReleased(Fact):
    """A booking was given back, or its slot was withdrawn."""

    booking: UUID
