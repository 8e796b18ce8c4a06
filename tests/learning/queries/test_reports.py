"""Reports for who pays, and what an enrolment leaves behind."""

import time
from decimal import Decimal

import pytest

from dure.core import clock
from dure.core.ids import uuid7
from dure.learning.models import Enrolment
from dure.learning.operations.enrolling import note, withdraw
from dure.learning.operations.progressing import finish_lesson
from dure.learning.queries.courses import evidence_of, mine, open_courses, roster, taught_by
from dure.learning.queries.reports import report, total
from dure.people.models import Person
from dure.store.bulk import insert_rows
from tests.factories import make_organisation, make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment

pytestmark = pytest.mark.django_db


def test_each_organisation_and_cohort_has_its_line():
    one, other = make_organisation("one"), make_organisation("other")
    course = make_course(lessons=2, hours=10)
    cohort = make_cohort(course, capacity=3, price=500_000)
    whole, half, _ = (make_enrolment(cohort, organisation=org) for org in (one, one, other))
    make_enrolment(cohort, organisation=other)
    for lesson in course.lessons.all():
        finish_lesson(whole, lesson)
    finish_lesson(half, course.lessons.first())
    note(half, attendance=Decimal("0.5"), grade=Decimal(3))

    first, second = report(Enrolment.objects.all())

    assert (first.organisation, first.seats, first.finished, first.waiting) == (one, 2, 1, 0)
    assert (first.completion, first.attendance, first.grade) == (0.75, 0.5, 3)
    assert (first.hours, first.cost, first.each) == (10, 1_000_000, 1_000_000)
    assert (second.organisation, second.seats, second.waiting, second.each) == (other, 1, 1, None)
    assert total([first, second]).cost == 1_500_000


def test_evidence_is_what_was_done_and_noted():
    course = make_course(lessons=2)
    enrolment = make_enrolment(make_cohort(course))
    finish_lesson(enrolment, course.lessons.first())
    half = evidence_of(enrolment)
    finish_lesson(enrolment, course.lessons.last())
    note(enrolment, attendance=Decimal(1), grade=Decimal("4.3"))

    assert half == {"completion": 0.5, "credits": 0}
    assert evidence_of(enrolment) == {"completion": 1, "attendance": 1, "grade": 4.3, "credits": 3, "hours": 12}


def test_lists_of_courses_and_people():
    course = make_course(title_ko="영상 인식")
    make_course(opened=False)
    cohort = make_cohort(course)
    kim, lee = (make_enrolment(cohort, person=make_person(name=name)) for name in ("김하나", "이두리"))
    withdraw(lee)
    teacher = make_person()
    cohort.seats.create(person=teacher, duty="mentor")

    assert list(open_courses()) == list(open_courses("영상")) == [course]
    assert list(roster(cohort)) == list(roster(cohort, typed="김하")) == [kim]
    assert list(roster(cohort, state="withdrawn")) == [lee]
    assert (list(mine(kim.person)), list(mine(lee.person))) == ([kim], [])
    assert list(taught_by(teacher)) == [cohort]


def test_a_hundred_thousand_enrolments_are_reported_within_a_second():
    cohorts = [make_cohort(price=100_000) for _ in range(5)]
    organisations = [make_organisation() for _ in range(4)]
    people = [Person(email=f"p{number}@example.org") for number in range(20_000)]
    insert_rows(
        Person,
        [
            "id",
            "email",
            "name",
            "name_key",
            "password",
            "language",
            "zone",
            "is_superuser",
            "is_staff",
            "is_active",
            "joined_at",
        ],
        [(one.pk, one.email, "", "", "", "", "", False, False, True, clock.now()) for one in people],
    )
    insert_rows(
        Enrolment, ["id", "cohort", "person", "organisation", "option", "state", "own", "done", "credits", "asked_at"],
        [(uuid7(), cohort.pk, person.pk, organisations[at % 4].pk, "", "finished" if at % 3 == 2 else "active", 2,
          at % 3, Decimal(0), clock.now())
         for cohort in cohorts for at, person in enumerate(people)],
    )  # fmt: skip
    began = time.monotonic()

    lines = report(Enrolment.objects.all())

    took = time.monotonic() - began
    assert (len(lines), total(lines).seats) == (20, 100_000)
    assert took < 1
