"""The queue says how it stands, and of every job why."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.core.text import Text
from dure.jobs import leases
from dure.jobs.models import Job
from dure.jobs.operations import cancel, enqueue
from dure.jobs.queries import Health, backlog, health, why
from dure.jobs.worker import drain
from tests.jobs import witness  # noqa: F401 -- registers the tasks
from tests.jobs.conftest import end_lease

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _standing_clock():
    clock.set_clock(clock.now().replace(year=2026, month=3, day=2, hour=0, minute=0, second=0, microsecond=0))


def test_health_counts_states_and_tells_how_long_due_work_has_waited():
    enqueue("witness.closed")
    drain()
    enqueue("witness.note", arguments={"job": 1}, run_at=clock.now() - HOUR)
    enqueue("witness.note", arguments={"job": 2}, run_at=clock.now() + HOUR)

    jobs = {"held": 0, "ready": 2, "running": 0, "done": 0, "failed": 1, "cancelled": 0}
    assert health() == Health(jobs, {"waiting": 0, "sent": 0, "failed": 0}, HOUR)


def test_an_empty_queue_has_no_age():
    assert health().oldest is None


def test_backlog_tells_ages_and_causes_of_everything_unfinished():
    enqueue("witness.down")
    clock.pass_time(HOUR)
    drain()
    enqueue("witness.note", arguments={"job": 1})

    told = [(waiting.job.task, waiting.age, waiting.why.en) for waiting in backlog()]

    assert told[0][:2] == ("witness.down", HOUR)
    assert told[0][2].startswith("The scorer is down. It is tried again soon. It starts at 2026-03-02 10:00:")
    assert told[1] == ("witness.note", timedelta(), "It waits for a free worker; jobs before it: 0.")


def test_why_a_job_waits_for_its_turn_or_its_moment():
    enqueue("witness.note", arguments={"job": 1})
    second = enqueue("witness.note", arguments={"job": 2})
    later = enqueue("witness.note", arguments={"job": 3}, run_at=clock.now() + HOUR)

    assert why(second) == Text(
        ko="빈 워커를 기다립니다. 앞선 작업은 1개입니다.", en="It waits for a free worker; jobs before it: 1."
    )
    assert why(later).ko == "2026-03-02 10:00:00에 시작합니다."


def test_why_a_running_job_runs_or_hangs():
    enqueue("witness.note", arguments={"job": 1})
    claim = leases.claim("hand")

    assert why(Job.objects.get()).en == "hand has been running it since 2026-03-02 09:00:00. Attempt 1 of 5."
    end_lease(claim)
    assert why(Job.objects.get()).en == "hand stopped answering. The next worker that looks for work will take it back."


def test_why_a_job_ended():
    enqueue("witness.closed")
    drain()
    cancelled = cancel(enqueue("witness.down"))
    enqueue("witness.down", run_at=clock.now())

    failed = why(Job.objects.get(state="failed"))
    assert failed.ko == "1번 시도한 끝에 실패했습니다. 접수가 끝났습니다. 다음 회차에 신청하세요."
    assert failed.en == "It failed for good (attempts: 1). It has closed. Apply for the next one."
    assert why(cancelled).en == "It was cancelled at 2026-03-02 09:00:00."
