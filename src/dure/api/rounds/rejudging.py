"""Proposals to score a task otherwise: made, looked at, applied or discarded by the organisers of its round."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Annotated, Any, Literal, Self, cast
from uuid import UUID

from ninja import File, Form, Query, Router
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from dure.api.base import Asked
from dure.api.find import allow, one
from dure.api.rounds.found import task_by
from dure.api.shapes import In, Line, Moment, Out, Page, Paging, paged
from dure.api.writing import writes
from dure.challenges.measures import Measure
from dure.challenges.models import PlaceChange, Proposal, Task
from dure.challenges.operations import applying
from dure.challenges.operations.proposing import (
    MOST_WHY,
    ReceivedVersion,
    Wanted,
    accept_version,
    propose_version,
    receive_version,
)
from dure.challenges.operations.rejudging import judge_failed_again
from dure.challenges.queries import rejudging
from dure.challenges.rules import organises
from dure.compute.queries import environment_called
from dure.core.text import Text
from dure.joints.running import let_organise

router = Router(tags=["rounds"])
PROPOSAL = Text(ko="재채점 제안", en="proposal")
Bound = Annotated[int, Field(ge=1, le=2**40)]


class ProposalIn(In):
    """What is left out stays. ``part``: of a task that programs score, the one whose files are sent."""

    why: Annotated[str, StringConstraints(max_length=MOST_WHY)]
    metric: Line = ""
    environment: Line = ""
    wall_seconds: Bound | None = None
    memory_bytes: Bound | None = None
    primary: Line = ""
    part: int = Field(1, ge=1, le=1000)

    def wanted(self, task: Task, files: dict[str, Any]) -> Wanted:
        bounds = {"wall_seconds": self.wall_seconds, "memory_bytes": self.memory_bytes}
        said = {name: most for name, most in bounds.items() if most is not None}
        parts = {name: files[name] for name in ("scoring_program", "reference") if files[name]}
        return Wanted(
            labels=files["labels"],
            inputs=files["inputs"],
            measure=self._measure(task, files["scorer"]),
            parts={self.part: parts},
            primary=self.primary,
            limits={**task.limits, **said} if said else None,
            moves=bool(self.environment),
            environment=environment_called(self.environment) if self.environment else None,
        )

    def _measure(self, task: Task, scorer: IO[bytes] | None) -> Measure | None:
        if not self.metric and scorer is None:
            return None
        return Measure(
            metric=self.metric or task.metric, id_column=task.id_column, label_columns=task.columns,
            classes=task.classes, greater_is_better=task.greater_is_better, precision=task.precision, scorer=scorer,
        )  # fmt: skip


class ProposalOut(Out):
    """``judged`` of ``collected`` attempts have a new verdict; ``moved``: how many entrants change, by how."""

    id: UUID
    task: UUID
    state: str
    why: str
    version: int
    before: int
    collected: int
    judged: int
    moved: dict[str, int]
    made_at: Moment
    ended_at: Moment | None

    @classmethod
    def of(cls, row: Proposal) -> Self:
        return cls(
            id=row.pk, task=row.task_id, state=row.state, why=row.why, version=row.after.number,
            before=row.before.number, collected=row.collected, judged=row.judged, moved=row.moved,
            made_at=row.made_at, ended_at=row.ended_at,
        )  # fmt: skip


class RoundChangeOut(Out):
    """``change``: left, came, down, up or score; a place or score is null where there is none."""

    id: int
    entrant: UUID
    title: str
    change: str
    old_public_place: int | None
    public_place: int | None
    old_public_score: float | None
    public_score: float | None
    old_final_place: int | None
    final_place: int | None
    old_final_score: float | None
    final_score: float | None
    passed: bool | None
    passes: bool | None

    @classmethod
    def of(cls, row: PlaceChange) -> Self:
        names = [name for name in cls.model_fields if name not in ("id", "entrant", "title")]
        told = {name: getattr(row, name) for name in names}
        return cls(id=row.pk, entrant=row.entrant_id, title=row.entrant.title, **told)


class Changes(In):
    """``after``: the ``order`` up to which changes were read."""

    only: Literal["", "left", "came", "down", "up", "score", "enters", "leaves"] = ""
    limit: int = Field(50, ge=1, le=500)
    after: int = Field(0, ge=0)


class ChangesOut(Out):
    """The best first; ``next`` is the ``after`` of the following page, null at the end."""

    items: list[RoundChangeOut]
    next: int | None


@contextmanager
def _received(
    request: Asked,
    task_id: UUID,
    *,
    body: Form[ProposalIn],
    labels: File[UploadedFile | None] = None,
    inputs: File[UploadedFile | None] = None,
    scorer: File[UploadedFile | None] = None,
    scoring_program: File[UploadedFile | None] = None,
    reference: File[UploadedFile | None] = None,
) -> Iterator[tuple[ReceivedVersion, str]]:
    task = task_by(task_id)
    let_organise(request.auth, task.round)
    sent = {
        "labels": labels, "inputs": inputs, "scorer": scorer, "scoring_program": scoring_program,
        "reference": reference,
    }  # fmt: skip
    files = {name: cast("Any", file) or None for name, file in sent.items()}
    with receive_version(task, body.wanted(task, files), by=request.auth) as received:
        yield received, body.why


@writes(router.post, "/tasks/{uuid:task_id}/proposals", ProposalOut, status=201, before=_received)
def propose(_request: Asked, received: tuple[ReceivedVersion, str]) -> Proposal:
    """Have every attempt of the task judged otherwise, beside the verdicts in force: nothing changes yet."""
    version, why = received
    return accept_version(version, why=why)


@router.get("/tasks/{uuid:task_id}/proposals", response=Page[ProposalOut])
def proposals(request: Asked, task_id: UUID, paging: Query[Paging]) -> Any:
    """All there ever were of a task."""
    task = task_by(task_id)
    allow(_sees(request, task))
    rows = Proposal.objects.filter(task=task).select_related("before", "after")
    return paged(rows, paging, _listed)


@router.get("/proposals/{uuid:proposal_id}", response=ProposalOut)
def proposal(request: Asked, proposal_id: UUID) -> ProposalOut:
    """How far it is, and how many would move."""
    return ProposalOut.of(_found(request, proposal_id))


@router.get("/proposals/{uuid:proposal_id}/changes", response=ChangesOut)
def changes(request: Asked, proposal_id: UUID, asked: Query[Changes]) -> ChangesOut:
    """Every entrant for whom a place or a score changes, and who would enter or leave at the gate."""
    rows = rejudging.changes(_found(request, proposal_id), only=asked.only).filter(order__gt=asked.after)
    page = list(rows[: asked.limit + 1])
    more = page[asked.limit - 1].order if len(page) > asked.limit else None
    return ChangesOut(items=[RoundChangeOut.of(row) for row in page[: asked.limit]], next=more)


@writes(router.post, "/proposals/{uuid:proposal_id}/apply", ProposalOut)
def apply(request: Asked, proposal_id: UUID) -> Proposal:
    """Let the new verdicts stand at once, and score by the new version from now on."""
    return applying.apply(_found(request, proposal_id), by=request.auth)


@writes(router.post, "/proposals/{uuid:proposal_id}/discard", ProposalOut)
def discard(request: Asked, proposal_id: UUID) -> Proposal:
    """Leave everything as it is."""
    return applying.discard(_found(request, proposal_id), by=request.auth)


@writes(router.post, "/proposals/{uuid:proposal_id}/retry", ProposalOut)
def retry(request: Asked, proposal_id: UUID) -> Proposal:
    """Judge the attempts again that got no new verdict."""
    return judge_failed_again(_found(request, proposal_id), by=request.auth)


@writes(router.post, "/proposals/{uuid:proposal_id}/back", ProposalOut, status=201)
def back(request: Asked, proposal_id: UUID) -> Proposal:
    """Propose the version again that this one replaces."""
    found = _found(request, proposal_id)
    return propose_version(found.before, by=request.auth, why=f"Back to version {found.before.number}")


def _found(request: Asked, proposal_id: UUID) -> Proposal:
    rows = Proposal.objects.select_related("task__round", "before__task__round", "after")
    found = one(rows, "proposal.missing", PROPOSAL, pk=proposal_id)
    if not _sees(request, found.task):
        return one(rows.none(), "proposal.missing", PROPOSAL)
    return found


def _sees(request: Asked, task: Task) -> bool:
    """Its organisers; who operates the programme of the round becomes one."""
    let_organise(request.auth, task.round)
    return organises(request.auth, task.round)


def _listed(rows: Sequence[Proposal]) -> list[ProposalOut]:
    return [ProposalOut.of(row) for row in rows]
