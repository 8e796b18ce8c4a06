"""Sheets out and in: all or nothing, every row checked first, errors placed as the file's reader sees them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.db import transaction

from dure.audit.operations import record
from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.joints.sheets.cells import Cell, same, text_of
from dure.joints.sheets.confirmed import GiveSheet, ProvidedSheet
from dure.joints.sheets.judged import DecisionSheet, ProofSheet, ReviewSheet
from dure.joints.sheets.listed import CohortSheet, PaymentSheet
from dure.joints.sheets.recorded import EvidenceSheet
from dure.joints.sheets.sheet import AS_OF, Line, Sheet
from dure.joints.sheets.tables import Table, write
from dure.people.models import Person
from dure.programmes.models import Programme, Turn
from dure.store.transactions import durable

SHEETS: Mapping[str, type[Sheet[Any]]] = {
    "evidence": EvidenceSheet,
    "decisions": DecisionSheet,
    "reviews": ReviewSheet,
    "proofs": ProofSheet,
    "gives": GiveSheet,
    "provided": ProvidedSheet,
    "cohort": CohortSheet,
    "payments": PaymentSheet,
}
MOST_ERRORS = 50
MOST_CHANGES = 2_000  # ten seconds during which an embedded database lets nobody else write

NO_SHEET = Text(ko="다음 표 가운데 하나를 고르세요: {known}", en="Choose one of these sheets: {known}")
READ_ONLY = Text(ko="이 표는 내려받기만 할 수 있습니다.", en="This sheet can only be taken out.")
NO_COLUMN = Text(
    ko="‘{name}’ 열이 없습니다. 표를 다시 내려받아 채우세요.", en="There is no column {name}. Export it anew."
)
UNKNOWN_COLUMN = Text(
    ko="‘{name}’ 열은 이 표에 없습니다. 열을 지우거나 이름을 고치세요.",
    en="This sheet has no column {name}. Remove it or correct its name.",
)
TWICE_COLUMN = Text(
    ko="‘{name}’ 열이 두 번 있습니다. 하나만 남기세요.", en="The column {name} is there twice. Keep one."
)
UNKNOWN_LINE = Text(
    ko="이 단계에 없는 행입니다. 첫 열을 고치지 말고 표를 다시 내려받아 채우세요.",
    en="There is no such line at this stage. Export the sheet anew and leave its first column as it is.",
)
TWICE = Text(ko="{row}행과 같은 대상입니다. 하나만 남기세요.", en="Row {row} is about the same. Keep one.")
WIDE = Text(
    ko="머리글보다 칸이 많습니다. 쉼표나 따옴표를 확인하세요.",
    en="There are more cells than headings. Check its commas.",
)
STALE = Text(
    ko="내려받은 뒤 다른 사람이 이 행의 내용을 바꾸었습니다. 표를 다시 내려받아 확인하세요.",
    en="Somebody changed this line after the sheet was exported. Export it anew and look again.",
)
ROWS = Text(
    ko="{n:,}곳을 고쳐야 합니다. 아무것도 저장하지 않았습니다. 파일을 고쳐 다시 올려 주세요.",
    en="{n:,} places need correcting. Nothing was saved. Correct the file and send it again.",
)
MANY = Text(
    ko="한 번에 {most:,}행까지 바꿀 수 있습니다(지금 {n:,}행). 나누어 올려 주세요.",
    en="At most {most:,} lines can change at a time (now {n:,}). Split the file and send the parts.",
)
Flaws = list[dict[str, Any]]  # {"row", "column", "ko", "en"}


@dataclass(frozen=True, slots=True)
class Change:
    """A line that changes: its row in the file and, by column, (before, after) as text."""

    row: int
    cells: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or with ``check_only`` would do."""

    rows: int
    changed: int
    unchanged: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the file beside the line it is about; ``cells`` by column, of the columns that the file has."""

    number: int
    line: Line[Any]
    cells: Mapping[str, str]
    changed: Sequence[str]


@dataclass(frozen=True)
class Taken:
    """A sheet as it is taken out: its heading and its rows, read as they are asked for."""

    header: Sequence[str]
    rows: Iterator[Sequence[Cell]]


def take_out(programme: Programme, stage: str, what: str, *, by: Person) -> Taken:
    """The sheet ``what`` (a key of ``SHEETS``) of a stage; cohort and payments take "" too. Raises Forbidden."""
    sheet = _sheet(programme, stage, what, by)
    columns, lines = sheet.columns(), sheet.lines()
    record("sheet.exported", programme, after={"what": what, "stage": stage}, about=by)
    names = [column.name for column in columns]
    return Taken([column.heading for column in columns], ([line.cells.get(n) for n in names] for line in lines))


def export_sheet(programme: Programme, stage: str, what: str, *, as_: str, by: Person) -> bytes:
    """The same as a file, ``as_`` "csv" or "xlsx", at once."""
    taken = take_out(programme, stage, what, by=by)
    return write(taken.header, taken.rows, format=as_)


def size_of(programme: Programme, stage: str) -> int:
    """About how many rows a sheet of the stage has; of the whole programme, without one."""
    return Turn.objects.filter(programme=programme, stage=stage).count() if stage else programme.cases_entered


def import_sheet(
    programme: Programme, stage: str, what: str, table: Table, *, filename: str, by: Person, check_only: bool = False
) -> Imported:
    """Enter every changed line of the file, or none: raises Flawed with the row and column of what is wrong.

    ``check_only`` does everything and takes it back, so it finds what the operations would refuse.
    """
    sheet = _sheet(programme, stage, what, by)
    if not sheet.keys:
        raise Refused("sheet.read-only", READ_ONLY, what=what)
    names = _header(sheet, table)
    with durable():
        rows, flaws = _matched(sheet, table, names)
        _check_changes(sum(bool(row.changed) for row in rows))
        flaws = flaws or list(_entered(sheet, rows))
        if flaws:
            raise _flawed(flaws)
        found = _told(table, rows)
        told = {"what": what, "stage": stage, "file": filename, "sha256": table.sha256}
        record("sheet.imported", programme, after={**told, "changed": found.changed}, about=by)
        transaction.set_rollback(check_only)
    return found


def _sheet(programme: Programme, stage: str, what: str, by: Person) -> Sheet[Any]:
    if what not in SHEETS:
        raise Missing("sheet.unknown", NO_SHEET.format(known=", ".join(SHEETS)), what=what)
    return SHEETS[what](programme, stage, by)


def _header(sheet: Sheet[Any], table: Table) -> list[str]:
    """The column of each place of the file, "" under no heading. Raises Flawed for what is unknown, twice, missing."""
    known = {column.heading: column.name for column in sheet.columns()}
    known |= {"": "", **{name: name for name in known.values()}}
    names = [known.get(heading, heading) for heading in table.header]
    flaws = [_flaw(1, h, UNKNOWN_COLUMN.format(name=h)) for h in table.header if h not in known]
    flaws += [
        _flaw(1, name, TWICE_COLUMN.format(name=name))
        for name in sorted({n for n in names if n and names.count(n) > 1})
    ]
    flaws += [_flaw(1, key, NO_COLUMN.format(name=key)) for key in sheet.keys if key not in names]
    if flaws:
        raise _flawed(flaws)
    return names


def _matched(sheet: Sheet[Any], table: Table, names: Sequence[str]) -> tuple[list[_Row], Flaws]:
    """Each row of the file with its line, and what is wrong with rows before anything is entered."""
    lines = {tuple(text_of(line.cells[key]) for key in sheet.keys): line for line in sheet.lines()}
    entered = [column.name for column in sheet.columns() if column.entered]
    rows, flaws, seen = [], Flaws(), dict[tuple[str, ...], int]()
    for number, texts in table.rows:
        cells = dict(zip(names, texts, strict=False))
        key = tuple(cells.get(name, "") for name in sheet.keys)
        line = lines.get(key)
        if any(text for name, text in zip_longest(names, texts, fillvalue="") if not name):
            flaws.append(_flaw(number, "", WIDE))
        elif line is None:
            flaws.append(_flaw(number, sheet.keys[0], UNKNOWN_LINE))
        elif key in seen:
            flaws.append(_flaw(number, sheet.keys[0], TWICE.format(row=seen[key])))
        else:
            seen[key] = number
            rows.append(_beside(number, line, cells, entered))
    return rows, flaws


def _beside(number: int, line: Line[Any], cells: Mapping[str, str], entered: Sequence[str]) -> _Row:
    changed = [name for name in entered if name in cells and not same(line.cells.get(name), cells[name])]
    return _Row(number, line, cells, changed)


def _check_changes(number: int) -> None:
    if number > MOST_CHANGES:
        raise Refused("sheet.many", MANY.format(most=MOST_CHANGES, n=number), changes=number)


def _entered(sheet: Sheet[Any], rows: Sequence[_Row]) -> Iterator[dict[str, Any]]:
    """Enter the changed rows, each for itself, and yield what was refused."""
    for row in rows:
        if not row.changed:
            continue
        if AS_OF in row.cells and row.cells[AS_OF] != text_of(row.line.cells.get(AS_OF)):
            yield _flaw(row.number, AS_OF, STALE)
            continue
        try:
            with transaction.atomic():
                sheet.change(row.line.subject, _complete(row), row.changed)
        except Refused as refusal:
            yield from _placed(sheet, row, refusal)


class _Texts(dict[str, str]):
    """Cells by column; a column that neither file nor line has is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def _complete(row: _Row) -> Mapping[str, str]:
    """The file's cells, and where it has no such column, what stands there."""
    return _Texts({**{name: text_of(cell) for name, cell in row.line.cells.items()}, **row.cells})


def _placed(sheet: Sheet[Any], row: _Row, refusal: Refused) -> Iterator[dict[str, Any]]:
    """A refusal at the row's cells that it speaks of, each told once, else at the row's first changed cell."""
    errors = refusal.facts.get("errors")
    placed: dict[str, Text] = {}
    for error in errors if isinstance(errors, list) else []:
        placed.setdefault(sheet.place(error["field"]), Text.of(error))
    for name, text in (placed or {row.changed[0]: refusal.text}).items():
        yield _flaw(row.number, name, text)


def _told(table: Table, rows: Sequence[_Row]) -> Imported:
    changes = tuple(
        Change(row.number, {name: (text_of(row.line.cells.get(name)), row.cells[name]) for name in row.changed})
        for row in rows
        if row.changed
    )
    return Imported(len(table.rows), len(changes), len(rows) - len(changes), changes)


def _flaw(row: int, column: str, text: Text) -> dict[str, Any]:
    return {"row": row, "column": column, **text.as_dict()}


def _flawed(flaws: Flaws) -> Flawed:
    return Flawed("sheet.rows", ROWS.format(n=len(flaws)), errors=flaws[:MOST_ERRORS], total=len(flaws))
