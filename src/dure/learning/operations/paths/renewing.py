"""When a path is planned anew because something else changed: a cohort, a level, an item that was done, a new week."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from dure.jobs.operations import enqueue
from dure.learning.models import (
    SEATED,
    Cohort,
    Enrolment,
    ItemSkill,
    LackWhy,
    LearningPath,
    PathLack,
    PathStep,
)
from dure.learning.operations.paths.planning import PLAN
from dure.learning.queries.briefs import monday
from dure.skills.models import RoleSkill

LOOK = "learning.look-at-cohort"
AT_ONCE = 500


@transaction.atomic
def renew(paths: "QuerySet[LearningPath]", *, tells: bool) -> int:
    """Have paths planned anew by a worker; where ``tells``, their people hear of what changes. Returns how many."""
    found = list(paths.filter(left_at=None).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    told = {"tells": True} if tells else {}
    LearningPath.objects.filter(pk__in=found).update(asked=F("asked") + 1, **told)
    for pk in found:
        enqueue(PLAN, arguments={"path": pk}, key=f"{PLAN}:{pk}")
    return len(found)


def renew_old(*, on: date) -> int:
    """Those that were planned in a week that is over, some at a time."""
    return renew(LearningPath.objects.filter(begins_on__lt=monday(on)), tells=True)


def look_at_levels(person: UUID, *, skill: UUID) -> int:
    """Somebody's level changed: their paths to roles that ask for the skill."""
    asking = RoleSkill.objects.filter(skill=skill).values("role")
    return renew(LearningPath.objects.filter(person=person, role__in=asking), tells=False)


def look_at_item(item: UUID, *, person: UUID | None = None) -> int:
    """An item was done by somebody, or is listed no more (``person`` None): paths in which it is still to be done."""
    waiting = PathStep.objects.filter(item=item, done_at=None).values("path")
    paths = LearningPath.objects.filter(pk__in=waiting)
    return renew(paths.filter(person=person) if person else paths, tells=person is None)


def look_at_cohort(cohort: Cohort, *, planned: bool) -> int:
    """Its people changed or, where ``planned``, its dates and seats: the paths to which that matters."""
    item = cohort.course.item_id
    if item is None:
        return 0
    waiting = PathStep.objects.filter(path__left_at=None, done_at=None, item=item)
    seated = Enrolment.objects.filter(cohort=cohort, state__in=SEATED)
    inside = Exists(seated.filter(person=OuterRef("path__person")))
    own = waiting.filter(inside).exclude(cohort=cohort).values("path")
    here, moved = waiting.filter(cohort=cohort), set[UUID]()
    if not _has_room(cohort):
        moved |= set(here.exclude(inside).values_list("path", flat=True))
    if planned:
        moved |= {step.path_id for step in here.select_related("path") if _is_elsewhen(step, cohort)}
        moved |= set(_waiting_for(cohort)) if _has_room(cohort) else set()
    quietly = renew(LearningPath.objects.filter(pk__in=own), tells=False)
    return quietly + renew(LearningPath.objects.filter(pk__in=moved), tells=True)


def _has_room(cohort: Cohort) -> bool:
    return cohort.takes_people and (cohort.capacity is None or cohort.taken < cohort.capacity)


def _is_elsewhen(step: PathStep, cohort: Cohort) -> bool:
    """Whether a step lies in other weeks than its cohort is held."""
    first = monday(timezone.localdate(cohort.opens_at)) if cohort.opens_at else step.first
    if cohort.closes_at is None:
        return step.first < first
    last = monday(timezone.localdate(cohort.closes_at - timedelta(seconds=1))) + timedelta(days=6)
    return (step.first, step.last) != (max(first, step.path.begins_on), last)


def _waiting_for(cohort: Cohort) -> Iterable[UUID]:
    """Paths that lack a level that the cohort's course leads to, because nothing was held in time."""
    taught = ItemSkill.objects.filter(item=cohort.course.item_id)
    reached = taught.filter(skill=OuterRef("skill"), level__gte=OuterRef("level"))
    lacks = PathLack.objects.filter(Exists(reached), Q(path__left_at=None), why=LackWhy.CLOSED)
    return lacks.values_list("path", flat=True)
