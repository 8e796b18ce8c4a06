"""Courses as curators make them: described, filled with lessons and files, opened, archived."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.learning.files import MOST_ATTACHMENT, SHELF
from dure.learning.models import COURSE_MOVES, Course, CourseState, Lesson, LessonFile, LessonKind, Provider
from dure.learning.operations.progressing import recount
from dure.learning.quizzes import read_quiz
from dure.people.models import Person
from dure.store.models import move

DESCRIBED = ("title_ko", "title_en", "about_ko", "about_en", "mode", "credits", "hours", "options", "in_order", "item")
WRITTEN = ("title_ko", "title_en", "body_ko", "body_en", "address", "item", "minutes", "for_options", "required",
           "quiz", "pass_share")  # fmt: skip
_TAKEN = Text(
    ko="‘{key}’은(는) 이미 쓰는 주소입니다. 다른 주소를 고르세요.",
    en="The address {key} is taken. Choose another one.",
)
_EMPTY = Text(
    ko="필수 차시가 하나도 없습니다. 차시를 추가한 뒤 여세요.",
    en="It has no required lesson yet. Add one, then open it.",
)
_NO_QUIZ = Text(ko="질문을 하나 이상 쓰세요.", en="Write one question or more.")
_UNKNOWN = Text(ko="이 강좌에 없는 트랙입니다: {options}", en="The course has no such track: {options}")
_USED = Text(
    ko="‘{option}’ 트랙을 쓰는 차시나 수강생이 있어 지울 수 없습니다.",
    en="The track {option} has lessons or learners and cannot be removed.",
)
_SAME_NAME = Text(
    ko="같은 이름의 파일이 있습니다: {name}. 먼저 지우거나 이름을 바꾸세요.",
    en="A file of that name is there: {name}. Remove it first, or rename yours.",
)
_NOT_ALL = Text(ko="모든 차시를 한 번씩 나열하세요.", en="List every lesson once.")


@transaction.atomic
def make_course(provider: Provider, *, key: str, by: Person, **told: Any) -> Course:
    """A draft of a course (``DESCRIBED``), seen by its curators alone. Raises Refused("course.taken")."""
    try:
        with transaction.atomic():
            course = Course.objects.create(provider=provider, key=key, made_by=by, **told)
    except IntegrityError:
        raise Refused("course.taken", _TAKEN.format(key=key)) from None
    record("course.made", course, after={"provider": provider.key, "key": key, **_plain(told)})
    return course


@transaction.atomic
def describe_course(course: Course, **told: Any) -> Course:
    """Change what a course says of itself. Raises Refused("course.track") where a track that is used would go."""
    for option in set(course.options) - set(told.get("options", course.options)):
        _check_unused(course, option)
    before = {name: getattr(course, name) for name in told}
    for name, value in told.items():
        setattr(course, name, value)
    course.save(update_fields=[*told, "name_key"])
    record("course.described", course, before=_plain(before), after=_plain(told))
    return course


def _check_unused(course: Course, option: str) -> None:
    lessons = any(option in lesson.for_options for lesson in course.lessons.filter(retired_at=None))
    if lessons or course.cohorts.filter(enrolments__option=option).exists():
        raise Refused("course.track", _USED.format(option=option))


@transaction.atomic
def open_course(course: Course) -> Course:
    """Let it be found and joined. Raises Refused("course.empty")."""
    if not course.lessons.filter(retired_at=None, required=True).exists():
        raise Refused("course.empty", _EMPTY)
    record("course.opened", course)
    return move(course, CourseState.OPEN, by=COURSE_MOVES)


@transaction.atomic
def archive_course(course: Course) -> Course:
    """List it no more; whoever takes it goes on."""
    record("course.archived", course)
    return move(course, CourseState.ARCHIVED, by=COURSE_MOVES)


# --- lessons


@transaction.atomic
def write_lesson(course: Course, *, kind: str, **told: Any) -> Lesson:
    """A lesson at the end of a course (``WRITTEN``). Raises Flawed for its quiz or its tracks."""
    last = course.lessons.aggregate(last=Max("place"))["last"]
    lesson = Lesson(course=course, kind=kind, place=0 if last is None else last + 1, **told)
    _check(lesson)
    lesson.save(force_insert=True)
    record("lesson.written", lesson, after={"course": course.key, "kind": kind, **_plain(told)})
    recount(course)
    return lesson


@transaction.atomic
def edit_lesson(lesson: Lesson, *, needs: Iterable[Lesson] | None = None, **told: Any) -> Lesson:
    """Change a lesson; ``needs`` come before it. What was done stays done. Raises as ``write_lesson``."""
    before = {name: getattr(lesson, name) for name in told}
    for name, value in told.items():
        setattr(lesson, name, value)
    _check(lesson)
    if told:
        lesson.save(update_fields=list(told))
    if needs is not None:
        lesson.needs.set([one for one in needs if one.course_id == lesson.course_id and one.pk != lesson.pk])
    record("lesson.edited", lesson, before=_plain(before), after=_plain(told))
    recount(lesson.course)
    return lesson


@transaction.atomic
def retire_lesson(lesson: Lesson) -> Lesson:
    """Take a lesson out of its course; who has done it has done it."""
    Lesson.objects.filter(pk=lesson.pk, retired_at=None).update(retired_at=clock.now())
    Lesson.needs.through.objects.filter(to_lesson=lesson.pk).delete()
    record("lesson.retired", lesson)
    recount(lesson.course)
    return lesson


@transaction.atomic
def order_lessons(course: Course, *, lessons: Sequence[UUID]) -> None:
    """Put the lessons of a course into this order. Raises Refused("course.order") unless each is named once."""
    there = {lesson.pk: lesson for lesson in course.lessons.filter(retired_at=None)}
    if sorted(lessons) != sorted(there):
        raise Refused("course.order", _NOT_ALL)
    for place, pk in enumerate(lessons):
        there[pk].place = place
    Lesson.objects.bulk_update(there.values(), ["place"])
    record("course.ordered", course, after={"lessons": [str(pk) for pk in lessons]})


def _check(lesson: Lesson) -> None:
    unknown = [option for option in lesson.for_options if option not in lesson.course.options]
    if unknown:
        raise Flawed("lesson.tracks", _UNKNOWN.format(options=", ".join(unknown)), errors=[])
    if lesson.kind == LessonKind.QUIZ and not read_quiz(lesson.quiz):
        raise Flawed("quiz.empty", _NO_QUIZ, errors=[{"text": _NO_QUIZ.as_dict()}])


# --- files


def attach(lesson: Lesson, content: Iterable[bytes], *, name: str) -> LessonFile:
    """Lay a file beside a lesson. Raises TooLarge, Refused("file.empty", "lesson.file")."""
    plain = "".join(sign for sign in name if sign.isprintable() and sign not in "/\\")[:200] or "file"
    with SHELF.received(content, most=MOST_ATTACHMENT) as file:
        SHELF.keep(file)
        return _attached(lesson, name=plain, sha256=file.sha256, size=file.size)


@transaction.atomic
def _attached(lesson: Lesson, *, name: str, sha256: str, size: int) -> LessonFile:
    try:
        with transaction.atomic():
            made = LessonFile.objects.create(lesson=lesson, name=name, sha256=sha256, size=size)
    except IntegrityError:
        raise Refused("lesson.file", _SAME_NAME.format(name=name)) from None
    record("lesson.attached", lesson, after={"name": name, "sha256": sha256})
    return made


@transaction.atomic
def detach(file: LessonFile) -> None:
    """Take a file away; its bytes go once nothing names them."""
    record("lesson.detached", file.lesson, before={"name": file.name, "sha256": file.sha256})
    file.delete()


def _plain(told: dict[str, Any]) -> dict[str, object]:
    """What the log can hold of it."""
    return {name: str(value.pk) if hasattr(value, "pk") else value for name, value in told.items()}
