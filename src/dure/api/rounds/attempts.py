"""Attempts: sent at once or in parts before, their receipts, verdicts, and which one counts."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import IO, Annotated, Any, Literal, Self, cast
from uuid import UUID

from django.db.models import QuerySet
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile
from pydantic import StringConstraints

from dure.api.base import Asked
from dure.api.rounds.found import check_organises, entered, submission_by, task_by
from dure.api.shapes import In, Line, Moment, Out, Page, Paging, Words, paged
from dure.api.writing import writes
from dure.challenges.arriving import Arriving, forget, opened
from dure.challenges.models import Submission, SubmissionState
from dure.challenges.operations import Received, accept, choose, receipt_of, receive, score_again
from dure.challenges.policy import What
from dure.challenges.queries import attempt
from dure.challenges.queueing import standing
from dure.challenges.rules import may_see_own, organises
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.joints.models import RoundTurn
from dure.people.models import Person
from dure.store.worded import asked

router = Router(tags=["rounds"])
MOST_ANSWERS = 200_000
_ONE_FILE = Text(
    ko="제출할 파일을 file에 담거나, 나누어 보낸 파일의 sha256을 적으세요. 둘 중 하나만 보냅니다.",
    en="Send the file as `file`, or name one that came in parts by its `sha256`: one of the two.",
)
_NO_OBJECT = Text(
    ko="answers는 질문의 이름과 답을 담은 JSON 객체로 보내세요.",
    en="Send `answers` as a JSON object of the questions' keys and their answers.",
)
_OTHER_BYTES = Text(
    ko="도착한 파일의 SHA-256이 다릅니다. 처음부터 다시 보내세요.",
    en="What arrived has another SHA-256. Send the file again from its beginning.",
)


class AttemptIn(In):
    """``command`` starts a program, in the folder of its archive; left out: `python3 main.py`.

    Instead of ``file``, ``sha256`` and ``name`` say which one has come in parts before. ``answers``: a JSON object with
    the answers to what the round asks, by key. ``public``: whether whoever sees the board sees it, where the round
    leaves that to entrants.
    """

    kind: Literal["file", "code"] = "file"
    command: Annotated[str, StringConstraints(max_length=400)] = ""
    sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    name: Line = ""
    answers: Annotated[str, StringConstraints(max_length=MOST_ANSWERS)] = ""
    public: bool | None = None

    @property
    def answered(self) -> dict[str, Any]:
        """Raises Flawed for what is no JSON object."""
        try:
            told = json.loads(self.answers or "{}")
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise Flawed("submission.answers", _NO_OBJECT)
        return told


class AttemptsOut(Out):
    """How many attempts are used up; ``of`` null: no limit."""

    used: int
    of: int | None


class ReceiptOut(Out):
    """What was received: a receipt from before the deadline means that it will be judged."""

    id: UUID
    received_at: Moment
    stage: str | None
    deadline: Moment | None
    quota: AttemptsOut
    sha256: str

    @classmethod
    def of(cls, submission: Submission) -> Self:
        receipt = receipt_of(submission)
        turns: list[tuple[str]] = asked(_stage_of, submission.entrant_id)
        return cls(
            id=receipt.id,
            received_at=receipt.received_at,
            stage=turns[0][0] if turns else None,
            deadline=receipt.deadline,
            quota=AttemptsOut(used=receipt.used, of=receipt.of),
            sha256=receipt.sha256,
        )


class JudgedAgain(Out):
    """An attempt that waits for its verdict once more."""

    id: UUID
    state: str

    @classmethod
    def of(cls, submission: Submission) -> Self:
        return cls(id=submission.pk, state=submission.state)


def _stage_of(entrant: UUID) -> QuerySet[RoundTurn, tuple[str]]:
    return RoundTurn.objects.filter(entrant=entrant).values_list("turn__stage")


class FlawOut(Out):
    """One thing that is wrong in a file, with its place."""

    code: str
    row: int | None
    column: str | None
    ko: str
    en: str


class SubmissionRow(Out):
    """``refused``: the submission is at fault. ``failed``: the platform is, and the attempt was given back."""

    id: UUID
    number: int
    kind: str
    state: str
    received_at: Moment
    public_score: float | None

    @classmethod
    def told(cls, submission: Submission, public_score: float | None) -> dict[str, Any]:
        names = [name for name in cls.model_fields if name != "public_score"]
        return {name: getattr(submission, name) for name in names} | {"public_score": public_score}


class StandingOut(Out):
    """How many go before it (1001: more than a thousand), and in how many seconds it starts; null: nobody can say."""

    ahead: int
    estimate_s: int | None


class SubmissionOut(SubmissionRow):
    """``counts``: it is the one that counts in the end. ``flaws`` are the first of ``flaw_count``.

    ``standing``: its place among what waits to be scored; null once it is at it.
    """

    task: UUID
    judged_at: Moment | None
    final_score: float | None
    counts: bool
    cause: Words | None
    flaws: list[FlawOut]
    flaw_count: int
    notes: list[Words]
    log: str
    sha256: str
    answers: dict[str, Any]
    public: bool
    standing: StandingOut | None

    @classmethod
    def seen(cls, submission: Submission, viewer: Person) -> Self:
        """As much of it as ``viewer`` may see; raises Missing where that is nothing."""
        found = attempt(submission, viewer=viewer)
        told = SubmissionRow.told(submission, found.public_score)
        cause = submission.cause
        waits = standing(submission)
        flaws = [FlawOut(**{"row": None, "column": None} | flaw) for flaw in submission.flaws]
        return cls(
            **told,
            task=submission.entrant.task_id,
            judged_at=submission.judged_at,
            final_score=found.final_score,
            counts=found.counts,
            cause=Words.of(cause) if cause else None,
            flaws=flaws,
            flaw_count=submission.flaw_count,
            notes=[Words(**note) for note in submission.notes],
            log=found.log,
            sha256=submission.upload.sha256,
            answers=submission.answers,
            public=submission.is_public,
            standing=StandingOut(ahead=waits.ahead, estimate_s=waits.estimate_s) if waits else None,
        )


class ChosenOut(Out):
    id: UUID
    counts: bool

    @classmethod
    def of(cls, submission: Submission) -> Self:
        return cls(id=submission.pk, counts=True)


@contextmanager
def _received_attempt(
    request: Asked, task_id: UUID, body: Form[AttemptIn], file: File[UploadedFile | None] = None
) -> Iterator[Received]:
    """The file came with the request, or in parts before it; those go once it is accepted."""
    entrant = entered(task_id, request.auth)
    if (file is None) != bool(body.sha256):
        raise Flawed("submission.file", _ONE_FILE)
    said: dict[str, Any] = {"kind": body.kind, "command": body.command, "answers": body.answered, "public": body.public}
    take = partial(receive, entrant, by=request.auth, **said)
    if file:
        with take(upload=cast("IO[bytes]", file), name=file.name or "") as received:
            yield received
        return
    parts = Arriving(entrant.task_id, request.auth.pk, body.sha256)
    with opened(parts) as content, take(upload=content, name=body.name) as received:
        _check_whole(parts, received)
        yield received
    forget(parts)


def _check_whole(parts: Arriving, received: Received) -> None:
    if received.upload.sha256 != parts.sha256:
        forget(parts)
        raise Flawed("upload.sha256", _OTHER_BYTES, arrived=received.upload.size)


@writes(router.post, "/tasks/{uuid:task_id}/submissions", ReceiptOut, status=201, before=_received_attempt)
def hand_in(_request: Asked, received: Received) -> Submission:
    """A prediction file, or a program as an archive that ``command`` starts. The receipt is on disk before it goes."""
    return accept(received)


@router.get("/tasks/{uuid:task_id}/submissions", response=Page[SubmissionRow])
def listed(request: Asked, task_id: UUID, paging: Query[Paging], state: SubmissionState | None = None) -> Any:
    """One's own attempts at a task; all of them for its organisers."""
    task = task_by(task_id)
    rows = Submission.objects.filter(entrant__task=task)
    tells = organises(request.auth, task.round)
    if not tells:
        rows = rows.filter(entrant__members__person=request.auth)
        tells = may_see_own(task, What.PUBLIC_SCORE)
    return paged(rows.filter(state=state) if state else rows, paging, partial(_submissions, tells=tells))


@router.get("/submissions/{uuid:submission_id}", response=SubmissionOut)
def shown(request: Asked, submission_id: UUID) -> SubmissionOut:
    """One attempt: its state, its verdict with row and column, its scores, what its program printed."""
    return SubmissionOut.seen(submission_by(submission_id), request.auth)


@writes(router.post, "/submissions/{uuid:submission_id}/choose", ChosenOut)
def let_count(request: Asked, submission_id: UUID) -> Submission:
    """Let this attempt count in the end instead of the best by public score."""
    submission = submission_by(submission_id)
    attempt(submission, viewer=request.auth)
    choose(submission, by=request.auth)
    return submission


@writes(router.post, "/submissions/{uuid:submission_id}/again", JudgedAgain)
def judge_again(request: Asked, submission_id: UUID) -> Submission:
    """Judge an attempt that failed without its entrant's fault again, by those who run the round; it costs nothing."""
    submission = submission_by(submission_id)
    check_organises(request.auth, submission.entrant.task.round)
    return score_again(submission)


def _submissions(rows: Sequence[Submission], *, tells: bool) -> list[SubmissionRow]:
    return [SubmissionRow(**SubmissionRow.told(row, row.public_score if tells else None)) for row in rows]
