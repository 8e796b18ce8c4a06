"""Long work of a programme's operators: the same act on many, watched, stopped, and gone on with after a check."""

from dataclasses import replace
from typing import Annotated, Literal, Self
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import one, operated_programme, stage_of
from dure.api.programmes.announcements import GroupIn
from dure.api.shapes import In, Line, Moment, Out, Page, Paging, PersonRef, Whole, Words, paged
from dure.api.writing import writes
from dure.audit.operations import record
from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.joints import batches
from dure.joints.bulk import NO, Act, acts_of
from dure.joints.models import Batch, BatchKind, BatchLine, BatchState
from dure.joints.sheets import CONTENT_TYPES
from dure.joints.sheets.batched import ask_for_sheet, enter_checked
from dure.people.models import Person
from dure.programmes import rules

router = Router(tags=["batches"])
BATCH = Text(ko="일괄 작업", en="batch")
NO_FILE = Text(
    ko="아직 준비되지 않았거나 보관 기간이 지난 파일입니다. 상태를 확인하고 다시 요청하세요.",
    en="This file is not written yet or kept no more. Look at the batch, then ask again.",
)
NO_ACT = Text(
    ko="이 단계에서 할 수 없는 일입니다. 할 수 있는 일: {known}",
    en="This cannot be done at this stage. There are: {known}",
)
NO_REASON = Text(ko="사유를 적어 주세요. 지원자에게 보입니다.", en="Give a reason. The applicants will see it.")
WORKBOOK = {"responses": {200: {"content": {CONTENT_TYPES["xlsx"]: {"schema": {"type": "string"}}}}}}


class ActIn(In):
    """``check_only``: find what it would do and change nothing; ``/apply`` then does it."""

    act: Literal["yes", "no", "invite", "reviewers", "gives"]
    group: GroupIn = GroupIn()
    reason: Annotated[str, Field(max_length=2000)] = ""
    check_only: bool = False


class BatchOut(Out):
    """``done`` and ``refused`` of ``in_all``; ``why`` where all of it was refused."""

    id: UUID
    programme: str
    kind: str
    asked: dict[str, object]
    by: PersonRef
    state: str
    in_all: int
    done: int
    refused: int
    why: Words | None
    made_at: Moment
    ended_at: Moment | None

    @classmethod
    def of(cls, batch: Batch) -> Self:
        why = batch.outcome.get("why")
        return cls(
            id=batch.pk,
            programme=batch.programme.slug,
            kind=batch.kind,
            asked=batch.asked,
            by=PersonRef.of(batch.by),
            state=batch.state,
            in_all=batch.of,
            done=batch.done,
            refused=batch.refused,
            why=Words.of(Text.of(why)) if why else None,
            made_at=batch.made_at,
            ended_at=batch.ended_at,
        )


class LineOut(Out):
    """``done`` is null until it was tried; ``why`` it was refused."""

    turn: UUID
    give: UUID | None
    done: bool | None
    why: Words | None

    @classmethod
    def of(cls, line: BatchLine) -> Self:
        why = Words.of(line.refused) if line.refused else None
        return cls(turn=line.turn_id, give=line.given_id, done=line.done, why=why)


class Lines(Out):
    """``next`` is the ``after`` of the following page; null at the end."""

    items: list[LineOut]
    next: int | None


@router.get("/programmes/{slug:slug}/batches", response=Page[BatchOut])
def listed(request: Asked, slug: str, paging: Query[Paging]) -> Page[BatchOut]:
    """Everything that workers did or do for the programme's operators."""
    rows = _rows().filter(programme=operated_programme(request.auth, slug))
    return paged(rows, paging, lambda found: [BatchOut.of(batch) for batch in found])


@writes(router.post, "/programmes/{slug:slug}/stages/{slug:stage}/acts", BatchOut, status=201)
def act(request: Asked, slug: str, stage: str, body: ActIn) -> Batch:
    """Do the same to everybody in a group, each for itself; workers do it, some at a time."""
    programme = operated_programme(request.auth, slug)
    here = stage_of(programme, stage)
    if body.act not in acts_of(here):
        raise Refused("batch.act", NO_ACT.format(known=", ".join(acts_of(here)) or "–"), act=body.act)
    if body.act == NO and not body.reason.strip():
        raise Flawed("batch.reason", NO_REASON, errors=[{"field": "reason", **NO_REASON.as_dict()}])
    wanted = Act(body.act, programme, here.id, request.auth, body.reason.strip())
    group = replace(body.group.group(), stage=here.id)
    return batches.begin_act(wanted, group, check_only=body.check_only)


@writes(router.post, "/programmes/{slug:slug}/sheets/{slug:what}/workbook", BatchOut, status=201)
def workbook(request: Asked, slug: str, what: str, stage: Line = "") -> Batch:
    """Have a sheet written as XLSX; a CSV of any length comes at once."""
    programme = operated_programme(request.auth, slug)
    if stage:
        stage_of(programme, stage)
    return ask_for_sheet(programme, stage, what, by=request.auth)


@router.get("/batches/{uuid:batch_id}", response=BatchOut)
def shown(request: Asked, batch_id: UUID) -> BatchOut:
    """How far it is; when it has ended, what became of it."""
    return BatchOut.of(_batch(request.auth, batch_id))


@router.get("/batches/{uuid:batch_id}/lines", response=Lines)
def lines(request: Asked, batch_id: UUID, limit: Annotated[int, Field(ge=1, le=500)] = 50, after: Whole = 0) -> Lines:
    """What became of each that an act was done to, in their order."""
    rows = _batch(request.auth, batch_id).lines.filter(pk__gt=after).order_by("pk")
    found = list(rows[: limit + 1])
    items = [LineOut.of(line) for line in found[:limit]]
    return Lines(items=items, next=found[limit - 1].pk if len(found) > limit else None)


@router.get("/batches/{uuid:batch_id}/file", openapi_extra=WORKBOOK)
def file(request: Asked, batch_id: UUID) -> FileResponse:
    """The workbook that was written, for a week."""
    batch = _batch(request.auth, batch_id)
    if batch.kind != BatchKind.OUT or batch.state != BatchState.DONE or not batch.file.exists():
        raise Missing("batch.gone", NO_FILE)
    record("batch.taken", batch, about=request.auth)
    return FileResponse(batch.file.open("rb"), content_type=CONTENT_TYPES["xlsx"], filename=f"{batch.pk}.xlsx")


@writes(router.post, "/batches/{uuid:batch_id}/apply", BatchOut, status=201)
def apply(request: Asked, batch_id: UUID) -> Batch:
    """Do what was checked, to those whom it would not be refused for."""
    batch = _batch(request.auth, batch_id)
    by = request.auth
    return enter_checked(batch, by=by) if batch.kind == BatchKind.IN else batches.act_on_checked(batch, by=by)


@writes(router.post, "/batches/{uuid:batch_id}/stop", BatchOut)
def stop(request: Asked, batch_id: UUID) -> Batch:
    """Do no more of it; what was done stays."""
    return batches.stop(_batch(request.auth, batch_id), by=request.auth)


def _rows() -> "QuerySet[Batch]":
    return Batch.objects.select_related("programme", "by")


def _batch(person: Person, batch_id: UUID) -> Batch:
    """The batch, for those who operate its programme; others need not know of it."""
    batch = one(_rows(), "batch.missing", BATCH, pk=batch_id)
    return batch if rules.operates(person, batch.programme) else one(_rows().none(), "batch.missing", BATCH)
