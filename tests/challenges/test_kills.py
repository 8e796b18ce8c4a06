"""Processes killed at every named step of the pipeline: nothing lost, nothing counted twice, no rank wrong."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from itertools import count
from random import Random

import pytest
from django.db import connections
from django.db.models.functions import Now

from dure.challenges.models import Best, Quota, Submission, Task
from dure.challenges.operations import workers
from dure.challenges.queueing import SCORE
from dure.challenges.ranks import rank_of
from dure.challenges.scoring import outcome_of
from dure.core import clock
from dure.jobs.models import UNFINISHED, Job, JobState
from dure.jobs.worker import drain
from tests.challenges.conftest import make_entrant, make_task, offer, predictions

pytestmark = pytest.mark.django_db(transaction=True)
HITS = int(os.environ.get("KILLS_EACH", "2"))  # how often each step is hit, and how many submissions come before
WAVE = int(os.environ.get("KILLS_WAVE", "4"))
ENTRANTS = 4
SUBMITTING = [
    "dure.challenges.files:store",
    "dure.challenges.operations.submitting:_admit",
    "dure.challenges.operations.submitting:take_attempt",
    "dure.challenges.operations.submitting:enqueue_scoring",
    "dure.jobs.operations:stand_in_lane",
    "dure.challenges.operations.submitting:record",
    "dure.challenges.operations.submitting:receipt_of",
]
SCORING = [
    "dure.jobs.leases:admit_due",
    "dure.jobs.leases:_lease",
    "dure.jobs.worker:claim",
    "dure.challenges.operations:begin",
    "dure.challenges.tasks:outcome_of",
    "dure.jobs.leases:_acknowledge",
    "dure.challenges.operations.judging:_score",
    "dure.challenges.operations.judging:take_place",
    "dure.challenges.operations.judging:_tell",
    "dure.jobs.leases:let_next",
    "dure.jobs.worker:perform",
]
ELSEWHERE = [
    "dure.challenges.operations.judging:begin",
    "dure.challenges.operations.workers:order_of",
    "dure.challenges.operations.workers:rounded",
    "dure.challenges.operations.judging:record",
    "dure.jobs.leases:let_next",
    "dure.challenges.operations.workers:deliver",
]


def test_a_kill_at_any_step_of_scoring_loses_nothing():
    task, entrants = a_round()
    random = Random(7)  # noqa: S311 -- the same kills in every run

    for point in SCORING * HITS:
        wave(entrants)
        die_in(lambda: drain([SCORE]), point, nth=random.randint(1, WAVE))
        recover()

    everything_is_right(task, len(SCORING) * HITS * WAVE)


def test_a_kill_at_any_step_of_submitting_leaves_a_whole_submission_or_none():
    task, entrants = a_round()
    whole = 0

    for number, point in enumerate(SUBMITTING * HITS):
        before = Submission.objects.count()
        die_in(lambda n=number: offer(entrants[n % ENTRANTS], predictions(n % 5, n % 7)), point, nth=1)
        whole += Submission.objects.count() - before
    recover()

    assert whole == HITS  # those that died with the receipt in hand
    everything_is_right(task, whole)


def test_a_kill_at_any_step_of_an_own_workers_words_loses_nothing():
    task, entrants = a_round()
    organiser = task.round.organisers.get()
    queue = workers.score_by_own(task.round, queue="lab", by=organiser)
    token = workers.issue_worker_token(queue, title="lab", by=organiser).row

    def work():
        while taken := workers.take_next(token, worker="lab"):
            claim, _ = taken
            row = Submission.objects.get(pk=claim.arguments["submission"])
            workers.deliver(token, claim, outcome_of(row))

    for number, point in enumerate(ELSEWHERE * HITS):
        wave(entrants)
        die_in(work, point, nth=1 + number % WAVE)
        recover(work)

    everything_is_right(task, len(ELSEWHERE) * HITS * WAVE)
    assert set(Submission.objects.values_list("judged_by", flat=True)) == {token.pk}


def a_round():
    task = make_task(opens_at=None, closes_at=None)
    return task, [make_entrant(task) for _ in range(ENTRANTS)]


def wave(entrants):
    for number in range(WAVE):
        offer(entrants[number % ENTRANTS], predictions(number % 5, (number * 3) % 7))


def die_in(work: Callable[[], object], point: str, *, nth: int) -> None:
    """Do it in a process that kills itself as it leaves that function for the nth time."""
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=_die_in, args=(work, point, nth))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, f"{point} was not reached"


def _die_in(work: Callable[[], object], point: str, nth: int) -> None:
    module, name = point.split(":")
    step, passed = getattr(import_module(module), name), count(1)

    def last_step(*args, **rest):
        done = step(*args, **rest)
        if next(passed) == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(import_module(module), name, last_step)
    work()


def recover(work: Callable[[], object] = lambda: drain([SCORE])) -> None:
    """What time and another worker do."""
    Job.objects.filter(state=JobState.RUNNING).update(leased_until=Now() - timedelta(seconds=1))
    work()
    Job.objects.filter(state=JobState.READY).update(run_at=clock.now())
    work()


def everything_is_right(task: Task, expected: int) -> None:
    scored = Submission.objects.filter(state="scored")
    assert (Submission.objects.count(), scored.count()) == (expected, expected)
    assert not Job.objects.filter(task=SCORE, state__in=UNFINISHED).exists()
    assert not Job.objects.filter(slot__isnull=False).exists()
    total = Quota.objects.filter(period="total")
    assert sum(total.values_list("used", flat=True)) == expected
    for row in Best.objects.filter(task=task).select_related("entrant"):
        mine = scored.filter(entrant=row.entrant)
        best = min(mine, key=lambda one: (rank_of(one.public_score, greater_is_better=True), one.received_at))
        assert (row.best_id, row.public_rank) == (best.pk, rank_of(best.public_score, greater_is_better=True))
    assert Best.objects.count() == submitters()


def submitters() -> int:
    return Submission.objects.values("entrant").distinct().count()
