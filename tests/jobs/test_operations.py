"""Accepting work: with the caller's transaction, once a key, and never missing what was just changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from dure.core import clock
from dure.core.errors import Refused
from dure.jobs import leases
from dure.jobs.models import Job, JobState
from dure.jobs.operations import cancel, enqueue, prune, retry, schedule
from dure.jobs.worker import drain
from tests.jobs import witness

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def jobs(**having):
    return Job.objects.filter(**having).count()


def test_work_is_accepted_only_with_the_transaction_it_belongs_to(tables):
    with transaction.atomic():
        enqueue("witness.note", arguments={"job": 1})
        transaction.set_rollback(True)

    assert jobs() == 0


def test_work_that_no_room_declares_is_not_accepted():
    with pytest.raises(LookupError):
        enqueue("witness.unheard-of")


def test_a_job_without_an_attempt_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="at least once"):
        enqueue("witness.closed", most_attempts=0)


def test_a_key_that_waits_is_not_enqueued_twice_and_takes_the_earlier_moment():
    now = clock.now()

    first = enqueue("witness.closed", key="stage:1", run_at=now + HOUR)
    second = enqueue("witness.closed", key="stage:1", run_at=now)
    third = enqueue("witness.closed", key="stage:1", run_at=now + 2 * HOUR)
    enqueue("witness.closed", key="stage:2")

    assert (second.pk, third.pk, second.run_at, third.run_at) == (first.pk, first.pk, now, now)
    assert jobs() == 2


def test_a_key_asked_for_while_it_runs_runs_once_more():
    enqueue("witness.closed", key="stage:1")
    claim = leases.claim("worker")

    enqueue("witness.closed", key="stage:1")
    enqueue("witness.closed", key="stage:1")
    with leases.fenced(claim):
        pass
    once_more = leases.claim("worker")
    with leases.fenced(once_more):
        pass

    assert once_more.job == claim.job
    assert [job.state for job in Job.objects.all()] == [JobState.DONE]


def test_many_at_once_make_one_job_of_a_key_and_no_change_goes_unseen(tables):
    def change_and_ask(_):
        try:
            for _ in range(10):
                with transaction.atomic():
                    witness.change()
                    enqueue("witness.settle", key="settle")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(change_and_ask, number) for number in range(4)]
        while not all(one.done() for one in asking):
            drain(["witness.settle"])
    for one in asking:
        one.result()
    drain(["witness.settle"])

    assert max(witness.seen()) == (40, 0)
    assert jobs(state=JobState.READY) == 0


def test_a_job_may_enqueue_its_own_successor_under_the_same_key():
    enqueue("witness.closed", key="stage:1")
    claim = leases.claim("worker")

    with leases.fenced(claim):
        enqueue("witness.closed", key="stage:1")

    assert sorted(Job.objects.values_list("state", flat=True)) == [JobState.DONE, JobState.READY]


def test_a_key_is_free_again_when_its_job_has_ended():
    cancel(enqueue("witness.closed", key="stage:1"))

    enqueue("witness.closed", key="stage:1")

    assert jobs(key="stage:1") == 2


def test_a_job_waits_for_its_moment(tables):
    moment = clock.now() + HOUR
    enqueue("witness.note", arguments={"job": 1}, run_at=moment)

    before = drain()
    with clock.at(moment):
        then = drain()

    assert (before, then, witness.seen()) == (0, 1, [(1, 1)])


def test_a_job_cancelled_while_it_runs_leaves_nothing_behind(tables):
    enqueue("witness.note", arguments={"job": 1})
    claim = leases.claim("worker")

    cancel(Job.objects.get())
    with pytest.raises(leases.Lost), leases.fenced(claim):
        witness.note(1, 1)

    assert (witness.seen(), jobs(state=JobState.CANCELLED)) == ([], 1)


def test_what_is_done_cannot_be_cancelled(tables):
    enqueue("witness.note", arguments={"job": 1})
    drain()

    with pytest.raises(Refused) as refusal:
        cancel(Job.objects.get())

    assert refusal.value.code == "state.move"


def test_a_failed_job_can_be_tried_again():
    job = enqueue("witness.closed")
    drain()

    retry(Job.objects.get())

    job.refresh_from_db()
    assert (job.state, job.attempts, job.finished_at) == (JobState.READY, 0, None)


def test_a_failed_job_is_not_tried_beside_its_successor():
    enqueue("witness.closed", key="stage:1")
    drain()
    enqueue("witness.closed", key="stage:1")

    with pytest.raises(Refused) as refusal:
        retry(Job.objects.get(state=JobState.FAILED))

    assert refusal.value.code == "jobs.key-taken"


def test_a_recurring_task_stands_in_the_queue_once_and_comes_back(tables):
    start = clock.now()
    with clock.at(start):
        schedule()
        schedule()
        drain(["witness.hourly"])
        drain(["witness.hourly"])
    with clock.at(start + HOUR):
        drain(["witness.hourly"])

    assert witness.tally() == 2
    assert list(Job.objects.filter(task="witness.hourly").values_list("state", "run_at")) == [
        (JobState.READY, start + 2 * HOUR)
    ]


def test_what_ended_well_long_ago_is_forgotten_and_failures_are_kept(tables):
    enqueue("witness.note", arguments={"job": 1})
    failed = enqueue("witness.closed")
    drain()
    waiting = enqueue("witness.note", arguments={"job": 2})

    forgotten = prune(before=clock.now() + HOUR)

    assert (forgotten, set(Job.objects.all())) == (1, {failed, waiting})
