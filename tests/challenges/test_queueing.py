"""Submissions in the queue: fair to rounds and entrants, in a hurry before a round closes."""

from datetime import timedelta

import pytest

from dure.challenges.models import Submission
from dure.challenges.queueing import SCORE, URGENT, Standing, standing
from dure.core import clock
from dure.jobs.models import Job, JobState
from dure.jobs.worker import drain, step
from tests.challenges.conftest import CLOSE, HOUR, START, make_entrant, make_task, offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_clock")]


@pytest.fixture
def standing_clock():
    with clock.at(START):
        yield


def test_a_flooder_holds_up_neither_others_nor_other_rounds():
    flooded, other = make_task(), make_task()
    flooder, rival, elsewhere = make_entrant(flooded), make_entrant(flooded), make_entrant(other)
    for _ in range(20):
        offer(flooder)
    waiting = [offer(rival), offer(elsewhere)]

    for _ in range(flooded.round.at_once + len(waiting)):
        step([SCORE])

    assert {Submission.objects.get(pk=one.pk).state for one in waiting} == {"scored"}


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_no_more_than_the_round_says_of_an_entrant_are_under_way(at_once):
    task = make_task()
    task.round.at_once = at_once
    task.round.save()
    entrant = make_entrant(task)
    for _ in range(5):
        offer(entrant)

    states = list(Job.objects.filter(task=SCORE).order_by("pk").values_list("state", flat=True))

    assert states == [JobState.READY] * at_once + [JobState.HELD] * (5 - at_once)


def test_the_last_hour_of_a_round_hurries():
    entrant = make_entrant(make_task())
    calm = offer(entrant)
    with clock.at(CLOSE - HOUR):
        hurried = offer(entrant)

    assert (calm.job.priority, hurried.job.priority) == (0, URGENT)


def test_who_waits_knows_how_many_stand_before_them():
    task = make_task()
    first, second = offer(make_entrant(task)), offer(make_entrant(task))

    assert (standing(first), standing(second)) == (Standing(0, None), Standing(1, None))


def test_what_is_scored_stands_nowhere():
    submission = offer(make_entrant(make_task()))
    drain([SCORE])
    submission.job.refresh_from_db()

    assert standing(submission) is None
    assert submission.job.finished_at - START < timedelta(minutes=1)
