"""Worker processes that are killed or frozen at random: nothing is lost, nothing is done twice."""

import signal

import pytest

from dure.core import clock
from dure.jobs.models import UNFINISHED, Job, JobState
from dure.jobs.operations import enqueue
from dure.jobs.worker import step
from tests.jobs import witness
from tests.jobs.test_worker import LONG, wait_for

pytestmark = pytest.mark.usefixtures("tables")
JOBS, WORKERS, KILLS = 150, 3, 12
KNOWN = ["--tasks", "witness.chain", "witness.slow"]


def test_workers_killed_at_random_lose_nothing_and_double_nothing(hire):
    for number in range(JOBS):
        enqueue("witness.chain", arguments={"job": number})
    crew = {process.pid: process for process in (hire(*KNOWN) for _ in range(WORKERS))}

    for _ in range(KILLS):
        wait_for(lambda: at_work(crew) or not left().exists())
        for victim in at_work(crew)[:1]:
            crew.pop(victim).kill()
            heir = hire(*KNOWN)
            crew[heir.pid] = heir
    wait_for(lambda: not left().exists())

    assert witness.seen() == [(job, step) for job in range(JOBS) for step in (1, 2)]
    assert witness.tally() == 2 * JOBS
    assert set(chained().values_list("state", flat=True)) == {JobState.DONE}
    assert chained().filter(attempts__gt=1).exists()  # the kills did strike


def at_work(crew):
    """The process ids of the crew that hold a job, in no order that a schedule could favour."""
    workers = Job.objects.filter(state=JobState.RUNNING).order_by("?").values_list("worker", flat=True)
    return [pid for pid in (int(worker.rsplit(":", 1)[1]) for worker in workers) if pid in crew]


def chained():
    return Job.objects.filter(task__in=KNOWN[1:])


def left():
    return chained().filter(state__in=UNFINISHED)


def test_a_worker_frozen_past_its_lease_changes_nothing_when_it_goes_on(hire, tmp_path):
    job = enqueue("witness.gate", arguments={"job": 1})
    frozen = hire("--once", WITNESS="frozen", WITNESS_GATE=str(tmp_path))
    wait_for(tmp_path.joinpath("begun").exists)

    frozen.send_signal(signal.SIGSTOP)
    wait_for(lambda: reclaimed_and_done(job))
    tmp_path.joinpath("open").touch()
    frozen.send_signal(signal.SIGCONT)

    assert frozen.wait(timeout=LONG) == 0
    assert witness.seen_by() == [("test",)]


def reclaimed_and_done(job):
    Job.objects.filter(pk=job.pk, state=JobState.READY).update(run_at=clock.now())
    step(["witness.gate"])
    job.refresh_from_db()
    return job.state == JobState.DONE
