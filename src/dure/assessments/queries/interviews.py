"""Interviews as those in them see them: what one is asked to, times to choose, whom one scores, what came of it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
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
from dure.store.chunks import chunked

AT_ONCE = 500
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
    rows = interview.interviewees.select_related("person").only(*LISTED, *(f"person__{name}" for name in NAMED))
    if typed:
        rows = rows.filter(Q(person__name_key__contains=key_of(typed)) | Q(person__email__contains=typed.lower()))
    if state == "unbooked":
        return rows.filter(~Exists(_held(interview).filter(person=OuterRef("person"))), state=IntervieweeState.WAITING)
    return rows.filter(state=state) if state in IntervieweeState.values else rows


def _held(interview: Interview) -> "QuerySet[Booking]":
    return Booking.objects.filter(series=interview.series_id, released_at=None)


def found_in(interview: Interview, *, typed: str, state: str = "") -> list[UUID]:
    """The interviewees whose name or address has what was typed, by name: all of them, for the names are read once."""
    rows = interviewees_of(interview, typed=typed, state=state).order_by("person__name_key", "person")
    return list(rows.values_list("pk", flat=True))


def rows_of(interviewees: Sequence[Interviewee]) -> list[Row]:
    """One page of the room, read together."""
    times = _times_of(interviewees)
    able = Scoring.objects.filter(interviewee__in=interviewees).exclude(state=ScoringState.EXCUSED)
    counted = able.order_by().values_list("interviewee").annotate(
        n=Count("pk"), sent=Count("pk", filter=Q(state=ScoringState.SENT))
    )  # fmt: skip
    counts = {pk: (sent, n) for pk, n, sent in counted}
    return [Row(one, *times.get(one.person_id, _NO_TIME), *counts.get(one.pk, (0, 0))) for one in interviewees]


def _times_of(rows: Sequence[Interviewee]) -> dict[UUID, tuple[datetime | None, Sequence[str]]]:
    """When each of one interview's interviewees meets whom, by person."""
    if not rows:
        return {}
    held = _held(rows[0].interview).filter(person__in=[row.person_id for row in rows])
    times = list(held.values_list("person", "slot", "slot__starts_at", *(f"slot__host__{name}" for name in NAMED)))
    others: dict[UUID, list[str]] = defaultdict(list)
    beside = Slot.others.through.objects.filter(slot__in=[slot for _, slot, *_ in times])
    for slot, name, email in beside.values_list("slot", *(f"person__{name}" for name in NAMED)):
        others[slot].append(name or email)
    return {person: (at, [name or email, *others[slot]]) for person, slot, at, name, email in times}


def everybody_in(interview: Interview) -> Iterator[Row]:
    """The whole room by name, read piece by piece."""
    rows = interviewees_of(interview)
    for keys in chunked(rows.order_by("person__name_key", "person").values_list("pk", flat=True), AT_ONCE):
        found = rows.in_bulk(keys)
        yield from rows_of([found[key] for key in keys])


def states_in(interview: Interview) -> dict[str, int]:
    """How many interviewees there are in each state; of those who wait, ``unbooked`` have no time."""
    counted = dict(interview.interviewees.order_by().values_list("state").annotate(n=Count("*")))
    return {**dict.fromkeys(IntervieweeState.values, 0), **counted,
            "unbooked": interviewees_of(interview, state="unbooked").count()}  # fmt: skip
