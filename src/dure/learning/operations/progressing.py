"""Lessons opened, answered and done; what that makes of an enrolment."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.learning.events import CourseFinished, ItemFinished
from dure.learning.models import (
    ENROLMENT_MOVES,
    SEATED,
    Course,
    Enrolment,
    EnrolmentState,
    Lesson,
    LessonKind,
    Progress,
)
from dure.learning.quizzes import Marked, mark, read_quiz
from dure.learning.steps import steps_of
from dure.people.models import Person
from dure.store.models import move

MOST_POSITION = 2**31 - 1
_LOCKED = Text(
    ko="먼저 끝내야 할 차시가 있습니다. 강좌 목차에서 다음 차시를 확인하세요.",
    en="Another lesson comes first. The contents of the course show which.",
)
_NOT_NOW = Text(
    ko="지금은 수강 기간이 아닙니다. 기간을 늘려야 하면 강사에게 요청하세요.",
    en="The course does not run for you now. If you need more time, ask an instructor.",
)
_ELSEWHERE = Text(
    ko="다른 곳에서 배우는 차시입니다. 강사가 확인하거나 제공 기관의 파일이 들어오면 완료됩니다.",
    en="This is learnt elsewhere: it is done once an instructor or the provider's file says so.",
)
_ASSIGNMENT = Text(
    ko="과제를 제출하고 통과 점수가 공개되면 완료됩니다.",
    en="It is done once a mark for your hand-in is out and passes.",
)
_QUIZ = Text(ko="퀴즈에 답하면 완료됩니다.", en="It is done by answering its quiz.")


@transaction.atomic
def open_lesson(enrolment: Enrolment, lesson: Lesson) -> Progress:
    """Go to a lesson, which is where the next device goes on. Raises Forbidden("lesson.locked")."""
    check_reached(enrolment, lesson)
    row, _ = Progress.objects.get_or_create(enrolment=enrolment, lesson=lesson)
    if enrolment.last_id != lesson.pk:
        Enrolment.objects.filter(pk=enrolment.pk).update(last=lesson)
    return row


def keep_position(enrolment: Enrolment, lesson: Lesson, *, position: int) -> None:
    """Remember where in a lesson somebody is, for their other devices."""
    bounded = max(0, min(position, MOST_POSITION))
    Progress.objects.filter(enrolment=enrolment, lesson=lesson).update(position=bounded)


@transaction.atomic
def finish_lesson(enrolment: Enrolment, lesson: Lesson) -> Progress:
    """Say that one has done a page. Raises Refused where it is not for oneself to say, or not now."""
    if LessonKind(lesson.kind).is_proven:
        raise Refused("lesson.proven", _ELSEWHERE)
    if lesson.kind == LessonKind.QUIZ:
        raise Refused("lesson.quiz", _QUIZ)
    if lesson.kind == LessonKind.ASSIGNMENT:
        raise Refused("lesson.assignment", _ASSIGNMENT)
    _check_open(enrolment, lesson)
    return _done(enrolment, lesson)


@transaction.atomic
def answer(enrolment: Enrolment, lesson: Lesson, *, answers: Sequence[Sequence[str]]) -> Marked:
    """Answer a quiz: marked at once, the best try is kept, and it is done from its pass share on."""
    _check_open(enrolment, lesson)
    marked = mark(read_quiz(lesson.quiz), answers)
    row, _ = Progress.objects.get_or_create(enrolment=enrolment, lesson=lesson)
    Progress.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    better = Q(score=None) | Q(score__lte=marked.score)
    Progress.objects.filter(better, pk=row.pk).update(score=marked.score, answers=[list(one) for one in answers])
    record("lesson.answered", lesson, after={"score": marked.score}, about=enrolment.person, actor=enrolment.person)
    if marked.score >= lesson.pass_share:
        _done(enrolment, lesson)
    return marked


@transaction.atomic
def prove(enrolment: Enrolment, lesson: Lesson, *, by: Person | None, proof: str) -> Progress:
    """Say for somebody that a lesson is done, and what shows it; again, it changes nothing but the proof."""
    told = {"proof": proof[:300], "proven_by": by}
    row, _ = Progress.objects.get_or_create(enrolment=enrolment, lesson=lesson)
    Progress.objects.filter(pk=row.pk).update(**told)
    record("lesson.proven", lesson, after={"proof": proof[:300]}, about=enrolment.person)
    return _done(enrolment, lesson)


@transaction.atomic
def take_back(enrolment: Enrolment, lesson: Lesson) -> None:
    """Take a wrong proof back. What was finished by it stays finished."""
    Progress.objects.filter(enrolment=enrolment, lesson=lesson).update(done_at=None, proof="", proven_by=None)
    record("lesson.unproven", lesson, about=enrolment.person)
    count_one(enrolment, finishes=False)


def _done(enrolment: Enrolment, lesson: Lesson) -> Progress:
    """Mark a lesson done, once; the last required one finishes the course."""
    row, _ = Progress.objects.get_or_create(enrolment=enrolment, lesson=lesson)
    if not Progress.objects.filter(pk=row.pk, done_at=None).update(done_at=clock.now()):
        return row
    record("lesson.done", lesson, about=enrolment.person)
    publish(ItemFinished(enrolment.pk, lesson.pk))
    count_one(enrolment)
    row.refresh_from_db()
    return row


def check_reached(enrolment: Enrolment, lesson: Lesson) -> None:
    """That the lesson is one of theirs, and what comes before it is done. Raises Forbidden("lesson.locked")."""
    step = next((step for step in steps_of(enrolment) if step.lesson.pk == lesson.pk), None)
    if step is None or step.locked or enrolment.state not in SEATED:
        raise Forbidden("lesson.locked", _LOCKED)


def _check_open(enrolment: Enrolment, lesson: Lesson) -> None:
    if not enrolment.is_open:
        raise Refused("enrolment.closed", _NOT_NOW)
    check_reached(enrolment, lesson)


# --- counting


def count_one(enrolment: Enrolment, *, finishes: bool = True) -> None:
    """Count what somebody has done of their own lessons; where that is all, they have finished."""
    _count(Enrolment.objects.filter(pk=enrolment.pk), own_lessons(enrolment.cohort.course, enrolment.option))
    enrolment.refresh_from_db(fields=["own", "done", "state"])
    if finishes and enrolment.state == EnrolmentState.ACTIVE and enrolment.done == enrolment.own > 0:
        _finish(enrolment)


def recount(course: Course) -> None:
    """Count everybody of a course who is not finished, once its lessons have changed; nobody finishes by that alone
    but those who have done all that is left."""
    active = Enrolment.objects.filter(cohort__course=course, state=EnrolmentState.ACTIVE)
    for option in active.order_by().values_list("option", flat=True).distinct():
        _count(active.filter(option=option), own_lessons(course, option))
    for enrolment in active.filter(own__gt=0, done=F("own")).select_related("cohort__course", "person"):
        _finish(enrolment)


def own_lessons(course: Course, option: str) -> list[UUID]:
    """The required lessons of a track."""
    lessons: Iterable[Lesson] = course.lessons.filter(retired_at=None, required=True)
    return [lesson.pk for lesson in lessons if lesson.is_for(option)]


def _count(enrolments: "QuerySet[Enrolment]", lessons: Sequence[UUID]) -> None:
    rows = Progress.objects.filter(enrolment=OuterRef("pk"), lesson__in=lessons, done_at__isnull=False)
    done = rows.order_by().values("enrolment").annotate(n=Count("pk")).values("n")
    enrolments.update(own=len(lessons), done=Coalesce(Subquery(done), 0))


def _finish(enrolment: Enrolment) -> None:
    worth = enrolment.cohort.course.credits
    move(enrolment, EnrolmentState.FINISHED, by=ENROLMENT_MOVES, finished_at=clock.now(), credits=worth)
    record("enrolment.finished", enrolment, after={"credits": worth}, about=enrolment.person)
    publish(CourseFinished(enrolment.pk))
