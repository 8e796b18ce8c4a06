"""Spreadsheets: what is recorded at a stage, taken out as a file, and brought back with every changed line or none."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Self

from django.http import HttpResponse
from ninja import File, Router
from ninja.files import UploadedFile

from dure.api.base import Asked
from dure.api.find import seen_programme, stage_of
from dure.api.shapes import Line, Out
from dure.api.writing import writes
from dure.joints.sheets import CONTENT_TYPES, Change, Imported, Table, export_sheet, import_sheet, read_sent
from dure.programmes.models import Programme

router = Router(tags=["sheets"])
FILES = {"responses": {200: {"content": {kind: {"schema": {"type": "string"}} for kind in CONTENT_TYPES.values()}}}}


class CellOut(Out):
    """A cell that changes."""

    column: str
    before: str
    after: str


class ChangeOut(Out):
    """A line that changes; ``row`` as a spreadsheet numbers it, whose heading is row 1."""

    row: int
    cells: list[CellOut]

    @classmethod
    def of(cls, change: Change) -> Self:
        cells = [CellOut(column=name, before=old, after=new) for name, (old, new) in change.cells.items()]
        return cls(row=change.row, cells=cells)


class ImportedOut(Out):
    """What was entered or, with ``check_only``, would be."""

    rows: int
    changed: int
    unchanged: int
    changes: list[ChangeOut]

    @classmethod
    def of(cls, imported: Imported) -> Self:
        return cls(
            rows=imported.rows,
            changed=imported.changed,
            unchanged=imported.unchanged,
            changes=[ChangeOut.of(change) for change in imported.changes],
        )


@router.get("/programmes/{slug:slug}/sheets/{slug:what}.{slug:format}", openapi_extra=FILES)
def taken_out(
    request: Asked,
    slug: str,
    what: str,
    format: Literal["csv", "xlsx"],  # noqa: A002 -- the word
    stage: Line = "",
) -> HttpResponse:
    """A sheet of a stage as a file; `cohort` and `payments` are there for the whole programme too."""
    programme = _programme(request, slug, stage)
    data = export_sheet(programme, stage, what, as_=format, by=request.auth)
    name = "-".join(part for part in (programme.slug, stage, what) if part)
    disposition = f'attachment; filename="{name}.{format}"'
    return HttpResponse(data, content_type=CONTENT_TYPES[format], headers={"Content-Disposition": disposition})


@dataclass(frozen=True)
class Sent:
    """A file that was read, and what is to be done with it."""

    programme: Programme
    stage: str
    what: str
    table: Table
    filename: str
    check_only: bool


@contextmanager
def _read(
    request: Asked,
    slug: str,
    what: str,
    file: File[UploadedFile],
    stage: Line = "",
    *,
    check_only: bool = False,
) -> Iterator[Sent]:
    yield Sent(_programme(request, slug, stage), stage, what, read_sent(file), file.name or "", check_only)


@writes(router.post, "/programmes/{slug:slug}/sheets/{slug:what}", ImportedOut, before=_read)
def brought_back(request: Asked, sent: Sent) -> Imported:
    """Enter every changed line of a file, or none: 422 names row and column of what is wrong."""
    return import_sheet(
        sent.programme,
        sent.stage,
        sent.what,
        sent.table,
        filename=sent.filename,
        by=request.auth,
        check_only=sent.check_only,
    )


def _programme(request: Asked, slug: str, stage: str) -> Programme:
    """The programme, which has the stage where one is named."""
    programme = seen_programme(request.auth, slug)
    if stage:
        stage_of(programme, stage)
    return programme
