"""Lessons that are sessions: which session of a cohort holds which lesson, and whoever was there has done it.

Signing in, a teacher's mark and its correction all count at once, by a job; an absence that is excused proves nothing,
so an instructor says how it was made up for.
"""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from dure.audit.operations import record
from dure.calendar.events import AttendanceMarked
from dure.calendar.models import ATTENDED, Attendance, Session, SessionState
from dure.core.errors import Missing
from dure.core.events import on
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.joints.learning.sessions import cohort_in, series_of
from dure.joints.models import LessonSession
from dure.learning.models import SEATED, Cohort, Enrolment, Lesson, LessonKind, Progress
from dure.learning.operations.progressing import prove, take_back
from dure.people.models import Person

PROVE = "joints.prove-attended"
AT_ONCE = 200
LONGEST_PROOF = 300
_NO_SESSION = Text(ko="이 기수의 수업이 아닙니다.", en="This is no session of the cohort.")
_NO_LESSON = Text(
    ko="이 강좌에서 수업으로 하는 차시가 아닙니다.", en="This is no lesson of the course that is a session."
)


def lessons_of(cohort: Cohort) -> "QuerySet[Lesson]":
    """The lessons that are held as sessions."""
    return cohort.course.lessons.filter(kind=LessonKind.SESSION, retired_at=None)


def sessions_of(cohort: Cohort) -> "QuerySet[Session]":
    """The sessions that can hold one, in their order."""
    rows = Session.objects.filter(series=series_of(cohort)).exclude(state=SessionState.CANCELLED)
    return rows.order_by("starts_at", "pk")


def held_at(cohort: Cohort, lesson: Lesson) -> "QuerySet[Session]":
    """The sessions of a cohort at which a lesson is held."""
    return sessions_of(cohort).filter(lesson_session__lesson=lesson)


@transaction.atomic
def hold_lessons(cohort: Cohort, lessons: Mapping[UUID, UUID | None], *, by: Person) -> None:
    """Say which lesson each of these sessions holds (none: no lesson); what was attended already counts.

    Raises Missing("session.missing" or "lesson.missing").
    """
    known, titled = sessions_of(cohort).in_bulk(), {row.pk for row in lessons_of(cohort)}
    if set(lessons) - set(known):
        raise Missing("session.missing", _NO_SESSION)
    if set(lessons.values()) - titled - {None}:
        raise Missing("lesson.missing", _NO_LESSON)
    held = dict(LessonSession.objects.filter(session__in=lessons).values_list("session", "lesson"))
    changed = {session: lesson for session, lesson in lessons.items() if held.get(session) != lesson}
    LessonSession.objects.filter(session__in=changed).delete()
    LessonSession.objects.bulk_create(
        LessonSession(session=known[session], lesson_id=lesson, bound_by=by)
        for session, lesson in changed.items()
        if lesson
    )
    for touched in filter(None, {*changed.values(), *map(held.get, changed)}):
        _prove_soon(cohort.pk, touched)
    if changed:
        told = {str(session): str(lesson) if lesson else None for session, lesson in changed.items()}
        record("cohort.lessons-held", cohort, after=told, actor=by)


def _prove_soon(cohort: UUID, lesson: UUID) -> None:
    enqueue(PROVE, arguments={"cohort": cohort, "lesson": lesson}, key=f"{PROVE}:{cohort}:{lesson}")


@on(AttendanceMarked)
def follow_mark(fact: AttendanceMarked) -> None:
    held = LessonSession.objects.filter(session__attendance=fact.attendance).select_related("session__series").first()
    if held and (cohort := cohort_in(held.session.series.subject)):
        _prove_soon(cohort, held.lesson_id)


@transaction.atomic
def prove_attended(cohort: Cohort, lesson: Lesson) -> None:
    """Let whoever was at one of its sessions have done the lesson, and take it back where a mark was corrected.

    Some at a time; a job goes on with the rest. What an instructor said stays.
    """
    attended = _attended(cohort, lesson)
    seated = cohort.enrolments.filter(state__in=SEATED).select_related("person", "cohort__course")
    rows = Progress.objects.filter(enrolment__in=seated, lesson=lesson, done_at__isnull=False)
    done = dict(rows.values_list("enrolment", "proof"))
    own = {proof_of(session) for session in Session.objects.filter(series=series_of(cohort))}
    come = [row for row in seated if row.person_id in attended and row.pk not in done]
    gone = [row for row in seated if row.person_id not in attended and done.get(row.pk) in own]
    for row in come[:AT_ONCE]:
        prove(row, lesson, by=None, proof=proof_of(attended[row.person_id]))
    for row in gone[:AT_ONCE]:
        take_back(row, lesson)
    if max(len(come), len(gone)) > AT_ONCE:
        _prove_soon(cohort.pk, lesson.pk)


def _attended(cohort: Cohort, lesson: Lesson) -> dict[UUID, Session]:
    """Who was there, and where first."""
    rows = Attendance.objects.filter(session__in=held_at(cohort, lesson), mark__in=ATTENDED)
    ordered = rows.select_related("session").order_by("-session__starts_at", "-session")
    return {row.person_id: row.session for row in ordered}


def proof_of(session: Session) -> str:
    """What shows that somebody was there: the day and the session. It cannot change once anybody has been marked."""
    day = session.starts_at.astimezone(ZoneInfo(session.zone)).date().isoformat()
    titles = dict.fromkeys((session.title_ko, session.title_en))
    return " · ".join((day, *titles))[:LONGEST_PROOF]


def own_marks(enrolment: Enrolment, lesson: Lesson) -> list[tuple[Session, str]]:
    """The sessions at which somebody can do a lesson, each with their mark ("": none yet)."""
    sessions = list(held_at(enrolment.cohort, lesson))
    rows = Attendance.objects.filter(session__in=sessions, person=enrolment.person_id)
    marks = dict(rows.values_list("session", "mark"))
    return [(session, marks.get(session.pk, "")) for session in sessions]
