"""Workers that are killed in the middle of a field trial: every request is tried once, and the numbers are exact."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now

from dure.challenges.field.tally import Tally
from dure.challenges.models import FieldRequest, FieldTrial
from dure.challenges.operations.fielding import see_to_field_trials
from dure.challenges.operations.fieldtrials import ASK, start_field_trial
from dure.challenges.queries.fieldtrials import days_of
from dure.compute.box import Level
from dure.compute.proof import level
from dure.core import clock
from dure.jobs.models import Job, JobState
from tests.challenges.field.world import make_trial, told
from tests.databases import database_address
from tests.jobs.conftest import ROOT
from tests.jobs.test_worker import wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(level() < Level.FULL, reason="participants' code needs the full sandbox"),
]
REQUESTS, BATCH, KILLS = 48, 4, 5
Hire = Callable[[], subprocess.Popen]


@pytest.fixture
def hire(tmp_path: Path) -> Iterator[Hire]:
    """Start a worker process on the test's database and disk."""
    hired: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.challenges.worker_process", "--tasks", ASK]
        paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        known = {**os.environ, "DATABASE_URL": database_address(), "PYTHONPATH": paths, "DURE_HOME": str(tmp_path)}
        process = subprocess.Popen(command, cwd=ROOT, env=known, stderr=subprocess.DEVNULL)
        hired.append(process)
        return process

    yield start
    for process in hired:
        process.kill()
        process.wait()


def test_a_worker_killed_in_a_batch_loses_no_request_and_doubles_none(hire):
    requests = [told(n, "no" if n % 3 else "long text", truth="yes") for n in range(REQUESTS)]
    trial = start_field_trial(make_trial(None, *requests, batch=BATCH))

    for _ in range(KILLS):
        worker = hire()
        before = FieldRequest.objects.count()
        wait_for(lambda before=before: at_work() and FieldRequest.objects.count() > before)
        wait_for(at_work)
        time.sleep(0.05)  # well into the next batch
        worker.kill()
        worker.wait()
        take_back()
    hire()
    wait_for(lambda: is_over(trial))

    total = sum((tally for _, tally in days_of(trial)), Tally())
    assert set(FieldRequest.objects.values_list("name", flat=True)) == {f"r{n}" for n in range(REQUESTS)}
    assert (total.tried, total.failed, total.right) == (REQUESTS, 0, REQUESTS // 3)
    assert (FieldTrial.objects.get().ending, FieldTrial.objects.get().read) == ("source", REQUESTS)


def at_work() -> bool:
    return Job.objects.filter(task=ASK, state=JobState.RUNNING).exists()


def take_back() -> None:
    """As if the database's clock had passed the lease of a process that is dead, and its set-back were over."""
    Job.objects.filter(state=JobState.RUNNING).update(leased_until=Now() - timedelta(seconds=1))


def is_over(trial: FieldTrial) -> bool:
    see_to_field_trials()
    Job.objects.filter(task=ASK, state=JobState.READY).update(run_at=clock.now())
    return FieldTrial.objects.get(pk=trial.pk).is_over
