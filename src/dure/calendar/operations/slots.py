"""Slots published, booked, released and withdrawn; what overlaps is kept out by claims, not by looking first."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from dure.audit.operations import Part, record, record_many
from dure.calendar.events import SlotBooked, SlotReleased
from dure.calendar.models import GRID, SLOT_MOVES, Booking, Claim, Role, Series, Slot, SlotState
from dure.calendar.operations.telling import tell_booked, tell_moved, tell_released
from dure.core import clock
from dure.core.errors import Missing, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.days import for_reader
from dure.people.models import Person
from dure.store.models import move

MOST = 200
_GRID = Text(
    ko="예약 시간은 5분 단위이고, 길이는 5분 이상, 기간은 하루 안이어야 합니다.",
    en="Slots begin and end on five minutes, take at least five, and are published for a day at most at a time.",
)
_TEACHER = Text(
    ko="이 일정의 강사만 예약을 받을 수 있습니다. 먼저 강사로 등록하세요.",
    en="Only a teacher of the series takes bookings. Add them as a teacher first.",
)
_OVERLAPS = Text(
    ko="{when}에 {who} 예약 시간이 이미 있습니다. 다른 시간을 고르세요.",
    en="On {when} there is a slot of {who} already. Choose another time.",
)
_PLACE = Text(ko="이 장소의", en="this place")
_OF = Text(ko="{name} 님의", en="{name}")
_OWN = Text(
    ko="{when}에 다른 예약이 있습니다. 다른 시간을 고르거나 그 예약을 취소하세요.",
    en="You have another booking on {when}. Choose another time, or release that one.",
)
_STRANGER = Text(ko="참석자만 예약할 수 있습니다.", en="Only those who take part can book.")
_PAST = Text(ko="이미 지난 시간입니다. 다른 시간을 고르세요.", en="That time has passed. Choose another.")
_GONE = Text(
    ko="방금 다른 사람이 예약했거나 없어진 시간입니다. 다른 시간을 고르세요.",
    en="Somebody has just booked it, or it was withdrawn. Choose another.",
)
_LATE = Text(
    ko="예약은 시작 {hours}시간 전까지만 바꾸거나 취소할 수 있습니다. 사정이 있으면 담당자에게 알리세요.",
    en="A booking can be changed or given back until {hours} hours before it begins. Tell whoever you are to meet.",
)
_MOST = Text(
    ko="한 사람이 {most}번까지 예약할 수 있습니다. 바꾸려면 먼저 예약을 취소하세요.",
    en="Each person may book {most}. To change, release the one you have.",
)


@transaction.atomic
def publish_slots(
    series: Series,
    *,
    host: Person,
    others: Sequence[Person] = (),
    starts_at: datetime,
    ends_at: datetime,
    minutes: int,
    pause: int = 0,
    place: str = "",
    link: str = "",
) -> Sequence[Slot]:
    """Offer slots of ``minutes`` with ``pause`` minutes between them, as many as fit; ``others`` are there with
    ``host``.

    Raises Refused("slot.grid", "slot.host", "slot.past" or "slot.overlaps").
    """
    step, length = timedelta(minutes=minutes + pause), timedelta(minutes=minutes)
    _check(starts_at, ends_at, length, step)
    hosts = {person.pk: person for person in (host, *others)}
    if series.attendees.filter(person__in=hosts, role=Role.TEACHER, left_at=None).count() < len(hosts):
        raise Refused("slot.host", _TEACHER)
    count = (ends_at - starts_at - length) // step + 1
    slots = [
        Slot(series=series, host=host, starts_at=starts_at + step * n, ends_at=starts_at + step * n + length,
             place=place, link=link)
        for n in range(count)
    ]  # fmt: skip
    Slot.objects.bulk_create(slots)
    beside = [pk for pk in hosts if pk != host.pk]
    joined = Slot.others.through
    joined.objects.bulk_create(joined(slot_id=slot.pk, person_id=pk) for slot in slots for pk in beside)
    for person in hosts.values():
        _claim(slots, _person(person), of=_OF.format(name=str(person)))
    if place:
        _claim(slots, f"place:{series.organisation_id}:{place.casefold()}", of=_PLACE)
    told = {"host": str(host.pk), "others": [str(pk) for pk in beside]}
    parts = [Part(slot, after={"starts_at": slot.starts_at, **told}) for slot in slots]
    record_many("slot.published", series, parts=parts)
    return slots


def _check(starts_at: datetime, ends_at: datetime, length: timedelta, step: timedelta) -> None:
    if starts_at <= clock.now():
        raise Refused("slot.past", _PAST)
    on_grid = all(not one % GRID for one in (length, step)) and starts_at.timestamp() % GRID.total_seconds() == 0
    fits = GRID <= length <= ends_at - starts_at <= timedelta(days=1) and step >= length
    if not on_grid or not fits:
        raise Refused("slot.grid", _GRID)


def _person(person: Person) -> str:
    return f"person:{person.pk}"


def _claim(slots: Sequence[Slot], holder: str, *, of: Text) -> None:
    """Take up the slots' time for one holder, who is called ``of``. Raises Refused("slot.overlaps")."""
    claims = [Claim(slot=slot, holder=holder, moment=moment) for slot in slots for moment in slot.moments]
    try:
        with transaction.atomic():
            Claim.objects.bulk_create(claims, batch_size=500)
    except IntegrityError:
        taken = _first_taken(slots, holder)
        raise Refused("slot.overlaps", _OVERLAPS.format(when=for_reader(taken, slots[0].series.zone), who=of)) from None


def _first_taken(slots: Sequence[Slot], holder: str) -> datetime:
    within = {"moment__gte": slots[0].starts_at, "moment__lt": slots[-1].ends_at}
    found = Claim.objects.filter(holder=holder, **within).exclude(slot__in=slots).order_by("moment").first()
    return found.moment if found else slots[0].starts_at


@transaction.atomic
def book(slot: Slot, *, person: Person) -> Booking:
    """Book it, within what one person may hold and where they have no other booking.

    Raises Missing("slot.stranger"), Refused("slot.past", "slot.gone", "slot.most" or "slot.own").
    """
    booking = _book(slot, person)
    tell_booked(booking)
    return booking


@transaction.atomic
def rebook(booking: Booking, *, slot: Slot) -> Booking:
    """Exchange a booking for another slot, or keep it where that cannot be had.

    Raises as ``book``, and Refused("slot.late") past the time at which a booking can be given back.
    """
    _check_gives_back(booking.slot, within_notice=True)
    _end(booking)
    move(booking.slot, SlotState.OPEN, by=SLOT_MOVES)
    moved = _book(slot, booking.person)
    tell_moved(booking, to=moved)
    return moved


def _book(slot: Slot, person: Person) -> Booking:
    series = slot.series
    if not series.attendees.filter(person=person, role=Role.ATTENDEE, left_at=None).exists():
        raise Missing("slot.stranger", _STRANGER)
    if slot.starts_at <= clock.now():
        raise Refused("slot.past", _PAST)
    try:
        move(slot, SlotState.BOOKED, by=SLOT_MOVES)
    except Refused:
        raise Refused("slot.gone", _GONE) from None
    booking = _counted(slot, person)
    try:
        _claim([slot], _person(person), of=_OF.format(name=str(person)))
    except Refused:
        raise Refused("slot.own", _OWN.format(when=for_reader(slot.starts_at, slot.series.zone))) from None
    record("slot.booked", booking, after={"slot": str(slot.pk), "starts_at": slot.starts_at}, about=person)
    publish(SlotBooked(booking.pk))
    return booking


def _counted(slot: Slot, person: Person) -> Booking:
    """A booking with the lowest number that the person does not hold; of two at once, one is refused."""
    most = slot.series.slots_each
    held = set(
        Booking.objects.filter(series=slot.series, person=person, released_at=None).values_list("number", flat=True)
    )
    number = next(n for n in range(1, len(held) + 2) if n not in held)
    refused = Refused("slot.most", _MOST.format(most=most or number), most=most)
    if most is not None and number > most:
        raise refused
    try:
        with transaction.atomic():
            return Booking.objects.create(slot=slot, series=slot.series, person=person, number=number)
    except IntegrityError:
        raise refused from None


@transaction.atomic
def release(booking: Booking, *, by: Person) -> Booking:
    """Give a booking back, so that others can book its slot.

    Raises Refused("slot.past", "slot.gone"), and "slot.late" where whoever booked it is too late.
    """
    _check_gives_back(booking.slot, within_notice=by.pk == booking.person_id)
    _end(booking)
    move(booking.slot, SlotState.OPEN, by=SLOT_MOVES)
    tell_released(booking)
    return booking


def _check_gives_back(slot: Slot, *, within_notice: bool) -> None:
    if slot.starts_at <= clock.now():
        raise Refused("slot.past", _PAST)
    if within_notice and slot.gives_back_until <= clock.now():
        raise Refused("slot.late", _LATE.format(hours=slot.series.notice_hours), hours=slot.series.notice_hours)


@transaction.atomic
def withdraw_slot(slot: Slot) -> Slot:
    """Offer it no longer; whoever booked it is told, unless it is over. Raises Refused("state.…")."""
    held = slot.bookings.select_related("slot__series", "slot__host", "person").filter(released_at=None).first()
    if held:
        _end(held)
        if slot.starts_at > clock.now():
            tell_released(held)
    move(slot, SlotState.WITHDRAWN, by=SLOT_MOVES)
    slot.claims.all().delete()
    record("slot.withdrawn", slot, before={"starts_at": slot.starts_at})
    return slot


def _end(booking: Booking) -> None:
    now = clock.now()
    if not Booking.objects.filter(pk=booking.pk, released_at=None).update(released_at=now):
        raise Refused("slot.gone", _GONE)
    booking.released_at = now
    Claim.objects.filter(slot=booking.slot_id, holder=_person(booking.person)).delete()
    record("slot.released", booking, before={"slot": str(booking.slot_id)}, about=booking.person)
    publish(SlotReleased(booking.pk))
