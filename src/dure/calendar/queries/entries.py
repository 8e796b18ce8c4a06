"""What stands on calendars: sessions and slots alike, and which of them overlap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from dure.calendar.models import (
    UPCOMING,
    Attendee,
    Booking,
    Role,
    Series,
    Session,
    SessionState,
    Slot,
    SlotState,
)
from dure.calendar.queries.attendance import expected
from dure.core.text import Text
from dure.people.models import Person
from dure.store.worded import found

MOST_BUSY = 50  # names that a clash tells


@dataclass(frozen=True)
class Entry:
    """One line of a calendar. ``uid`` and ``sequence`` are RFC 5545's; ``path`` its page; ``stands``: not cancelled;
    ``short`` is its title without that of its series.

    ``kind``: ``session``, ``booking`` (of a slot, as the one who booked) or ``slot`` (as its host).
    """

    kind: str
    uid: str
    title: Text
    beside: str  # the other person of a slot
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    link: str
    path: str
    stands: bool
    sequence: int
    changed_at: datetime
    teaches: bool = False
    state: str = ""
    short: Text | None = None

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / 60)


def agenda(person: Person, *, since: datetime, until: datetime) -> list[Entry]:
    """Everything of one person that touches the time from ``since`` to ``until``, in order; four queries."""
    seats = dict(Attendee.objects.filter(person=person, left_at=None).values_list("series", "role"))
    within = {"starts_at__lt": until, "ends_at__gt": since}
    sessions = Session.objects.filter(series__in=list(seats), **within).select_related("series")
    found = [_of_session(row, teaches=seats[row.series_id] == Role.TEACHER) for row in sessions]
    mine = Booking.objects.filter(person=person, slot__starts_at__lt=until, slot__ends_at__gt=since)
    found += [
        _of_booking(row) for row in mine.select_related("slot__series", "slot__host").prefetch_related("slot__others")
    ]
    joined = Slot.others.through.objects.filter(person=person)
    hosted = Slot.objects.filter(Q(host=person) | Q(pk__in=joined.values("slot")), **within)
    return sorted([*found, *_of_slots(hosted)], key=lambda entry: (entry.starts_at, entry.uid))


def entries_of_series(series: Series, *, since: datetime, until: datetime) -> list[Entry]:
    """The sessions of one series; its slots are their holders' own."""
    rows = series.sessions.filter(starts_at__lt=until, ends_at__gt=since).select_related("series")
    return sorted(map(_of_session, rows), key=lambda entry: (entry.starts_at, entry.uid))


def _of_session(row: Session, *, teaches: bool = False) -> Entry:
    title = Text(ko=f"{row.series.title_ko}: {row.title_ko}", en=f"{row.series.title_en}: {row.title_en}")
    return Entry(
        "session", f"session-{row.pk}", title, "", row.starts_at, row.ends_at, row.zone, row.place, row.link,
        f"/calendar/sessions/{row.pk}/", row.state != SessionState.CANCELLED, row.sequence, row.changed_at, teaches,
        row.state, row.title,
    )  # fmt: skip


def _of_booking(row: Booking) -> Entry:
    slot, gone = row.slot, row.released_at
    hosts = ", ".join(map(str, slot.hosts))
    return Entry(
        "booking", f"booking-{row.pk}", slot.series.title, hosts, slot.starts_at, slot.ends_at,
        slot.series.zone, slot.place, slot.link, slot.series.slots_path, gone is None, int(bool(gone)),
        gone or row.booked_at, state="released" if gone else "booked",
    )  # fmt: skip


def _of_slots(rows: "QuerySet[Slot]") -> list[Entry]:
    """Slots as their hosts have them: those that somebody booked, by booking."""
    held = Booking.objects.filter(slot__in=rows.values("pk")).select_related("slot__series", "person")
    found = []
    for row in held:
        slot, gone = row.slot, row.released_at
        found.append(
            Entry(
                "slot", f"slot-{row.pk}", slot.series.title, str(row.person), slot.starts_at, slot.ends_at,
                slot.series.zone, slot.place, slot.link, slot.series.slots_path, gone is None,
                int(bool(gone)), gone or row.booked_at, teaches=True, state="released" if gone else "booked",
            )
        )  # fmt: skip
    return found


def overlapping(entries: Iterable[Entry]) -> set[str]:
    """The uids of what overlaps something else that stands. Touching is no overlap."""
    found, last = set[str](), None
    for entry in sorted((entry for entry in entries if entry.stands), key=lambda entry: entry.starts_at):
        if last is not None and entry.starts_at < last.ends_at:
            found |= {entry.uid, last.uid}
        if last is None or entry.ends_at > last.ends_at:
            last = entry
    return found


@dataclass(frozen=True)
class Clashes:
    """What stands in the way of a session: others at its place, how many of its people are elsewhere, missing seats."""

    at_place: Sequence[Session]
    busy: Sequence[Person]
    seats_short: int

    @property
    def any(self) -> bool:
        return bool(self.at_place or self.busy or self.seats_short)


def clashes(session: Session, *, coming: int | None = None) -> Clashes:
    """A place is the same where its name is and its series are of one organisation.

    ``coming`` is how many are expected, for whoever has counted them already.
    """
    there = _at_once(session).filter(place=session.place, series__organisation=session.series.organisation_id)
    short = 0
    if session.capacity is not None:
        short = (expected(session).count() if coming is None else coming) - session.capacity
    places = list(there.select_related("series")) if session.place else []
    busy = found(_busy, session.pk, session.series_id, session.starts_at, session.ends_at, part=slice(0, MOST_BUSY))
    return Clashes(places, busy, max(0, short))


def _at_once(session: Session) -> "QuerySet[Session]":
    """Other sessions to come that touch its time."""
    rows = Session.objects.filter(state__in=UPCOMING, starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
    return rows.exclude(pk=session.pk)


def _busy(key: UUID, series: UUID, starts_at: datetime, ends_at: datetime) -> "QuerySet[Person]":
    """Who is expected at a session and is at another one, or at a slot that is booked, by name."""
    session = Session(pk=key, series_id=series, starts_at=starts_at, ends_at=ends_at)
    elsewhere = Attendee.objects.filter(left_at=None, series__in=_at_once(session).values("series")).values("person")
    slots = Slot.objects.filter(state=SlotState.BOOKED, starts_at__lt=ends_at, ends_at__gt=starts_at)
    booked = Booking.objects.filter(released_at=None, slot__in=slots).values("person")
    joined = Slot.others.through.objects.filter(slot__in=slots).values("person")
    busy = Q(pk__in=elsewhere) | Q(pk__in=booked) | Q(pk__in=slots.values("host")) | Q(pk__in=joined)
    return expected(session).filter(busy)
