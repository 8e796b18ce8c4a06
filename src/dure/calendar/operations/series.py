"""Series: opened, described, entered and left."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from dure.audit.operations import Part, record, record_many
from dure.calendar.events import SeatsChanged
from dure.calendar.models import Attendee, Role, Series, SessionState
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.days import zone_names
from dure.people.models import Organisation, Person

DESCRIBED = ("title_ko", "title_en", "zone", "capacity", "early_minutes", "late_minutes", "part_percent", "slots_each",
             "notice_hours", "book_at")  # fmt: skip
_TAKEN = Text(
    ko="‘{subject}’의 일정이 이미 있습니다. 있는 것을 쓰세요.",
    en="There is a series of {subject} already. Use that one.",
)
_ZONE = Text(
    ko="모르는 시간대입니다: {zone}. Asia/Seoul처럼 쓰세요.", en="No such time zone: {zone}. Write it as Asia/Seoul."
)
_FULL = Text(
    ko="정원 {capacity}명이 모두 찼습니다. 정원을 늘리거나 빠질 사람을 먼저 정하세요.",
    en="All {capacity} seats are taken. Add seats, or take somebody off first.",
)
_SEATS = Text(
    ko="이미 {taken}명이 참석하고 있어 정원을 그보다 줄일 수 없습니다.",
    en="{taken} people are in it: there cannot be fewer seats.",
)


@transaction.atomic
def open_series(
    organisation: Organisation,
    *,
    title_ko: str,
    title_en: str,
    subject: str = "",
    path: str = "",
    zone: str = "",
    **told: Any,
) -> Series:
    """Open a series of sessions. ``subject`` names what it belongs to, once in the installation (empty: nothing);
    ``told`` as ``DESCRIBED``. Raises Refused("series.taken" or "series.zone")."""
    series = Series(
        organisation=organisation, subject=subject, path=path, title_ko=title_ko, title_en=title_en,
        zone=known_zone(zone or settings.TIME_ZONE), **told,
    )  # fmt: skip
    try:
        with transaction.atomic():
            series.save(force_insert=True)
    except IntegrityError:
        raise Refused("series.taken", _TAKEN.format(subject=subject)) from None
    record("series.opened", series, after={"organisation": organisation.short, "subject": subject, "title": title_en})
    return series


@transaction.atomic
def change_series(series: Series, **told: Any) -> Series:
    """Change what it is called and how it counts (``DESCRIBED``). Raises Refused("series.zone" or "series.seats")."""
    if "zone" in told:
        known_zone(told["zone"])
    before = {name: getattr(series, name) for name in told}
    rows = Series.objects.filter(pk=series.pk)
    if told.get("capacity") is not None:
        rows = rows.filter(taken__lte=told["capacity"])
    if not rows.update(**told):
        taken = Series.objects.values_list("taken", flat=True).get(pk=series.pk)
        raise Refused("series.seats", _SEATS.format(taken=taken), taken=taken)
    series.refresh_from_db()
    if "early_minutes" in told:
        planned = series.sessions.filter(state=SessionState.PLANNED)
        planned.update(opens_at=F("starts_at") - series.early)
    record("series.changed", series, before=before, after=told)
    if "capacity" in told and before["capacity"] != told["capacity"]:
        publish(SeatsChanged(series.pk))
    return series


def known_zone(zone: str) -> str:
    if zone not in zone_names():
        raise Refused("series.zone", _ZONE.format(zone=zone))
    return zone


@transaction.atomic
def enrol(series: Series, *, person: Person, role: str = Role.ATTENDEE, since: datetime | None = None) -> Attendee:
    """Let somebody take part from ``since`` (left out: now), as attendee or teacher; who is in it already has the role
    changed. Teachers take no seat. Raises Refused("series.full")."""
    locked = Series.objects.select_for_update(no_key=True).get(pk=series.pk)
    there = locked.attendees.filter(person=person, left_at=None).first()
    if there is not None and there.role == role:
        return there
    _take_seats(series, int(role == Role.ATTENDEE) - int(there is not None and there.role == Role.ATTENDEE))
    if there is None:
        there = Attendee.objects.create(series=series, person=person, role=role, since=since or clock.now())
    else:
        there.role = role
        there.save(update_fields=["role"])
    record("series.entered", series, after={"person": str(person.pk), "role": role}, about=person)
    return there


@transaction.atomic
def enrol_many(series: Series, persons: Iterable[Person]) -> int:
    """Let many people take part as attendees from now on, with a few statements; who is in it already stays as they
    are. Returns how many came in. Raises Refused("series.full")."""
    locked = Series.objects.select_for_update(no_key=True).get(pk=series.pk)
    there = set(locked.attendees.filter(left_at=None).values_list("person", flat=True))
    fresh = {person.pk: Attendee(series=series, person=person) for person in persons if person.pk not in there}
    _take_seats(series, len(fresh))
    Attendee.objects.bulk_create(fresh.values(), batch_size=500)
    if fresh:
        told = {"role": str(Role.ATTENDEE)}
        parts = [Part(row, after=told, about=("people.person", pk)) for pk, row in fresh.items()]
        record_many("series.entered", series, parts=parts)
    return len(fresh)


@transaction.atomic
def leave(series: Series, *, person: Person) -> None:
    """Let somebody take part no longer; their marks stay. Who is not in it leaves nothing."""
    there = series.attendees.filter(person=person, left_at=None).first()
    if there and Attendee.objects.filter(pk=there.pk, left_at=None).update(left_at=clock.now()):
        _take_seats(series, -int(there.role == Role.ATTENDEE))
        record("series.left", series, before={"person": str(person.pk), "role": there.role}, about=person)


def _take_seats(series: Series, seats: int) -> None:
    room = Q() if seats <= 0 else Q(capacity=None) | Q(capacity__gte=F("taken") + seats)
    if seats and not Series.objects.filter(room, pk=series.pk).update(taken=F("taken") + seats):
        raise Refused("series.full", _FULL.format(capacity=series.capacity), capacity=series.capacity)
