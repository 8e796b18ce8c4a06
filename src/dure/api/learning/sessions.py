"""The sessions of a cohort: a series of the calendar, and which of them hold which lesson."""

from typing import Self
from uuid import UUID

from ninja import Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import allow, one
from dure.api.learning.courses import COHORT
from dure.api.shapes import In, Out
from dure.api.writing import writes
from dure.calendar.models import Series
from dure.joints.learning.lessons import hold_lessons
from dure.joints.learning.sessions import open_sessions, series_of
from dure.joints.models import LessonSession
from dure.learning import rules
from dure.learning.models import Cohort

router = Router(tags=["learning"])


class LessonSessionIn(In):
    """Which ``lesson`` a session holds; null: none."""

    session: UUID
    lesson: UUID | None = None


class LessonSessionsIn(In):
    lessons: list[LessonSessionIn] = Field(max_length=1000)


class LessonSessionOut(Out):
    session: UUID
    lesson: UUID


class CohortSessionsOut(Out):
    """``series``: what the calendar's endpoints call them; null where the cohort has none yet. ``lessons``: which of
    its sessions hold which lesson."""

    series: UUID | None
    lessons: list[LessonSessionOut]

    @classmethod
    def of(cls, series: Series | None) -> Self:
        rows = LessonSession.objects.filter(session__series=series).order_by("session__starts_at", "session")
        lessons = [LessonSessionOut(session=row.session_id, lesson=row.lesson_id) for row in rows]
        return cls(series=series.pk if series else None, lessons=lessons)


@router.get("/learning/cohorts/{uuid:cohort_id}/sessions", response=CohortSessionsOut)
def sessions(request: Asked, cohort_id: UUID) -> CohortSessionsOut:
    """Which series of the calendar a cohort's sessions are, for those who teach it."""
    return CohortSessionsOut.of(series_of(_cohort(request, cohort_id)))


@writes(router.post, "/learning/cohorts/{uuid:cohort_id}/sessions", CohortSessionsOut, status=201)
def begin_sessions(request: Asked, cohort_id: UUID) -> Series:
    """Give a cohort sessions: its people attend them, its instructors hold them, and attendance counts."""
    return open_sessions(_cohort(request, cohort_id))


@writes(router.put, "/learning/cohorts/{uuid:cohort_id}/sessions/lessons", CohortSessionsOut)
def hold(request: Asked, cohort_id: UUID, body: LessonSessionsIn) -> Series | None:
    """Say which lesson each session named holds: whoever attends it has done the lesson."""
    cohort = _cohort(request, cohort_id)
    hold_lessons(cohort, {one.session: one.lesson for one in body.lessons}, by=request.auth)
    return series_of(cohort)


def _cohort(request: Asked, cohort_id: UUID) -> Cohort:
    rows = Cohort.objects.select_related("course__provider__organisation")
    cohort = one(rows, "cohort.missing", COHORT, pk=cohort_id)
    allow(rules.may_run(request.auth, cohort), "cohort.not-yours")
    return cohort
