"""Tasks: setting them up, what a file for them must be like, their starter files and kits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Annotated, Literal, Self, cast
from uuid import UUID

from django.http import FileResponse, StreamingHttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from dure.api.base import ANYBODY, Asked, AskedByAnybody, caller
from dure.api.find import operated_programme, seen_programme, stage_of
from dure.api.rounds.found import membership, no_starter, task_with_files
from dure.api.shapes import In, Line, Moment, Out
from dure.api.writing import writes
from dure.challenges import files
from dure.challenges.kits import ids_of, kit_of, with_data
from dure.challenges.labels import Split
from dure.challenges.measures import Measure
from dure.challenges.models import Round, Task
from dure.challenges.rules import known_to
from dure.challenges.scoring import format_of
from dure.joints.naming import name_of
from dure.joints.stages.rounds import TaskSetting, accept_task, receive_task
from dure.programmes.rules import operates

router = Router(tags=["rounds"])
ZIP = {"responses": {200: {"content": {"application/zip": {"schema": {"type": "string"}}}}}}


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
    monthly: int | None
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
            monthly=round_.monthly,
            total=round_.total,
            closes_at=round_.closes_at,
        )


class FormatOut(Out):
    """What a prediction file must be like. A bound that is null is none; ``ids`` stand in no order that tells."""

    id_column: str
    columns: list[str]
    sort: Literal["labels", "probabilities", "numbers", "text"]
    classes: list[str]
    least: float | None
    most: float | None
    sums_to_one: bool
    most_bytes: int
    ids: list[str]


@router.get("/programmes/{slug:slug}/stages/{slug:stage}/tasks", response=list[TaskOut], auth=ANYBODY)
def tasks(request: AskedByAnybody, slug: str, stage: str) -> list[TaskOut]:
    """What can be entered at a round stage: a task for each option that was set up."""
    person = caller(request)
    programme = seen_programme(person, slug)
    here = stage_of(programme, stage).id
    rows = Task.objects.filter(round_task__programme=programme, round_task__stage=here).select_related("round")
    if person is None or not operates(person, programme):
        rows = rows.filter(round__in=Round.objects.filter(known_to(person)))
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


@router.get("/tasks/{uuid:task_id}/starter", auth=ANYBODY, openapi_extra=ZIP)
def starter(request: AskedByAnybody, task_id: UUID) -> FileResponse:
    """The starter files, for those who take part or organise."""
    task = task_with_files(caller(request), task_id)
    if task.starter is None:
        raise no_starter()
    content = files.path_of(task.starter).open("rb")
    return FileResponse(content, as_attachment=True, filename=task.starter.name or "starter.zip")


@router.get("/tasks/{uuid:task_id}/kit", openapi_extra=ZIP)
def kit(request: Asked, task_id: UUID) -> StreamingHttpResponse:
    """Everything to begin with as one ZIP: data, a sample, what to know in both languages, a baseline that runs."""
    task = task_with_files(request.auth, task_id)
    member = membership(task, request.auth)
    deadline = member.entrant.deadline if member else task.round.closes_at
    path = kit_of(task, name=name_of(task), deadline=deadline)
    if task.starter is None:
        return FileResponse(path.open("rb"), as_attachment=True, filename="kit.zip")
    named = {"Content-Disposition": 'attachment; filename="kit.zip"'}
    return StreamingHttpResponse(with_data(path, task.starter), content_type="application/zip", headers=named)


@router.get("/tasks/{uuid:task_id}/format", response=FormatOut)
def prediction_format(request: Asked, task_id: UUID) -> FormatOut:
    """By what a prediction file is checked, ids and never a label: the same checker runs on one's own machine."""
    task = task_with_files(request.auth, task_id)
    ids = list(ids_of(task))
    return FormatOut(**format_of(task).as_dict(), most_bytes=task.most_bytes, ids=ids)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _stream(file: UploadedFile | None) -> IO[bytes] | None:
    return cast("IO[bytes]", file) if file else None
