"""Cohorts: when a course is taken together, by how many, and who teaches them."""

from typing import Any

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.learning.events import CohortPlanned
from dure.learning.models import Cohort, CohortSeat, Course
from dure.learning.operations.enrolling import move_up
from dure.people.models import Person

PLANNED = ("name", "opens_at", "closes_at", "join_until", "self_service", "capacity", "price")
_TAKEN = Text(
    ko="이 강좌에 ‘{name}’ 기수가 이미 있습니다. 다른 이름을 쓰세요.",
    en="The course has a cohort called {name} already. Choose another name.",
)
_TAKEN_SEATS = Text(
    ko="이미 {taken}명이 수강하고 있어 정원을 그보다 줄일 수 없습니다.",
    en="{taken} people are in it: there cannot be fewer seats.",
)
_BACKWARDS = Text(ko="끝나는 때가 시작하는 때보다 앞섭니다.", en="It would end before it begins.")


@transaction.atomic
def plan_cohort(course: Course, **told: Any) -> Cohort:
    """Plan a cohort (``PLANNED``). Raises Refused("cohort.taken" or "cohort.dates")."""
    cohort = Cohort(course=course, **told)
    _check_dates(cohort)
    _kept(cohort)
    record("cohort.planned", cohort, after={"course": course.key, **told})
    publish(CohortPlanned(cohort.pk))
    return cohort


@transaction.atomic
def change_cohort(cohort: Cohort, **told: Any) -> Cohort:
    """Change its dates, seats or price; whoever waits moves up where there is room now.

    Raises as ``plan_cohort``, and Refused("cohort.seats") below the seats that are taken.
    """
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    before = {name: getattr(locked, name) for name in told}
    for name, value in told.items():
        setattr(cohort, name, value)
    _check_dates(cohort)
    if cohort.capacity is not None and cohort.capacity < locked.taken:
        raise Refused("cohort.seats", _TAKEN_SEATS.format(taken=locked.taken))
    _kept(cohort, fields=list(told))
    record("cohort.changed", cohort, before=before, after=told)
    while move_up(cohort):
        continue
    publish(CohortPlanned(cohort.pk))
    return cohort


def _check_dates(cohort: Cohort) -> None:
    if cohort.opens_at and cohort.closes_at and cohort.closes_at < cohort.opens_at:
        raise Refused("cohort.dates", _BACKWARDS)


def _kept(cohort: Cohort, *, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            cohort.save(update_fields=fields)
    except IntegrityError:
        raise Refused("cohort.taken", _TAKEN.format(name=cohort.name)) from None


@transaction.atomic
def seat_teacher(cohort: Cohort, *, person: Person, duty: str) -> CohortSeat:
    """Let somebody teach a cohort; a second seat changes the first."""
    seat, _ = CohortSeat.objects.update_or_create(cohort=cohort, person=person, defaults={"duty": duty})
    record("cohort.seated", cohort, after={"person": str(person.pk), "duty": duty}, about=person)
    publish(CohortPlanned(cohort.pk))
    return seat


@transaction.atomic
def unseat_teacher(seat: CohortSeat) -> None:
    record("cohort.unseated", seat.cohort, before={"person": str(seat.person_id), "duty": seat.duty}, about=seat.person)
    seat.delete()
    publish(CohortPlanned(seat.cohort_id))
