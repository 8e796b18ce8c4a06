"""Sheets as long work: written into a file, or entered from one, by a worker."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from uuid import UUID

from django.db import transaction

from dure.audit.acting import acting
from dure.audit.models import thing_name
from dure.core.errors import Refused
from dure.core.text import Text
from dure.jobs.registry import Effect
from dure.joints.batches import begin, end
from dure.joints.models import Batch, BatchKind, BatchState
from dure.joints.sheets.cells import Cell
from dure.joints.sheets.tables import Table, read, write_workbook
from dure.joints.sheets.transfer import Imported, import_sheet, size_of, take_out
from dure.people.models import Person
from dure.programmes.models import Programme
from dure.store.chunks import chunked

OUT, IN = "joints.write-sheet", "joints.enter-sheet"
AT_ONCE = 1_000  # rows of a workbook that are written while their asker waits
ENTERED_AT_ONCE = 200  # rows of a file that are looked at or entered then
PIECE = 500
SHOWN = 50
GONE = Text(
    ko="확인한 파일의 보관 기간이 지났습니다. 파일을 다시 올려 주세요.",
    en="The file that was checked is kept no more. Send it again.",
)
Rows = tuple[Sequence[str], Iterable[Sequence[Cell]]]


def ask_for_sheet(programme: Programme, stage: str, what: str, *, by: Person) -> Batch:
    """Have a workbook of the sheet written."""
    asked = {"what": what, "stage": stage}
    return begin(programme, BatchKind.OUT, OUT, asked=asked, by=by, of=size_of(programme, stage))


def write_sheet(batch: UUID) -> Effect:
    """The work of ``ask_for_sheet``."""

    def rows(row: Batch) -> Rows:
        taken = take_out(row.programme, row.asked["stage"], row.asked["what"], by=row.by)
        return taken.header, taken.rows

    return write_file(batch, rows)


def write_file(batch: UUID, rows_of: Callable[[Batch], Rows]) -> Effect:
    """Write a workbook beside its place, telling how far it is, and put it there whole; tried again it starts anew."""
    row = _going(batch)
    if row is None:
        return _nothing
    row.file.parent.mkdir(parents=True, exist_ok=True)
    growing = row.file.with_suffix(".part")
    written = 0

    def counted(rows: Iterable[Sequence[Cell]]) -> Iterable[Sequence[Cell]]:
        nonlocal written
        for piece in chunked(rows, PIECE):
            yield from piece
            written += len(piece)
            Batch.objects.filter(pk=row.pk, state=BatchState.GOING).update(done=min(written, row.of))

    try:
        with acting(actor=thing_name(row.by)):
            header, rows = rows_of(row)
            write_workbook(growing, header, counted(rows))
    except Refused as refusal:
        return partial(end, row, BatchState.REFUSED, outcome={"why": refusal.text.as_dict()})
    growing.replace(row.file)
    return partial(end, row, BatchState.DONE, of=written, done=written)


def enter_later(
    programme: Programme, stage: str, what: str, data: bytes, *, filename: str, by: Person, check_only: bool
) -> Batch:
    """Have a file checked, or entered whole."""
    asked = {"what": what, "stage": stage, "filename": filename, "check": check_only}
    with transaction.atomic():
        made = begin(programme, BatchKind.IN, IN, asked=asked, by=by)
        made.file.parent.mkdir(parents=True, exist_ok=True)
        made.file.write_bytes(data)
    return made


def enter_checked(check: Batch, *, by: Person) -> Batch:
    """Enter the file that ``check`` looked at."""
    if check.state != BatchState.DONE or not check.checks_only or not check.file.exists():
        raise Refused("batch.unchecked", GONE)
    asked = check.asked
    return enter_later(
        check.programme, asked["stage"], asked["what"], check.file.read_bytes(),
        filename=asked["filename"], by=by, check_only=False,
    )  # fmt: skip


def enter_sheet(batch: UUID) -> Effect:
    """The work of ``enter_later``: the file is read before the transaction in which all of it is entered, or none."""
    row = _going(batch)
    if row is None:
        return _nothing
    try:
        return partial(_enter, row, read(row.file.read_bytes()))
    except Refused as refusal:
        return partial(_refuse, row, refusal)


def _enter(row: Batch, table: Table) -> None:
    asked = row.asked
    try:
        with acting(actor=thing_name(row.by)), transaction.atomic():
            found = import_sheet(
                row.programme, asked["stage"], asked["what"], table,
                filename=asked["filename"], by=row.by, check_only=row.checks_only,
            )  # fmt: skip
    except Refused as refusal:
        _refuse(row, refusal)
    else:
        end(row, BatchState.DONE, outcome=_told(found), of=found.changed, done=found.changed)


def _told(found: Imported) -> dict[str, object]:
    changes = [{"row": change.row, "cells": dict(change.cells)} for change in found.changes[:SHOWN]]
    return {"rows": found.rows, "changed": found.changed, "changes": changes}


def _refuse(row: Batch, refusal: Refused) -> None:
    errors = refusal.facts.get("errors", [])
    end(row, BatchState.REFUSED, outcome={"why": refusal.text.as_dict(), "errors": errors})


def _going(batch: UUID) -> Batch | None:
    return Batch.objects.filter(pk=batch, state=BatchState.GOING).select_related("programme", "by").first()


def _nothing() -> None:
    """It was stopped, or done by another worker."""
