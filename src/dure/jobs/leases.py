"""Claims, leases and fences: the writes of workers. A worker that was thought dead can change nothing."""

import random
import traceback
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from dure.core import clock
from dure.core.errors import Refused, Unready
from dure.core.text import Text
from dure.jobs.models import JOB_MOVES, Job, JobState
from dure.jobs.registry import Claim, every_task, find
from dure.jobs.turns import admit_due, in_turn, let_next
from dure.store.models import move

FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=10)
UNREADY_DELAY = timedelta(seconds=15)
REAPED_AT_ONCE = 100
TRACE_LENGTH = 8000
LEASE_OVER = Text(
    ko="작업을 맡은 프로세스가 응답하지 않아 회수했습니다.",
    en="The process that held it stopped answering, so it was taken back.",
)
UNEXPECTED = Text(ko="예상하지 못한 오류가 났습니다: {fault}", en="An unexpected fault: {fault}")


class Lost(Exception):  # noqa: N818 -- it is a fact about the claim, not a fault
    """The lease is over, or the job was claimed by another or cancelled: nothing may be changed in its name."""


def claim(worker: str, tasks: Collection[str] | None = None, *, queue: str = "") -> Claim | None:
    """Take the job of ``queue`` whose turn it is (of ``tasks``; left out: of all known ones), for its task's lease.

    Jobs whose lease has ended go back to the queue first, and those whose moment has come take their turns. A short
    transaction of its own: the claim is committed before any work begins.
    """
    with transaction.atomic(durable=True):
        _reap()
        admit_due(queue)
        names = every_task() if tasks is None else tasks
        job = in_turn(queue).select_for_update(skip_locked=True).filter(task__in=list(names)).first()
        return None if job is None else _lease(job, worker)


def claim_of(job_id: UUID, *, token: int, queue: str) -> Claim:
    """The claim that a worker elsewhere speaks of by its token. Raises Lost where it holds no more."""
    held = Job.objects.filter(
        pk=job_id, token=token, queue=queue, state=JobState.RUNNING, leased_until__gt=Now()
    ).first()
    if held is None:
        raise Lost(job_id)
    return _claim_on(held)


def _claim_on(job: Job) -> Claim:
    return Claim(
        job.pk, job.token, job.task, job.arguments, job.attempts, job.most_attempts, find(job.task).lease, job.runner,
        job.sandbox, job.lane_id,
    )  # fmt: skip


def _lease(job: Job, worker: str) -> Claim:
    move(
        job,
        JobState.RUNNING,
        by=JOB_MOVES,
        again=False,
        token=job.token + 1,
        attempts=job.attempts + 1,
        worker=worker,
        started_at=clock.now(),
        leased_until=Now() + find(job.task).lease,
        heartbeat_at=Now(),
    )
    return _claim_on(job)


def _reap() -> None:
    over = Job.objects.select_for_update(skip_locked=True).filter(state=JobState.RUNNING, leased_until__lte=Now())
    left = set()
    for job in over.order_by("pk")[:REAPED_AT_ONCE]:
        state, changes = _setback(job.attempts, job.most_attempts)
        move(job, state, by=JOB_MOVES, leased_until=None, **changes, **_cause("jobs.lease-over", LEASE_OVER))
        left.add(job.lane_id)
    let_next(*left)


def heartbeat(claim: Claim) -> None:
    """Lengthen the lease to its full length from now; raises Lost."""
    if not _held(claim).update(leased_until=Now() + claim.lease, heartbeat_at=Now()):
        raise Lost(claim)


@contextmanager
def fenced(claim: Claim) -> Iterator[None]:
    """One transaction for the acknowledgement, the effect inside the block and the jobs it enqueues.

    Raises Lost, with nothing changed, when the token has moved or the lease is over. The acknowledgement comes
    first: it locks the row, so that nobody can claim the job before the effect is committed or rolled back.
    """
    with transaction.atomic(durable=True):
        _acknowledge(claim)
        yield
        let_next(claim.lane)


def _acknowledge(claim: Claim) -> None:
    now, every = clock.now(), find(claim.task).every
    unasked = _held(claim).filter(again=False)
    fresh = {"attempts": 0, "trace": "", **_cause("", Text(ko="", en=""))}
    if every:
        ended = _leave(unasked, JobState.READY, run_at=now + every, turn=None, **fresh)
    else:
        ended = _leave(unasked, JobState.DONE, slot=None, finished_at=now)
    if not ended and not _leave(_held(claim), JobState.READY, again=False, turn=None, **fresh):
        raise Lost(claim)


def release(claim: Claim) -> None:
    """Give a job back untried, in its old place, for the next worker to take at once; raises Lost."""
    if not _leave(_held(claim), JobState.READY, attempts=claim.attempt - 1):
        raise Lost(claim)


def set_back(claim: Claim, fault: Exception) -> None:
    """Keep why an attempt failed and try again later, or end the job as failed after its last attempt; raises Lost.

    ``Unready`` says that something else is not up: the job waits for it as long as it takes, and loses no attempt.
    """
    if isinstance(fault, Unready):
        later = clock.now() + _jitter(UNREADY_DELAY)
        state, changes = JobState.READY, {"run_at": later, "turn": None, "attempts": claim.attempt - 1}
    else:
        state, changes = _setback(claim.attempt, claim.most_attempts)
    trace = "".join(traceback.format_exception(fault))[-TRACE_LENGTH:]
    with transaction.atomic():
        if not _leave(_held(claim), state, trace=trace, **changes, **_cause_of(fault)):
            raise Lost(claim)
        let_next(claim.lane)


def _held(claim: Claim) -> QuerySet[Job]:
    return Job.objects.filter(pk=claim.job, state=JobState.RUNNING, token=claim.token, leased_until__gt=Now())


def _leave(held: QuerySet[Job], new: JobState, **also: Any) -> int:
    """Walk a held job on by compare-and-set over its token and lease; 0 when it is held no more."""
    JOB_MOVES.check(JobState.RUNNING, new)
    return held.update(state=new, leased_until=None, **also)


def _setback(attempt: int, most_attempts: int) -> tuple[JobState, dict[str, Any]]:
    now = clock.now()
    if attempt >= most_attempts:
        return JobState.FAILED, {"finished_at": now, "slot": None}
    return JobState.READY, {"run_at": now + delay(attempt), "turn": None}


def delay(attempt: int) -> timedelta:
    """How long to wait after that attempt (from 1): doubling, capped, and spread so that crowds disperse."""
    doublings = min(attempt - 1, 20)
    return _jitter(min(FIRST_DELAY * 2**doublings, LONGEST_DELAY))


def _jitter(full: timedelta) -> timedelta:
    return full * random.uniform(0.5, 1)  # noqa: S311 -- spreads load, keeps no secret


def _cause_of(fault: Exception) -> dict[str, str]:
    if isinstance(fault, Refused):
        return _cause(fault.code, fault.text)
    return _cause("jobs.fault", UNEXPECTED.format(fault=repr(fault)))


def _cause(code: str, text: Text) -> dict[str, str]:
    return {"cause_code": code, "cause_ko": text.ko, "cause_en": text.en}
