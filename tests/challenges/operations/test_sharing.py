"""Attempts that their entrants let others see."""

from dataclasses import replace

import pytest

from dure.challenges.models import Allowed, Submission, Task
from dure.challenges.operations.asking import set_allowed
from dure.challenges.operations.ruling import Rules, set_rules
from dure.challenges.operations.sharing import share
from dure.challenges.queries.sharing import shared
from dure.core.errors import Forbidden, Missing, Refused
from dure.people.operations import forget
from tests.challenges.conftest import make_entrant, make_task, member, offer, scored
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing")]


def sharing(**known) -> Task:
    task = make_task()
    set_rules(task.round, replace(Rules.of(task.round), **{"sharing": "chosen", **known}))
    return task


def test_who_sees_the_board_sees_scored_attempts_that_were_made_public():
    task = sharing()
    entrant = make_entrant(task)
    first, second, unjudged = scored(entrant), scored(entrant), offer(entrant)

    for one in (first, second, unjudged):
        share(one, by=member(entrant), public=True)
    share(first, by=member(entrant), public=False)

    assert list(shared(task, viewer=None)) == [second]


@pytest.mark.parametrize(
    "known", [{"sharing": "none"}, {"board": "hidden"}, {"scores_wait": True}, {"is_public": False}]
)
def test_nobody_sees_attempts_of_others_where_the_round_does_not_let_them(known):
    task = sharing(**known)

    with pytest.raises(Missing):
        shared(task, viewer=make_person())


def test_only_its_own_entrant_makes_an_attempt_public():
    submission = scored(make_entrant(sharing()))

    with pytest.raises(Forbidden):
        share(submission, by=make_person(), public=True)

    assert not Submission.objects.get().is_public


def test_a_round_that_shares_nothing_makes_nothing_public():
    submission = scored(make_entrant(make_task()))

    with pytest.raises(Refused) as refused:
        share(submission, by=member(submission.entrant), public=True)

    assert refused.value.code == "challenges.not-shared"


def test_what_is_asked_of_somebody_forgotten_goes_with_them():
    person = make_person("mina@example.org")
    task = sharing()
    set_allowed(task.round, ["mina@example.org", "other@example.org"])
    entrant = make_entrant(task)
    entrant.members.update(person=person)
    Submission.objects.filter(pk=scored(entrant).pk).update(answers={"q": "Mina's"}, shared_in=task)

    forget(person)

    assert list(Submission.objects.values_list("answers", "shared_in")) == [({}, None)]
    assert list(Allowed.objects.values_list("email", flat=True)) == ["other@example.org"]
