"""Spreadsheet files: CSV and XLSX written, and whatever a Korean or other office saves read back."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from dure.core.errors import Missing, Refused, TooLarge
from dure.core.text import Text
from dure.joints.sheets.cells import Cell, harmless, plain, read_back, text_of
from dure.store.chunks import chunked

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MIB = 1 << 20
MOST_BYTES = 10 * MIB
MOST_UNPACKED = 200 * MIB
MOST_ROWS = 20_000
MOST_CELLS = 1_000_000
PIECE = 500  # rows of a CSV that leave together
MOST_LETTERS = 32_767  # what a cell of XLSX holds
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

FORMAT = Text(ko="csv와 xlsx 가운데 하나를 고르세요.", en="Choose csv or xlsx.")
LARGE = Text(
    ko="파일이 {most} MiB를 넘습니다. 나누어 올려 주세요.",
    en="The file is over {most} MiB. Split it and send the parts.",
)
ROWS = Text(
    ko="한 번에 {most:,}행까지 올릴 수 있습니다. 나누어 올려 주세요.",
    en="At most {most:,} rows at a time. Split the file and send the parts.",
)
BROKEN = Text(
    ko="스프레드시트로 읽을 수 없는 파일입니다. xlsx 또는 CSV(UTF-8)로 다시 저장해 올려 주세요.",
    en="This cannot be read as a spreadsheet. Save it as xlsx or as CSV (UTF-8) and send that.",
)
ENCODING = Text(
    ko="글자를 읽을 수 없습니다. 엑셀에서 ‘CSV UTF-8(쉼표로 분리)’ 또는 xlsx로 저장해 올려 주세요.",
    en="Its letters cannot be read. Save it as “CSV UTF-8” or as xlsx and send that.",
)
LONG = Text(
    ko="xlsx의 한 칸에는 {most:,}자까지만 들어갑니다. CSV로 내려받으세요.",
    en="A cell of xlsx holds {most:,} characters at most. Take CSV instead.",
)


@dataclass(frozen=True)
class Table:
    """A file as read: ``rows`` are numbered as in the file, whose header is row 1; blank ones are left out."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    sha256: str


def write(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, format: str) -> bytes:  # noqa: A002 -- the word
    """The file. Text that a spreadsheet would run carries an apostrophe, in both formats alike."""
    if format == "csv":
        return b"".join(csv_pieces(header, rows))
    if format == "xlsx":
        out = io.BytesIO()
        write_workbook(out, header, rows)
        return out.getvalue()
    raise Missing("sheet.format", FORMAT, format=format)


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A CSV as it is written, piece by piece, with the mark by which Excel knows UTF-8."""
    yield codecs.BOM_UTF8
    for piece in chunked(chain([header], rows), PIECE):
        out = io.StringIO(newline="")
        csv.writer(out).writerows([_written(cell) for cell in row] for row in piece)
        yield out.getvalue().encode()


def _written(cell: Cell) -> str | int | float:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    return harmless(text_of(cell))


def write_workbook(out: IO[bytes] | Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """An XLSX; into a path row by row, so that no size of it fills the memory."""
    in_file = isinstance(out, Path)
    with xlsxwriter.Workbook(out, {"in_memory": not in_file, "constant_memory": in_file}) as book:
        sheet = book.add_worksheet()
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, 18)
        sheet.write_row(0, 0, header, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(map(_written, row)):
                _put(sheet, number, column, cell, text)


def _put(sheet: Any, row: int, column: int, cell: str | float, text: Any) -> None:
    if not isinstance(cell, str) and float(f"{cell:.16G}") == cell:
        sheet.write_number(row, column, cell)
    elif not isinstance(cell, str):
        sheet.write_string(row, column, text_of(cell), text)  # a workbook keeps 16 digits: more would be lost
    elif len(cell) > MOST_LETTERS:
        raise Refused("sheet.long", LONG.format(most=MOST_LETTERS), row=row + 1)
    else:
        sheet.write_string(row, column, cell, text)


def read(data: bytes) -> Table:
    """A CSV (UTF-8, UTF-16 or CP949; commas, semicolons or tabs) or a workbook's first sheet, told by its bytes.

    Raises TooLarge("sheet.large"), Refused("sheet.rows", "sheet.broken" or "sheet.encoding").
    """
    if len(data) > MOST_BYTES:
        raise TooLarge("sheet.large", LARGE.format(most=MOST_BYTES // MIB))
    found = _workbook(data) if data.startswith(_WORKBOOKS) else _separated(_decoded(data))
    header, *rows = found or [[]]
    numbered = [(number, row) for number, row in enumerate(rows, start=2) if any(row)]
    if len(numbered) > MOST_ROWS:
        raise Refused("sheet.rows", ROWS.format(most=MOST_ROWS), rows=len(numbered))
    return Table(header, numbered, sha256(data).hexdigest())


def read_sent(file: IO[bytes]) -> Table:
    """``read`` for what somebody sends, of which no more is taken in than is taken."""
    return read(file.read(MOST_BYTES + 1))


def _decoded(data: bytes) -> str:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp949"]:  # the last: plain CSV of Korean Excel
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("sheet.encoding", ENCODING)


def _separated(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise Refused("sheet.broken", BROKEN) from None
    return [[read_back(plain(cell)) for cell in row] for row in rows]


def _workbook(data: bytes) -> list[list[str]]:
    try:
        _check_unpacked(data)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            raise Refused("sheet.rows", ROWS.format(most=MOST_ROWS), rows=sheet.total_height)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, IndexError):
        raise Refused("sheet.broken", BROKEN) from None
    return [[_read(cell) for cell in row] for row in rows]


def _check_unpacked(data: bytes) -> None:
    if not data.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(member.file_size for member in packed.infolist()) > MOST_UNPACKED:
            raise TooLarge("sheet.large", LARGE.format(most=MOST_UNPACKED // MIB))


def _read(cell: Any) -> str:
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return cell.date().isoformat()
    if isinstance(cell, bool | int | float | date):
        return text_of(cell)
    return read_back(plain(str(cell)))
