"""Rounds: tasks and their starter files, attempts with their receipts and verdicts, the boards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Annotated, Any, Literal, Self, cast
from uuid import UUID

from django.http import FileResponse
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from dure.api.base import ANYBODY, Asked, AskedByAnybody, caller
from dure.api.find import one, operated_programme, seen_programme, stage_of
from dure.api.shapes import In, Line, Moment, Out, Page, Paging, Words, paged
from dure.api.writing import writes
from dure.challenges import files
from dure.challenges.labels import Part, Split
from dure.challenges.measures import Measure
from dure.challenges.models import EntrantMember, Submission, SubmissionState, Task
from dure.challenges.operations import Received, accept, choose, receipt_of, receive
from dure.challenges.queries import attempt, board, own_row
from dure.challenges.rules import organises, takes_part
from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.joints.stages.rounds import TaskSetting, accept_task, receive_task
from dure.people.models import Person

router = Router(tags=["rounds"])
TASK = Text(ko="과제", en="task")
SUBMISSION = Text(ko="제출", en="submission")


class TaskIn(In):
    """How an option is scored; commas separate several. ``share``: the public part, in per cent."""

    option: Line = ""
    metric: Line
    id_column: Line = "id"
    label_columns: Line = "label"
    columns: Line = ""
    classes: Annotated[str, StringConstraints(max_length=2000)] = ""
    share: Annotated[int, Field(ge=1, le=99)] = 30
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 7

    def measure(self, scorer: UploadedFile | None) -> Measure:
        return Measure(
            metric=self.metric,
            id_column=self.id_column,
            label_columns=_listed(self.label_columns),
            columns=_listed(self.columns),
            classes=_listed(self.classes),
            split=Split(share=self.share / 100, seed=self.seed),
            scorer=_stream(scorer),
        )


class TaskOut(Out):
    """``columns``: of a prediction file, after the id; ``rows``: how many predictions are asked."""

    id: UUID
    option: str
    metric: str
    greater_is_better: bool
    id_column: str
    columns: list[str]
    classes: list[str]
    rows: int
    starter: bool
    code: str
    daily: int | None
    total: int | None
    closes_at: Moment | None

    @classmethod
    def of(cls, task: Task) -> Self:
        round_ = task.round
        return cls(
            id=task.pk,
            option=task.option,
            metric=task.metric,
            greater_is_better=task.greater_is_better,
            id_column=task.id_column,
            columns=task.columns,
            classes=task.classes,
            rows=task.rows,
            starter=task.starter_id is not None,
            code=round_.code,
            daily=round_.daily,
            total=round_.total,
            closes_at=round_.closes_at,
        )


class AttemptIn(In):
    """``command`` starts a program, in the folder of its archive; left out: `python3 main.py`."""

    kind: Literal["file", "code"] = "file"
    command: Annotated[str, StringConstraints(max_length=400)] = ""


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
        row = getattr(submission.entrant, "round_turn", None)
        return cls(
            id=receipt.id,
            received_at=receipt.received_at,
            stage=row.turn.stage if row else None,
            deadline=receipt.deadline,
            quota=AttemptsOut(used=receipt.used, of=receipt.of),
            sha256=receipt.sha256,
        )


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
    def told(cls, submission: Submission) -> dict[str, Any]:
        return {name: getattr(submission, name) for name in cls.model_fields}


class SubmissionOut(SubmissionRow):
    """``counts``: it is the one that counts in the end. ``flaws`` are the first of ``flaw_count``."""

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

    @classmethod
    def seen(cls, submission: Submission, viewer: Person) -> Self:
        """As much of it as ``viewer`` may see; raises Missing where that is nothing."""
        found = attempt(submission, viewer=viewer)
        told = SubmissionRow.told(submission)
        cause = submission.cause
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
        )


class ChosenOut(Out):
    id: UUID
    counts: bool

    @classmethod
    def of(cls, submission: Submission) -> Self:
        return cls(id=submission.pk, counts=True)


class BoardRow(Out):
    place: int
    entrant: UUID
    title: str
    score: float
    at: Moment
    attempts: int


class BoardOut(Out):
    """``part``: public while the round runs, final after it. ``next`` is the ``after`` of the following page."""

    part: str
    items: list[BoardRow]
    own: BoardRow | None
    next: str | None


class BoardPage(In):
    limit: int = Field(50, ge=1, le=500)
    after: Annotated[str, StringConstraints(max_length=400)] = ""
    part: Literal["public", "final"] | None = None


# --- tasks


@router.get("/programmes/{slug:slug}/stages/{slug:stage}/tasks", response=list[TaskOut], auth=ANYBODY)
def tasks(request: AskedByAnybody, slug: str, stage: str) -> list[TaskOut]:
    """What can be entered at a round stage: a task for each option that was set up."""
    programme = seen_programme(caller(request), slug)
    here = stage_of(programme, stage).id
    rows = Task.objects.filter(round_task__programme=programme, round_task__stage=here).select_related("round")
    return [TaskOut.of(task) for task in rows.order_by("pk")]


@contextmanager
def _received_task(
    request: Asked,
    slug: str,
    stage: str,
    *,
    body: Form[TaskIn],
    labels: File[UploadedFile],
    starter: File[UploadedFile | None] = None,
    inputs: File[UploadedFile | None] = None,
    scorer: File[UploadedFile | None] = None,
) -> Iterator[TaskSetting]:
    programme = operated_programme(request.auth, slug)
    with receive_task(
        programme, stage_of(programme, stage).id, body.option, by=request.auth, labels=_stream(labels),
        measure=body.measure(scorer), starter=_stream(starter), inputs=_stream(inputs),
    ) as setting:  # fmt: skip
        yield setting


@writes(router.post, "/programmes/{slug:slug}/stages/{slug:stage}/tasks", TaskOut, status=201, before=_received_task)
def set_up(_request: Asked, setting: TaskSetting) -> Task:
    """Let an option of a round be scored here: the labels of its test set, and what entrants and programs get."""
    return accept_task(setting)


@router.get("/tasks/{uuid:task_id}/starter", auth=ANYBODY)
def starter(request: AskedByAnybody, task_id: UUID) -> FileResponse:
    """The starter files, for those who take part or organise."""
    person = caller(request)
    task = _task(task_id)
    if task.starter is None or not (takes_part(person, task) or organises(person, task.round)):
        raise Missing("starter.missing", _NO_STARTER)
    content = files.path_of(task.starter).open("rb")
    return FileResponse(content, as_attachment=True, filename=task.starter.name or "starter.zip")


@router.get("/tasks/{uuid:task_id}/board", response=BoardOut, auth=ANYBODY)
def shown_board(request: AskedByAnybody, task_id: UUID, asked: Query[BoardPage]) -> BoardOut:
    """A page of the board, with one's own row beside it."""
    person, task = caller(request), _task(task_id)
    part = Part(asked.part) if asked.part else None
    page = board(task, viewer=person, part=part, after=asked.after or None, limit=asked.limit)
    member = _membership(task, person)
    own = own_row(member.entrant, viewer=person, part=page.part) if member else None
    return BoardOut(
        part=page.part,
        items=[_row(row) for row in page.rows],
        own=_row(own) if own else None,
        next=page.next,
    )


# --- attempts


@contextmanager
def _received_attempt(
    request: Asked,
    task_id: UUID,
    file: File[UploadedFile],
    body: Form[AttemptIn],
) -> Iterator[Received]:
    member = _membership(_task(task_id), request.auth)
    if member is None:
        raise Forbidden("challenges.not-yours", _NOT_IN_IT)
    with receive(
        member.entrant, by=request.auth, upload=cast("IO[bytes]", file), name=file.name or "", kind=body.kind,
        command=body.command,
    ) as received:  # fmt: skip
        yield received


@writes(router.post, "/tasks/{uuid:task_id}/submissions", ReceiptOut, status=201, before=_received_attempt)
def hand_in(_request: Asked, received: Received) -> Submission:
    """A prediction file, or a program as an archive that ``command`` starts. The receipt is on disk before it goes."""
    return accept(received)


@router.get("/tasks/{uuid:task_id}/submissions", response=Page[SubmissionRow])
def listed(request: Asked, task_id: UUID, paging: Query[Paging], state: SubmissionState | None = None) -> Any:
    """One's own attempts at a task; all of them for its organisers."""
    task = _task(task_id)
    rows = Submission.objects.filter(entrant__task=task)
    if not organises(request.auth, task.round):
        rows = rows.filter(entrant__members__person=request.auth)
    return paged(rows.filter(state=state) if state else rows, paging, _submissions)


@router.get("/submissions/{uuid:submission_id}", response=SubmissionOut)
def shown(request: Asked, submission_id: UUID) -> SubmissionOut:
    """One attempt: its state, its verdict with row and column, its scores, what its program printed."""
    return SubmissionOut.seen(_submission(submission_id), request.auth)


@writes(router.post, "/submissions/{uuid:submission_id}/choose", ChosenOut)
def let_count(request: Asked, submission_id: UUID) -> Submission:
    """Let this attempt count in the end instead of the best by public score."""
    submission = _submission(submission_id)
    attempt(submission, viewer=request.auth)
    choose(submission, by=request.auth)
    return submission


_NO_STARTER = Text(
    ko="내려받을 수 있는 시작 파일이 없습니다. 참가자에게만 보입니다.",
    en="There are no starter files to download; they are for those who take part.",
)
_NOT_IN_IT = Text(
    ko="이 과제의 참가자만 제출할 수 있습니다. 프로그램에 참가 신청하고 과제를 고르세요.",
    en="Only those who take part can submit. Apply to the programme and choose the task.",
)


def _task(task_id: UUID) -> Task:
    return one(Task.objects.select_related("round", "starter"), "task.missing", TASK, pk=task_id)


def _submission(submission_id: UUID) -> Submission:
    rows = Submission.objects.select_related("entrant__task__round", "upload")
    return one(rows, "submission.missing", SUBMISSION, pk=submission_id)


def _membership(task: Task, person: Person | None) -> EntrantMember | None:
    rows = EntrantMember.objects.filter(task=task, person=person)
    return rows.select_related("entrant__task__round").first() if person else None


def _submissions(rows: Sequence[Submission]) -> list[SubmissionRow]:
    return [SubmissionRow(**SubmissionRow.told(row)) for row in rows]


def _row(row: Any) -> BoardRow:
    return BoardRow.model_validate(row, from_attributes=True)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _stream(file: UploadedFile | None) -> IO[bytes] | None:
    return cast("IO[bytes]", file) if file else None
