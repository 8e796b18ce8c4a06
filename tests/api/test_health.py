"""How the process tells that it is well."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from dure.core import clock
from dure.jobs.models import Job
from dure.jobs.operations import enqueue

pytestmark = pytest.mark.django_db


def test_process_answers(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_tells_the_age_of_the_oldest_due_job_and_leaves_nothing(client):
    with clock.at(clock.now()):
        enqueue("jobs.prune")
        clock.pass_time(timedelta(seconds=90))
        ready = client.get("/readyz")

    assert ready.json() == {"status": "ok", "oldest_ready_job_seconds": 90.0}
    assert set(Job.objects.values_list("task", flat=True)) == {"jobs.prune"}


def test_database_that_takes_no_write_is_unready(client, monkeypatch):
    def refuse(**_: object) -> None:
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(Job.objects, "create", refuse)

    assert client.get("/readyz").status_code == 503


def test_metrics_are_prometheus_text(client):
    enqueue("jobs.prune")

    response = client.get("/metrics")

    samples = [line for line in response.content.decode().splitlines() if not line.startswith("#")]
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'dure_jobs{state="ready"} 1' in samples
    assert {sample.split("{")[0].split()[0] for sample in samples} == {
        "dure_jobs", "dure_messages", "dure_oldest_ready_job_seconds",
    }  # fmt: skip


def test_queue_tells_operators_why_jobs_wait(operator):
    enqueue("jobs.prune")

    queue = operator.get("/jobs")

    [waiting] = queue["waiting"]
    assert (queue["jobs"]["ready"], waiting["task"]) == (1, "jobs.prune")
    assert waiting["why"]["en"] == "It waits for a free worker; jobs before it: 0."
