"""The way of one person through a course: which lessons are theirs, which are done, which wait for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dure.learning.models import Enrolment, Lesson, Progress


@dataclass(frozen=True)
class Step:
    """One lesson of somebody's own. ``locked``: another one comes first."""

    lesson: Lesson
    progress: Progress | None
    locked: bool

    @property
    def is_done(self) -> bool:
        return self.progress is not None and self.progress.done_at is not None


def steps_of(enrolment: Enrolment) -> list[Step]:
    """The lessons of somebody's own track, in order; what they did of a lesson that was retired is left out."""
    course = enrolment.cohort.course
    lessons = [
        lesson
        for lesson in course.lessons.filter(retired_at=None).prefetch_related("needs")
        if lesson.is_for(enrolment.option)
    ]
    rows = {row.lesson_id: row for row in enrolment.progress.all()}
    return steps(lessons, rows, in_order=course.in_order)


def steps(lessons: Sequence[Lesson], rows: dict[UUID, Progress], *, in_order: bool) -> list[Step]:
    """A lesson waits for those it needs and, ``in_order``, for every required one before it."""
    done = {pk for pk, row in rows.items() if row.done_at is not None}
    own = {lesson.pk for lesson in lessons}
    found, before = [], True
    for lesson in lessons:
        needed = all(one.pk in done or one.pk not in own for one in lesson.needs.all())
        locked = lesson.pk not in done and not (needed and (before or not in_order))
        found.append(Step(lesson, rows.get(lesson.pk), locked))
        before = before and (lesson.pk in done or not lesson.required)
    return found


def next_of(way: Sequence[Step], last: UUID | None) -> Step | None:
    """Where to go on: where they were unless that is done, else the first that is not done and not locked."""
    here = next((step for step in way if step.lesson.pk == last and not step.is_done and not step.locked), None)
    return here or next((step for step in way if not step.is_done and not step.locked), None)
