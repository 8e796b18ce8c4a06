"""Teams before they enter."""

import pytest

from dure.core.errors import Flawed, Refused
from dure.people.operations import form_team, hand_over, join_team, leave_team
from dure.people.queries import mates_in, teams_of
from tests.factories import make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db


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


def test_nobody_joins_a_team_that_all_have_left(team):
    captain = team.captain
    leave_team(team, person=captain)

    refused(lambda: join_team(team, person=make_person()), "team.gone")
    assert people_in(join_team(team, person=captain)) == [captain]


@pytest.mark.django_db(transaction=True)
def test_a_team_never_keeps_a_captain_who_has_left():
    captain, mate = make_person(), make_person()
    team = form_team("Alpha", captain=captain)

    race(lambda: leave_team(team, person=captain), lambda: join_team(team, person=mate))

    team.refresh_from_db()
    assert people_in(team) in ([], [team.captain])
