"""Interviews over HTTP: held and filled by examiners, times offered by interviewers, picked by interviewees."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from django.db.models import QuerySet
from ninja import Query, Router
from pydantic import Field

from dure.api.assessments.exams import EmailsIn
from dure.api.base import Asked
from dure.api.calendar.sessions import Link, Place
from dure.api.calendar.slots import BookingOut, SlotOut
from dure.api.find import allow, one, organisation_by, person_by
from dure.api.shapes import Email, GivenMoment, In, Moment, Out, Page, Paging, PersonRef, Prose, Words, paged
from dure.api.writing import writes
from dure.assessments import rules
from dure.assessments.models import Interview, Interviewee, IntervieweeState
from dure.assessments.operations import interviews as operations
from dure.assessments.queries.interviews import (
    Earlier,
    bookings_of,
    earlier_of,
    interviewed_in,
    interviewing_in,
    times_for,
)
from dure.calendar.models import Booking, Slot
from dure.core.text import Text

router = Router(tags=["assessments"])
INTERVIEW = Text(ko="면접", en="interview")
INTERVIEWEE = Text(ko="면접 대상자", en="interviewee")
TIME = Text(ko="면접 시간", en="time of the interview")
Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=2)]
PassShare = Annotated[Decimal, Field(ge=0, le=1, decimal_places=4)]
Hours = Annotated[int, Field(ge=0, le=720)]


class InterviewIn(In):
    """``gap``: the share of all points by which totals may differ; ``notice_hours``: until when a time can be moved."""

    title: Words
    about: Words = Words(ko="", en="")
    rubric: Prose
    minutes: Annotated[int, Field(ge=5, le=480)] = 30
    place: Place = ""
    link: Link = ""
    gap: Share = Decimal("0.20")
    pass_share: PassShare = Decimal("0.6")
    shows: Literal["verdict", "score", "reasons"] = "score"
    notice_hours: Hours = 24

    def as_planned(self) -> dict[str, Any]:
        told = self.model_dump(exclude={"title", "about"})
        titles = {"title_ko": self.title.ko[:200], "title_en": self.title.en[:200]}
        return {**told, **titles, "about_ko": self.about.ko[:10_000], "about_en": self.about.en[:10_000]}


class InterviewOut(Out):
    id: UUID
    organisation: str
    title: Words
    state: str
    minutes: int
    place: str
    link: str
    gap: Decimal
    pass_share: Decimal
    shows: str
    notice_hours: int

    @classmethod
    def of(cls, row: Interview) -> Self:
        names = ("id", "state", "minutes", "place", "link", "gap", "pass_share", "shows")
        return cls(
            **{name: getattr(row, name) for name in names}, title=Words.of(row.title),
            organisation=row.organisation.short, notice_hours=row.series.notice_hours,
        )  # fmt: skip


class IntervieweesIn(EmailsIn):
    """Who is asked, by their addresses."""

    emails: Annotated[list[Annotated[str, Field(max_length=254)]], Field(min_length=1, max_length=500)]


class AskedOut(Out):
    asked: int

    @classmethod
    def of(cls, asked: int) -> Self:
        return cls(asked=asked)


class InterviewerIn(In):
    email: Email


class EarlierInterviewOut(Out):
    """What an interview before this one came to; ``passed`` is null where somebody did not come."""

    at: Moment
    passed: bool | None
    score: Decimal | None
    most: Decimal | None
    reasons: list[str]

    @classmethod
    def of(cls, one: Earlier) -> Self:
        return cls(**asdict(one))


class IntervieweeOut(Out):
    """``score`` of ``most`` and what it means: for examiners; for the interviewee once, and as far as, it is shown."""

    id: UUID
    interview: UUID
    person: PersonRef
    state: str
    score: Decimal | None
    most: Decimal | None
    passed: bool | None
    earlier: list[EarlierInterviewOut]

    @classmethod
    def of(cls, row: Interviewee, *, own: bool = False) -> Self:
        shown = not own or rules.sees_score(row)
        told = {"score": row.score, "most": row.most} if shown else {"score": None, "most": None}
        is_out = not own or row.state == IntervieweeState.RELEASED
        state = row.state if is_out else "waiting"
        return cls(
            id=row.pk, interview=row.interview_id, person=PersonRef.of(row.person), state=state, **told,
            passed=row.passed if is_out else None,
            earlier=[EarlierInterviewOut.of(one) for one in earlier_of(row, own=own)],
        )  # fmt: skip


class OwnInterviewOut(IntervieweeOut):
    """With the interview, the time that one holds, and the interview's own words."""

    title: Words
    about: Words
    minutes: int
    booking: BookingOut | None
    moves_until: Moment | None

    @classmethod
    def many(cls, rows: Sequence[Interviewee]) -> list[Self]:
        bookings = bookings_of(rows)
        return [cls._of(row, bookings.get(row.pk)) for row in rows]

    @classmethod
    def _of(cls, row: Interviewee, booking: Booking | None) -> Self:
        until = booking.slot.gives_back_until if booking else None
        interview = row.interview
        return cls(
            **dict(IntervieweeOut.of(row, own=True)), title=Words.of(interview.title), about=Words.of(interview.about),
            minutes=interview.minutes, booking=BookingOut.of(booking) if booking else None, moves_until=until,
        )  # fmt: skip


class InterviewReleasedOut(Out):
    released: int

    @classmethod
    def of(cls, released: int) -> Self:
        return cls(released=released)


class TimesIn(In):
    """``interviewers`` (addresses) are there together; without ``place`` or ``link``: where the interview is held."""

    interviewers: Annotated[list[Email], Field(min_length=1, max_length=10)]
    starts_at: GivenMoment
    ends_at: GivenMoment
    pause: Annotated[int, Field(ge=0, le=120)] = 0
    place: Place | None = None
    link: Link | None = None


class TimesOut(Out):
    slots: list[SlotOut]

    @classmethod
    def of(cls, rows: Sequence[Slot]) -> Self:
        return cls(slots=SlotOut.many(rows))


class PickIn(In):
    slot: UUID


# --- held


@router.get("/interviews", response=Page[InterviewOut])
def held(request: Asked, paging: Query[Paging]) -> Page[InterviewOut]:
    """The interviews that one looks after."""
    return paged(rules.held_by(request.auth), paging, lambda rows: [InterviewOut.of(row) for row in rows])


@writes(router.post, "/organisations/{slug:short}/interviews", InterviewOut, status=201)
def plan(request: Asked, short: str, body: InterviewIn) -> Interview:
    """Plan an interview; it is seen by its examiners alone until it is opened."""
    organisation = organisation_by(short)
    allow(rules.may_plan_interviews(request.auth, organisation), "organisation.not-yours")
    return operations.plan_interview(organisation, by=request.auth, **body.as_planned())


@writes(router.put, "/interviews/{uuid:interview_id}", InterviewOut)
def change(request: Asked, interview_id: UUID, body: InterviewIn) -> Interview:
    """Plan it otherwise; what points depend on stays once some are given."""
    return operations.change_interview(held_interview(request, interview_id), **body.as_planned())


@writes(router.post, "/interviews/{uuid:interview_id}/open", InterviewOut)
def open_(request: Asked, interview_id: UUID) -> Interview:
    """Let interviewees choose their times, and tell them."""
    return operations.open_interview(held_interview(request, interview_id))


@writes(router.post, "/interviews/{uuid:interview_id}/archive", InterviewOut)
def archive(request: Asked, interview_id: UUID) -> Interview:
    """Book no more times; what is booked is held and scored."""
    return operations.archive_interview(held_interview(request, interview_id))


@writes(router.post, "/interviews/{uuid:interview_id}/interviewers", InterviewOut)
def appoint(request: Asked, interview_id: UUID, body: InterviewerIn) -> Interview:
    """Let somebody interview."""
    interview = held_interview(request, interview_id)
    operations.appoint_interviewer(interview, person=person_by(body.email))
    return interview


@writes(router.post, "/interviews/{uuid:interview_id}/interviewers/dismiss", InterviewOut)
def dismiss(request: Asked, interview_id: UUID, body: InterviewerIn) -> Interview:
    """Let somebody interview no more; refused while they hold times to come."""
    interview = held_interview(request, interview_id)
    operations.dismiss_interviewer(interview, person=person_by(body.email))
    return interview


@writes(router.post, "/interviews/{uuid:interview_id}/interviewees", AskedOut)
def ask(request: Asked, interview_id: UUID, body: IntervieweesIn) -> int:
    """Ask people to an interview by their addresses; who is asked already is passed over."""
    interview = held_interview(request, interview_id)
    return operations.admit_interviewees(interview, [person_by(email) for email in body.emails])


@router.get("/interviews/{uuid:interview_id}/interviewees", response=Page[IntervieweeOut])
def interviewees(request: Asked, interview_id: UUID, paging: Query[Paging]) -> Page[IntervieweeOut]:
    """Everybody who is interviewed, with what it came to; for the examiners."""
    rows = held_interview(request, interview_id).interviewees.select_related("person", "interview")
    return paged(rows, paging, lambda found: [IntervieweeOut.of(row) for row in found])


@writes(router.post, "/interviews/{uuid:interview_id}/release", InterviewReleasedOut)
def release_all(request: Asked, interview_id: UUID) -> int:
    """Let everything that is scored, or was missed, count."""
    return operations.release_all(held_interview(request, interview_id))


# --- times


@writes(router.post, "/interviews/{uuid:interview_id}/times", TimesOut, status=201)
def offer(request: Asked, interview_id: UUID, body: TimesIn) -> Sequence[Slot]:
    """Offer times, as an interviewer or an examiner; nobody and no place is offered twice."""
    interview = one(_interviews(), "interview.missing", INTERVIEW, pk=interview_id)
    may = rules.may_interview(request.auth, interview) or rules.may_hold(request.auth, interview)
    if not may:
        one(Interview.objects.none(), "interview.missing", INTERVIEW)
    told = body.model_dump(exclude={"interviewers"})
    return operations.offer_times(interview, interviewers=[person_by(email) for email in body.interviewers], **told)


@router.get("/interviews/{uuid:interview_id}/times", response=TimesOut)
def times(request: Asked, interview_id: UUID) -> TimesOut:
    """Times to come that one can choose, as an interviewee."""
    return TimesOut(slots=SlotOut.many(times_for(_own(request, interview_id))))


@router.get("/me/interviews", response=Page[OwnInterviewOut])
def own(request: Asked, paging: Query[Paging]) -> Page[OwnInterviewOut]:
    """The interviews that one is asked to, with the time that one holds and what it came to."""
    rows = interviewed_in(request.auth).select_related("person")
    return paged(rows, paging, OwnInterviewOut.many)


@router.get("/me/interviews/given", response=Page[InterviewOut])
def given(request: Asked, paging: Query[Paging]) -> Page[InterviewOut]:
    """The interviews of which one is an interviewer."""
    return paged(interviewing_in(request.auth), paging, lambda rows: [InterviewOut.of(row) for row in rows])


@writes(router.put, "/interviews/{uuid:interview_id}/booking", BookingOut)
def pick(request: Asked, interview_id: UUID, body: PickIn) -> Booking:
    """Take a time, or move to it from the one that is held."""
    row = _own(request, interview_id)
    slots = Slot.objects.select_related("series", "host").filter(series=row.interview.series_id)
    return operations.pick(row, slot=one(slots, "slot.missing", TIME, pk=body.slot))


@writes(router.delete, "/interviews/{uuid:interview_id}/booking", BookingOut)
def give_up(request: Asked, interview_id: UUID) -> Booking:
    """Give one's time back, until the interview's notice begins."""
    return operations.give_up(_own(request, interview_id), by=request.auth)


def _interviews() -> "QuerySet[Interview]":
    return Interview.objects.select_related("organisation", "series")


def held_interview(request: Asked, interview_id: UUID) -> Interview:
    """The interview, for those who look after it; others need not know that it is there."""
    return one(rules.held_by(request.auth), "interview.missing", INTERVIEW, pk=interview_id)


def _own(request: Asked, interview_id: UUID) -> Interviewee:
    rows = interviewed_in(request.auth).select_related("person")
    return one(rows, "interview.missing", INTERVIEW, interview=interview_id)
