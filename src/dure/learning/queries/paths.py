"""Learning paths and revision tasks as pages and endpoints show them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from dure.learning.models import (
    Enrolment,
    EnrolmentState,
    Item,
    ItemSkill,
    LearningPath,
    PathClimb,
    PathLack,
    PathStep,
    Provider,
    RevisionState,
    RevisionTask,
)
from dure.learning.queries.briefs import WEEK
from dure.people.models import Person
from dure.skills.models import Skill
from dure.store.chunks import chunked

OTHERS = 3  # that could take an item's place


@dataclass(frozen=True)
class Stop:
    """A step with what somebody takes for it now, and what else leads to the same levels, the shortest first."""

    step: PathStep
    enrolment: Enrolment | None
    others: Sequence[Item]


@dataclass(frozen=True)
class Week:
    """A week of a plan and what is done in it; ``begun``: the steps that begin in it."""

    first: date
    steps: Sequence[PathStep]
    begun: Collection[int]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)


@dataclass(frozen=True)
class Short:
    """The levels of a skill, one after another, that a path cannot close for one reason."""

    skill: Skill
    first: int
    last: int
    why: str


@dataclass(frozen=True)
class Way:
    """A path as it stands: what is before its person, what is behind them, and what cannot be closed."""

    path: LearningPath
    stops: Sequence[Stop]
    done: Sequence[PathStep]
    lacks: Sequence[PathLack]

    @property
    def shorts(self) -> list[Short]:
        """``lacks``, with levels of one reason that follow each other told at once."""
        found: list[Short] = []
        for lack in self.lacks:
            last = found[-1] if found else None
            if last and (last.skill, last.last + 1, last.why) == (lack.skill, lack.level, lack.why):
                found[-1] = replace(last, last=lack.level)
            else:
                found.append(Short(lack.skill, lack.level, lack.level, lack.why))
        return found

    @property
    def steps(self) -> list[PathStep]:
        return [stop.step for stop in self.stops]

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    @property
    def ends(self) -> date | None:
        return max((step.last for step in self.steps), default=None)

    @property
    def proven(self) -> bool:
        """Whether no set of items takes fewer minutes."""
        return not self.path.is_sought and self.path.bound == self.minutes

    @property
    def weeks(self) -> list[Week]:
        """From the first week with something to do to the last one, empty ones as well."""
        if self.ends is None:
            return []
        first = min(step.first for step in self.steps)
        mondays = [first + n * WEEK for n in range((self.ends - first) // WEEK + 1)]
        return [_week(monday, self.steps) for monday in mondays]


def _week(monday: date, steps: Sequence[PathStep]) -> Week:
    there = [step for step in steps if step.first <= monday + timedelta(days=6) and step.last >= monday]
    return Week(monday, there, {step.pk for step in there if step.first >= monday})


def paths_of(person: Person) -> "QuerySet[LearningPath]":
    """Somebody's paths, the newest first; ``left`` and ``behind`` count what is still to be done and what is done."""
    rows = LearningPath.objects.filter(person=person, left_at=None).select_related("role__taxonomy")
    todo = Q(steps__done_at=None) & Q(steps__isnull=False)
    return rows.annotate(
        left=Count("steps", filter=todo), behind=Count("steps", filter=Q(steps__done_at__isnull=False)),
        ends=Max("steps__last", filter=todo),
    ).order_by("-pk")  # fmt: skip


def way_of(path: LearningPath) -> Way:
    """A path whole, in as many queries for many steps as for few."""
    rows = path.steps.select_related("item__provider", "cohort__course")
    climbs = Prefetch("climbs", PathClimb.objects.select_related("skill"))
    steps = list(rows.prefetch_related("item__texts", climbs))
    todo = [step for step in steps if step.done_at is None]
    lacks = path.lacks.select_related("skill").order_by("skill__name_key", "level")
    taken = _taken(path.person, [step.cohort_id for step in todo if step.cohort_id])
    others = _others(path, todo, {step.item_id for step in steps})
    stops = [Stop(step, taken.get(step.cohort_id), others.get(step.pk, [])) for step in todo]
    return Way(path, stops, [step for step in steps if step.done_at], list(lacks))


def _taken(person: Person, cohorts: Collection[UUID]) -> dict[UUID | None, Enrolment]:
    rows = Enrolment.objects.filter(person=person, cohort__in=cohorts).exclude(state=EnrolmentState.WITHDRAWN)
    return {row.cohort_id: row for row in rows}


def _others(path: LearningPath, steps: Sequence[PathStep], known: Collection[UUID]) -> Mapping[int, list[Item]]:
    """Step → listed items that lead to all the levels that it is there for."""
    wanted = {step.pk: {climb.skill_id: climb.level for climb in step.climbs.all()} for step in steps}
    skills = {skill for levels in wanted.values() for skill in levels}
    without = {*known, *path.without.values_list("pk", flat=True)}
    teaches: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    rows = ItemSkill.objects.filter(item__retired_at=None, skill__in=skills)
    for item, skill, level in rows.values_list("item", "skill", "level"):
        if item not in without:
            teaches[item][skill] = level
    order = sorted(teaches, key=_minutes(teaches).__getitem__)
    chosen = {pk: [item for item in order if _covers(teaches[item], asked)][:OTHERS] for pk, asked in wanted.items()}
    found = _items({item for items in chosen.values() for item in items})
    return {pk: [found[item] for item in items] for pk, items in chosen.items()}


def _covers(levels: Mapping[UUID, int], asked: Mapping[UUID, int]) -> bool:
    return bool(asked) and all(levels.get(skill, 0) >= level for skill, level in asked.items())


def _minutes(items: Collection[UUID]) -> dict[UUID, tuple[bool, int, UUID]]:
    """What items are ordered by: those that say how long they take first, the shortest before the others."""
    found: dict[UUID, tuple[bool, int, UUID]] = {}
    for some in chunked(items):
        for pk, minutes in Item.objects.filter(pk__in=some).values_list("pk", "minutes"):
            found[pk] = (minutes is None, minutes or 0, pk)
    return found


def _items(items: Collection[UUID]) -> dict[UUID, Item]:
    return {
        row.pk: row for row in Item.objects.filter(pk__in=items).select_related("provider").prefetch_related("texts")
    }


# --- where the curriculum lags


def revisions(providers: "QuerySet[Provider]", *, state: str = "") -> "QuerySet[RevisionTask]":
    """What these providers are asked to teach, the newest first; without ``state`` what is not closed."""
    rows = RevisionTask.objects.filter(provider__in=providers.order_by().values("pk"))
    rows = rows.filter(state=state) if state else rows.exclude(state=RevisionState.CLOSED)
    return rows.select_related("skill__taxonomy", "provider", "answered_by", "item").order_by("-pk")
