"""Courses: found, joined and taken; cohorts as those who teach them run them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from ninja import File, Query, Router
from ninja.files import UploadedFile

from dure.api.base import ANYBODY, Asked, AskedByAnybody, caller
from dure.api.find import allow, one, organisation_by, person_by
from dure.api.learning.catalogue import PROVIDER
from dure.api.learning.shapes import (
    CohortIn,
    CohortOut,
    CourseIn,
    CourseOut,
    EnrolmentOut,
    EnterIn,
    JoinIn,
    LearningAnswersIn,
    LearningLineOut,
    LearningProofIn,
    LessonIn,
    LessonOut,
    MarkedOut,
    NotesIn,
    ProvenOut,
    RosterOut,
    TeacherIn,
    WholeCourseOut,
    WholeEnrolmentOut,
)
from dure.api.shapes import (
    Line,
    Out,
    Page,
    Paging,
    Words,
    paged,
)
from dure.api.writing import writes
from dure.core.text import Text
from dure.joints.sheets import Table, read_sent
from dure.learning import rules
from dure.learning.models import Cohort, Course, Enrolment, Lesson, Provider
from dure.learning.operations import cohorts, courses, enrolling, progressing, proofs, rosters
from dure.learning.queries.courses import mine, open_courses, roster
from dure.learning.queries.reports import report
from dure.learning.quizzes import Marked, read_quiz

router = Router(tags=["learning"])
COURSE = Text(ko="강좌", en="course")
COHORT = Text(ko="기수", en="cohort")
LESSON = Text(ko="차시", en="lesson")
ENROLMENT = Text(ko="수강 기록", en="enrolment")


class Search(Paging):
    q: Line = ""


class Rolls(Paging):
    q: Line = ""
    state: Literal["", "waiting", "active", "finished", "withdrawn"] = ""


# --- found and taken


@router.get("/learning/courses", response=Page[CourseOut], auth=ANYBODY)
def all_courses(request: AskedByAnybody, asked: Query[Search]) -> Page[CourseOut]:
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
def answer(request: Asked, enrolment_id: UUID, lesson_id: UUID, body: LearningAnswersIn) -> tuple[Marked, Lesson]:
    """Answer a quiz: what is right is told at once, and the best try is kept."""
    found, lesson = _own(request, enrolment_id, lesson_id)
    return progressing.answer(found, lesson, answers=body.answers), lesson


class QuizOut(Out):
    text: Words
    sort: str
    choices: list[Words]


@router.get("/learning/enrolments/{uuid:enrolment_id}/lessons/{uuid:lesson_id}/questions", response=list[QuizOut])
def questions(request: Asked, enrolment_id: UUID, lesson_id: UUID) -> list[QuizOut]:
    """The questions of a quiz, without what is right."""
    found, lesson = _own(request, enrolment_id, lesson_id)
    progressing.check_reached(found, lesson)
    return [
        QuizOut(text=Words.of(one.text), sort=one.sort.value, choices=[Words.of(choice) for choice in one.choices])
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
def take_roster(request: Asked, sent: Sent) -> rosters.Roster:
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
def prove(request: Asked, enrolment_id: UUID, lesson_id: UUID, body: LearningProofIn) -> Enrolment:
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


@router.get("/learning/courses/{slug:key}/report", response=list[LearningLineOut])
def course_report(request: Asked, key: str) -> list[LearningLineOut]:
    """Completion, hours and cost of a course by cohort and organisation."""
    rows = Enrolment.objects.filter(cohort__course=_made(request, key))
    return [LearningLineOut.of(line) for line in report(rows)]


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
