"""What organisers check before a round is settled: finalists run again, and code that entrants have in common."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import StringConstraints

from dure.api.base import Asked
from dure.api.find import allow, one
from dure.api.rounds.found import organised_round, task_by
from dure.api.shapes import In, Moment, Out, Page, Paging, PersonRef, Words, paged
from dure.api.writing import writes
from dure.challenges.models import Best, Round, SimilarityRun, SimilarPair, Submission, Task, Verification
from dure.challenges.models.verification import MOST_REASON
from dure.challenges.operations.similarity import compare_code
from dure.challenges.operations.verification import accept_differing, verify_again, verify_finalists
from dure.challenges.policy import What
from dure.challenges.queries.verification import finalists, latest_similarity
from dure.challenges.rules import may_see
from dure.core.text import Text
from dure.joints.running import let_organise

router = Router(tags=["rounds"])
VERIFICATION = Text(ko="검증", en="verification")
COMPARISON = Text(ko="코드 비교", en="comparison")


class RunOut(Out):
    """Scores of one run of an attempt, and by what it was run: hashes, the contents of its environment, its seed."""

    public_score: float | None
    final_score: float | None
    code_sha256: str
    inputs_sha256: str
    environment_digest: str
    seed: int | None
    seconds: Decimal | None
    worker: str

    @classmethod
    def of(cls, row: Submission | Verification, worker: str) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields if name != "worker"}, worker=worker)


class VerificationOut(Out):
    """``state``: waiting, running, reproduced, differs, failed or accepted; ``differences`` say what was not the same.

    ``alone``: there was no other worker than the one that judged ``first``.
    """

    id: UUID
    submission: UUID
    state: str
    asked_at: Moment
    ended_at: Moment | None
    tolerance: Decimal
    first: RunOut
    again: RunOut
    alone: bool
    differences: list[Words]
    log: str
    accepted_by: PersonRef | None
    reason: str

    @classmethod
    def of(cls, row: Verification) -> Self:
        told = {name: getattr(row, name) for name in ("id", "state", "asked_at", "ended_at", "tolerance", "log")}
        return cls(
            **told, submission=row.submission_id, first=RunOut.of(row.submission, row.first_worker),
            again=RunOut.of(row, row.worker), alone=row.is_alone,
            differences=[Words(**said) for said in row.differences], reason=row.reason,
            accepted_by=PersonRef.of(row.accepted_by) if row.accepted_by else None,
        )  # fmt: skip


class FinalistOut(Out):
    """One of the first places of a ``task``; ``verification`` is null as long as nobody has asked for it."""

    task: UUID
    place: int
    entrant: UUID
    title: str
    submission: UUID
    verification: UUID | None
    state: str | None

    @classmethod
    def of(cls, task: Task, place: int, row: Best) -> Self:
        known: Verification | None = getattr(row.counting, "verification", None)
        return cls(
            task=task.pk, place=place, entrant=row.entrant_id, title=row.entrant.title, submission=row.counting_id,
            verification=known.pk if known else None, state=known.state if known else None,
        )  # fmt: skip


class FinalistsOut(Out):
    """The first places of every task, as many as the round verifies."""

    items: list[FinalistOut]

    @classmethod
    def of(cls, round_: Round) -> Self:
        tasks = round_.tasks.select_related("round").order_by("pk")
        ranked = ((task, enumerate(finalists(task), 1)) for task in tasks)
        return cls(items=[FinalistOut.of(task, place, row) for task, rows in ranked for place, row in rows])


class AcceptIn(In):
    """Why the first score holds all the same."""

    reason: Annotated[str, StringConstraints(max_length=MOST_REASON)]


class ComparisonOut(Out):
    """``state``: waiting, done or failed (then ``cause`` says why); ``compared``: of how many entrants."""

    id: UUID
    task: UUID
    state: str
    compared: int
    cause: Words | None
    made_at: Moment
    ended_at: Moment | None

    @classmethod
    def of(cls, run: SimilarityRun) -> Self:
        told = {name: getattr(run, name) for name in ("id", "state", "compared", "made_at", "ended_at")}
        return cls(**told, task=run.task_id, cause=Words.of(run.cause) if run.cause else None)


class SideOut(Out):
    submission: UUID
    entrant: UUID
    title: str

    @classmethod
    def of(cls, row: Submission) -> Self:
        return cls(submission=row.pk, entrant=row.entrant_id, title=row.entrant.title)


class MatchOut(Out):
    """Two files and the lines that they have in common, as [from, to] from 1 on, both ends included."""

    first: str
    second: str
    here: list[tuple[int, int]]
    there: list[tuple[int, int]]


class PairOut(Out):
    """``share``: of the one that has more in common, how much of its lines, from 0 to 1; ``lines``: how many."""

    id: UUID
    first: SideOut
    second: SideOut
    share: Decimal
    lines: int
    matches: list[MatchOut]

    @classmethod
    def of(cls, row: SimilarPair) -> Self:
        return cls(
            id=row.pk, first=SideOut.of(row.first), second=SideOut.of(row.second), share=row.share, lines=row.lines,
            matches=[MatchOut(**match) for match in row.matches],
        )  # fmt: skip


@router.get("/rounds/{uuid:round_id}/finalists", response=FinalistsOut)
def first_places(request: Asked, round_id: UUID) -> FinalistsOut:
    """Who is among the first places of each task, and what became of running their attempts again."""
    return FinalistsOut.of(organised_round(request.auth, round_id))


@writes(router.post, "/rounds/{uuid:round_id}/finalists/verify", FinalistsOut)
def verify(request: Asked, round_id: UUID) -> Round:
    """Have those run again that were not yet."""
    round_ = organised_round(request.auth, round_id)
    verify_finalists(round_)
    return round_


@router.get("/verifications/{uuid:verification_id}", response=VerificationOut)
def verification(request: Asked, verification_id: UUID) -> VerificationOut:
    """Both runs of an attempt beside each other."""
    return VerificationOut.of(_verification(request, verification_id))


@writes(router.post, "/verifications/{uuid:verification_id}/again", VerificationOut)
def again(request: Asked, verification_id: UUID) -> Verification:
    """Run it once more; what the run before found stays in the log."""
    return verify_again(_verification(request, verification_id))


@writes(router.post, "/verifications/{uuid:verification_id}/accept", VerificationOut)
def accept(request: Asked, verification_id: UUID, body: AcceptIn) -> Verification:
    """Let the first score hold though it was not reproduced."""
    return accept_differing(_verification(request, verification_id), by=request.auth, reason=body.reason)


@writes(router.post, "/tasks/{uuid:task_id}/similarity", ComparisonOut, status=201)
def compare(request: Asked, task_id: UUID) -> SimilarityRun:
    """Have the code that counts of the task's entrants compared, two by two."""
    task = task_by(task_id)
    allow(_checks(request, task))
    return compare_code(task, by=request.auth)


@router.get("/tasks/{uuid:task_id}/similarity", response=ComparisonOut)
def comparison(request: Asked, task_id: UUID) -> ComparisonOut:
    """The last comparison, under way or ended."""
    task = task_by(task_id)
    allow(_checks(request, task))
    return ComparisonOut.of(
        latest_similarity(task) or one(SimilarityRun.objects.none(), "similarity.missing", COMPARISON)
    )


@router.get("/tasks/{uuid:task_id}/similarity/pairs", response=Page[PairOut])
def pairs(request: Asked, task_id: UUID, paging: Query[Paging]) -> Any:
    """The pairs that the last comparison found, the most alike first, with the matching lines of their files."""
    task = task_by(task_id)
    allow(_checks(request, task))
    rows = SimilarPair.objects.filter(run__task=task).select_related("first__entrant", "second__entrant")
    return paged(rows, paging, _paired)


def _paired(rows: Sequence[SimilarPair]) -> list[PairOut]:
    return [PairOut.of(row) for row in rows]


def _checks(request: Asked, task: Task) -> bool:
    """The policy's own; who operates the programme of the round organises it."""
    let_organise(request.auth, task.round)
    return may_see(request.auth, task, What.CHECKS)


def _verification(request: Asked, verification_id: UUID) -> Verification:
    rows = Verification.objects.select_related("submission__entrant__task__round", "accepted_by")
    found = one(rows, "verification.missing", VERIFICATION, pk=verification_id)
    if not _checks(request, found.submission.entrant.task):
        return one(rows.none(), "verification.missing", VERIFICATION)
    return found
