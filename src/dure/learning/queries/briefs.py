"""What a learning path is planned from: somebody's levels, what they have done, and what the catalogue offers when."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from dure.core import clock
from dure.learning.models import (
    Cohort,
    Course,
    CourseState,
    Enrolment,
    EnrolmentState,
    Item,
    ItemNeed,
    ItemSaid,
    ItemSkill,
    LearningPath,
    Progress,
)
from dure.match import paths
from dure.people.models import Person
from dure.skills.models import Level
from dure.skills.queries.gaps import asks_of
from dure.store.chunks import chunked

UNKNOWN_MINUTES = 60  # of an item that does not say how long it takes
MOST_WEEKS = 104
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Brief:
    """Items and the wish as ``match.paths`` reads them, with ids as text; week 0 begins on the Monday ``begins``.

    ``cohorts`` says, of an item that is done at one's own pace in a course, which of its cohorts to join. ``done`` are
    the items that were done before.
    """

    items: list[paths.Item]
    wish: paths.Wish
    begins: date
    cohorts: Mapping[str, UUID]
    done: Collection[UUID]


def brief_of(path: LearningPath, *, without: Collection[UUID], on: date) -> Brief:
    """All that could be part of a path, as of a day; without the items in ``without``."""
    begins, done = monday(on), done_by(path.person)
    have = _levels(path.person, done)
    want = {ask.skill_id: ask.level for ask in asks_of(path.role)}
    shelf = _gathered(want, have, without)
    weeks = max(1, min(MOST_WEEKS, (monday(path.until) - begins) // WEEK + 1))
    wish = paths.Wish(_named(have), _named(want), path.minutes_a_week, weeks, frozenset(map(str, done)))
    offers = _Offers(path.person, shelf, begins, path.minutes_a_week)
    items = [offers.item(pk) for pk in shelf.teaches]
    return Brief(items, wish, begins, offers.free, done)


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def done_by(person: Person) -> set[UUID]:
    """Items that somebody has done: in a course that is one, as a lesson of a course, or as they say themselves."""
    finished = person.enrolments.filter(state=EnrolmentState.FINISHED, cohort__course__item__isnull=False)
    lessons = Progress.objects.filter(enrolment__person=person, done_at__isnull=False, lesson__item__isnull=False)
    said = ItemSaid.objects.filter(person=person)
    return {
        *finished.values_list("cohort__course__item", flat=True),
        *lessons.values_list("lesson__item", flat=True),
        *said.values_list("item", flat=True),
    }


def _levels(person: Person, done: Iterable[UUID]) -> dict[UUID, int]:
    """Skill → what evidence shows, or what was done leads to, whichever is higher."""
    have = dict(Level.objects.filter(person=person, level__gte=1).values_list("skill", "level"))
    for row in _rows(ItemSkill.objects.all(), "item", done):
        have[row.skill_id] = max(have.get(row.skill_id, 0), row.level)
    return have


def _named(levels: Mapping[UUID, int]) -> dict[str, int]:
    return {str(skill): level for skill, level in levels.items()}


# --- which items could help


@dataclass
class _Shelf:
    """Item → the levels that it leads to, and → the items that come before it."""

    teaches: dict[UUID, dict[UUID, int]] = field(default_factory=dict)
    after: dict[UUID, set[UUID]] = field(default_factory=dict)

    def add(self, items: Collection[UUID]) -> None:
        for pk in items:
            self.teaches[pk], self.after[pk] = {}, set()
        for taught in _rows(ItemSkill.objects.all(), "item", items):
            self.teaches[taught.item_id][taught.skill_id] = taught.level
        for need in _rows(ItemNeed.objects.all(), "item", items):
            self.after[need.item_id].add(need.before_id)


def _gathered(want: Iterable[UUID], have: Mapping[UUID, int], without: Collection[UUID]) -> _Shelf:
    """What teaches a skill that is wanted or needed to begin, and what comes before it, as far as that leads."""
    shelf, known, waiting = _Shelf(), set[UUID](), set(want)
    while waiting:
        known |= waiting
        taught = ItemSkill.objects.filter(item__retired_at=None)
        fresh = {row.item_id for row in _rows(taught, "skill", waiting)}
        while fresh := fresh - shelf.teaches.keys() - set(without):
            shelf.add(fresh)
            before = {pk for item in fresh for pk in shelf.after[item]}
            fresh = {row.pk for row in _rows(Item.objects.filter(retired_at=None), "pk", before)}
        waiting = {
            skill for levels in shelf.teaches.values() for skill, level in levels.items()
            if level - 1 > have.get(skill, 0)
        } - known  # fmt: skip
    return shelf


def _rows(rows: "QuerySet[Any]", column: str, ids: Iterable[UUID]) -> Iterator[Any]:
    for some in chunked(ids):
        yield from rows.filter(**{f"{column}__in": some})


# --- when each of them can be done


class _Offers:
    """Items with the runs in which somebody could take them. ``free``: item → the cohort that has no dates."""

    def __init__(self, person: Person, shelf: _Shelf, begins: date, pace: int) -> None:
        self.shelf, self.begins, self.pace = shelf, begins, pace
        self.free: dict[str, UUID] = {}
        items = list(shelf.teaches)
        self.minutes = {row.pk: row.minutes for row in _rows(Item.objects.only("pk", "minutes"), "pk", items)}
        courses = list(_rows(Course.objects.filter(state=CourseState.OPEN), "item", items))
        self.hours = {course.item_id: course.hours for course in courses}
        self.own = _own(person, courses)
        self.cohorts: dict[UUID, list[Cohort]] = {}
        open_ = Q(closes_at=None) | Q(closes_at__gt=clock.now()) | Q(pk__in=self.own)
        rows = Cohort.objects.filter(open_).select_related("course").order_by("pk")
        for cohort in _rows(rows, "course", [course.pk for course in courses]):
            self.cohorts.setdefault(cohort.course.item_id, []).append(cohort)

    def item(self, pk: UUID) -> paths.Item:
        taken = next((self.own[one.pk] for one in self._of(pk) if one.pk in self.own), None)
        minutes = self._minutes(pk, taken)
        offered = [taken.cohort] if taken else [one for one in self._of(pk) if one.takes_people]
        runs = tuple(run for one in offered if (run := self._run(one, taken, minutes)))
        free = next((one.pk for one in offered if self._is_free(one, taken)), None)
        if free:
            self.free[str(pk)] = free
        after = frozenset(map(str, self.shelf.after[pk]))
        held = pk in self.hours and not free
        return paths.Item(
            str(pk), minutes, _named(self.shelf.teaches[pk]), after=after, runs=() if free else runs, held=held
        )

    def _of(self, pk: UUID) -> list[Cohort]:
        return self.cohorts.get(pk, [])

    def _minutes(self, pk: UUID, taken: Enrolment | None) -> int:
        """What is left of it, for who takes it already."""
        whole = self.minutes[pk] or round(self.hours.get(pk, 0) * 60) or UNKNOWN_MINUTES
        if taken and taken.own:
            return max(1, -(-whole * (taken.own - taken.done) // taken.own))
        return whole

    def _is_free(self, cohort: Cohort, taken: Enrolment | None) -> bool:
        """Whether it can be done at one's own pace from now on."""
        begun = cohort.opens_at is None or cohort.opens_at <= clock.now()
        ends = taken.closes_at if taken else cohort.closes_at
        return begun and ends is None and (taken is not None or _seats(cohort) != 0)

    def _run(self, cohort: Cohort, taken: Enrolment | None, minutes: int) -> paths.Run | None:
        opens, closes = cohort.opens_at, taken.closes_at if taken else cohort.closes_at
        starts = max(self._week(opens), 0) if opens else 0
        ends = self._week(closes - timedelta(seconds=1)) if closes else starts + (minutes - 1) // self.pace
        return paths.Run(str(cohort.pk), starts, ends, None if taken else _seats(cohort)) if ends >= starts else None

    def _week(self, moment: datetime) -> int:
        return (timezone.localdate(moment) - self.begins) // WEEK


def _seats(cohort: Cohort) -> int | None:
    return None if cohort.capacity is None else cohort.capacity - cohort.taken


def _own(person: Person, courses: Iterable[Model]) -> dict[UUID, Enrolment]:
    """Cohort → what somebody takes there now."""
    rows = Enrolment.objects.filter(person=person, state=EnrolmentState.ACTIVE).select_related("cohort")
    return {row.cohort_id: row for row in rows.filter(cohort__course__in=[course.pk for course in courses])}
