"""Worker processes that are killed or frozen at random: every submission gets its end, none is counted twice."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now

from dure.challenges.models import UNJUDGED, Best, Quota, Submission, Task
from dure.core import clock
from dure.jobs.models import Job, JobState
from dure.jobs.worker import step
from tests.challenges.conftest import make_entrant, make_task, offer, predictions
from tests.databases import database_address
from tests.jobs.conftest import ROOT
from tests.jobs.test_worker import LONG, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
ENTRANTS, EACH, WORKERS, KILLS = 20, 11, 2, 8
SCORE = "challenges.score"
Hire = Callable[..., subprocess.Popen]


@pytest.fixture
def hire(tmp_path: Path) -> Iterator[Hire]:
    """Start a worker process on the test's database and disk."""
    hired: list[subprocess.Popen] = []

    def start(*words: str, **environment: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.challenges.worker_process", "--tasks", SCORE, *words]
        paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        known = {**os.environ, "DATABASE_URL": database_address(), "PYTHONPATH": paths, "DURE_HOME": str(tmp_path)}
        process = subprocess.Popen(command, cwd=ROOT, env={**known, **environment}, stderr=subprocess.DEVNULL)
        hired.append(process)
        return process

    yield start
    for process in hired:
        process.kill()
        process.wait()


def test_workers_killed_at_random_lose_no_submission_and_count_none_twice(hire):
    task = make_task(opens_at=None, closes_at=None, daily=EACH)
    broken = predictions().getvalue().replace(b"3,", b"33,")
    entrants = [make_entrant(task) for _ in range(ENTRANTS)]
    for entrant in entrants:
        for attempt in range(EACH - 1):
            offer(entrant, predictions(public=attempt % 5, final=attempt % 7))
        offer(entrant, io.BytesIO(broken))
    crew = {process.pid: process for process in (hire() for _ in range(WORKERS))}

    for _ in range(KILLS):
        wait_for(lambda: at_work(crew) or not left())
        for victim in at_work(crew)[:1]:
            crew.pop(victim).kill()
            heir = hire()
            crew[heir.pid] = heir
            take_back(victim)
    wait_for(lambda: not left())

    states = list(Submission.objects.values_list("state", flat=True))
    assert (states.count("scored"), states.count("refused")) == (ENTRANTS * (EACH - 1), ENTRANTS)
    assert set(Quota.objects.values_list("used", flat=True)) == {EACH}
    assert set(Best.objects.values_list("best__number", "best__public_score")) == {(5, 1.0)}
    assert Job.objects.filter(task=SCORE, attempts__gt=1).exists()  # the kills did strike
    assert ENTRANTS <= Task.objects.get().board_version <= ENTRANTS * (EACH - 1)


def left() -> bool:
    return Submission.objects.filter(state__in=UNJUDGED).exists()


def at_work(crew) -> list[int]:
    """The process ids of the crew that hold a job, in no order that a schedule could favour."""
    workers = Job.objects.filter(state=JobState.RUNNING).order_by("?").values_list("worker", flat=True)
    return [pid for pid in (int(worker.rsplit(":", 1)[1]) for worker in workers) if pid in crew]


def take_back(worker: int) -> None:
    """As if the database's clock had passed the lease of a process that is dead."""
    held = Job.objects.filter(state=JobState.RUNNING, worker__endswith=f":{worker}")
    held.update(leased_until=Now() - timedelta(seconds=1))


def test_a_worker_frozen_past_its_lease_changes_nothing_when_it_goes_on(hire, tmp_path):
    entrant = make_entrant(make_task(opens_at=None, closes_at=None, daily=5))
    submission = offer(entrant, predictions(public=2))
    frozen = hire("--once", GATE=str(tmp_path))
    wait_for(tmp_path.joinpath("begun").exists)

    frozen.send_signal(signal.SIGSTOP)
    take_back(frozen.pid)
    wait_for(lambda: judged_by_another(submission))
    before = everything()
    tmp_path.joinpath("open").touch()
    frozen.send_signal(signal.SIGCONT)

    assert frozen.wait(timeout=LONG) == 0
    assert everything() == before
    assert (submission.state, submission.public_score, submission.job.attempts) == ("scored", 0.5, 2)
    assert list(Quota.objects.values_list("used", flat=True)) == [1, 1, 1]  # of the day, the month and in all


def judged_by_another(submission: Submission) -> bool:
    Job.objects.filter(pk=submission.job_id, state=JobState.READY).update(run_at=clock.now())
    step([SCORE])
    submission.refresh_from_db()
    return submission.state == "scored"


def everything() -> list:
    """Every row that scoring writes."""
    return [list(model.objects.values()) for model in (Submission, Best, Quota, Task)]
