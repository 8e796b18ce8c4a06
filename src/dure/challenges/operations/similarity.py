"""Comparing the code of a task's entrants, as a job."""

from typing import Any
from uuid import UUID

from django.db import transaction

from dure.audit.operations import record
from dure.challenges.models import (
    SIMILARITY_MOVES,
    Best,
    SimilarityRun,
    SimilarityState,
    SimilarPair,
    Submission,
    SubmissionKind,
    Task,
)
from dure.challenges.models.programs import PROGRAM
from dure.challenges.similarity import Pair
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.jobs.models import JobState
from dure.jobs.operations import enqueue
from dure.people.models import Person
from dure.store.models import move

COMPARE = "challenges.compare-code"
_UNDER_WAY = Text(
    ko="이미 비교하고 있습니다. 끝난 뒤 다시 요청하세요.",
    en="It is being compared already. Ask again once it has ended.",
)
_LOST = Text(
    ko="플랫폼 문제로 비교하지 못했습니다. 다시 비교하세요.",
    en="It could not be compared by the platform's own fault. Compare again.",
)


@transaction.atomic
def compare_code(task: Task, *, by: Person) -> SimilarityRun:
    """Have the code that counts compared, two by two. Raises Refused("similarity.under-way")."""
    Task.objects.select_for_update().get(pk=task.pk)
    if task.similarity_runs.filter(state=SimilarityState.WAITING).exists():
        raise Refused("similarity.under-way", _UNDER_WAY)
    run = SimilarityRun.objects.create(task=task, by=by)
    run.job = enqueue(COMPARE, arguments={"run": run.pk})
    run.save(update_fields=["job"])
    record("task.compared", task)
    return run


def counting_code(task: Task) -> list[Submission]:
    """Of each entrant on the board the archive that counts."""
    counting = Best.objects.filter(task=task).values("counting")
    rows = Submission.objects.filter(pk__in=counting).select_related("upload").order_by("pk")
    return list(rows if task.metric == PROGRAM else rows.filter(kind=SubmissionKind.CODE))


@transaction.atomic
def keep_pairs(run_id: UUID, count: int, pairs: list[Pair]) -> None:
    """Write what was found in the place of what was found before; what is delivered twice changes nothing."""
    run = SimilarityRun.objects.filter(pk=run_id, state=SimilarityState.WAITING).first()
    if run is None:
        return
    move(run, SimilarityState.DONE, by=SIMILARITY_MOVES, compared=count, ended_at=clock.now())
    SimilarPair.objects.bulk_create(
        SimilarPair(
            run=run, first_id=pair.first, second_id=pair.second, share=pair.share, lines=pair.lines,
            matches=pair.matches,
        )
        for pair in pairs
    )  # fmt: skip
    SimilarityRun.objects.filter(task=run.task_id, pk__lt=run.pk).delete()


@transaction.atomic
def give_up_lost_comparisons() -> None:
    """End those whose job will run no more."""
    ended = [JobState.FAILED, JobState.CANCELLED]
    for run in SimilarityRun.objects.filter(state=SimilarityState.WAITING, job__state__in=ended):
        told: dict[str, Any] = {"cause_ko": _LOST.ko, "cause_en": _LOST.en, "ended_at": clock.now()}
        move(run, SimilarityState.FAILED, by=SIMILARITY_MOVES, **told)
