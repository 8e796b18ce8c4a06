"""Running finalists' attempts again before they count: by another worker where there is one, with the same seed."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction

from dure.audit.operations import record
from dure.challenges.events import BoardReplaced
from dure.challenges.models import UNVERIFIED, VERIFICATION_MOVES, Round, Submission, Verification, VerificationState
from dure.challenges.models.verification import MOST_REASON
from dure.challenges.outcomes import Measured, Outcome
from dure.challenges.queries.verification import due_for_verification, finalists
from dure.challenges.queueing import URGENT, share_of
from dure.challenges.verification import differences
from dure.core import clock
from dure.core.errors import Flawed, Unready
from dure.core.events import on
from dure.core.text import Text
from dure.jobs.models import Job, JobState
from dure.jobs.operations import enqueue
from dure.jobs.places import alive, here
from dure.people.models import Person
from dure.store.models import move

VERIFY = "challenges.verify"
_ANOTHER = Text(
    ko="처음 채점한 워커가 아닌 다른 워커를 기다립니다.",
    en="It waits for another worker than the one that judged first.",
)
_LOST = Text(
    ko="플랫폼 문제로 다시 실행하지 못했습니다. 다시 검증하세요.",
    en="It could not be run again by the platform's own fault. Verify it again.",
)
_NO_REASON = Text(
    ko="인정하는 이유를 {most}자 이내로 쓰세요.", en="Write why you accept it, in at most {most} letters."
)
_NOTHING: dict[str, Any] = {
    "public_score": None, "final_score": None, "differences": [], "worker": "", "log": "", "ended_at": None,
    "code_sha256": "", "inputs_sha256": "", "environment_digest": "", "seed": None, "seconds": None,
    "accepted_by": None, "reason": "",
}  # fmt: skip


def verify_due() -> int:
    """Ask for what is missing in every round that waits for it; returns how many."""
    return sum(verify_finalists(round_) for round_ in due_for_verification())


@transaction.atomic
def verify_finalists(round_: Round) -> int:
    """Have the first places of each task run again that were not yet; returns how many."""
    asked = 0
    for task in round_.tasks.select_related("round"):
        for row in finalists(task):
            asked += _ask(row.counting, round_)
    if asked:
        record("round.verified", round_, after={"first": round_.verify_first, "asked": asked})
    return asked


def _ask(submission: Submission, round_: Round) -> bool:
    known = {"tolerance": round_.tolerance, "first_worker": _first_worker(submission)}
    verification, fresh = Verification.objects.get_or_create(submission=submission, defaults=known)
    if fresh:
        Verification.objects.filter(pk=verification.pk).update(job=_enqueue(verification, round_))
    return fresh


def _first_worker(submission: Submission) -> str:
    if submission.judged_by:
        return str(submission.judged_by)
    return submission.job.worker if submission.job else ""


def _enqueue(verification: Verification, round_: Round) -> Job:
    """Always by the platform's own workers, whoever judged first."""
    return enqueue(VERIFY, arguments={"verification": verification.pk}, share=share_of(round_), priority=URGENT)


@transaction.atomic
def verify_again(verification: Verification) -> Verification:
    """Run it once more; what the run before found is in the log."""
    round_ = verification.submission.entrant.task.round
    before = _summary(verification)
    move(
        verification, VerificationState.WAITING, by=VERIFICATION_MOVES, **_NOTHING, asked_at=clock.now(),
        tolerance=round_.tolerance, job=_enqueue(verification, round_),
    )  # fmt: skip
    record("verification.again", verification, before=before)
    return verification


@transaction.atomic
def accept_differing(verification: Verification, *, by: Person, reason: str) -> Verification:
    """Let the first score hold though it was not reproduced. Raises Flawed without a reason."""
    said = reason.strip()
    if not said or len(said) > MOST_REASON:
        raise Flawed("verification.reason", _NO_REASON.format(most=MOST_REASON), errors=[])
    before = _summary(verification)
    move(verification, VerificationState.ACCEPTED, by=VERIFICATION_MOVES, accepted_by=by, reason=said)
    record("verification.accepted", verification, before=before, after={"reason": said}, about=by)
    return verification


def begin_verification(verification: Verification, *, worker: str) -> bool:
    """Note that it runs; False where it has its end. Raises Unready for the worker that judged first, while another
    one is there."""
    if verification.state not in UNVERIFIED:
        return False
    if worker == verification.first_worker and here().filter(alive(), queue="").exclude(name=worker).exists():
        raise Unready("verification.another", _ANOTHER)
    if verification.state == VerificationState.WAITING:
        move(verification, VerificationState.RUNNING, by=VERIFICATION_MOVES)
    return True


@transaction.atomic
def end_verification(verification_id: UUID, outcome: Outcome, *, worker: str) -> None:
    """Write what running it again found; what is delivered twice, or was asked for anew, changes nothing."""
    rows = Verification.objects.select_related("submission__entrant__task")
    verification = rows.filter(pk=verification_id, state=VerificationState.RUNNING).first()
    if verification is not None:
        state, told = _found(verification, outcome)
        move(verification, state, by=VERIFICATION_MOVES, worker=worker, ended_at=clock.now(), **told)
        record("verification.ended", verification, after=_summary(verification))


def _found(verification: Verification, outcome: Outcome) -> tuple[VerificationState, dict[str, Any]]:
    if not isinstance(outcome, Measured):
        return VerificationState.FAILED, {"differences": [outcome.cause.as_dict()], "log": outcome.log}
    unlike = [
        text.as_dict() for text in differences(verification.submission, outcome, tolerance=verification.tolerance)
    ]
    told = {"public_score": outcome.public, "final_score": outcome.final, "log": outcome.log, **asdict(outcome.how)}
    state = VerificationState.DIFFERS if unlike else VerificationState.REPRODUCED
    return state, {"differences": unlike, **told}


@transaction.atomic
def give_up_lost_verifications() -> None:
    """End those whose job will run no more."""
    ended = [JobState.FAILED, JobState.CANCELLED]
    for verification in Verification.objects.filter(state__in=UNVERIFIED, job__state__in=ended):
        told: dict[str, Any] = {"differences": [_LOST.as_dict()], "ended_at": clock.now()}
        move(verification, VerificationState.FAILED, by=VERIFICATION_MOVES, **told)
        record("verification.ended", verification, after=_summary(verification))


@on(BoardReplaced)
def forget_verifications(fact: BoardReplaced) -> None:
    """Scores were replaced: what was compared with the old ones says nothing any more."""
    Verification.objects.filter(submission__entrant__task=fact.task).delete()


def _summary(verification: Verification) -> dict[str, Any]:
    names = ("state", "public_score", "final_score", "worker", "differences")
    return {name: getattr(verification, name) for name in names}
