"""Joining by code."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.core.errors import Missing, Refused
from dure.people.operations import form_team, issue_code, join_by_code, revoke_code, take_try
from dure.people.operations.team_codes import LASTS, LETTERS, MOST_TRIES
from dure.people.queries import mates_in
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return form_team("Alpha", captain=make_person())


def test_a_code_lets_in_however_it_is_typed(team):
    code = str(issue_code(team))
    assert len(code) == 9
    assert set(code) - {"-"} <= set(LETTERS)

    joined = [make_person() for _ in range(3)]
    for person, typed in zip(joined, (code, code.lower(), f" {code.replace('-', ' ')} "), strict=True):
        join_by_code(typed, person=person)

    assert [mate.person for mate in mates_in(team)] == [team.captain, *joined]


def test_only_the_newest_code_opens_until_it_expires_or_is_taken_back(team):
    old, now = issue_code(team).code, clock.now()
    new = issue_code(team).code

    with pytest.raises(Missing):
        join_by_code(old, person=make_person())
    with clock.at(now + LASTS + timedelta(seconds=1)), pytest.raises(Missing):
        join_by_code(new, person=make_person())
    join_by_code(new, person=make_person())
    revoke_code(team)
    with pytest.raises(Missing):
        join_by_code(new, person=make_person())


def test_codes_are_tried_so_many_times_an_hour_and_then_again_in_the_next():
    person, hour = make_person(), clock.now().replace(minute=0)
    with clock.at(hour):
        for _ in range(MOST_TRIES):
            take_try(person)
        with pytest.raises(Refused) as refusal:
            take_try(person)
        take_try(make_person())

    assert (refusal.value.code, refusal.value.status) == ("team.tries", 429)
    with clock.at(hour + timedelta(hours=1)):
        take_try(person)
