"""Claims and fences: one holder at a time, and none that was thought dead changes anything."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from dure.core import clock
from dure.jobs import leases
from dure.jobs.leases import Lost, claim, fenced, heartbeat, release, set_back
from dure.jobs.models import Job, JobState
from dure.jobs.operations import enqueue
from tests.jobs import witness
from tests.jobs.conftest import end_lease

pytestmark = pytest.mark.django_db


def states():
    return sorted(Job.objects.values_list("state", flat=True))


@pytest.fixture
def claimed(tables):
    enqueue("witness.note", arguments={"job": 1})
    return claim("first")


def test_effect_acknowledgement_and_next_job_are_one(claimed):
    with fenced(claimed):
        witness.note(1, 1)
        enqueue("witness.note", arguments={"job": 2})
        transaction.set_rollback(True)

    assert (witness.seen(), states()) == ([], [JobState.RUNNING])


def test_a_lease_that_is_over_changes_nothing(claimed):
    end_lease(claimed)

    with pytest.raises(Lost), fenced(claimed):
        witness.note(1, 1)

    assert (witness.seen(), states()) == ([], [JobState.RUNNING])


def test_a_token_that_moved_changes_nothing(claimed):
    end_lease(claimed)
    assert claim("second") is None  # reaped: it waits out its delay
    Job.objects.update(run_at=clock.now())
    second = claim("second")

    for attempt in (heartbeat, release, lambda late: set_back(late, RuntimeError("late"))):
        with pytest.raises(Lost):
            attempt(claimed)
    with pytest.raises(Lost), fenced(claimed):
        witness.note(1, 1)
    with fenced(second):
        witness.note(1, 2)

    assert (witness.seen(), states(), second.token) == ([(1, 2)], [JobState.DONE], claimed.token + 1)


def test_work_is_acknowledged_once(claimed):
    with fenced(claimed):
        witness.note(1, 1)

    with pytest.raises(Lost), fenced(claimed):
        witness.note(1, 1)

    assert witness.seen() == [(1, 1)]


def test_a_heartbeat_lengthens_the_lease(claimed):
    before = Job.objects.get().leased_until

    heartbeat(claimed)

    assert Job.objects.get().leased_until > before


def test_a_released_job_is_due_at_once_and_has_lost_no_attempt(claimed):
    release(claimed)

    again = claim("second")

    assert (again.attempt, again.token) == (1, 2)


def test_a_job_whose_worker_keeps_dying_ends_failed_with_its_cause(tables):
    enqueue("witness.note", arguments={"job": 1}, most_attempts=2)
    for _ in range(2):
        Job.objects.update(run_at=clock.now())
        end_lease(claim("dying"))
        assert claim("finder") is None

    job = Job.objects.get()
    assert (job.state, job.attempts, job.cause_code) == (JobState.FAILED, 2, "jobs.lease-over")


def test_a_claim_is_never_part_of_a_longer_transaction(tables):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        claim("worker")


def test_only_the_tasks_asked_for_are_claimed(tables):
    enqueue("witness.note", arguments={"job": 1})

    assert claim("worker", ["witness.slow"]) is None
    assert claim("worker", ["witness.note"]) is not None


def test_threads_that_claim_together_never_hold_the_same_job(tables):
    for number in range(40):
        enqueue("witness.note", arguments={"job": number})
    together = threading.Barrier(8)

    def claim_some(name):
        together.wait()
        try:
            return [found.job for found in iter(lambda: claim(name), None)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        held = [job for some in pool.map(claim_some, [f"thread-{n}" for n in range(8)]) for job in some]

    assert sorted(held) == sorted(Job.objects.values_list("pk", flat=True))
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}


@given(st.integers(min_value=1, max_value=2**31 - 1))
def test_delays_double_to_a_bound_and_are_spread(attempt):
    full = min(timedelta(seconds=2 ** min(attempt - 1, 30)), leases.LONGEST_DELAY)

    assert full / 2 <= leases.delay(attempt) <= full
