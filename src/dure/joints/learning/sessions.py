"""A cohort's sessions: whoever learns in it attends them, its instructors hold them, and what was attended counts.

The series names its cohort as its subject. Who is in it follows the cohort by a job, so that a roster of thousands
does not wait for the calendar; when a session closes, or a mark in a closed one changes, a job writes each person's
rate into their enrolment.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db import transaction

from dure.calendar.events import AttendanceMarked, SeatsChanged, SessionClosed
from dure.calendar.models import Attendance, Role, Series, Session, SessionState
from dure.calendar.operations import enrol, leave, open_series
from dure.calendar.queries import rates
from dure.core.errors import Refused
from dure.core.events import on
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.learning.events import CohortPeopleChanged, CohortPlanned
from dure.learning.models import SEATED, Cohort, Duty
from dure.learning.operations.enrolling import note
from dure.people.models import Notice, NoticeKind, Person
from dure.people.operations import tell

KEEP, COUNT = "joints.keep-attendees", "joints.count-attendance"
AT_ONCE = 200
SUBJECT = "learning.cohort:"
FULL = Text(
    ko="‘{cohort}’ 기수에서 {n}명이 수업 정원에 들지 못했습니다. 정원을 늘리면 자동으로 등록됩니다.",
    en="{n} of {cohort} found no seat in its sessions. Add seats, and they come in by themselves.",
)


@transaction.atomic
def open_sessions(cohort: Cohort) -> Series:
    """Give a cohort a series of sessions; its people and instructors come into it. Raises Refused("series.taken")."""
    course = cohort.course
    series = open_series(
        course.provider.organisation, subject=subject_of(cohort.pk), path=f"/learn/courses/{course.key}/",
        title_ko=f"{course.title_ko} {cohort.name}"[:200], title_en=f"{course.title_en} {cohort.name}"[:200],
    )  # fmt: skip
    keep_attendees(cohort, series)
    return series


def subject_of(cohort: UUID) -> str:
    return f"{SUBJECT}{cohort}"


def cohort_in(subject: str) -> UUID | None:
    """The cohort that a series names as its subject, if it names one."""
    return UUID(subject.removeprefix(SUBJECT)) if subject.startswith(SUBJECT) else None


def series_of(cohort: Cohort) -> Series | None:
    """The sessions of a cohort, where it has any."""
    return Series.objects.filter(subject=subject_of(cohort.pk)).first()


# --- who attends


@on(CohortPlanned)
def follow_teachers(fact: CohortPlanned) -> None:
    _follow(fact.cohort)


@on(CohortPeopleChanged)
def follow_people(fact: CohortPeopleChanged) -> None:
    _follow(fact.cohort)


def _follow(cohort: UUID) -> None:
    if Series.objects.filter(subject=subject_of(cohort)).exists():
        enqueue(KEEP, arguments={"cohort": cohort}, key=f"{KEEP}:{cohort}")


@transaction.atomic
def keep_attendees(cohort: Cohort, series: Series) -> None:
    """Let those in who have come and out who have gone, some at a time; a job goes on with the rest.

    Where the series has fewer seats than the cohort, who finds none stays out, and its teachers are told.
    """
    wanted = dict.fromkeys(cohort.enrolments.filter(state__in=SEATED).values_list("person", flat=True), Role.ATTENDEE)
    teachers = cohort.seats.filter(duty=Duty.INSTRUCTOR).values_list("person", flat=True)
    wanted |= dict.fromkeys(teachers, Role.TEACHER)
    there = dict(series.attendees.filter(left_at=None).values_list("person", "role"))
    gone = [pk for pk in there if pk not in wanted]
    come = sorted((pk for pk in wanted if wanted[pk] != there.get(pk)), key=lambda pk: wanted[pk] != Role.TEACHER)
    for person in _persons(gone[:AT_ONCE]):
        leave(series, person=person)
    try:
        fitting = come[: max(0, AT_ONCE - len(gone))]
        persons = Person.objects.in_bulk(fitting)
        for pk in fitting:
            enrol(series, person=persons[pk], role=wanted[pk])
    except Refused as refused:
        if refused.code != "series.full":
            raise
        _tell_full(cohort, series, wanted)
    else:
        if len(gone) + len(come) > AT_ONCE:
            enqueue(KEEP, arguments={"cohort": cohort.pk}, key=f"{KEEP}:{cohort.pk}")


def _tell_full(cohort: Cohort, series: Series, wanted: Mapping[UUID, Role]) -> None:
    """Who teaches there hears how many are out, once for as long as the news waits to be read."""
    seated = series.attendees.filter(left_at=None, role=Role.ATTENDEE, person__in=wanted).count()
    out = sum(role == Role.ATTENDEE for role in wanted.values()) - seated
    text, path = FULL.format(cohort=cohort.name, n=out), f"/calendar/{series.pk}/settings/"
    teachers = [pk for pk, role in wanted.items() if role == Role.TEACHER]
    waits = Notice.objects.filter(person__in=teachers, path=path, text_en=text.en, read_at=None)
    told = set(waits.values_list("person", flat=True))
    tell([pk for pk in teachers if pk not in told], kind=NoticeKind.ANNOUNCEMENT, text=text, path=path)


def _persons(ids: Collection[UUID]) -> Collection[Person]:
    return Person.objects.filter(pk__in=ids).order_by("pk")


@on(SeatsChanged)
def follow_seats(fact: SeatsChanged) -> None:
    subject = Series.objects.values_list("subject", flat=True).get(pk=fact.series)
    if cohort := cohort_in(subject):
        _follow(cohort)


# --- what was attended


@on(SessionClosed)
def count_closed_session(fact: SessionClosed) -> None:
    _count(Session.objects.select_related("series").get(pk=fact.session))


@on(AttendanceMarked)
def count_corrected_mark(fact: AttendanceMarked) -> None:
    marked = Attendance.objects.select_related("session__series").get(pk=fact.attendance)
    if marked.session.state == SessionState.CLOSED:
        _count(marked.session)


def _count(session: Session) -> None:
    if cohort := cohort_in(session.series.subject):
        enqueue(COUNT, arguments={"cohort": cohort}, key=f"{COUNT}:{cohort}")


@transaction.atomic
def count_attendance(cohort: Cohort, series: Series) -> None:
    """Write each person's rate into their enrolment, some at a time; a job goes on with the rest."""
    counted = {person: _rounded(rate.value) for person, rate in rates(series).items() if rate.counted}
    seated = cohort.enrolments.filter(state__in=SEATED).select_related("person")
    changed = [row for row in seated if row.attendance != counted.get(row.person_id, row.attendance)]
    for row in changed[:AT_ONCE]:
        note(row, attendance=counted[row.person_id], grade=row.grade)
    if len(changed) > AT_ONCE:
        enqueue(COUNT, arguments={"cohort": cohort.pk}, key=f"{COUNT}:{cohort.pk}")


def _rounded(rate: Fraction) -> Decimal:
    """At three decimals, half to even, as ``Enrolment.completion`` is."""
    return Decimal(round(rate * 1000)) / 1000
