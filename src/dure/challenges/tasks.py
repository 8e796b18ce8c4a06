"""What workers do for rounds: score submissions, give back what was lost, tidy the disk."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from dure.challenges import arriving, files, kits, operations
from dure.challenges.models import Submission
from dure.challenges.queueing import SCORE
from dure.challenges.scoring import outcome_of
from dure.jobs.registry import Claim, Effect, long_task, task


@long_task(SCORE)
def score(_claim: Claim, *, submission: str) -> Effect:
    """One submission; the boxes and the reading lie outside any transaction, the scores inside the fence."""
    related = ["upload", "entrant__task__round", "entrant__task__inputs", "entrant__task__scorer"]
    row = Submission.objects.select_related(*related).get(pk=submission)
    if not operations.begin(row):
        return lambda: None
    return partial(operations.record, UUID(submission), outcome_of(row))


@task("challenges.give-up-lost", every=timedelta(seconds=30))
def give_up_lost() -> None:
    operations.give_up_lost()


@long_task("challenges.sweep", every=timedelta(days=1))
def sweep(_claim: Claim) -> Effect:
    for room in (files, arriving, kits):
        room.sweep()
    return lambda: None
