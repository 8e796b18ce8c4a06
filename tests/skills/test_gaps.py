"""What lies between people and roles; who is counted; what is asked for more than before."""

from datetime import date

import pytest

from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.people.operations import form_team, give_consent, join_team, withdraw_consent
from dure.skills.models import Demand
from dure.skills.operations import choose_role, count_demand, end_plan, make_plan, report_demand, set_seats
from dure.skills.operations.plans import Line
from dure.skills.queries import demand, gap_of, group_gap, rising
from dure.skills.queries.gaps import SHARED, plan_gaps, sharing_in, sharing_with
from dure.skills.rules import may_plan, may_see_plans
from tests.factories import make_admin, make_member, make_operator, make_organisation, make_person
from tests.programmes.build import at
from tests.skills.factories import role, shown, skill, starter

pytestmark = pytest.mark.django_db
NEEDED = {"sql": 3, "data-analytics": 4, "data-visualisation": 4, "statistics": 3, "stakeholder-communication": 3}


@pytest.fixture(autouse=True)
def _set():
    clock.set_clock(at("2027-03-01T09:00:00+09:00"))
    starter()


def sharing(person, scope):
    give_consent(person, purpose=SHARED, scope=str(scope))
    return person


def test_a_persons_gap_has_the_largest_first():
    ada = make_person()
    shown(ada, "data-analytics", 5)
    shown(ada, "sql", 2)

    gaps = {gap.skill.code: gap.missing for gap in gap_of(ada, role("data-analyst"))}

    assert next(iter(gaps)) == "data-visualisation"
    assert {code: gaps[code] for code in NEEDED} == {
        "sql": 1, "data-analytics": 0, "data-visualisation": 4, "statistics": 3, "stakeholder-communication": 3
    }  # fmt: skip


def test_a_team_is_counted_from_those_who_share():
    ada, bo, shy = make_person(), make_person(), make_person()
    team = form_team("두레", captain=ada)
    for person in (bo, shy):
        join_team(team, person=person)
    for person, level in ((ada, 3), (bo, 2), (shy, 5)):
        shown(person, "sql", level)
    sharing(ada, team.pk), sharing(bo, team.pk)

    cells = {cell.skill.code: cell for cell in group_gap(sharing_with(team), role("data-analyst"))}

    sql = cells["sql"]
    assert (sharing_with(team), sql.able, sql.some, sql.best) == ({ada.pk, bo.pk}, 1, 1, 3)


def test_a_plan_counts_who_fits_and_what_is_short():
    home = make_organisation("home")
    able, half, shy = (make_member(home).person for _ in range(3))
    for person in (able, shy):
        for code, level in NEEDED.items():
            shown(person, code, level)
    shown(half, "sql", 3)
    sharing(able, "home"), sharing(half, "home")
    plan = make_plan(home, name="2027", by=make_admin(home), lines=[Line(role("data-analyst"), 2, date(2027, 12, 31))])

    gap = plan_gaps(plan, sharing_in(home))[0]

    assert (gap.fitting, gap.missing) == (1, 1)
    short = {cell.skill.code: cell.able for cell in gap.lacking}
    assert "sql" not in short
    assert {code: short[code] for code in NEEDED if code != "sql"} == dict.fromkeys(set(NEEDED) - {"sql"}, 1)


def test_who_takes_consent_back_is_counted_no_more():
    home = make_organisation("home")
    ada = sharing(make_member(home).person, "home")
    assert sharing_in(home) == {ada.pk}

    withdraw_consent(ada, purpose=SHARED, scope="home")
    assert sharing_in(home) == set()


def test_who_plans_and_who_sees():
    home = make_organisation("home")
    people = {"admin": make_admin(home), "member": make_member(home).person, "stranger": make_person(),
              "operator": make_operator()}  # fmt: skip

    assert {name: (may_plan(one, home), may_see_plans(one, home)) for name, one in people.items()} == {
        "admin": (True, True), "member": (False, True), "stranger": (False, False), "operator": (False, True)
    }  # fmt: skip


def test_a_plan_is_called_once_and_its_lines_differ():
    home, by = make_organisation(), make_person()
    line = Line(role("data-analyst"), 2, date(2027, 12, 31))
    plan = make_plan(home, name="2027", by=by, lines=[line])

    with pytest.raises(Refused) as taken:
        make_plan(home, name=" 2027 ", by=by)
    with pytest.raises(Flawed) as twice:
        set_seats(plan, lines=[line, line])
    with pytest.raises(Flawed) as none:
        set_seats(plan, lines=[Line(role("data-analyst"), 0, date(2027, 12, 31))])

    codes = (taken.value.code, twice.value.code, none.value.code)
    assert (codes, plan.lines.count()) == (("plan.taken", "plan.twice", "plan.seats"), 1)


def test_an_ended_plan_changes_no_more_and_its_name_is_free():
    home, by = make_organisation(), make_person()
    plan = end_plan(make_plan(home, name="2027", by=by))

    with pytest.raises(Refused) as refused:
        set_seats(plan, lines=[])
    make_plan(home, name="2027", by=by)

    assert refused.value.code == "plan.ended"


def test_demand_counts_roles_plans_and_openings_of_a_month_and_replaces_itself():
    home, ada = make_organisation(), make_person()
    choose_role(ada, role=role("data-analyst"))
    plan = make_plan(home, name="2027", by=ada, lines=[Line(role("data-analyst"), 7, date(2027, 12, 31))])
    ended = make_plan(home, name="old", by=ada, lines=[Line(role("data-analyst"), 50, date(2027, 12, 31))])
    end_plan(ended)
    set_seats(
        plan,
        lines=[*[Line(role("data-analyst"), 7, date(2027, 12, 31))], Line(role("ai-educator"), 9, date(2027, 1, 1))],
    )

    for _ in range(2):
        count_demand(on=date(2027, 3, 9))
        report_demand({skill("sql").pk: 4}, month=date(2027, 3, 20))

    assert demand(skill("sql")) == [(date(2027, 3, 1), 1 + 7 + 4)]
    assert demand(skill("teaching")) == []


def test_what_rises_is_told_the_steepest_first_and_never_without_something_before():
    sql, mlops, python = skill("sql"), skill("mlops"), skill("python")
    assert rising(on=date(2027, 3, 9)) == []
    for month, counts in (
        (date(2026, 11, 1), (5, 0, 9)),
        (date(2027, 2, 1), (8, 6, 9)),
        (date(2027, 3, 1), (10, 12, 8)),
    ):
        Demand.objects.bulk_create(
            Demand(skill=one, month=month, asking="openings", count=n)
            for one, n in zip((sql, mlops, python), counts, strict=True)
        )

    rises = rising(on=date(2027, 3, 9))

    assert [(rise.skill, rise.before, rise.lately) for rise in rises] == [(mlops, 0, 9), (sql, 5, 9)]
