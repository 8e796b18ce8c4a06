"""Teams before they enter."""

from datetime import UTC, datetime, timedelta

import pytest

from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.people.models import TeamCode
from dure.people.operations import (
    ask_merge,
    bind_team,
    dismiss,
    forget,
    form_team,
    hand_over,
    issue_code,
    join_team,
    leave_team,
    lock_teams,
    rename_team,
)
from dure.people.queries import mates_in, teams_of
from tests.factories import make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db
LOCK = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def team():
    return form_team("Alpha", captain=make_person())


def people_in(team) -> list:
    return [member.person for member in mates_in(team)]


def refused(call, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        call()
    assert refusal.value.code == code


def test_a_team_begins_with_its_captain(team):
    assert people_in(team) == [team.captain]
    assert list(teams_of(team.captain)) == [team]


def test_a_team_needs_a_name():
    with pytest.raises(Flawed):
        form_team("  ", captain=make_person())


def test_one_is_in_a_team_once_and_may_come_back(team):
    person = make_person()
    join_team(team, person=person)
    refused(lambda: join_team(team, person=person), "team.member")

    leave_team(team, person=person)
    refused(lambda: leave_team(team, person=person), "team.stranger")
    join_team(team, person=person)

    assert people_in(team) == [team.captain, person]


def test_a_captain_who_leaves_hands_the_team_to_the_longest_member(team):
    first, second = make_person(), make_person()
    for person in (first, second):
        join_team(team, person=person)

    leave_team(team, person=team.captain)

    team.refresh_from_db()
    assert (team.captain, people_in(team)) == (first, [first, second])


def test_the_captaincy_goes_to_members_only(team):
    mate = make_person()
    refused(lambda: hand_over(team, to=mate), "team.stranger")

    join_team(team, person=mate)

    assert hand_over(team, to=mate).captain == mate


def test_the_last_one_dissolves_the_team_for_good(team):
    captain = team.captain
    issue_code(team)
    leave_team(team, person=captain)

    for person in (captain, make_person()):
        refused(lambda someone=person: join_team(team, person=someone), "team.gone")
    assert (people_in(team), TeamCode.objects.count(), list(teams_of(captain))) == ([], 0, [])


def test_a_team_has_one_name_wherever_it_is_shown(team):
    assert rename_team(team, "  Beta   Gamma ").name == "Beta Gamma"
    with pytest.raises(Flawed):
        rename_team(team, "x" * 121)


def test_the_captain_takes_somebody_out_and_they_are_told(team):
    mate = make_person()
    join_team(team, person=mate)

    dismiss(team, person=mate)

    assert people_in(team) == [team.captain]
    assert [notice.path for notice in mate.notices.all()] == ["/me/teams/"]
    refused(lambda: dismiss(team, person=team.captain), "team.captain")


CHANGES = {
    "join": lambda team, _mate: join_team(team, person=make_person()),
    "leave": lambda team, mate: leave_team(team, person=mate),
    "dismiss": lambda team, mate: dismiss(team, person=mate),
    "hand over": lambda team, mate: hand_over(team, to=mate),
    "rename": lambda team, _mate: rename_team(team, "Omega"),
    "code": lambda team, _mate: issue_code(team),
    "merge": lambda team, _mate: ask_merge(team, other=form_team("Other", captain=make_person()), by=team.captain),
}


@pytest.mark.parametrize("change", CHANGES)
def test_until_its_lock_a_team_changes_and_from_that_moment_on_it_does_not(team, change):
    mate = make_person()
    join_team(team, person=mate)
    bind_team(team, of="round", locks_at=LOCK)

    with clock.at(LOCK):
        refused(lambda: CHANGES[change](team, mate), "team.locked")
    with clock.at(LOCK - timedelta(microseconds=1)):
        CHANGES[change](team, mate)


def test_who_is_erased_leaves_a_team_that_is_fixed(team):
    mate = make_person()
    join_team(team, person=mate)
    bind_team(team, of="round", locks_at=LOCK)

    with clock.at(LOCK):
        forget(mate)

    assert people_in(team) == [team.captain]


def test_the_narrowest_bound_holds(team):
    bind_team(team, of="one", least=2, most=5, locks_at=LOCK)
    bind_team(team, of="two", least=3, most=4, locks_at=LOCK + timedelta(days=1))

    assert (team.least, team.most, team.locks_at) == (3, 4, LOCK)
    assert lock_teams(["one"], at=None) == 1
    team.refresh_from_db()
    assert team.locks_at == LOCK + timedelta(days=1)


def test_a_team_that_is_too_large_is_not_bound(team):
    join_team(team, person=make_person())
    refused(lambda: bind_team(team, of="round", most=1), "team.full")


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_join_at_once_one_gets_the_last_place():
    team = bind_team(form_team("Alpha", captain=make_person()), of="round", most=2)
    people = [make_person() for _ in range(8)]

    said = race(*(lambda person=person: join_team(team, person=person) for person in people))

    team.refresh_from_db()
    assert sorted(getattr(one, "code", "in") for one in said) == ["in", *["team.full"] * 7]
    assert (team.size, len(people_in(team))) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_a_team_that_is_being_locked_has_who_joined_before_or_nobody():
    team = bind_team(form_team("Alpha", captain=make_person()), of="round", most=2)
    person, now = make_person(), clock.now()

    said = race(lambda: join_team(team, person=person), lambda: lock_teams(["round"], at=now))

    joined = getattr(said[0], "code", "in") == "in"
    assert getattr(said[0], "code", "in") in {"in", "team.locked"}
    assert (person in people_in(team)) == joined


@pytest.mark.django_db(transaction=True)
def test_a_team_never_keeps_a_captain_who_has_left():
    captain, mate = make_person(), make_person()
    team = form_team("Alpha", captain=captain)

    race(lambda: leave_team(team, person=captain), lambda: join_team(team, person=mate))

    team.refresh_from_db()
    assert people_in(team) in ([], [team.captain])
