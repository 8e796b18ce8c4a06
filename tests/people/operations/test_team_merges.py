"""Two teams become one."""

import pytest

from dure.core.errors import Refused
from dure.people.operations import (
    accept_merge,
    ask_merge,
    bind_team,
    decline_merge,
    form_team,
    join_team,
    leave_team,
    withdraw_merge,
)
from dure.people.queries import mates_in, merges_of
from tests.factories import make_person
from tests.people.races import race

pytestmark = pytest.mark.django_db


def make_team(name: str, size: int = 1):
    team = form_team(name, captain=make_person())
    for _ in range(size - 1):
        join_team(team, person=make_person())
    team.refresh_from_db()
    return team


def people_in(team) -> set:
    return {mate.person for mate in mates_in(team)}


def test_everybody_of_both_is_in_the_team_that_asked():
    into, gone = make_team("Alpha", 2), make_team("Beta", 2)
    both = people_in(into) | people_in(gone)

    accept_merge(ask_merge(into, other=gone, by=into.captain), by=gone.captain)

    for team in (into, gone):
        team.refresh_from_db()
    assert (people_in(into), into.size, people_in(gone), gone.size) == (both, 4, set(), 0)
    assert into.captain != gone.captain


def test_who_is_in_both_is_in_the_one_once():
    into, gone = make_team("Alpha"), make_team("Beta")
    join_team(gone, person=into.captain)

    accept_merge(ask_merge(into, other=gone, by=into.captain), by=gone.captain)

    into.refresh_from_db()
    assert (people_in(into), into.size) == ({into.captain, gone.captain}, 2)


def test_the_one_team_is_bound_by_what_bound_either():
    into, gone = make_team("Alpha", 2), make_team("Beta", 2)
    bind_team(gone, of="round", most=3)

    with pytest.raises(Refused) as refusal:
        accept_merge(ask_merge(into, other=gone, by=into.captain), by=gone.captain)

    assert refusal.value.code == "team.full"
    assert (len(people_in(into)), len(people_in(gone))) == (2, 2)


def test_a_question_is_asked_once_and_answered_once():
    into, gone = make_team("Alpha"), make_team("Beta")
    asked = ask_merge(into, other=gone, by=into.captain)
    with pytest.raises(Refused, match="asked already"):
        ask_merge(into, other=gone, by=into.captain)

    decline_merge(asked, by=gone.captain)
    with pytest.raises(Refused):
        accept_merge(asked, by=gone.captain)

    withdraw_merge(ask_merge(into, other=gone, by=into.captain))
    assert list(merges_of(into)) == []
    assert [notice.path for notice in gone.captain.notices.order_by("pk")] == [f"/me/teams/{gone.pk}/"] * 2


def test_a_team_does_not_merge_with_itself():
    team = make_team("Alpha")
    with pytest.raises(Refused, match="another team"):
        ask_merge(team, other=team, by=team.captain)


def test_what_was_asked_of_a_team_ends_with_it():
    into, gone = make_team("Alpha"), make_team("Beta")
    ask_merge(into, other=gone, by=into.captain)

    leave_team(gone, person=gone.captain)

    assert list(merges_of(into)) == []


@pytest.mark.django_db(transaction=True)
def test_two_teams_that_ask_each_other_become_one_of_them():
    one, other = make_team("Alpha", 2), make_team("Beta", 2)
    there = ask_merge(one, other=other, by=one.captain)
    back = ask_merge(other, other=one, by=other.captain)

    race(lambda: accept_merge(there, by=other.captain), lambda: accept_merge(back, by=one.captain))

    for team in (one, other):
        team.refresh_from_db()
    assert sorted([one.size, other.size]) == [0, 4]
    assert len(people_in(one)) + len(people_in(other)) == 4
