"""What a worker makes of a task: its effect, or a kept cause and another try."""

import os
import signal
import time
from datetime import timedelta

import pytest

from dure.audit.models import AuditRow
from dure.core import clock
from dure.jobs import worker
from dure.jobs.leases import claim
from dure.jobs.models import Job, JobState
from dure.jobs.operations import enqueue
from tests.jobs import witness
from tests.jobs.conftest import end_lease

pytestmark = pytest.mark.usefixtures("tables")
LONG = 300  # seconds that something may take to happen: how busy the machine is decides nothing
LONG_ENOUGH = timedelta(minutes=30)


def test_quick_and_long_tasks_and_what_they_enqueue_are_done():
    enqueue("witness.chain", arguments={"job": 7})

    attempts = worker.drain()

    assert (attempts, witness.seen(), witness.tally()) == (2, [(7, 1), (7, 2)], 2)


def test_in_the_log_the_job_itself_acts():
    enqueue("witness.tell")

    worker.drain()

    assert AuditRow.objects.get(action="witness.told").actor == "job:witness.tell"


def test_a_fault_is_undone_kept_and_tried_again_until_the_job_ends_failed():
    enqueue("witness.break", arguments={"job": 1})

    worker.drain()
    waiting = Job.objects.get()
    with clock.at(clock.now() + LONG_ENOUGH):
        worker.drain()
    failed = Job.objects.get()

    assert witness.seen() == []
    assert (waiting.state, waiting.attempts) == (JobState.READY, 1)
    assert waiting.run_at > waiting.enqueued_at
    assert (failed.state, failed.attempts, failed.cause_code) == (JobState.FAILED, 2, "jobs.fault")
    assert "the disk is full" in failed.cause.ko
    assert "note_and_break" in failed.trace


def test_a_refusal_is_kept_in_both_languages():
    enqueue("witness.closed")

    worker.drain()

    assert Job.objects.get().cause == witness.CLOSED


def test_work_whose_means_are_not_up_waits_without_losing_attempts():
    enqueue("witness.down")

    for hours in range(3):
        with clock.at(clock.now() + timedelta(hours=hours)):
            assert worker.drain() == 1

    job = Job.objects.get()
    assert (job.state, job.attempts, job.cause) == (JobState.READY, 0, witness.DOWN)


def test_long_work_keeps_its_lease_by_heartbeats():
    enqueue("witness.gate", arguments={"job": 1})
    held = claim("worker")

    with worker.beating(held):
        time.sleep(1.5 * held.lease.total_seconds())
        others = claim("other")

    assert others is None
    assert Job.objects.get().state == JobState.RUNNING


def test_long_work_learns_that_its_lease_is_lost():
    enqueue("witness.gate", arguments={"job": 1})
    held = claim("worker")
    end_lease(held)

    with worker.beating(held):
        told = held.lost.wait(timeout=LONG)

    assert told


def test_a_worker_asked_twice_gives_its_job_back(hire, tmp_path):
    enqueue("witness.gate", arguments={"job": 1})
    process = hire(WITNESS_GATE=str(tmp_path))
    wait_for(tmp_path.joinpath("begun").exists)

    process.terminate()
    time.sleep(0.2)
    assert process.poll() is None
    process.terminate()

    assert process.wait(timeout=LONG) == 0
    job = Job.objects.get(task="witness.gate")
    assert (job.state, job.attempts, witness.seen()) == (JobState.READY, 0, [])


def test_a_worker_asked_once_ends_after_the_job_in_hand(hire, tmp_path):
    enqueue("witness.gate", arguments={"job": 1})
    enqueue("witness.note", arguments={"job": 2})
    process = hire("--tasks", "witness.gate", "witness.note", WITNESS_GATE=str(tmp_path))
    wait_for(tmp_path.joinpath("begun").exists)

    process.terminate()
    tmp_path.joinpath("open").touch()

    assert process.wait(timeout=LONG) == 0
    assert witness.seen() == [(1, 1)]


def test_a_crew_replaces_its_dead_and_ends_together(hire):
    process = hire("--processes", "2", "--tasks", "witness.note")
    enqueue("witness.note", arguments={"job": 1})
    wait_for(lambda: witness.seen() == [(1, 1)])
    first = int(Job.objects.get(task="witness.note").worker.rsplit(":", 1)[1])

    os.kill(first, signal.SIGKILL)
    enqueue("witness.note", arguments={"job": 2})
    wait_for(lambda: witness.seen() == [(1, 1), (2, 1)])
    process.terminate()

    assert process.wait(timeout=LONG) == 0


def wait_for(condition):
    until = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
