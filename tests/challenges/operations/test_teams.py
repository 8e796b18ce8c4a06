"""Rounds that teams enter by themselves."""

from datetime import timedelta

import pytest

from dure.challenges.models import Departed, Entrant, Submission
from dure.challenges.operations import close_round, enter_team, open_to_teams, submit
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.people.operations import accept_merge, ask_merge, form_team, join_team, leave_team, rename_team
from tests.challenges.conftest import CLOSE, START, judge, make_task, predictions
from tests.factories import make_person
from tests.people.races import race

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]
LOCK = START + timedelta(days=5)


def make_team(name: str = "Alpha", size: int = 1):
    team = form_team(name, captain=make_person())
    for _ in range(size - 1):
        join_team(team, person=make_person())
    return team


def open_task(**known):
    """A task of a standing round for teams of up to three."""
    task = make_task(daily=known.pop("daily", None))
    open_to_teams(task.round, **{"most": 3, "locks_at": LOCK, **known})
    return task


def people_of(entrant) -> set:
    return {row.person for row in entrant.members.all()}


def refused(call) -> str:
    with pytest.raises(Refused) as refusal:
        call()
    return refusal.value.code


def test_a_team_enters_with_everybody_in_it_under_its_name():
    task, team = open_task(), make_team("Alpha", 2)

    entrant = enter_team(task, team)

    assert (entrant.title, len(people_of(entrant))) == ("Alpha", 2)
    assert refused(lambda: enter_team(task, team)) == "challenges.entered"


def test_a_round_that_is_not_open_to_teams_is_entered_by_its_organiser_only():
    assert refused(lambda: enter_team(make_task(), make_team())) == "round.no-teams"


def test_size_is_the_rounds():
    task = open_task(least=2)

    assert refused(lambda: enter_team(task, make_team("Alone"))) == "team.small"
    assert refused(lambda: enter_team(task, make_team("Many", 4))) == "team.full"
    with pytest.raises(Flawed):
        open_to_teams(task.round, least=3, most=2)


def test_a_round_that_is_over_is_entered_no_more():
    task = open_task()
    close_round(task.round)

    assert refused(lambda: enter_team(task, make_team())) == "challenges.closed"


def test_who_joins_or_leaves_the_team_joins_or_leaves_its_entrant():
    task, team, mate = open_task(), make_team(), make_person()
    entrant = enter_team(task, team)

    join_team(team, person=mate)
    assert people_of(entrant) == {team.captain, mate}
    submit(entrant, by=mate, upload=predictions())
    leave_team(team, person=mate)

    assert people_of(entrant) == {team.captain}
    assert refused(lambda: submit(entrant, by=mate, upload=predictions())) == "challenges.not-yours"


def test_a_renamed_team_is_found_under_its_new_name():
    task, team = open_task(), make_team()
    entrant = enter_team(task, team)

    rename_team(team, "새 이름")

    entrant.refresh_from_db()
    assert (entrant.title, Entrant.objects.exclude(name_key="").filter(pk=entrant.pk).exists()) == ("새 이름", True)


def test_nobody_is_in_two_teams_of_a_task():
    task, one, other = open_task(), make_team("One"), make_team("Other")
    enter_team(task, one)
    enter_team(task, other)

    assert refused(lambda: join_team(other, person=one.captain)) == "challenges.entered"


def test_who_used_attempts_with_a_team_brings_them_to_no_other():
    task, team, mate = open_task(), make_team("One", 2), make_person()
    join_team(team, person=mate)
    entrant = enter_team(task, team)
    other = make_team("Other")
    enter_team(task, other)
    scored_by = submit(entrant, by=mate, upload=predictions())
    leave_team(team, person=mate)

    assert scored_by.used == 1
    assert refused(lambda: join_team(other, person=mate)) == "challenges.left"
    assert refused(lambda: enter_team(task, form_team("Third", captain=mate))) == "challenges.left"
    join_team(team, person=mate)
    assert (mate in people_of(entrant), Departed.objects.count()) == (True, 0)


def test_a_team_that_has_become_too_small_submits_nothing():
    task, team = open_task(least=2), make_team("Alpha", 2)
    entrant = enter_team(task, team)
    mate = team.members.exclude(person=team.captain).get().person
    leave_team(team, person=mate)

    assert refused(lambda: submit(entrant, by=team.captain, upload=predictions())) == "team.small"


def test_the_lock_holds_for_teams_that_entered_before_it_was_moved():
    task, team = open_task(), make_team()
    enter_team(task, team)
    open_to_teams(task.round, most=3, locks_at=START + timedelta(days=1))

    with clock.at(START + timedelta(days=1)):
        assert refused(lambda: join_team(team, person=make_person())) == "team.locked"
    open_to_teams(task.round, most=3)
    with clock.at(START + timedelta(days=9)):
        join_team(team, person=make_person())


def test_teams_of_a_round_merge_and_submit_as_one():
    task = open_task(daily=2)
    into, gone = make_team("Alpha"), make_team("Beta", 2)
    first, second = enter_team(task, into), enter_team(task, gone)
    judge(Submission.objects.get(pk=submit(second, by=gone.captain, upload=predictions()).id))

    accept_merge(ask_merge(into, other=gone, by=into.captain), by=gone.captain)

    assert len(people_of(first)) == 3
    assert [entrant.title for entrant in Entrant.objects.filter(task=task)] == ["Alpha"]
    assert submit(first, by=gone.captain, upload=predictions()).used == 2


def test_merging_takes_everybody_along_to_where_only_one_of_them_takes_part():
    one, other = open_task(), open_task()
    into, gone = make_team("Alpha"), make_team("Beta")
    first, second = enter_team(one, into), enter_team(other, gone)
    both = {into.captain, gone.captain}

    accept_merge(ask_merge(into, other=gone, by=into.captain), by=gone.captain)

    second.refresh_from_db()
    assert (people_of(first), people_of(second), second.title) == (both, both, "Alpha")


def test_a_merge_that_a_round_refuses_leaves_both_teams_as_they_were():
    task = open_task(daily=1)
    into, gone = make_team("Alpha"), make_team("Beta")
    for team in (into, gone):
        receipt = submit(enter_team(task, team), by=team.captain, upload=predictions())
        judge(Submission.objects.get(pk=receipt.id))
    asked = ask_merge(into, other=gone, by=into.captain)

    assert refused(lambda: accept_merge(asked, by=gone.captain)) == "merge.quota"

    asked.refresh_from_db()
    gone.refresh_from_db()
    assert (asked.state, gone.size, Entrant.objects.filter(task=task).count()) == ("asked", 1, 2)


def test_a_round_that_is_over_keeps_its_teams_as_they_were():
    task, team = open_task(locks_at=None), make_team()
    entrant = enter_team(task, team)

    with clock.at(CLOSE):
        join_team(team, person=make_person())

    assert people_of(entrant) == {team.captain}


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_join_at_once_one_takes_part():
    task, team = open_task(most=2, locks_at=None), make_team()
    entrant = enter_team(task, team)
    people = [make_person() for _ in range(8)]

    def join(person):
        with clock.at(START):
            return join_team(team, person=person)

    said = race(*(lambda person=person: join(person) for person in people))

    assert sorted(getattr(one, "code", "in") for one in said) == ["in", *["team.full"] * 7]
    assert len(people_of(entrant)) == 2


@pytest.mark.parametrize("most", [0, -1])
def test_a_team_of_nobody_is_refused_in_words(most):
    with pytest.raises(Flawed):
        open_to_teams(make_task().round, most=most)
