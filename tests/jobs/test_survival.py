"""Worker processes that are killed or frozen at random: nothing is lost, nothing is done twice."""

import random
import signal
import time

import pytest

from dure.core import clock
from dure.jobs.models import Job, JobState
from dure.jobs.operations import enqueue
from dure.jobs.queries import unfinished
from dure.jobs.worker import step
from tests.jobs import witness
from tests.jobs.test_worker import wait_for

pytestmark = pytest.mark.usefixtures("tables")
JOBS, WORKERS, KILLS = 150, 3, 8
KNOWN = ["--tasks", "witness.chain", "witness.slow"]


def test_workers_killed_at_random_lose_nothing_and_double_nothing(hire):
    for number in range(JOBS):
        enqueue("witness.chain", arguments={"job": number})
    chance = random.Random(7)  # noqa: S311 -- chance is all it is for
    crew = [hire(*KNOWN) for _ in range(WORKERS)]

    for _ in range(KILLS):
        before = witness.tally()
        wait_for(lambda before=before: witness.tally() > before or not left().exists())
        time.sleep(chance.uniform(0, 0.05))
        crew.remove(victim := chance.choice(crew))
        victim.kill()
        crew.append(hire(*KNOWN))
    wait_for(lambda: not left().exists(), seconds=40)

    assert witness.seen() == [(job, step) for job in range(JOBS) for step in (1, 2)]
    assert witness.tally() == 2 * JOBS
    assert set(Job.objects.filter(key="").values_list("state", flat=True)) == {JobState.DONE}


def test_a_worker_frozen_past_its_lease_changes_nothing_when_it_goes_on(hire, tmp_path):
    job = enqueue("witness.gate", arguments={"job": 1})
    frozen = hire("--once", WITNESS="frozen", WITNESS_GATE=str(tmp_path))
    wait_for(tmp_path.joinpath("begun").exists)

    frozen.send_signal(signal.SIGSTOP)
    wait_for(lambda: reclaimed_and_done(job))
    tmp_path.joinpath("open").touch()
    frozen.send_signal(signal.SIGCONT)

    assert frozen.wait(timeout=20) == 0
    assert witness.seen_by() == [("test",)]


def left():
    return unfinished().filter(task__startswith="witness.", key="")


def reclaimed_and_done(job):
    Job.objects.filter(pk=job.pk, state=JobState.READY).update(run_at=clock.now())
    step(["witness.gate"])
    job.refresh_from_db()
    return job.state == JobState.DONE
