"""Sessions: planned, changed, opened, signed in to, closed; marks and excuses."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field, StringConstraints

from dure.api.base import Asked
from dure.api.calendar.found import run_series, run_session, said_of, seen_series, seen_session
from dure.api.calendar.series import Title
from dure.api.find import allow, one
from dure.api.shapes import GivenMoment, In, Line, Moment, Out, Page, Paging, PersonRef, Words, paged
from dure.api.writing import writes
from dure.calendar.codes import code_at, left_of
from dure.calendar.models import Attendance, Excuse, Session
from dure.calendar.operations import (
    ask_excuse,
    cancel_session,
    change_session,
    close_session,
    decide_excuse,
    mark,
    open_session,
    plan,
    plan_weekly,
    sign_in,
    take_try,
)
from dure.calendar.queries import shared_devices
from dure.calendar.recurrence import Weekly
from dure.calendar.rules import may_run
from dure.core import clock
from dure.core.text import Text

router = Router(tags=["calendar"])
EXCUSE = Text(ko="공결 신청", en="request to be excused")
Place = Annotated[str, StringConstraints(max_length=160)]
Link = Annotated[str, StringConstraints(pattern=r"^(https?://\S+)?$", max_length=500)]
Reason = Annotated[str, StringConstraints(max_length=300)]
Said = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
MarkName = Literal["present", "late", "left-early", "absent", "excused"]


class Described(In):
    title_ko: Title
    title_en: Title
    place: Place = ""
    link: Link = ""
    capacity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class SessionIn(Described):
    starts_at: GivenMoment
    ends_at: GivenMoment


class WeeklyIn(Described):
    """``weekdays``: 0 is Monday. ``at`` is the time of day in the series' zone; ``{n}`` in titles is the number."""

    weekdays: Annotated[set[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1)]
    first: date
    last: date
    at: time
    minutes: Annotated[int, Field(ge=5, le=1440)]
    skipped: Annotated[set[date], Field(max_length=400)] = set()


class SessionPatch(In):
    """What is left out stays. ``following``: and all later ones of its run."""

    title_ko: Title | None = None
    title_en: Title | None = None
    place: Place | None = None
    link: Link | None = None
    capacity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    starts_at: GivenMoment | None = None
    ends_at: GivenMoment | None = None
    reason: Reason = ""
    following: bool = False


class CalendarCancelIn(In):
    reason: Reason = ""
    following: bool = False


class SessionOut(Out):
    """``sequence`` goes up with each change."""

    id: UUID
    series: UUID
    title: Words
    starts_at: Moment
    ends_at: Moment
    opens_at: Moment
    zone: str
    place: str
    link: str
    capacity: int | None
    state: str
    sequence: int

    @classmethod
    def of(cls, row: Session) -> Self:
        same = ("id", "starts_at", "ends_at", "opens_at", "zone", "place", "link", "capacity", "state", "sequence")
        told = {name: getattr(row, name) for name in same}
        return cls(**told, series=row.series_id, title=Words.of(row.title))

    @classmethod
    def many(cls, rows: Sequence[Session]) -> list[Self]:
        return [cls.of(row) for row in rows]


class Planned(Out):
    sessions: list[SessionOut]

    @classmethod
    def of(cls, rows: Sequence[Session]) -> Self:
        return cls(sessions=SessionOut.many(rows))


class CalendarCodeOut(Out):
    """``left``: seconds until the next code."""

    code: str
    left: int


class CalendarCodeIn(In):
    """``device``: what the browser or program is known by, so that one that signs for two is seen."""

    code: Annotated[str, StringConstraints(max_length=20)]
    device: Line = ""


class AttendanceOut(Out):
    person: PersonRef
    mark: str
    source: str
    reason: str
    marked_at: Moment
    shared_device: bool

    @classmethod
    def of(cls, row: Attendance, shared: frozenset[UUID] | set[UUID] = frozenset()) -> Self:
        same = {name: getattr(row, name) for name in ("mark", "source", "reason", "marked_at")}
        return cls(**same, person=PersonRef.of(row.person), shared_device=row.person_id in shared)


class CalendarMarksIn(In):
    """``marks`` by the id of a person. A correction of a session that is over needs a ``reason``."""

    marks: Annotated[dict[UUID, MarkName], Field(max_length=2000)]
    reason: Reason = ""


class Marked(Out):
    changed: list[UUID]

    @classmethod
    def of(cls, rows: Sequence[Attendance]) -> Self:
        return cls(changed=[row.person_id for row in rows])


class ExcuseIn(In):
    reason: Said


class DecisionIn(In):
    approve: bool
    answer: Annotated[str, StringConstraints(max_length=1000)] = ""


class ExcuseOut(Out):
    id: UUID
    session: UUID
    person: PersonRef
    reason: str
    state: str
    answer: str

    @classmethod
    def of(cls, row: Excuse) -> Self:
        told = {name: getattr(row, name) for name in ("id", "reason", "state", "answer")}
        return cls(**told, session=row.session_id, person=PersonRef.of(row.person))


@router.get("/calendar/series/{uuid:series_id}/sessions", response=Page[SessionOut])
def sessions(request: Asked, series_id: UUID, paging: Query[Paging]) -> Page[SessionOut]:
    """Its sessions, in the order in which they were planned; cancelled ones as well."""
    return paged(seen_series(request, series_id).sessions.all(), paging, SessionOut.many)


@writes(router.post, "/calendar/series/{uuid:series_id}/sessions", SessionOut, status=201)
def plan_one(request: Asked, series_id: UUID, body: SessionIn) -> Session:
    """Plan one session."""
    return plan(run_series(request, series_id), **body.model_dump())


@writes(router.post, "/calendar/series/{uuid:series_id}/weekly", Planned, status=201)
def plan_run(request: Asked, series_id: UUID, body: WeeklyIn) -> Sequence[Session]:
    """Plan a session on each of the weekdays, except on days left out."""
    series, told = run_series(request, series_id), body.model_dump()
    rule = {name: told.pop(name) for name in ("weekdays", "first", "last", "at", "minutes", "skipped")}
    return plan_weekly(series, Weekly(**rule, zone=series.zone), **told)


@router.get("/calendar/sessions/{uuid:session_id}", response=SessionOut)
def show(request: Asked, session_id: UUID) -> SessionOut:
    """One session, for those who take part in its series or run it."""
    return SessionOut.of(seen_session(request, session_id))


@writes(router.patch, "/calendar/sessions/{uuid:session_id}", SessionOut)
def change(request: Asked, session_id: UUID, body: SessionPatch) -> Session:
    """Change when, where and as what it takes place; whoever takes part is told of a new time or place."""
    session = run_session(request, session_id)
    change_session(session, by=request.auth, **said_of(body))
    return session


@writes(router.post, "/calendar/sessions/{uuid:session_id}/cancel", SessionOut)
def cancel(request: Asked, session_id: UUID, body: CalendarCancelIn) -> Session:
    """Cancel it; it stays on calendars, as cancelled."""
    session = run_session(request, session_id)
    cancel_session(session, by=request.auth, reason=body.reason, following=body.following)
    return session


@writes(router.post, "/calendar/sessions/{uuid:session_id}/open", SessionOut)
def begin(request: Asked, session_id: UUID) -> Session:
    """Let people sign in, an hour before the start at the earliest; else it opens by itself."""
    return open_session(run_session(request, session_id))


@writes(router.post, "/calendar/sessions/{uuid:session_id}/close", SessionOut)
def end(request: Asked, session_id: UUID) -> Session:
    """End it; whoever has no mark is absent. Else it ends by itself."""
    return close_session(run_session(request, session_id))


@router.get("/calendar/sessions/{uuid:session_id}/code", response=CalendarCodeOut)
def code(request: Asked, session_id: UUID) -> CalendarCodeOut:
    """The code that is to be shown now."""
    now, session = clock.now(), run_session(request, session_id)
    return CalendarCodeOut(code=code_at(session.secret, now), left=left_of(now))


@contextmanager
def _tried(request: Asked, session_id: UUID, body: CalendarCodeIn) -> Iterator[tuple[Session, CalendarCodeIn]]:
    """A try that is refused stays counted, so it is taken outside the transaction."""
    session = seen_session(request, session_id)
    take_try(session, person=request.auth)
    yield session, body


@writes(router.post, "/calendar/sessions/{uuid:session_id}/sign-in", AttendanceOut, before=_tried)
def enter(request: Asked, tried: tuple[Session, CalendarCodeIn]) -> Attendance:
    """Sign in with the code, as somebody who takes part, while it is open. Ten tries a session, right or wrong."""
    session, body = tried
    return sign_in(session, person=request.auth, code=body.code, device=body.device)


@router.get("/calendar/sessions/{uuid:session_id}/attendance", response=Page[AttendanceOut])
def attendance(request: Asked, session_id: UUID, paging: Query[Paging]) -> Page[AttendanceOut]:
    """Every mark, for those who run it."""
    session = run_session(request, session_id)
    shared = shared_devices(session)
    rows = session.attendance.select_related("person")
    return paged(rows, paging, lambda page: [AttendanceOut.of(row, shared) for row in page])


@writes(router.put, "/calendar/sessions/{uuid:session_id}/attendance", Marked)
def mark_some(request: Asked, session_id: UUID, body: CalendarMarksIn) -> Sequence[Attendance]:
    """Mark people, or correct their marks."""
    return mark(run_session(request, session_id), dict(body.marks), by=request.auth, reason=body.reason)


@writes(router.post, "/calendar/sessions/{uuid:session_id}/excuses", ExcuseOut, status=201)
def ask(request: Asked, session_id: UUID, body: ExcuseIn) -> Excuse:
    """Ask that one's absence be excused."""
    return ask_excuse(seen_session(request, session_id), person=request.auth, reason=body.reason)


@writes(router.post, "/calendar/excuses/{uuid:excuse_id}/decision", ExcuseOut)
def decide(request: Asked, excuse_id: UUID, body: DecisionIn) -> Excuse:
    """Approve or refuse a request, for those who run the series."""
    rows = Excuse.objects.select_related("session__series__organisation", "person")
    found = one(rows, "excuse.missing", EXCUSE, pk=excuse_id)
    allow(may_run(request.auth, found.session.series), "series.not-yours")
    return decide_excuse(found, approve=body.approve, by=request.auth, answer=body.answer)
