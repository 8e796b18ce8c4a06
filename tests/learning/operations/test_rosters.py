"""Rosters: all rows or none, every flaw with its row, twice the same, thousands in seconds."""

import time
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from dure.audit.models import AuditRow
from dure.core.errors import Flawed
from dure.learning.models import Enrolment
from dure.learning.operations.enrolling import withdraw
from dure.learning.operations.progressing import finish_lesson
from dure.learning.operations.rosters import COLUMNS, take_roster
from dure.people.models import Person
from tests.factories import make_organisation, make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment

pytestmark = pytest.mark.django_db


def taken(cohort, *rows, header=COLUMNS, **known):
    return take_roster(cohort, header=header, rows=list(enumerate(rows, start=2)), **known)


def test_people_come_in_with_what_the_row_says_and_twice_the_same_does_nothing():
    make_organisation("skku")
    cohort = make_cohort(make_course(options=["vision", "voice"], lessons=2))
    person = make_person("a@example.org")
    row = ["A@example.org", "voice", "skku", "2026-12-31", "0.95", "4.25"]

    first, rows = taken(cohort, row), AuditRow.objects.count()
    again = taken(cohort, row)

    enrolment = Enrolment.objects.get()
    assert (len(first.new), len(again.new), again.same, AuditRow.objects.count()) == (1, 0, 1, rows)
    assert (enrolment.person, enrolment.option, enrolment.organisation.short) == (person, "voice", "skku")
    assert (enrolment.attendance, enrolment.grade) == (Decimal("0.950"), Decimal("4.25"))
    assert (enrolment.own, enrolment.state, enrolment.extended_until.isoformat()) == (
        2, "active", "2026-12-31T15:00:00+00:00",
    )  # fmt: skip


@pytest.mark.parametrize("written", ["2026-12-31T01:48:00+00:00", "2027-01-01T05:00:00+00:00", "2026-12-31T10:48:00"])
def test_a_moment_stays_that_moment_as_a_roster_that_was_taken_out_has_it(written):
    enrolment = make_enrolment()
    row, header = [enrolment.person.email, written], ["email", "extended_until"]

    taken(enrolment.cohort, row, header=header)
    again = taken(enrolment.cohort, row, header=header)

    enrolment.refresh_from_db()
    moment = datetime.fromisoformat(written)
    expected = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Asia/Seoul"))
    assert (enrolment.extended_until, again.same) == (expected, 1)


def test_a_dry_run_says_what_would_happen_and_does_nothing():
    cohort = make_cohort(capacity=1)
    for email in ("a@example.org", "b@example.org"):
        make_person(email)

    told = taken(cohort, ["a@example.org"], ["b@example.org"], header=["email"], check_only=True)

    assert (len(told.new), told.waiting, Enrolment.objects.count()) == (2, 1, 0)


def test_what_a_row_does_not_say_stays_and_who_is_not_in_it_stays():
    enrolment, other = make_enrolment(), make_person("b@example.org")
    Enrolment.objects.update(grade=Decimal(4))

    taken(enrolment.cohort, [enrolment.person.email, "3.5"], header=["email", "grade"])
    taken(enrolment.cohort, [enrolment.person.email, ""], header=["email", "grade"])
    taken(enrolment.cohort, [other.email], header=["email"])

    assert list(Enrolment.objects.order_by("pk").values_list("grade", flat=True)) == [Decimal("3.50"), None]


def test_every_flaw_is_told_with_its_row_and_column_and_nothing_is_taken_in():
    cohort = make_cohort(make_course(options=["vision"]))
    make_person("a@example.org")

    with pytest.raises(Flawed) as refused:
        taken(
            cohort,
            ["a@example.org", "vision", "", "", "", ""],
            ["a@example.org", "sound", "nowhere", "soon", "2", "5"],
            ["z@example.org", "vision", "", "", "", "x"],
        )

    assert [(error["row"], error["column"]) for error in refused.value.facts["errors"]] == [
        (3, "option"), (3, "organisation"), (3, "attendance"), (3, "grade"), (3, "extended_until"), (3, "email"),
        (4, "email"), (4, "grade"),
    ]  # fmt: skip
    assert not Enrolment.objects.exists()
    with pytest.raises(Flawed):
        taken(cohort, ["x"], header=["name"])


def test_seats_go_in_the_order_of_the_rows_and_the_rest_wait():
    cohort = make_cohort(capacity=2)
    make_enrolment(cohort)
    people = [make_person() for _ in range(3)]

    taken(cohort, *([person.email] for person in people), header=["email"])

    found = Enrolment.objects.filter(person__in=people).order_by("asked_at")
    assert [(row.person, row.state) for row in found] == list(
        zip(people, ["active", "waiting", "waiting"], strict=True)
    )
    cohort.refresh_from_db()
    assert cohort.taken == 2


def test_who_withdrew_comes_back_with_what_was_done():
    course = make_course(lessons=2)
    enrolment = make_enrolment(make_cohort(course))
    finish_lesson(enrolment, course.lessons.first())
    withdraw(enrolment)

    taken(enrolment.cohort, [enrolment.person.email], header=["email"])

    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.own, enrolment.done) == ("active", 2, 1)


def test_five_thousand_rows_take_seconds():
    people = [Person(email=f"p{number}@example.org", name=f"사람 {number}") for number in range(5000)]
    Person.objects.bulk_create(people)
    cohort, rows = make_cohort(), [[person.email, "0.9"] for person in people]
    began = time.monotonic()

    first = taken(cohort, *rows, header=["email", "attendance"])
    took = time.monotonic() - began
    again = taken(cohort, *rows, header=["email", "attendance"])

    assert (len(first.new), again.same, Enrolment.objects.count()) == (5000, 5000, 5000)
    assert took < 5
