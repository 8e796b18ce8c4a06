"""Interviews as those in them see them: what one is asked to, times to choose, whom one scores, what came of it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from dure.assessments.models import (
    Interview,
    Interviewee,
    IntervieweeState,
    InterviewState,
    Scoring,
    ScoringState,
    Shows,
)
from dure.calendar.models import Booking, Role, Slot, SlotState
from dure.core import clock
from dure.core.hangul import key_of
from dure.people.models import Person
from dure.people.queries.names import FORWARDS, is_near, nearer
from dure.store.chunks import chunked
from dure.store.worded import asked, counted, found, padded, valued

AT_ONCE, UNBOOKED = 500, "unbooked"
NAMED = ("name", "email")  # all of a person that their name is made of
LISTED = ("interview", "person", "state", "score", "most", "passed", "reason", "by_criterion")


def interviewed_in(person: Person) -> "QuerySet[Interviewee]":
    """What somebody is asked to, the newest first."""
    rows = Interviewee.objects.filter(person=person).exclude(interview__state=InterviewState.DRAFT)
    return rows.select_related("interview__organisation", "interview__series").order_by("-pk")


def interviewing_in(person: Person) -> "QuerySet[Interview]":
    """Where somebody is an interviewer, the newest first."""
    seats = person.attended_series.filter(role=Role.TEACHER, left_at=None).values("series")
    return Interview.objects.filter(series__in=seats).select_related("organisation", "series").order_by("-pk")


def interviewers_of(interview: Interview) -> "QuerySet[Person]":
    """By name."""
    seats = interview.series.attendees.filter(role=Role.TEACHER, left_at=None).values("person")
    return Person.objects.filter(pk__in=seats).order_by("name_key", "pk")


# --- times


def booking_of(row: Interviewee) -> Booking | None:
    """The time that somebody holds."""
    return bookings_of([row]).get(row.pk)


def times_held(person: Person) -> dict[UUID, Booking]:
    """The times of interviews that somebody holds, by the interview's series."""
    held = person.bookings.filter(released_at=None, series__interview__isnull=False)
    return {row.series_id: row for row in held.select_related("slot__series", "slot__host").order_by("slot__starts_at")}


def bookings_of(rows: Sequence[Interviewee]) -> dict[UUID, Booking]:
    """The times that interviewees hold, by interviewee."""
    held = Booking.objects.filter(
        series__in={row.interview.series_id for row in rows}, person__in={row.person_id for row in rows},
        released_at=None,
    )  # fmt: skip
    whole = held.select_related("slot__series", "slot__host", "person").prefetch_related("slot__others")
    by_both = {(one.series_id, one.person_id): one for one in whole}
    return {row.pk: found for row in rows if (found := by_both.get((row.interview.series_id, row.person_id)))}


def times_for(row: Interviewee, *, most: int = 200) -> list[Slot]:
    """Times to come that somebody can choose: those whose interviewers are not all too close to them."""
    barred = set(row.scorings.filter(state=ScoringState.EXCUSED).values_list("interviewer", flat=True))
    slots = Slot.objects.filter(series=row.interview.series_id, state=SlotState.OPEN, starts_at__gt=clock.now())
    found = slots.select_related("host", "series").prefetch_related("others").order_by("starts_at", "pk")[:most]
    return [slot for slot in found if any(host.pk not in barred for host in slot.hosts)]


def times_of(interview: Interview) -> "QuerySet[Slot]":
    """Every time to come that is offered, with whoever has booked it (``booker``)."""
    held = Booking.objects.filter(slot=OuterRef("pk"), released_at=None).values("person__name")[:1]
    rows = Slot.objects.filter(series=interview.series_id, ends_at__gt=clock.now()).exclude(state=SlotState.WITHDRAWN)
    rows = rows.select_related("host", "series").prefetch_related("others").annotate(booker=Subquery(held))
    return rows.order_by("starts_at", "pk")


# --- points


def scorings_of(person: Person) -> "QuerySet[Scoring]":
    """Whom somebody scores (``starts_at``: when they meet), what waits for points in front; not who did not come."""
    held = Booking.objects.filter(
        series=OuterRef("interviewee__interview__series"), person=OuterRef("interviewee__person"), released_at=None
    )
    over = Q(state=ScoringState.DRAFT, interviewee__state__in=[IntervieweeState.ABSENT, IntervieweeState.RELEASED])
    rows = person.scorings.exclude(Q(state=ScoringState.EXCUSED) | over)
    rows = rows.select_related("interviewee__interview__series", "interviewee__person")
    return rows.annotate(starts_at=Subquery(held.values("slot__starts_at")[:1])).order_by("state", "starts_at", "pk")


def scorings_for(row: Interviewee) -> "QuerySet[Scoring]":
    """Everybody who scores somebody, and who stepped aside."""
    return row.scorings.select_related("interviewer").order_by("is_extra", "pk")


@dataclass(frozen=True)
class Earlier:
    """What an interview before this one came to; ``passed`` is none where somebody did not come."""

    at: datetime
    passed: bool | None
    score: Decimal | None
    most: Decimal | None
    reasons: Sequence[str]


def earlier_of(row: Interviewee, *, own: bool) -> list[Earlier]:
    """The interviews before this one, the first one first; ``own``: as far as the interviewee is shown them."""
    scores, reasons = row.interview.shows != Shows.VERDICT, row.interview.shows == Shows.REASONS
    return [
        Earlier(
            at=datetime.fromisoformat(one["released_at"]),
            passed=one["passed"],
            score=Decimal(one["score"]) if one["score"] and (scores or not own) else None,
            most=Decimal(one["most"]) if one["most"] and (scores or not own) else None,
            reasons=[given["reason"] for given in one["scorings"] if given["reason"]] if reasons or not own else (),
        )
        for one in row.earlier
    ]


# --- the examiners' room

_NO_TIME: tuple[datetime | None, Sequence[str]] = (None, ())


@dataclass(frozen=True)
class Row:
    """An interviewee in the examiners' room: when they meet whom, and how many interviewers have sent points."""

    interviewee: Interviewee
    starts_at: datetime | None
    hosts: Sequence[str]
    sent: int
    scoring: int


def interviewees_of(interview: Interview, *, typed: str = "", state: str = "") -> "QuerySet[Interviewee]":
    """``state`` is one of theirs, or ``unbooked``."""
    rows = _listed(interview.pk).filter(_stands(interview.series_id, state))
    if typed:
        rows = rows.filter(Q(person__name_key__begins=key_of(typed)) | Q(person__email__contains=typed.lower()))
    return rows


def _listed(interview: UUID, *persons: UUID) -> "QuerySet[Interviewee]":
    """All of an interview, or ``persons`` alone, with as much of them as a list says."""
    rows = Interviewee.objects.filter(interview=interview)
    some = rows.filter(person__in=persons) if persons else rows
    return some.select_related("person").only(*LISTED, *(f"person__{name}" for name in NAMED))


def _stands(series: UUID, state: str) -> Q:
    if state == UNBOOKED:
        return Q(~Exists(_held(series).filter(person=OuterRef("person"))), state=IntervieweeState.WAITING)
    return Q(state=state) if state in IntervieweeState.values else Q()


def _held(series: UUID) -> "QuerySet[Booking]":
    return Booking.objects.filter(series=series, released_at=None)


def part_in(interview: Interview, *, state: str, part: slice, count: int) -> list[Interviewee]:
    """A part of :func:`interviewees_of`, by name; ``count``: how many there are in all (as ``people.by_name``)."""
    known, near = state if state in (UNBOOKED, *IntervieweeState.values) else "", is_near(part, count)
    order, there = nearer(part, count) if near else (FORWARDS, part)
    asks = _Walked(known, order) if near else _Sorted(known)
    persons = [pk for (pk,) in valued(asks, interview.series_id, interview.pk, part=there)]
    rows = {row.person_id: row for row in found(_listed, interview.pk, *padded(persons))} if persons else {}
    return [rows[pk] for pk in (persons if order == FORWARDS else reversed(persons)) if pk in rows]


@dataclass(frozen=True)
class _Sorted:
    """Asks who is interviewed, by name."""

    state: str

    def __call__(self, series: UUID, interview: UUID) -> "QuerySet[Any, Any]":
        rows = Interviewee.objects.filter(_stands(series, self.state), interview=interview)
        return rows.order_by("person__name_key", "person").values_list("person")


@dataclass(frozen=True)
class _Walked:
    """Asks of each name, in the order of their index, whether they are interviewed."""

    state: str
    order: tuple[str, str]

    def __call__(self, series: UUID, interview: UUID) -> "QuerySet[Any, Any]":
        rows = Interviewee.objects.filter(_stands(series, self.state), interview=interview, person=OuterRef("pk"))
        return Person.objects.filter(Exists(rows)).order_by(*self.order).values_list("pk")


def found_in(interview: Interview, *, typed: str, state: str = "") -> list[UUID]:
    """The interviewees whose name or address has what was typed, by name: all of them, for the names are read once."""
    rows = interviewees_of(interview, typed=typed, state=state).order_by("person__name_key", "person")
    return list(rows.values_list("pk", flat=True))


def rows_of(interviewees: Sequence[Interviewee]) -> list[Row]:
    """One page of the room, read together."""
    times = _times_of(interviewees)
    counts = {pk: (sent, n) for pk, n, sent in valued(_scored, *padded([one.pk for one in interviewees]))}
    return [Row(one, *times.get(one.person_id, _NO_TIME), *counts.get(one.pk, (0, 0))) for one in interviewees]


def _scored(*interviewees: UUID) -> "QuerySet[Scoring, Any]":
    """Of each who scores them, and how many of these have sent points."""
    able = Scoring.objects.filter(interviewee__in=interviewees).exclude(state=ScoringState.EXCUSED)
    sent = Count("pk", filter=Q(state=ScoringState.SENT))
    return able.order_by().values_list("interviewee").annotate(n=Count("pk"), sent=sent)


def _times_of(rows: Sequence[Interviewee]) -> dict[UUID, tuple[datetime | None, Sequence[str]]]:
    """When each of one interview's interviewees meets whom, by person."""
    if not rows:
        return {}
    times = valued(_times, rows[0].interview.series_id, *padded([row.person_id for row in rows]))
    others: dict[UUID, list[str]] = defaultdict(list)
    for slot, name, email in valued(_beside, *padded([slot for _, slot, *_ in times])) if times else ():
        others[slot].append(name or email)
    return {person: (at, [name or email, *others[slot]]) for person, slot, at, name, email in times}


def _times(series: UUID, *persons: UUID) -> "QuerySet[Booking, Any]":
    held = _held(series).filter(person__in=persons)
    return held.values_list("person", "slot", "slot__starts_at", *(f"slot__host__{name}" for name in NAMED))


def _beside(*slots: UUID) -> "QuerySet[Any, Any]":
    """Who is there beside the host."""
    rows = Slot.others.through.objects.filter(slot__in=slots)
    return rows.values_list("slot", *(f"person__{name}" for name in NAMED))


def everybody_in(interview: Interview) -> Iterator[Row]:
    """The whole room by name, read piece by piece."""
    rows = interviewees_of(interview)
    for keys in chunked(rows.order_by("person__name_key", "person").values_list("pk", flat=True), AT_ONCE):
        found = rows.in_bulk(keys)
        yield from rows_of([found[key] for key in keys])


def states_in(interview: Interview) -> dict[str, int]:
    """How many interviewees there are in each state; of those who wait, ``unbooked`` have no time."""
    unbooked = counted(_unbooked, interview.series_id, interview.pk)
    return {**dict.fromkeys(IntervieweeState.values, 0), **dict(asked(_by_state, interview.pk)), UNBOOKED: unbooked}


def _by_state(interview: UUID) -> "QuerySet[Interviewee, Any]":
    return Interviewee.objects.filter(interview=interview).order_by().values_list("state").annotate(n=Count("*"))


def _unbooked(series: UUID, interview: UUID) -> "QuerySet[Interviewee]":
    return Interviewee.objects.filter(_stands(series, UNBOOKED), interview=interview)
