"""Long work of the desk: begun in the request, done by workers some at a time, watched, and stopped until it ends."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from dure.audit.acting import acting
from dure.audit.models import thing_name
from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.joints.bulk import REVIEWERS, Act, do_to, ids_for
from dure.joints.models import BATCH_LASTS, BATCH_MOVES, Batch, BatchKind, BatchLine, BatchState
from dure.people.models import Person
from dure.programmes.models import Programme
from dure.programmes.queries.cohort import Group
from dure.store.bulk import insert_rows, update_rows
from dure.store.models import move

ACT = "joints.act-on-next"
PIECE = 100  # how many one transaction acts on
NOBODY = Text(ko="이 조건에 해당하는 참가자가 없습니다. 조건을 바꾸세요.", en="Nobody fits this. Change the filter.")
GONE_ON = Text(
    ko="확인이 끝난 뒤에 적용할 수 있습니다. 진행 상황을 확인하세요.", en="Wait until everybody was looked at."
)


@transaction.atomic
def begin_act(act: Act, group: Group, *, check_only: bool) -> Batch:
    """Do the act to everybody who is in the group now; ``check_only`` finds what it would do and changes nothing."""
    asked = {"act": act.name, "stage": act.stage, "reason": act.reason, "group": group.as_dict(), "check": check_only}
    return _begin(act.programme, asked, ids_for(act, group), by=act.by)


@transaction.atomic
def act_on_checked(check: Batch, *, by: Person) -> Batch:
    """Do what ``check`` looked at, to those whom it would not be refused for."""
    if check.state != BatchState.DONE or not check.checks_only:
        raise Refused("batch.unchecked", GONE_ON)
    things = list(check.lines.filter(done=True).order_by("pk").values_list("turn", "given"))
    return _begin(check.programme, {**check.asked, "check": False}, things, by=by)


def _begin(
    programme: Programme, asked: Mapping[str, Any], things: Sequence[tuple[UUID, UUID | None]], *, by: Person
) -> Batch:
    if not things:
        raise Refused("batch.nobody", NOBODY)
    made = begin(programme, BatchKind.ACT, ACT, asked=asked, by=by, of=len(things))
    insert_rows(
        BatchLine, ["batch", "turn", "given", "why_ko", "why_en"],
        [(made.pk, turn, given, "", "") for turn, given in things],
    )  # fmt: skip
    return made


@transaction.atomic
def begin(
    programme: Programme, kind: BatchKind, task: str, *, asked: Mapping[str, Any], by: Person, of: int = 0,
    language: str = "ko",
) -> Batch:  # fmt: skip
    """Have ``task`` do it."""
    made = Batch.objects.create(programme=programme, kind=kind, asked=dict(asked), by=by, of=of, language=language)
    record("batch.begun", made, after={"programme": programme.slug, "kind": kind, **asked, "of": of}, actor=by)
    enqueue(task, arguments={"batch": made.pk}, key=key_of(task, made))
    return made


def key_of(task: str, batch: Batch) -> str:
    return f"{task}:{batch.pk}"


@transaction.atomic
def stop(batch: Batch, *, by: Person) -> Batch:
    """Do no more of it; what was done stays."""
    move(batch, BatchState.STOPPED, by=BATCH_MOVES, ended_at=clock.now())
    batch.refresh_from_db(fields=["done", "refused"])
    record("batch.stopped", batch, after={"done": batch.done, "of": batch.of}, actor=by)
    return batch


@transaction.atomic
def act_on_next(batch: UUID) -> None:
    """Do the act to the next few, each for itself; nothing once it was stopped, for its row is taken first."""
    rows = Batch.objects.select_for_update(of=("self",)).select_related("programme", "by")
    going = rows.filter(pk=batch, state=BatchState.GOING).first()
    if going is None:
        return
    act = Act(going.asked["act"], going.programme, going.asked["stage"], going.by, going.asked["reason"])
    waiting = going.lines.filter(done=None).order_by("pk")
    wanted = waiting.select_related("turn__case__entered_by", "turn__programme", "turn__evidence", "given__programme")
    lines = list(wanted[: going.of if act.name == REVIEWERS else PIECE])
    with acting(actor=thing_name(going.by)):
        told = do_to(act, [(line.turn, line.given) for line in lines], check_only=going.checks_only)
    _keep(going, lines, [row.refused for row in told])


def _keep(going: Batch, lines: Sequence[BatchLine], refusals: Sequence[Text | None]) -> None:
    became = [(not why, why.ko if why else "", why.en if why else "") for why in refusals]
    update_rows(
        BatchLine, ("done", "why_ko", "why_en"), [(*row, line.pk) for row, line in zip(became, lines, strict=True)]
    )
    refused = sum(1 for why in refusals if why)
    counted = {"done": F("done") + len(lines) - refused, "refused": F("refused") + refused}
    Batch.objects.filter(pk=going.pk).update(**counted)
    if going.lines.filter(done=None).exists():
        enqueue(ACT, arguments={"batch": going.pk}, key=key_of(ACT, going))
    else:
        end(going, BatchState.DONE)


def end(batch: Batch, state: BatchState, *, outcome: Mapping[str, Any] | None = None, **counted: Any) -> Batch:
    """It came to its end. Raises Refused where it was stopped before."""
    move(batch, state, by=BATCH_MOVES, ended_at=clock.now(), outcome=dict(outcome or {}), **counted)
    batch.refresh_from_db(fields=["done", "refused"])
    record("batch.ended", batch, after={"state": state, "done": batch.done, "refused": batch.refused}, actor=batch.by)
    return batch


def forget_files() -> int:
    """Delete the files whose week is over. Returns how many."""
    folder = Path(settings.MEDIA_ROOT) / "batches"
    names = [file.stem for file in folder.iterdir()] if folder.exists() else []
    over = Batch.objects.filter(pk__in=names, ended_at__lte=clock.now() - BATCH_LASTS)
    for batch in over:
        batch.file.unlink(missing_ok=True)
    return len(over)
