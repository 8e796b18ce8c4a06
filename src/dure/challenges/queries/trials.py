"""Trials that will not end by themselves."""

from collections.abc import Sequence
from uuid import UUID

from dure.challenges.models import TrialRun, TrialState
from dure.challenges.queueing import TRY
from dure.jobs.models import Job, JobState

_LATEST = 200


def stuck_trials(trials: Sequence[TrialRun]) -> set[UUID]:
    """Those whose job was given up."""
    waiting = {str(trial.pk): trial.pk for trial in trials if trial.state == TrialState.WAITING}
    if not waiting:
        return set()
    failed = Job.objects.filter(task=TRY, state=JobState.FAILED).order_by("-pk")
    return {waiting[told["trial"]] for told in failed.values_list("arguments", flat=True)[:_LATEST]
            if told["trial"] in waiting}  # fmt: skip
