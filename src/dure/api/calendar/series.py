"""Series, who takes part in them, attendance by spreadsheet, one's own calendar and its feeds."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Annotated, Literal, Self
from uuid import UUID

from django.conf import settings
from ninja import File, Query, Router
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from dure.api.base import Asked
from dure.api.calendar.found import run_series, said_of, seen_series
from dure.api.find import allow, one, organisation_by, person_by
from dure.api.shapes import Email, GivenMoment, In, Line, Moment, Out, Page, Paging, PersonRef, Words, paged
from dure.api.writing import writes
from dure.calendar.models import Attendee, Feed, Series
from dure.calendar.operations import change_series, enrol, issue_feed, leave, open_series, revoke_feed, take_marks
from dure.calendar.operations.sheets import Sheet
from dure.calendar.queries import Entry, Rate, agenda, feeds_of, overlapping, rates
from dure.calendar.rules import may_open_series, run_by
from dure.core import clock
from dure.core.text import Text
from dure.joints.sheets import Table, read_sent
from dure.people.keys import Issued

router = Router(tags=["calendar"])
FEED = Text(ko="캘린더 주소", en="calendar address")
ATTENDEE = Text(ko="참석자", en="attendee")
LONGEST = timedelta(days=400)
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Minutes = Annotated[int, Field(ge=0, le=600)]
Seats = Annotated[int, Field(ge=1, le=1_000_000)]


class SeriesIn(In):
    """``subject``: what it belongs to, once in the installation. ``part_percent``: what coming late counts for."""

    organisation: Line
    title_ko: Title
    title_en: Title
    subject: Annotated[str, StringConstraints(max_length=160)] = ""
    zone: Annotated[str, StringConstraints(max_length=64)] = ""
    capacity: Seats | None = None
    early_minutes: Annotated[int, Field(ge=0, le=60)] = 10
    late_minutes: Minutes = 10
    part_percent: Annotated[int, Field(ge=0, le=100)] = 100
    slots_each: Annotated[int, Field(ge=1, le=1000)] | None = 1


class SeriesPatch(In):
    """What is left out stays."""

    title_ko: Title | None = None
    title_en: Title | None = None
    zone: Annotated[str, StringConstraints(max_length=64)] | None = None
    capacity: Seats | None = None
    early_minutes: Annotated[int, Field(ge=0, le=60)] | None = None
    late_minutes: Minutes | None = None
    part_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    slots_each: Annotated[int, Field(ge=1, le=1000)] | None = None


class SeriesOut(Out):
    id: UUID
    organisation: str
    subject: str
    title: Words
    zone: str
    capacity: int | None
    taken: int
    early_minutes: int
    late_minutes: int
    part_percent: int
    slots_each: int | None

    @classmethod
    def of(cls, row: Series) -> Self:
        same = (
            "id",
            "subject",
            "zone",
            "capacity",
            "taken",
            "early_minutes",
            "late_minutes",
            "part_percent",
            "slots_each",
        )
        told = {name: getattr(row, name) for name in same}
        return cls(**told, organisation=row.organisation.short, title=Words.of(row.title))

    @classmethod
    def many(cls, rows: Sequence[Series]) -> list[Self]:
        return [cls.of(row) for row in rows]


class AttendeeIn(In):
    email: Email
    role: Literal["attendee", "teacher"] = "attendee"


class AttendeeOut(Out):
    """``attendance`` is exact: a fraction such as 7/8, 1 where nothing counts yet; left out for teachers."""

    person: PersonRef
    role: str
    since: Moment
    attendance: str | None
    marks: dict[str, int]

    @classmethod
    def of(cls, row: Attendee, rate: Rate | None = None) -> Self:
        value = str(rate.value if rate else Fraction(1)) if row.role == "attendee" else None
        marks = dict(rate.counts) if rate else {}
        return cls(person=PersonRef.of(row.person), role=row.role, since=row.since, attendance=value, marks=marks)


class EntryOut(Out):
    """``kind``: session, booking (of a slot, as who booked it), slot (as its host)."""

    kind: str
    title: Words
    beside: str
    starts_at: Moment
    ends_at: Moment
    place: str
    link: str
    path: str
    stands: bool
    overlaps: bool

    @classmethod
    def of(cls, entry: Entry, clashing: set[str]) -> Self:
        same = ("kind", "beside", "starts_at", "ends_at", "place", "link", "path", "stands")
        told = {name: getattr(entry, name) for name in same}
        return cls(**told, title=Words.of(entry.title), overlaps=entry.uid in clashing)


class FeedIn(In):
    """``series`` left out: everything of one's own."""

    series: UUID | None = None


class _Feed(Out):
    id: UUID
    series: UUID | None
    made_at: Moment
    revoked: bool


class FeedOut(_Feed):
    @classmethod
    def of(cls, row: Feed) -> Self:
        return cls(id=row.pk, series=row.series_id, made_at=row.made_at, revoked=row.revoked_at is not None)


class IssuedFeed(_Feed):
    """``address`` is told this once."""

    address: str

    @classmethod
    def of(cls, issued: Issued[Feed]) -> Self:
        address = f"{settings.BASE_URL}/calendar/feeds/{issued.secret}.ics"
        return cls(**dict(FeedOut.of(issued.row)), address=address)


class SheetOut(Out):
    """``changed``: the numbers of the rows that change something."""

    rows: int
    changed: list[int]

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        return cls(rows=sheet.rows, changed=[line.row for line in sheet.changed])


class Window(In):
    since: GivenMoment | None = None
    until: GivenMoment | None = None


@router.get("/calendar/mine", response=list[EntryOut])
def mine(request: Asked, window: Query[Window]) -> list[EntryOut]:
    """One's own sessions and slots, from ``since`` (now) until ``until`` (four weeks on), at most 400 days."""
    since = window.since or clock.now()
    until = min(window.until or since + timedelta(weeks=4), since + LONGEST)
    entries = agenda(request.auth, since=since, until=until)
    clashing = overlapping(entries)
    return [EntryOut.of(entry, clashing) for entry in entries]


@router.get("/calendar/feeds", response=list[FeedOut])
def feeds(request: Asked) -> list[FeedOut]:
    """One's calendar addresses that are open; the addresses themselves are told only when they are made."""
    return [FeedOut.of(row) for row in feeds_of(request.auth)]


@writes(router.post, "/calendar/feeds", IssuedFeed, status=201, secret=True)
def make_feed(request: Asked, body: FeedIn) -> Issued[Feed]:
    """Make a calendar address; the one before for the same shows nothing any more."""
    return issue_feed(request.auth, series=seen_series(request, body.series) if body.series else None)


@writes(router.post, "/calendar/feeds/{uuid:feed_id}/revoke", FeedOut)
def end_feed(request: Asked, feed_id: UUID) -> Feed:
    """Close a calendar address."""
    found = one(feeds_of(request.auth), "feed.missing", FEED, pk=feed_id)
    revoke_feed(found)
    found.refresh_from_db()
    return found


@router.get("/calendar/series", response=Page[SeriesOut])
def run(request: Asked, paging: Query[Paging]) -> Page[SeriesOut]:
    """The series that one runs."""
    return paged(run_by(request.auth).select_related("organisation"), paging, SeriesOut.many)


@writes(router.post, "/calendar/series", SeriesOut, status=201)
def new(request: Asked, body: SeriesIn) -> Series:
    """Open a series of an organisation that one looks after."""
    organisation = organisation_by(body.organisation)
    allow(may_open_series(request.auth, organisation), "organisation.not-yours")
    return open_series(organisation, **body.model_dump(exclude={"organisation"}))


@router.get("/calendar/series/{uuid:series_id}", response=SeriesOut)
def show(request: Asked, series_id: UUID) -> SeriesOut:
    """One series, for those who take part in it or run it."""
    return SeriesOut.of(seen_series(request, series_id))


@writes(router.patch, "/calendar/series/{uuid:series_id}", SeriesOut)
def change(request: Asked, series_id: UUID, body: SeriesPatch) -> Series:
    """Change what it is called and how it counts."""
    return change_series(run_series(request, series_id), **said_of(body))


@router.get("/calendar/series/{uuid:series_id}/attendees", response=Page[AttendeeOut])
def attendees(request: Asked, series_id: UUID, paging: Query[Paging]) -> Page[AttendeeOut]:
    """Who takes part, with their attendance, for those who run it."""
    series = run_series(request, series_id)
    known = rates(series)
    rows = series.attendees.filter(left_at=None).select_related("person")
    return paged(rows, paging, lambda page: [AttendeeOut.of(row, known.get(row.person_id)) for row in page])


@writes(router.post, "/calendar/series/{uuid:series_id}/attendees", AttendeeOut, status=201)
def add(request: Asked, series_id: UUID, body: AttendeeIn) -> Attendee:
    """Let somebody take part, or change their role."""
    return enrol(run_series(request, series_id), person=person_by(body.email), role=body.role)


@writes(router.delete, "/calendar/series/{uuid:series_id}/attendees/{uuid:person_id}", AttendeeOut)
def take_off(request: Asked, series_id: UUID, person_id: UUID) -> Attendee:
    """Let somebody take part no longer; their marks stay."""
    series = run_series(request, series_id)
    rows = series.attendees.filter(left_at=None).select_related("person")
    found = one(rows, "attendee.missing", ATTENDEE, person=person_id)
    leave(series, person=found.person)
    return found


@dataclass(frozen=True)
class Sent:
    series: Series
    table: Table
    check_only: bool


@contextmanager
def _sent(request: Asked, series_id: UUID, file: File[UploadedFile], *, check_only: bool = False) -> Iterator[Sent]:
    yield Sent(run_series(request, series_id), read_sent(file), check_only)


@writes(router.post, "/calendar/series/{uuid:series_id}/marks", SheetOut, before=_sent)
def take_sheet(request: Asked, sent: Sent) -> Sheet:
    """Mark as a spreadsheet says (session, email, mark, reason): all of its rows or none."""
    table = sent.table
    return take_marks(sent.series, header=table.header, rows=table.rows, by=request.auth, check_only=sent.check_only)
