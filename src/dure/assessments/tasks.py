"""What workers do for tests: hand in at the deadline, mark, run programs, sweep files, close surveys."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from dure.assessments.models import Asked
from dure.assessments.operations import attempts, banks, marking, surveys
from dure.assessments.running import run
from dure.jobs.registry import Claim, Effect, long_task, task


@task(attempts.HAND_IN)
def hand_in(*, attempt: str) -> None:
    attempts.hand_in_if_due(UUID(attempt))


@task("assessments.hand-in-overdue", every=timedelta(seconds=30))
def hand_in_overdue() -> None:
    attempts.hand_in_overdue()


@task(attempts.MARK)
def mark(*, attempt: str) -> None:
    marking.mark(UUID(attempt))


@long_task(marking.RUN)
def run_program(_claim: Claim, *, asked: str) -> Effect:
    """One program, in the sandbox outside any transaction; its mark inside the fence."""
    row = Asked.objects.select_related("version").get(pk=asked)
    if row.mark is not None:
        return lambda: None
    return partial(marking.keep_outcome, row.pk, run(row.version.read, row.answer))


@long_task("assessments.close-due-surveys", every=timedelta(minutes=1))
def close_due_surveys(_claim: Claim) -> Effect:
    """Each in a transaction of its own: counting the answers of thousands takes a while."""
    surveys.close_due_surveys()
    return surveys.destroy_old_keys


@task("assessments.sweep", every=timedelta(days=1))
def sweep() -> None:
    banks.sweep()
