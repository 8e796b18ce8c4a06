"""Organisations, and who belongs to them."""

from datetime import date, timedelta

import pytest

from dure.core.errors import Flawed, Refused
from dure.people.days import today
from dure.people.models import Membership, Organisation, Role
from dure.people.operations import (
    add_domain,
    change_organisation,
    change_role,
    found_organisation,
    join_organisation,
    leave,
)
from dure.people.queries import colleagues_of
from tests.factories import make_member, make_organisation, make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("short", ["", "LGE", "1st", "lg--e", "lg e", "lg_e", "엘지", "lge-", "lge\n"])
def test_a_short_name_is_a_name_of_the_language(short):
    with pytest.raises(Flawed) as flaw:
        found_organisation(short, name_ko="엘지", name_en="LG", kind="company")
    assert flaw.value.code == "organisation.short"


def test_short_names_and_kinds_are_checked():
    make_organisation("lge")
    with pytest.raises(Refused) as refusal:
        make_organisation("lge")
    with pytest.raises(Flawed) as flaw:
        make_organisation("sk", kind="firm")

    assert (refusal.value.code, flaw.value.code) == ("organisation.exists", "organisation.kind")
    assert list(Organisation.objects.values_list("short", flat=True)) == ["lge"]


def test_names_and_size_change_the_short_name_stays():
    organisation = change_organisation(make_organisation("lge"), name_en="LG Electronics", staff=100)
    organisation.refresh_from_db()

    assert (organisation.short, organisation.title.en, organisation.staff) == ("lge", "LG Electronics", 100)
    with pytest.raises(TypeError):
        change_organisation(organisation, short="lg")


def test_a_domain_belongs_to_one_organisation():
    add_domain(make_organisation(), name=" KAIST.ac.kr ")

    for name, code in (("kaist.ac.kr", "domain.taken"), ("kaist", "domain.name"), ("@kaist.ac.kr", "domain.name")):
        with pytest.raises(Refused) as refusal:
            add_domain(make_organisation(), name=name)
        assert refusal.value.code == code


def test_history_is_kept_role_by_role():
    organisation, person = make_organisation(), make_person()
    worked = join_organisation(organisation, person=person, department="AI", since=date(2020, 1, 1))
    leave(worked, on=date(2021, 1, 1))
    join_organisation(organisation, person=person, department="Vision", since=date(2021, 1, 1))
    join_organisation(organisation, person=person, role=Role.ADMIN, since=date(2022, 1, 1))

    assert [(m.role, m.department) for m in colleagues_of(organisation, on=date(2020, 6, 1))] == [("member", "AI")]
    assert {(m.role, m.department) for m in colleagues_of(organisation, on=date(2026, 6, 1))} == {
        ("member", "Vision"),
        ("admin", ""),
    }


def test_who_leaves_is_gone_the_same_day():
    membership = make_member(make_organisation())

    leave(membership)

    assert list(colleagues_of(membership.organisation, on=today())) == []
    with pytest.raises(Refused) as refusal:
        leave(membership)
    assert refusal.value.code == "membership.ended"


def test_a_membership_with_a_planned_end_can_end_earlier():
    membership = make_member(make_organisation(), until=today() + timedelta(days=90))

    assert leave(membership).until == today()


def test_memberships_run_forward():
    organisation, person = make_organisation(), make_person()
    member = join_organisation(organisation, person=person)

    for wrong in (
        lambda: leave(member, on=member.since - timedelta(days=1)),
        lambda: join_organisation(organisation, person=person, until=member.since - timedelta(days=1)),
    ):
        with pytest.raises(Flawed) as flaw:
            wrong()
        assert flaw.value.code == "membership.days"


def test_an_unknown_role_is_refused_with_those_there_are():
    with pytest.raises(Flawed, match="member, student, admin"):
        make_member(make_organisation(), role="boss")


@pytest.mark.django_db(transaction=True)
def test_joining_twice_at_the_same_time_joins_once():
    organisation, person = make_organisation(), make_person()

    outcomes = race(*[lambda: join_organisation(organisation, person=person).pk] * 4)

    assert [outcome.code for outcome in outcomes if isinstance(outcome, Refused)] == ["membership.exists"] * 3
    assert Membership.objects.get().pk in outcomes


def _roles(person) -> list[tuple[str, date | None]]:
    return list(Membership.objects.filter(person=person).order_by("pk").values_list("role", "until"))


def test_another_role_begins_where_the_former_ends_and_an_end_that_was_set_stays():
    ends = today() + timedelta(days=90)
    first = make_member(make_organisation(), since=today() - timedelta(days=5), until=ends)

    changed = change_role(first, role=Role.ADMIN)

    assert _roles(first.person) == [("member", today()), ("admin", ends)]
    assert change_role(changed, role=Role.ADMIN) == changed


def test_a_role_that_somebody_has_already_is_refused_and_nothing_ends():
    member = make_member(make_organisation())
    make_member(member.organisation, member.person, role=Role.ADMIN)

    with pytest.raises(Refused) as refusal:
        change_role(member, role=Role.ADMIN)

    assert (refusal.value.code, _roles(member.person)) == ("membership.exists", [("member", None), ("admin", None)])


def test_the_last_administrator_neither_leaves_nor_becomes_something_else():
    last = make_member(make_organisation(), role=Role.ADMIN)
    make_member(last.organisation, role=Role.MEMBER)

    for way in (lambda: leave(last), lambda: change_role(last, role=Role.MEMBER)):
        with pytest.raises(Refused) as refusal:
            way()
        assert (refusal.value.code, _roles(last.person)) == ("membership.last-admin", [("admin", None)])


def test_an_administrator_whose_time_was_over_before_keeps_nobody():
    last = make_member(make_organisation(), role=Role.ADMIN)
    make_member(last.organisation, role=Role.ADMIN, since=today() - timedelta(days=9), until=today())

    with pytest.raises(Refused, match="last administrator"):
        leave(last)


def test_an_administrator_leaves_where_another_stays():
    first = make_member(make_organisation(), role=Role.ADMIN)
    make_member(first.organisation, role=Role.ADMIN)

    assert leave(first).until == today()


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_leave_at_once_one_stays():
    first = make_member(make_organisation(), role=Role.ADMIN)
    second = make_member(first.organisation, role=Role.ADMIN)

    outcomes = race(lambda: leave(first).pk, lambda: leave(second).pk)

    assert [outcome.code for outcome in outcomes if isinstance(outcome, Refused)] == ["membership.last-admin"]
    assert first.organisation.memberships.on(today()).filter(role=Role.ADMIN).count() == 1
