"""What workers do for rounds: score submissions, give back what was lost, tidy the disk."""

import time
from datetime import timedelta
from functools import partial
from uuid import UUID

from dure.challenges import arriving, files, kits, operations
from dure.challenges.field import running, sources
from dure.challenges.models import (
    FieldState,
    NewState,
    NewVerdict,
    ProposalState,
    SimilarityRun,
    Submission,
    TrialRun,
    Verification,
)
from dure.challenges.operations import rejudging
from dure.challenges.operations.carrying import CARRY, carry_due, carry_some
from dure.challenges.operations.fielding import (
    forget_requests,
    keep_batch,
    keep_fault,
    left_to_try,
    see_to_field_trials,
)
from dure.challenges.operations.fieldtrials import ASK, ask_next
from dure.challenges.operations.proposing import COLLECT
from dure.challenges.operations.similarity import COMPARE, counting_code, give_up_lost_comparisons, keep_pairs
from dure.challenges.operations.trials import drop_old_drafts, end_trial
from dure.challenges.operations.verification import (
    VERIFY,
    begin_verification,
    end_verification,
    give_up_lost_verifications,
    verify_due,
)
from dure.challenges.order import NEEDED
from dure.challenges.queries.fieldtrials import field_trials
from dure.challenges.queueing import SCORE, TRY
from dure.challenges.scoring import outcome_of
from dure.challenges.similarity import compared
from dure.challenges.trying import submission_of
from dure.core import clock
from dure.jobs.registry import Claim, Effect, long_task, task
from dure.jobs.worker import name as worker


@long_task(SCORE)
def score(_claim: Claim, *, submission: str) -> Effect:
    """One submission; the boxes and the reading lie outside any transaction, the scores inside the fence."""
    row = Submission.objects.select_related(*NEEDED).get(pk=submission)
    if not operations.begin(row):
        return lambda: None
    return partial(operations.record, UUID(submission), outcome_of(row))


@long_task(TRY)
def try_(_claim: Claim, *, trial: str) -> Effect:
    """A submission that only tries its task; nothing where it was cleared meanwhile."""
    needed = [name.removeprefix("entrant__") for name in NEEDED]
    row = TrialRun.objects.select_related(*needed, "by").filter(pk=trial).first()
    if row is None:
        return lambda: None
    began = time.monotonic()
    outcome = outcome_of(submission_of(row))
    return partial(end_trial, row.pk, outcome, ms=round(1000 * (time.monotonic() - began)))


@task(COLLECT)
def collect(*, proposal: str) -> None:
    rejudging.collect(UUID(proposal))


@long_task(rejudging.REJUDGE)
def rejudge(_claim: Claim, *, verdict: int) -> Effect:
    """One submission by a proposed version; nothing where the proposal was discarded meanwhile."""
    needed = [f"submission__{name}" for name in NEEDED]
    row = NewVerdict.objects.select_related(*needed, "proposal__after__task__round").get(pk=verdict)
    if row.state != NewState.WAITING or row.proposal.state == ProposalState.DISCARDED:
        return lambda: None
    row.submission.entrant.task = row.proposal.after.as_task
    return partial(rejudging.record_new, verdict, outcome_of(row.submission))


@task(rejudging.FINISH)
def finish_rejudging(*, proposal: str) -> None:
    rejudging.finish(UUID(proposal))


@task("challenges.catch-up", every=timedelta(seconds=15))
def catch_up() -> None:
    rejudging.catch_up()


@long_task(VERIFY)
def verify(_claim: Claim, *, verification: str) -> Effect:
    """A finalist's attempt once more, as it was; nothing where it has its end already."""
    needed = [f"submission__{name}" for name in NEEDED]
    row = Verification.objects.select_related(*needed).filter(pk=verification).first()
    if row is None or not begin_verification(row, worker=worker()):
        return lambda: None
    return partial(end_verification, row.pk, outcome_of(row.submission), worker=worker())


@long_task(COMPARE)
def compare_code(_claim: Claim, *, run: str) -> Effect:
    """The code of a task's entrants; nothing where the task was forgotten meanwhile."""
    row = SimilarityRun.objects.select_related("task__round", "task__starter").filter(pk=run).first()
    if row is None:
        return lambda: None
    count, pairs = compared(row.task, counting_code(row.task))
    return partial(keep_pairs, row.pk, count, pairs)


@task(CARRY)
def carry(*, carry: str) -> None:
    carry_some(UUID(carry))


@task("challenges.carry-due", every=timedelta(seconds=30))
def carry_what_is_due() -> None:
    carry_due()


@task("challenges.verify-finalists", every=timedelta(seconds=30))
def verify_due_finalists() -> None:
    verify_due()


@task("challenges.give-up-lost", every=timedelta(seconds=30))
def give_up_lost() -> None:
    operations.give_up_lost()
    give_up_lost_verifications()
    give_up_lost_comparisons()


@long_task(ASK)
def ask_model(_claim: Claim, *, trial: str) -> Effect:
    """One batch of a field trial: reading the source and the box lie outside any transaction; nothing where it is
    paused, over, or has been asked already and must wait."""
    row = field_trials().filter(pk=trial, state=FieldState.RUNNING).first()
    now = clock.now()
    if row is None or row.next_at is None or row.ends_at <= now:
        return lambda: None
    if row.next_at > now:
        return partial(ask_next, row)
    try:
        found = sources.read(row, most=left_to_try(row))
    except sources.Unreached as fault:
        return partial(keep_fault, row.pk, fault)
    return partial(keep_batch, row.pk, (row.cursor, row.skip), found, running.run(row, found.shadows))


@task("challenges.field-trials", every=timedelta(seconds=30))
def see_to_trials() -> None:
    see_to_field_trials()


@long_task("challenges.forget-requests", every=timedelta(hours=1))
def forget_old_requests(_claim: Claim) -> Effect:
    forget_requests()
    return lambda: None


@long_task("challenges.sweep", every=timedelta(days=1))
def sweep(_claim: Claim) -> Effect:
    for room in (files, arriving, kits):
        room.sweep()
    drop_old_drafts()
    return lambda: None
