"""Paths opened, changed and left; a good plan at once, and the shortest one when a worker has found it."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.learning.models import LearningPath, PathClimb, PathLack, PathStep
from dure.learning.models.paths import LEAST_MINUTES, MOST_MINUTES
from dure.learning.queries.briefs import MOST_WEEKS, WEEK, Brief, brief_of, monday
from dure.match.paths import Plan, Step, quick
from dure.people.days import today
from dure.people.models import NoticeKind, Person
from dure.people.operations.notices import tell
from dure.skills.models import JobRole

PLAN = "learning.plan-path"
SECONDS = 10.0  # the most that a worker looks for one
_RETIRED = Text(
    ko="더 이상 쓰지 않거나 요구 역량이 정해지지 않은 직무입니다. 다른 직무를 고르세요.",
    en="This job role is no longer used, or does not say what it asks for. Choose another one.",
)
_THERE = Text(
    ko="이 직무로 가는 학습 경로가 이미 있습니다. 내 학습 경로에서 여세요.",
    en="You have a path to this job role already. Open it from your learning paths.",
)
_MINUTES = Text(ko="한 주에 30분에서 60시간 사이로 정하세요.", en="Give between half an hour and 60 hours a week.")
_UNTIL = Text(ko="오늘부터 {weeks}주 안의 날짜를 고르세요.", en="Choose a day from today on, within {weeks} weeks.")
_LEFT = Text(ko="이미 그만둔 학습 경로입니다. 새로 만드세요.", en="This path was given up. Make a new one.")
_NEWS = Text(
    ko="‘{role}’ 학습 경로를 다시 짰습니다. 바뀐 계획을 확인하세요.",
    en="Your path to {role} was planned anew. See what has changed.",
)


def open_path(person: Person, *, role: JobRole, minutes_a_week: int, until: date) -> LearningPath:
    """Plan somebody's way to a job role. The plan that stands at once is a good one; a worker looks for the shortest.

    Raises Flawed("path.minutes" or "path.until"), Refused("path.role" or "path.there").
    """
    _check(minutes_a_week, until)
    if role.retired_in_id or not role.asks.exists():
        raise Refused("path.role", _RETIRED)
    path = LearningPath(
        person=person, role=role, minutes_a_week=minutes_a_week, until=until, begins_on=monday(today())
    )  # fmt: skip
    brief = brief_of(path, without=(), on=today())
    plan = quick(brief.items, brief.wish)
    with transaction.atomic():
        _create(path)
        _write(path, brief, plan)
        _seek(path)
        told = {"role": role.code, "minutes_a_week": minutes_a_week, "until": until}
        record("path.opened", path, after=told, about=person)
    return path


def _create(path: LearningPath) -> None:
    try:
        with transaction.atomic():
            path.save(force_insert=True)
    except IntegrityError:
        raise Refused("path.there", _THERE) from None


def change_path(path: LearningPath, *, minutes_a_week: int, until: date) -> LearningPath:
    """Give it another pace or another last day. Raises Flawed("path.minutes", "path.until"), Refused("path.left")."""
    _check(minutes_a_week, until)
    before = {"minutes_a_week": path.minutes_a_week, "until": path.until}
    path.minutes_a_week, path.until = minutes_a_week, until
    told = {"minutes_a_week": minutes_a_week, "until": until}
    brief, plan = plan_at_once(path)
    with transaction.atomic():
        put(path, brief, plan, **told)
        record("path.changed", path, before=before, after=told, about=path.person)
    return path


def _check(minutes_a_week: int, until: date) -> None:
    if not LEAST_MINUTES <= minutes_a_week <= MOST_MINUTES:
        raise Flawed("path.minutes", _MINUTES)
    if not today() <= until < monday(today()) + MOST_WEEKS * WEEK:
        raise Flawed("path.until", _UNTIL.format(weeks=MOST_WEEKS))


@transaction.atomic
def leave_path(path: LearningPath) -> LearningPath:
    """Give it up; what was learnt stays learnt. Raises Refused("path.left")."""
    now = clock.now()
    if not LearningPath.objects.filter(pk=path.pk, left_at=None).update(left_at=now):
        raise Refused("path.left", _LEFT)
    path.left_at = now
    record("path.left", path, about=path.person)
    return path


# --- plans


def plan_at_once(path: LearningPath) -> tuple[Brief, Plan]:
    """A good plan for a path as it is now."""
    brief = brief_of(path, without=set(path.without.values_list("pk", flat=True)), on=today())
    return brief, quick(brief.items, brief.wish)


def put(path: LearningPath, brief: Brief, plan: Plan, **told: Any) -> None:
    """Let a good plan stand, with what was changed of the path, and have the shortest sought; in a transaction."""
    rows = LearningPath.objects.filter(pk=path.pk, left_at=None)
    if not rows.update(asked=F("asked") + 1, tells=False, **told):
        raise Refused("path.left", _LEFT)
    path.refresh_from_db(fields=["asked"])
    _write(path, brief, plan)
    _seek(path)


def _seek(path: LearningPath) -> None:
    enqueue(PLAN, arguments={"path": path.pk}, key=f"{PLAN}:{path.pk}")


@transaction.atomic
def settle(path: LearningPath, brief: Brief, plan: Plan, *, asked: int) -> None:
    """Let the best that was found stand, unless something else was asked meanwhile; tell its person of news."""
    sought = LearningPath.objects.filter(pk=path.pk, asked=asked, left_at=None)
    if not sought.update(solved=asked, tells=False):
        return
    before = _outline(path)
    _write(path, brief, plan)
    if path.tells and _outline(path) != before:
        news = _NEWS.format(role=path.role.name)
        tell([path.person_id], kind=NoticeKind.ANNOUNCEMENT, text=news, path=f"/learn/paths/{path.pk}/")


def _outline(path: LearningPath) -> list[tuple[object, ...]]:
    """What of a plan matters to its person: what is still to be done, where, and until when."""
    return list(path.steps.filter(done_at=None).values_list("item", "cohort", "last"))


def _write(path: LearningPath, brief: Brief, plan: Plan) -> None:
    """The plan in place of the one before; what was done of that one stays as it was."""
    steps = PathStep.objects.filter(path=path)
    steps.filter(item__in=brief.done, done_at=None).update(done_at=clock.now())
    steps.exclude(item__in=brief.done).delete()
    PathLack.objects.filter(path=path).delete()
    kept = steps.count()
    made = PathStep.objects.bulk_create(
        _step(path, brief, step, place) for place, step in enumerate(plan.steps, start=kept)
    )
    PathClimb.objects.bulk_create(
        PathClimb(step=row, skill_id=skill, level=level)
        for row, step in zip(made, plan.steps, strict=True) for skill, level in step.climbs
    )  # fmt: skip
    PathLack.objects.bulk_create(
        PathLack(path=path, skill_id=lack.skill, level=lack.level, why=lack.why.value) for lack in plan.lacks
    )
    told = {"begins_on": brief.begins, "bound": plan.bound, "planned_at": clock.now()}
    LearningPath.objects.filter(pk=path.pk).update(**told)
    for name, value in told.items():
        setattr(path, name, value)


def _step(path: LearningPath, brief: Brief, step: Step, place: int) -> PathStep:
    return PathStep(
        path=path, place=place, item_id=step.item, cohort_id=step.run or brief.cohorts.get(step.item),
        first=brief.begins + step.first * WEEK, last=brief.begins + step.last * WEEK + timedelta(days=6),
        minutes=step.minutes,
    )  # fmt: skip
