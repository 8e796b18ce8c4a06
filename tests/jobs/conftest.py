"""The witness tables, and real worker processes on the test database."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db.models.functions import Now

from dure.jobs.models import Job
from dure.jobs.registry import Claim
from tests.databases import database_address
from tests.jobs import witness
from tests.jobs.witness import SHORT

ROOT = Path(__file__).resolve().parents[2]
Hire = Callable[..., subprocess.Popen]


@pytest.fixture
def tables(transactional_db) -> Iterator[None]:
    witness.set_up()
    yield
    witness.take_down()


@pytest.fixture
def hire(tables) -> Iterator[Hire]:
    """Start a worker process: ``hire("--drain", WITNESS="first")``."""
    hired: list[subprocess.Popen] = []

    def start(*words: str, **environment: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.jobs.worker_process", *words]
        paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        known = {**os.environ, "DATABASE_URL": database_address(), "PYTHONPATH": paths, **environment}
        process = subprocess.Popen(command, cwd=ROOT, env=known, stderr=subprocess.DEVNULL)
        hired.append(process)
        return process

    yield start
    for process in hired:
        process.kill()
        process.wait()


def end_lease(claim: Claim) -> None:
    """As if the database's clock had passed the lease."""
    Job.objects.filter(pk=claim.job).update(leased_until=Now() - SHORT)
