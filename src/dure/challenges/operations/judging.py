"""What becomes of a submission: its scores and its place, its verdict, or its attempt given back."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from dure.audit import operations as audit
from dure.challenges.events import SubmissionScored
from dure.challenges.models import SUBMISSION_MOVES, UNJUDGED, Best, Submission, SubmissionState, Task
from dure.challenges.operations.boards import hold, make_board
from dure.challenges.operations.quotas import give_back
from dure.challenges.outcomes import Broken, Faulty, Measured, Outcome
from dure.challenges.queries.standing import is_out
from dure.challenges.queueing import enqueue_scoring
from dure.challenges.ranks import rank_of
from dure.core import clock
from dure.core.events import publish
from dure.core.text import Text
from dure.jobs.models import JobState
from dure.store.models import move
from dure.store.transactions import durable

LOST = Text(
    ko="플랫폼 문제로 채점하지 못했습니다. 제출 횟수는 돌려드렸습니다.",
    en="We could not score this by our own fault. The attempt was given back.",
)


def begin(submission: Submission) -> bool:
    """Note that scoring goes on; False where the submission has its end already."""
    if submission.state == SubmissionState.RECEIVED:
        move(submission, SubmissionState.SCORING, by=SUBMISSION_MOVES)
    return submission.state == SubmissionState.SCORING


@transaction.atomic
def record(submission_id: UUID, outcome: Outcome, *, judged_by: UUID | None = None) -> None:
    """Write what scoring found: the effect of the scoring job. What is delivered twice changes nothing.

    ``judged_by``: the organisers' worker (its token) that scored it.
    """
    submission = Submission.objects.select_related("entrant__task").get(pk=submission_id)
    hold(submission.entrant.task, of=[submission.entrant_id])
    submission.refresh_from_db(fields=["state"])
    if submission.state != SubmissionState.SCORING:
        return
    if submission.judged_by_id != judged_by:
        Submission.objects.filter(pk=submission.pk).update(judged_by=judged_by)
    match outcome:
        case Measured():
            _score(submission, outcome)
        case Broken():
            flaws = {"flaws": outcome.flaws, "flaw_count": outcome.total}
            logs = {"log": outcome.log, "organiser_log": outcome.organiser_log}
            _end(submission, SubmissionState.REFUSED, outcome.cause, **logs, **flaws)
        case Faulty():
            logs = {"log": outcome.log, "organiser_log": outcome.organiser_log}
            _end(submission, SubmissionState.FAILED, outcome.cause, **logs)
            give_back(submission)


def _score(submission: Submission, outcome: Measured) -> None:
    if outcome.details:
        outcome.details.save(force_insert=True)
    move(
        submission,
        SubmissionState.SCORED,
        by=SUBMISSION_MOVES,
        public_score=outcome.public,
        final_score=outcome.final,
        notes=[note.as_dict() for note in outcome.notes],
        log=outcome.log,
        values={key: str(value) for key, value in outcome.values.items()},
        details=outcome.details,
        judged_at=clock.now(),
        **asdict(outcome.how),
        **_cause(Text(ko="", en="")),
    )
    if take_place(submission):
        board_changed(submission.entrant.task)
    _tell(submission)
    publish(SubmissionScored(submission.entrant_id, submission.pk))


def take_place(submission: Submission) -> bool:
    """Put the submission on the boards where it is better than what stands there, or as good and earlier.

    One that is disqualified is on none. The entrant is held.
    """
    if is_out(submission):
        return False
    task = submission.entrant.task
    if task.round.select_most > 1:  # one that does not lead may count in the end
        make_board(task, of=[submission.entrant_id])
        return True
    public = _public(submission)
    both = {**public, **_final(submission)}
    _, fresh = Best.objects.get_or_create(entrant=submission.entrant, defaults={"task": task, **both})
    rank, at = public["public_rank"], public["public_at"]
    worse = Q(public_rank__gt=rank) | Q(public_rank=rank, public_at__gt=at)
    rows = Best.objects.filter(worse, entrant=submission.entrant)
    better = rows.filter(chosen=False).update(**both) or rows.filter(chosen=True).update(**public)
    return fresh or bool(better)


def _public(submission: Submission) -> dict[str, Any]:
    rank = _rank(submission.entrant.task, submission.public_score)
    return {"best": submission, "public_rank": rank, "public_at": submission.received_at}


def _final(submission: Submission) -> dict[str, Any]:
    rank = _rank(submission.entrant.task, submission.lasting_score)
    return {"counting": submission, "final_rank": rank, "final_at": submission.received_at}


def _rank(task: Task, score: float | None) -> int:
    if score is None:
        raise AssertionError("only scored submissions have ranks")
    return rank_of(score, greater_is_better=task.greater_is_better)


def board_changed(task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(board_version=F("board_version") + 1)


@transaction.atomic
def give_up_lost() -> int:
    """End submissions whose job will run no more, and give their attempts back; returns how many."""
    ended = Q(job__state__in=[JobState.FAILED, JobState.CANCELLED]) | Q(job=None)
    lost = Submission.objects.filter(ended, state__in=UNJUDGED).select_related("job")
    for submission in lost:
        job = submission.job
        _end(submission, SubmissionState.FAILED, LOST, organiser_log=job.trace or job.cause_en if job else "")
        give_back(submission)
    return len(lost)


def score_again(submission: Submission) -> Submission:
    """Judge a submission that failed by our fault after all; it uses up no quota."""
    with durable():
        job = enqueue_scoring(submission)
        audit.record("submission.again", submission)
        return move(submission, SubmissionState.RECEIVED, by=SUBMISSION_MOVES, job=job, judged_at=None)


def _end(submission: Submission, state: SubmissionState, cause: Text, **rest: Any) -> None:
    move(submission, state, by=SUBMISSION_MOVES, judged_at=clock.now(), **_cause(cause), **rest)
    _tell(submission)


def _tell(submission: Submission) -> None:
    told = {name: getattr(submission, name) for name in ("state", "public_score", "final_score")}
    audit.record("submission.judged", submission, after=told, about=("people.person", submission.by_id))


def _cause(cause: Text) -> dict[str, str]:
    return {"cause_ko": cause.ko, "cause_en": cause.en}
