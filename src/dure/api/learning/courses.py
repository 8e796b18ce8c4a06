"""Courses: found, joined and taken; cohorts as those who teach them run them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import File, Query, Router
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from dure.api.base import ANYBODY, Asked, AskedByAnybody, caller
from dure.api.find import allow, one, organisation_by, person_by
from dure.api.learning.catalogue import PROVIDER, Slug
from dure.api.shapes import (
    Email,
    GivenMoment,
    In,
    Line,
    Moment,
    Out,
    Page,
    Paging,
    PersonRef,
    Prose,
    Whole,
    Words,
    paged,
)
from dure.api.writing import writes
from dure.core.text import Text
from dure.joints.sheets import Table, read_sent
from dure.learning import rules
from dure.learning.models import Cohort, Course, Enrolment, Lesson, Provider
from dure.learning.operations import cohorts, courses, enrolling, progressing, proofs, rosters
from dure.learning.queries.courses import evidence_of, mine, open_courses, roster
from dure.learning.queries.reports import Line as ReportLine
from dure.learning.queries.reports import report
from dure.learning.quizzes import Marked, read_quiz
from dure.learning.steps import Step, steps_of

router = Router(tags=["learning"])
COURSE = Text(ko="강좌", en="course")
COHORT = Text(ko="기수", en="cohort")
LESSON = Text(ko="차시", en="lesson")
ENROLMENT = Text(ko="수강 기록", en="enrolment")
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=3)]


class CourseIn(In):
    """``options`` are its tracks, of which each learner takes one."""

    key: Key
    title: Words
    about: Words = Words(ko="", en="")
    mode: Literal["online", "offline", "blended"] = "online"
    credits: Annotated[Decimal, Field(ge=0, le=999, decimal_places=1)] = Decimal(0)
    hours: Annotated[Decimal, Field(ge=0, le=99_999, decimal_places=1)] = Decimal(0)
    options: Annotated[list[Line], Field(max_length=20)] = []
    in_order: bool = True


class CourseOut(Out):
    id: UUID
    key: str
    provider: str
    title: Words
    about: Words
    mode: str
    credits: float
    hours: float
    options: list[str]
    state: str

    @classmethod
    def of(cls, row: Course) -> Self:
        told = {name: getattr(row, name) for name in ("id", "key", "mode", "options", "state")}
        return cls(
            **told, provider=row.provider.key, title=Words.of(row.title), about=Words.of(row.about),
            credits=float(row.credits), hours=float(row.hours),
        )  # fmt: skip


class CohortIn(In):
    name: Line
    opens_at: GivenMoment | None = None
    closes_at: GivenMoment | None = None
    join_until: GivenMoment | None = None
    self_service: bool = True
    capacity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    price: Whole = 0


class CohortOut(Out):
    """``taken`` of ``capacity`` seats (null: without bound) are taken."""

    id: UUID
    name: str
    opens_at: Moment | None
    closes_at: Moment | None
    join_until: Moment | None
    self_service: bool
    capacity: int | None
    taken: int
    price: int

    @classmethod
    def of(cls, row: Cohort) -> Self:
        row.refresh_from_db(fields=["taken"])
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class LessonIn(In):
    """``quiz`` as text: ? question, * right, - wrong, = short answer, ! why; Korean after ||. ``item``: of the
    catalogue."""

    kind: Literal["page", "quiz", "outside", "session"] = "page"
    title: Words
    body: Words = Words(ko="", en="")
    address: Annotated[str, StringConstraints(max_length=500)] = ""
    item: UUID | None = None
    quiz: Prose = ""
    minutes: Annotated[int, Field(ge=1, le=99_999)] | None = None
    for_options: Annotated[list[Line], Field(max_length=20)] = []
    required: bool = True


class LessonOut(Out):
    id: UUID
    kind: str
    title: Words
    for_options: list[str]
    required: bool
    minutes: int | None

    @classmethod
    def of(cls, row: Lesson) -> Self:
        told = {name: getattr(row, name) for name in ("id", "kind", "for_options", "required", "minutes")}
        return cls(**told, title=Words.of(row.title))


class WholeCourseOut(CourseOut):
    lessons: list[LessonOut]
    cohorts: list[CohortOut]

    @classmethod
    def of(cls, row: Course) -> Self:
        lessons = [LessonOut.of(lesson) for lesson in row.lessons.filter(retired_at=None)]
        groups = [CohortOut.of(cohort) for cohort in row.cohorts.order_by("-pk")[:100]]
        return cls(**dict(CourseOut.of(row)), lessons=lessons, cohorts=groups)


class StepOut(Out):
    """``locked``: another lesson comes first. ``position``: where in it they were, on any device."""

    lesson: UUID
    title: Words
    kind: str
    done: bool
    locked: bool
    position: int
    score: float | None

    @classmethod
    def of(cls, step: Step) -> Self:
        row = step.progress
        score = float(row.score) if row and row.score is not None else None
        return cls(
            lesson=step.lesson.pk, title=Words.of(step.lesson.title), kind=step.lesson.kind, done=step.is_done,
            locked=step.locked, position=row.position if row else 0, score=score,
        )  # fmt: skip


class EnrolmentOut(Out):
    """``evidence``: completion and attendance 0 to 1, grade 0 to 4.5, credits, hours; what nobody noted is left out."""

    id: UUID
    course: str
    cohort: UUID
    person: PersonRef
    organisation: str | None
    option: str
    state: str
    extended_until: Moment | None
    evidence: dict[str, float]

    @classmethod
    def of(cls, row: Enrolment) -> Self:
        organisation = row.organisation.short if row.organisation else None
        return cls(
            id=row.pk, course=row.cohort.course.key, cohort=row.cohort_id, person=PersonRef.of(row.person),
            organisation=organisation, option=row.option, state=row.state, extended_until=row.extended_until,
            evidence=evidence_of(row),
        )  # fmt: skip

    @classmethod
    def many(cls, rows: Sequence[Enrolment]) -> list[Self]:
        return [cls.of(row) for row in rows]


class WholeEnrolmentOut(EnrolmentOut):
    steps: list[StepOut]

    @classmethod
    def of(cls, row: Enrolment) -> Self:
        row.refresh_from_db()
        return cls(**dict(EnrolmentOut.of(row)), steps=[StepOut.of(step) for step in steps_of(row)])


class JoinIn(In):
    option: Line = ""


class EnterIn(In):
    """``email`` of somebody who is registered; ``organisation`` sends them and pays."""

    email: Email
    option: Line = ""
    organisation: Slug | None = None


class NotesIn(In):
    """What is null is not given; ``extended_until``: their own close."""

    attendance: Share | None = None
    grade: Annotated[Decimal, Field(ge=0, le=Decimal("4.5"), decimal_places=2)] | None = None
    extended_until: GivenMoment | None = None


class AnswersIn(In):
    """For each question in order the places of the choices that are made, or the text that is written."""

    answers: Annotated[list[Annotated[list[Line], Field(max_length=50)]], Field(max_length=50)]


class MarkedOut(Out):
    right: list[bool]
    score: float
    passed: bool

    @classmethod
    def of(cls, told: tuple[Marked, Lesson]) -> Self:
        marked, lesson = told
        return cls(right=marked.right, score=float(marked.score), passed=marked.score >= lesson.pass_share)


class ProofIn(In):
    proof: Annotated[str, StringConstraints(max_length=300)] = ""


class TeacherIn(In):
    email: Email
    duty: Literal["instructor", "mentor"] = "instructor"


class RosterOut(Out):
    """What was done or, with ``check_only``, would be."""

    rows: int
    new: int
    waiting: int
    changed: int
    same: int

    @classmethod
    def of(cls, told: rosters.Roster) -> Self:
        return cls(rows=told.rows, new=len(told.new), waiting=told.waiting, changed=len(told.changed), same=told.same)


class ProvenOut(Out):
    rows: int
    new: int

    @classmethod
    def of(cls, told: proofs.Proven) -> Self:
        return cls(rows=told.rows, new=told.new)


class LineOut(Out):
    """``completion``: the mean of those with a seat; ``cost`` and ``each`` (of one who finished) in won."""

    cohort: UUID
    organisation: str | None
    seats: int
    waiting: int
    finished: int
    completion: float | None
    hours: float
    cost: int
    each: int | None

    @classmethod
    def of(cls, line: ReportLine) -> Self:
        told = {name: getattr(line, name) for name in ("seats", "waiting", "finished", "completion", "cost", "each")}
        organisation = line.organisation.short if line.organisation else None
        return cls(**told, cohort=line.cohort.pk, organisation=organisation, hours=float(line.hours))


class Search(Paging):
    q: Line = ""


class Rolls(Paging):
    q: Line = ""
    state: Literal["", "waiting", "active", "finished", "withdrawn"] = ""


# --- found and taken


@router.get("/learning/courses", response=Page[CourseOut], auth=ANYBODY)
def all_courses(request: AskedByAnybody, asked: Query[Search]) -> Page[CourseOut]:  # noqa: ARG001 -- views are given it
    """Courses that take people."""
    return paged(open_courses(asked.q), asked, lambda rows: [CourseOut.of(row) for row in rows])


@router.get("/learning/courses/{slug:key}", response=WholeCourseOut, auth=ANYBODY)
def course(request: AskedByAnybody, key: str) -> WholeCourseOut:
    """One course with its lessons and cohorts; a draft for its curators alone."""
    found = one(Course.objects.select_related("provider__organisation"), "course.missing", COURSE, key=key)
    if not rules.may_see_course(caller(request), found):
        found = one(Course.objects.none(), "course.missing", COURSE)
    return WholeCourseOut.of(found)


@router.get("/me/courses", response=Page[EnrolmentOut])
def own(request: Asked, asked: Query[Paging]) -> Page[EnrolmentOut]:
    """What one takes."""
    return paged(mine(request.auth).select_related("person", "organisation"), asked, EnrolmentOut.many)


@writes(router.post, "/learning/cohorts/{uuid:cohort_id}/join", WholeEnrolmentOut, status=201)
def join(request: Asked, cohort_id: UUID, body: JoinIn) -> Enrolment:
    """Join a cohort: a seat, or a place on its waiting list."""
    return enrolling.join(_cohort(cohort_id), person=request.auth, option=body.option)


@router.get("/learning/enrolments/{uuid:enrolment_id}", response=WholeEnrolmentOut)
def enrolment(request: Asked, enrolment_id: UUID) -> WholeEnrolmentOut:
    """An enrolment with its lessons, for whom it is and for those who teach them."""
    found = _enrolment(enrolment_id)
    allow(rules.may_learn(request.auth, found) or rules.may_watch(request.auth, found.cohort), "enrolment.not-yours")
    return WholeEnrolmentOut.of(found)


@writes(router.post, "/learning/enrolments/{uuid:enrolment_id}/withdrawal", WholeEnrolmentOut)
def withdraw(request: Asked, enrolment_id: UUID) -> Enrolment:
    """Leave a cohort; instructors may end somebody's place as well."""
    found = _enrolment(enrolment_id)
    allow(rules.may_learn(request.auth, found) or rules.may_run(request.auth, found.cohort), "enrolment.not-yours")
    return enrolling.withdraw(found)


@writes(router.post, "/learning/enrolments/{uuid:enrolment_id}/lessons/{uuid:lesson_id}/done", WholeEnrolmentOut)
def finish(request: Asked, enrolment_id: UUID, lesson_id: UUID) -> Enrolment:
    """Say that one has done a page."""
    found, lesson = _own(request, enrolment_id, lesson_id)
    progressing.finish_lesson(found, lesson)
    return found


@writes(router.post, "/learning/enrolments/{uuid:enrolment_id}/lessons/{uuid:lesson_id}/answers", MarkedOut)
def answer(request: Asked, enrolment_id: UUID, lesson_id: UUID, body: AnswersIn) -> tuple[Marked, Lesson]:
    """Answer a quiz: what is right is told at once, and the best try is kept."""
    found, lesson = _own(request, enrolment_id, lesson_id)
    return progressing.answer(found, lesson, answers=body.answers), lesson


class QuestionOut(Out):
    text: Words
    sort: str
    choices: list[Words]


@router.get("/learning/enrolments/{uuid:enrolment_id}/lessons/{uuid:lesson_id}/questions", response=list[QuestionOut])
def questions(request: Asked, enrolment_id: UUID, lesson_id: UUID) -> list[QuestionOut]:
    """The questions of a quiz, without what is right."""
    found, lesson = _own(request, enrolment_id, lesson_id)
    progressing.check_reached(found, lesson)
    return [
        QuestionOut(text=Words.of(one.text), sort=one.sort.value, choices=[Words.of(choice) for choice in one.choices])
        for one in read_quiz(lesson.quiz)
    ]


# --- taught


@router.get("/learning/cohorts/{uuid:cohort_id}/enrolments", response=Page[EnrolmentOut])
def rolls(request: Asked, cohort_id: UUID, asked: Query[Rolls]) -> Page[EnrolmentOut]:
    """Who is in a cohort, for those who teach it."""
    cohort = _cohort(cohort_id)
    allow(rules.may_watch(request.auth, cohort), "cohort.not-yours")
    rows = roster(cohort, typed=asked.q, state=asked.state).select_related("cohort__course")
    return paged(rows, asked, EnrolmentOut.many)


@writes(router.post, "/learning/cohorts/{uuid:cohort_id}/enrolments", WholeEnrolmentOut, status=201)
def enter(request: Asked, cohort_id: UUID, body: EnterIn) -> Enrolment:
    """Enter somebody into a cohort, also after its time to join."""
    cohort = _run(request, cohort_id)
    organisation = organisation_by(body.organisation) if body.organisation else None
    return enrolling.enrol(cohort, person=person_by(body.email), option=body.option, organisation=organisation)


@dataclass(frozen=True)
class Sent:
    cohort: Cohort
    table: Table
    check_only: bool


@contextmanager
def _sent(request: Asked, cohort_id: UUID, file: File[UploadedFile], *, check_only: bool = False) -> Iterator[Sent]:
    yield Sent(_run(request, cohort_id), read_sent(file), check_only)


@writes(router.post, "/learning/cohorts/{uuid:cohort_id}/roster", RosterOut, before=_sent)
def take_roster(request: Asked, sent: Sent) -> rosters.Roster:  # noqa: ARG001 -- views are given it
    """Enter and change the people of a CSV or XLSX: all rows or none; 422 names the row of what is wrong."""
    table = sent.table
    return rosters.take_roster(sent.cohort, header=table.header, rows=table.rows, check_only=sent.check_only)


@writes(router.post, "/learning/cohorts/{uuid:cohort_id}/proofs", ProvenOut, before=_sent)
def take_proofs(request: Asked, sent: Sent) -> proofs.Proven:
    """Prove what was learnt elsewhere from a CSV or XLSX of email, item and proof."""
    header, rows = sent.table.header, sent.table.rows
    return proofs.take_proofs(sent.cohort, header=header, rows=rows, by=request.auth, check_only=sent.check_only)


@writes(router.put, "/learning/enrolments/{uuid:enrolment_id}/notes", WholeEnrolmentOut)
def note(request: Asked, enrolment_id: UUID, body: NotesIn) -> Enrolment:
    """Note attendance and grade, and give one person more time."""
    found = _taught(request, enrolment_id)
    if body.extended_until != found.extended_until:
        enrolling.extend(found, until=body.extended_until)
    return enrolling.note(found, attendance=body.attendance, grade=body.grade)


@writes(router.put, "/learning/enrolments/{uuid:enrolment_id}/lessons/{uuid:lesson_id}/proof", WholeEnrolmentOut)
def prove(request: Asked, enrolment_id: UUID, lesson_id: UUID, body: ProofIn) -> Enrolment:
    """Say that somebody has done a lesson, and what shows it."""
    found = _taught(request, enrolment_id)
    progressing.prove(found, _lesson(found.cohort.course, lesson_id), by=request.auth, proof=body.proof)
    return found


# --- made


@writes(router.post, "/learning/providers/{slug:key}/courses", WholeCourseOut, status=201)
def make_course(request: Asked, key: str, body: CourseIn) -> Course:
    """Begin a course: a draft until it is opened."""
    provider = one(Provider.objects.select_related("organisation"), "provider.missing", PROVIDER, key=key)
    allow(rules.may_curate(request.auth, provider), "provider.not-yours")
    told = body.model_dump(exclude={"key", "title", "about"})
    names = {"title_ko": body.title.ko, "title_en": body.title.en, "about_ko": body.about.ko, "about_en": body.about.en}
    return courses.make_course(provider, key=body.key, by=request.auth, **told, **names)


@writes(router.post, "/learning/courses/{slug:key}/lessons", LessonOut, status=201)
def write_lesson(request: Asked, key: str, body: LessonIn) -> Lesson:
    """Add a lesson at the end of a course."""
    told = body.model_dump(exclude={"title", "body", "item"})
    names = {"title_ko": body.title.ko, "title_en": body.title.en, "body_ko": body.body.ko, "body_en": body.body.en}
    return courses.write_lesson(_made(request, key), **told, **names, item_id=body.item)


@writes(router.post, "/learning/courses/{slug:key}/opening", WholeCourseOut)
def open_course(request: Asked, key: str) -> Course:
    """Let a course be found and joined."""
    return courses.open_course(_made(request, key))


@writes(router.post, "/learning/courses/{slug:key}/cohorts", CohortOut, status=201)
def plan_cohort(request: Asked, key: str, body: CohortIn) -> Cohort:
    """Plan a cohort."""
    return cohorts.plan_cohort(_made(request, key), **body.model_dump())


@writes(router.put, "/learning/cohorts/{uuid:cohort_id}", CohortOut)
def change_cohort(request: Asked, cohort_id: UUID, body: CohortIn) -> Cohort:
    """Change a cohort; whoever waits moves up where there is room now."""
    cohort = _cohort(cohort_id)
    allow(rules.may_make(request.auth, cohort.course), "course.not-yours")
    return cohorts.change_cohort(cohort, **body.model_dump())


@writes(router.post, "/learning/cohorts/{uuid:cohort_id}/teachers", CohortOut, status=201)
def seat_teacher(request: Asked, cohort_id: UUID, body: TeacherIn) -> Cohort:
    """Let somebody teach a cohort."""
    cohort = _cohort(cohort_id)
    allow(rules.may_make(request.auth, cohort.course), "course.not-yours")
    cohorts.seat_teacher(cohort, person=person_by(body.email), duty=body.duty)
    return cohort


@router.get("/learning/courses/{slug:key}/report", response=list[LineOut])
def course_report(request: Asked, key: str) -> list[LineOut]:
    """Completion, hours and cost of a course by cohort and organisation."""
    rows = Enrolment.objects.filter(cohort__course=_made(request, key))
    return [LineOut.of(line) for line in report(rows)]


# --- what an address names


def _cohort(cohort_id: UUID) -> Cohort:
    return one(Cohort.objects.select_related("course__provider__organisation"), "cohort.missing", COHORT, pk=cohort_id)


def _run(request: Asked, cohort_id: UUID) -> Cohort:
    cohort = _cohort(cohort_id)
    allow(rules.may_run(request.auth, cohort), "cohort.not-yours")
    return cohort


def _enrolment(enrolment_id: UUID) -> Enrolment:
    rows = Enrolment.objects.select_related("cohort__course__provider__organisation", "person", "organisation")
    return one(rows, "enrolment.missing", ENROLMENT, pk=enrolment_id)


def _own(request: Asked, enrolment_id: UUID, lesson_id: UUID) -> tuple[Enrolment, Lesson]:
    found = _enrolment(enrolment_id)
    allow(rules.may_learn(request.auth, found), "enrolment.not-yours")
    return found, _lesson(found.cohort.course, lesson_id)


def _taught(request: Asked, enrolment_id: UUID) -> Enrolment:
    found = _enrolment(enrolment_id)
    allow(rules.may_run(request.auth, found.cohort), "cohort.not-yours")
    return found


def _lesson(course: Course, lesson_id: UUID) -> Lesson:
    return one(course.lessons.filter(retired_at=None), "lesson.missing", LESSON, pk=lesson_id)


def _made(request: Asked, key: str) -> Course:
    found = one(Course.objects.select_related("provider__organisation"), "course.missing", COURSE, key=key)
    allow(rules.may_make(request.auth, found), "course.not-yours")
    return found
