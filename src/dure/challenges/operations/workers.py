"""Organisers' own workers: which rounds they score, the keys of their machines, and what those machines do."""

from dataclasses import replace
from datetime import timedelta
from hmac import compare_digest
from secrets import token_hex
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from dure.audit.operations import record
from dure.challenges.models import Round, RoundQueue, Submission, WorkerQueue, WorkerToken
from dure.challenges.operations import judging
from dure.challenges.order import NEEDED, files_of, order_of
from dure.challenges.outcomes import Measured, Outcome
from dure.challenges.queueing import SCORE, keeps, share_of
from dure.challenges.ranks import rounded
from dure.core import clock
from dure.core.errors import Forbidden, Missing, Refused, Unready
from dure.core.text import Text
from dure.jobs import leases
from dure.jobs.operations import hand_over
from dure.jobs.presence import seen
from dure.jobs.registry import Claim
from dure.people.keys import Issued, new_secret, sha256_of
from dure.people.models import Person

MARK = "durew"
_NOBODY = sha256_of("")  # compared with where there is no such token, so that a wrong prefix takes as long
_COARSE = timedelta(minutes=1)
_TAKEN = Text(
    ko="‘{name}’ 대기열은 다른 주최자의 것입니다. 다른 이름을 쓰세요.",
    en="The queue {name} is another organiser's. Choose another name.",
)
_FAULT = Text(ko="주최자의 워커에서 오류가 났습니다: {fault}", en="A fault on the organiser's worker: {fault}")


class Fault(Exception):  # noqa: N818 -- what a machine elsewhere tells
    """What went wrong on an organiser's worker."""


def score_by_own(round_: Round, *, queue: str, by: Person) -> WorkerQueue:
    """Let an organiser's own workers score a round: what waits goes over to them. Raises Refused("queue.taken")."""
    with transaction.atomic():
        found = _queue(queue, by)
        RoundQueue.objects.update_or_create(round=round_, defaults={"queue": found})
        moved = hand_over(share_of(round_), to=found.name)
        record("round.own-workers", round_, after={"queue": found.name, "waiting": moved})
    return found


def _queue(name: str, by: Person) -> WorkerQueue:
    try:
        with transaction.atomic():
            found, _ = WorkerQueue.objects.get_or_create(name=name, defaults={"made_by": by})
    except IntegrityError:  # somebody else was faster
        found = WorkerQueue.objects.get(name=name)
    if not keeps(by, found):
        raise Refused("queue.taken", _TAKEN.format(name=name), name=name)
    return found


@transaction.atomic
def score_by_platform(round_: Round) -> Round:
    """Let the platform's workers score a round again; what waits comes back to them."""
    RoundQueue.objects.filter(round=round_).delete()
    moved = hand_over(share_of(round_), to="")
    record("round.platform-workers", round_, after={"waiting": moved})
    return round_


@transaction.atomic
def issue_worker_token(queue: WorkerQueue, *, title: str, by: Person) -> Issued[WorkerToken]:
    """A key with which a machine may do the jobs of a queue; its secret can be read nowhere again."""
    prefix, rest = token_hex(6), new_secret()
    secret = f"{MARK}_{prefix}_{rest}"
    token = WorkerToken.objects.create(
        queue=queue, title=title.strip(), prefix=prefix, sha256=sha256_of(secret), issued_by=by
    )
    record("worker-token.issued", token, after={"queue": queue.name, "title": token.title, "prefix": prefix})
    return Issued(token, secret)


@transaction.atomic
def revoke_worker_token(token: WorkerToken) -> WorkerToken:
    """The key opens nothing from now on; what its machine is at goes to another. Raises Refused the second time."""
    token.revoked_at = clock.now()
    if not WorkerToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=token.revoked_at):
        raise Refused("token.revoked", Text(ko="이미 폐기한 토큰입니다.", en="This token has been revoked already."))
    record("worker-token.revoked", token)
    return token


def authenticate_worker(secret: str) -> WorkerToken:
    """The living key behind ``secret``, with its queue. Raises Forbidden("token.invalid"), whatever the reason."""
    prefix = secret.removeprefix(f"{MARK}_").partition("_")[0]
    token = WorkerToken.objects.select_related("queue").filter(prefix=prefix).first()
    same = compare_digest(sha256_of(secret), token.sha256 if token else _NOBODY)
    if token is None or not same or token.revoked_at is not None:
        sentence = Text(
            ko="워커 토큰이 올바르지 않거나 폐기되었습니다. 라운드의 주최자에게 새 토큰을 받으세요.",
            en="This worker token is wrong or revoked. Ask the round's organiser for a new one.",
        )
        raise Forbidden("token.invalid", sentence)
    now = clock.now()
    unseen = Q(seen_at=None) | Q(seen_at__lte=now - _COARSE)
    if token.seen_at is None or token.seen_at <= now - _COARSE:
        WorkerToken.objects.filter(unseen, pk=token.pk).update(seen_at=now)
    return token


# --- what the machine does: each with the token that it came with


def take_next(token: WorkerToken, *, worker: str) -> tuple[Claim, dict[str, Any]] | None:
    """Claim the next submission of the token's queue: the claim, and what to do as an order; None: nothing waits."""
    seen(worker, queue=token.queue.name)
    while claim := leases.claim(worker, [SCORE], queue=token.queue.name):
        submission = _submission(claim)
        if judging.begin(submission):
            return claim, order_of(submission)
        with leases.fenced(claim):
            pass
    return None


def held(token: WorkerToken, job: UUID, *, fence: int) -> Claim:
    """What the machine holds. Raises Refused("work.lost") where it holds it no more: late words change nothing."""
    try:
        return leases.claim_of(job, token=fence, queue=token.queue.name)
    except leases.Lost:
        raise _lost() from None


def keep_alive(token: WorkerToken, claim: Claim, *, worker: str) -> None:
    """Lengthen the lease. Raises Refused("work.lost")."""
    seen(worker, queue=token.queue.name)
    try:
        leases.heartbeat(claim)
    except leases.Lost:
        raise _lost() from None


def file_for(claim: Claim, upload: UUID) -> dict[str, Any]:
    """A file that the claimed order names; raises Missing for any other."""
    for told in files_of(order_of(_submission(claim))):
        if told["id"] == str(upload):
            return dict(told)
    raise Missing("work.file", Text(ko="이 작업의 파일이 아닙니다.", en="This is no file of the job."))


def deliver(token: WorkerToken, claim: Claim, outcome: Outcome) -> None:
    """Write what the machine found, once. Raises Refused("work.lost") with nothing changed."""
    submission = _submission(claim)
    if isinstance(outcome, Measured):
        places = submission.entrant.task.precision
        final = None if outcome.final is None else rounded(outcome.final, places)
        outcome = replace(outcome, public=rounded(outcome.public, places), final=final)
    try:
        with leases.fenced(claim):
            judging.record(submission.pk, outcome, judged_by=token.pk)
    except leases.Lost:
        raise _lost() from None


def report(claim: Claim, *, fault: str, unready: bool) -> None:
    """Keep why an attempt failed, and try again later; ``unready``: it was never begun, and costs no attempt."""
    sentence = _FAULT.format(fault=fault)
    try:
        leases.set_back(claim, Unready("work.unready", sentence) if unready else Fault(fault))
    except leases.Lost:
        raise _lost() from None


def _submission(claim: Claim) -> Submission:
    return Submission.objects.select_related(*NEEDED).get(pk=str(claim.arguments["submission"]))


def _lost() -> Refused:
    sentence = Text(
        ko="이 작업은 더 이상 이 워커의 것이 아닙니다. 결과를 버리고 다음 작업을 받으세요.",
        en="This job is no longer this worker's. Drop its result and take the next one.",
    )
    return Refused("work.lost", sentence)
