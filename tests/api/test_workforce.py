"""An organisation's own people over the API: for its administrators, as far as each person lets them see."""

from datetime import timedelta

import pytest

from dure.audit.models import AuditRow
from dure.core import clock
from tests.api.conftest import Caller
from tests.factories import make_admin, make_member, make_organisation, make_person
from tests.learning.factories import make_cohort, make_enrolment

pytestmark = [pytest.mark.django_db(transaction=True)]
WAY = "/organisations/acme/learning"


@pytest.fixture
def company():
    return make_organisation("acme")


def test_administrators_read_who_is_under_way_and_count_them(company):
    cohort, boss = make_cohort(), make_admin(company)
    paid = make_enrolment(cohort, person=make_person(name="Ada"), organisation=company)
    make_enrolment(cohort, person=make_member(company).person)
    caller = Caller(boss)

    found = caller.get(f"{WAY}/people?state=learning&q=ada&cohort={cohort.pk}")["items"]
    told = caller.get(f"{WAY}/numbers")

    assert [(one["id"], one["shares"], one["certified"]) for one in found] == [(str(paid.person_id), False, [])]
    assert [(way["group"]["en"], way["state"], way["share"]) for way in found[0]["under_way"]] == [
        (cohort.name, "active", "0.000")
    ]
    assert told == {"people": 3, "sharing": 0, "certified": 0, "learning": 1, "stuck": 0}


def test_pages_go_through_everybody_once(company):
    caller, own = Caller(make_admin(company)), {str(make_member(company).person_id) for _ in range(3)}

    first = caller.get(f"{WAY}/people?limit=2")
    second = caller.get(f"{WAY}/people?limit=2&after={first['next']}")

    assert {one["id"] for one in first["items"] + second["items"]} >= own
    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 2, None)


def test_a_walk_over_the_pages_is_noted_once_and_one_that_begins_in_the_middle_as_well(company):
    boss, other = make_admin(company), make_admin(company)
    make_member(company)
    path = f"{WAY}/people?limit=1"

    first = Caller(boss).get(path)
    Caller(boss).get(f"{path}&after={first['next']}")
    walked = _noted()
    Caller(other).get(f"{path}&after={first['next']}")
    with clock.at(clock.now() + timedelta(hours=2)):
        Caller(boss).get(f"{path}&after={first['next']}")

    assert (walked, _noted()) == (1, 3)


def _noted() -> int:
    return AuditRow.objects.filter(action="report.taken").count()


def test_nobody_else_reads_them(company):
    for way in ("people", "numbers"):
        Caller(make_member(company).person).get(f"{WAY}/{way}", status=403)
