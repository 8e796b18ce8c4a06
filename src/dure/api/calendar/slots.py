"""Slots: offered, booked, given back, withdrawn."""

from collections.abc import Sequence
from typing import Annotated, Self
from uuid import UUID

from django.db.models import prefetch_related_objects
from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.calendar.found import run_series, seen_series
from dure.api.calendar.sessions import Link, Place
from dure.api.find import allow, one, person_by
from dure.api.shapes import Email, GivenMoment, In, Moment, Out, Page, Paging, PersonRef, paged
from dure.api.writing import writes
from dure.calendar.models import Booking, Slot, SlotState
from dure.calendar.operations import book, publish_slots, release, withdraw_slot
from dure.calendar.rules import may_release, may_see, may_withdraw_slot
from dure.core import clock
from dure.core.text import Text

router = Router(tags=["calendar"])
SLOT = Text(ko="예약 시간", en="slot")
BOOKING = Text(ko="예약", en="booking")


class SlotsIn(In):
    """A time of ``host`` (an e-mail), divided into slots of ``minutes`` with ``pause`` between them."""

    host: Email
    starts_at: GivenMoment
    ends_at: GivenMoment
    minutes: Annotated[int, Field(ge=5, le=480)]
    pause: Annotated[int, Field(ge=0, le=120)] = 0
    place: Place = ""
    link: Link = ""


class SlotOut(Out):
    """``others`` are there beside ``host``."""

    id: UUID
    host: PersonRef
    others: list[PersonRef]
    starts_at: Moment
    ends_at: Moment
    place: str
    link: str
    state: str

    @classmethod
    def of(cls, row: Slot) -> Self:
        same = ("id", "starts_at", "ends_at", "place", "link", "state")
        others = [PersonRef.of(person) for person in row.others.all()]
        return cls(**{name: getattr(row, name) for name in same}, host=PersonRef.of(row.host), others=others)

    @classmethod
    def many(cls, rows: Sequence[Slot]) -> list[Self]:
        prefetch_related_objects(rows, "others")
        return [cls.of(row) for row in rows]


class Offered(Out):
    slots: list[SlotOut]

    @classmethod
    def of(cls, rows: Sequence[Slot]) -> Self:
        return cls(slots=SlotOut.many(rows))


class BookingOut(Out):
    id: UUID
    slot: SlotOut
    person: PersonRef
    released: bool

    @classmethod
    def of(cls, row: Booking) -> Self:
        gone = row.released_at is not None
        return cls(id=row.pk, slot=SlotOut.of(row.slot), person=PersonRef.of(row.person), released=gone)


@router.get("/calendar/series/{uuid:series_id}/slots", response=Page[SlotOut])
def free(request: Asked, series_id: UUID, paging: Query[Paging]) -> Page[SlotOut]:
    """The slots to come that can be booked."""
    rows = seen_series(request, series_id).slots.filter(state=SlotState.OPEN, starts_at__gt=clock.now())
    return paged(rows.select_related("host"), paging, SlotOut.many)


@writes(router.post, "/calendar/series/{uuid:series_id}/slots", Offered, status=201)
def offer(request: Asked, series_id: UUID, body: SlotsIn) -> Sequence[Slot]:
    """Offer a time of a teacher, divided into slots on five minutes; neither they nor the place are offered twice."""
    told = body.model_dump(exclude={"host"})
    return publish_slots(run_series(request, series_id), host=person_by(body.host), **told)


@writes(router.post, "/calendar/slots/{uuid:slot_id}/booking", BookingOut, status=201)
def take(request: Asked, slot_id: UUID) -> Booking:
    """Book a slot."""
    return book(_slot(request, slot_id), person=request.auth)


@writes(router.post, "/calendar/bookings/{uuid:booking_id}/release", BookingOut)
def give_up(request: Asked, booking_id: UUID) -> Booking:
    """Give a booking back: whoever booked it, its host, or who runs the series."""
    rows = Booking.objects.select_related("slot__series__organisation", "slot__host", "person")
    found = one(rows, "booking.missing", BOOKING, pk=booking_id)
    if not may_release(request.auth, found):
        return one(rows.none(), "booking.missing", BOOKING)
    return release(found, by=request.auth)


@writes(router.post, "/calendar/slots/{uuid:slot_id}/withdraw", SlotOut)
def withdraw(request: Asked, slot_id: UUID) -> Slot:
    """Offer a slot no longer; whoever had booked it is told."""
    found = _slot(request, slot_id)
    allow(may_withdraw_slot(request.auth, found), "series.not-yours")
    return withdraw_slot(found)


def _slot(request: Asked, slot_id: UUID) -> Slot:
    rows = Slot.objects.select_related("series__organisation", "host")
    found = one(rows, "slot.missing", SLOT, pk=slot_id)
    return found if may_see(request.auth, found.series) else one(rows.none(), "slot.missing", SLOT)
