"""CSV files that somebody sent, read without guessing: what is wrong is said with its row and column.

Python's own parser is used, and none that repairs: those that guess took 12 of 35 tricky files for something else.
A file with nothing tricky in it, which is nearly every one, is cut at its commas and line ends, fifteen times as fast.
Rows are counted as a text editor counts lines, the header being row 1.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from dure.core.errors import Flawed
from dure.core.text import Text

MOST_TOLD = 20
_LONGEST_CELL = 100_000  # below what Python's parser takes at the most
_MOST_SHOWN = 400
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_NOT_FINITE = {"nan", "inf", "infinity", "na", "n/a", "null", "none"}

SENTENCES: Mapping[str, Text] = {
    "empty": Text(ko="파일이 비어 있습니다.", en="The file is empty."),
    "size": Text(ko="파일이 {most:,}바이트보다 큽니다.", en="The file is larger than {most:,} bytes."),
    "archive": Text(
        ko="CSV가 아니라 엑셀 또는 압축 파일입니다. 엑셀에서는 ‘CSV UTF-8’로 저장하세요.",
        en="This is a spreadsheet or an archive, not CSV. In a spreadsheet save as “CSV UTF-8”.",
    ),
    "encoding": Text(
        ko="UTF-8이 아닌 문자가 있습니다. ‘CSV UTF-8’로 저장해 다시 제출하세요.",
        en="There are bytes that are not UTF-8. Save as “CSV UTF-8” and submit again.",
    ),
    "nul": Text(
        ko="널(NUL) 문자가 있습니다. 다른 형식의 파일이면 ‘CSV UTF-8’로 저장하고, CSV이면 그 문자를 지우세요.",
        en="There is a NUL character. If this is another kind of file, save it as “CSV UTF-8”; else remove it.",
    ),
    "quote": Text(
        ko="따옴표가 올바르게 닫히지 않았습니다. 값 안의 따옴표는 두 번 쓰세요.",
        en="A quotation mark is out of place or never closed. Double those inside a value.",
    ),
    "delimiter": Text(
        ko="값을 {found}(으)로 나누었습니다. 쉼표(,)로 나누어 저장하세요.",
        en="Values are separated by {found}. Save the file with commas.",
    ),
    "header": Text(
        ko="첫 줄은 ‘{expected}’이어(여)야 합니다. 지금은 ‘{found}’입니다.",
        en="The first line must be {expected}; it is {found}.",
    ),
    "header-missing": Text(
        ko="머리글이 없습니다. 첫 줄에 ‘{expected}’을(를) 쓰세요.",
        en="The header is missing. Write {expected} as the first line.",
    ),
    "header-index": Text(
        ko="이름 없는 열이 있습니다. pandas에서는 index=False로 저장하세요. 첫 줄은 ‘{expected}’이어(여)야 합니다.",
        en="A column has no name. With pandas, save with index=False. The first line must be {expected}.",
    ),
    "rows-missing": Text(
        ko="머리글만 있고 행이 없습니다. 둘째 줄부터 한 줄에 한 행씩 쓰세요.",
        en="There is a header and nothing under it. Write one row a line from the second line on.",
    ),
    "cells": Text(
        ko="값이 {found}개입니다. {expected}개여야 합니다.", en="There are {found} values here; {expected} are needed."
    ),
    "id-empty": Text(ko="id가 비어 있습니다.", en="The id is empty."),
    "id-doubled": Text(
        ko="id ‘{value}’이(가) {first}행에 이미 있습니다. 하나만 남기세요.",
        en="Id {value} is in row {first} already. Keep one of them.",
    ),
    "id-unknown": Text(
        ko="id ‘{value}’은(는) 테스트 데이터에 없습니다. 앞뒤 공백과 앞자리 0을 확인하세요.",
        en="Id {value} is not in the test set. Look for blanks around it and lost leading zeros.",
    ),
    "id-missing": Text(
        ko="id ‘{value}’의 예측이 없습니다. 모두 {rows:,}행이 필요합니다.",
        en="There is no prediction for id {value}. All {rows:,} rows are needed.",
    ),
    "cell-empty": Text(ko="값이 비어 있습니다.", en="The value is empty."),
    "not-finite": Text(
        ko="‘{value}’은(는) 쓸 수 없습니다. 유한한 수를 쓰세요.", en="{value} cannot be scored. Write a finite number."
    ),
    "decimal-comma": Text(
        ko="‘{value}’: 소수점은 쉼표가 아니라 마침표로 쓰세요.", en="{value}: write a decimal point, not a comma."
    ),
    "full-width": Text(
        ko="‘{value}’: 전각 숫자가 아니라 0–9로 쓰세요.", en="{value}: write digits 0–9, not full-width ones."
    ),
    "blanks": Text(ko="‘{value}’: 값 앞뒤의 공백을 지우세요.", en="“{value}”: remove the blanks around the value."),
    "not-number": Text(
        ko="‘{value}’은(는) 수가 아닙니다. 0.5나 1e-3처럼 쓰세요.",
        en="{value} is not a number. Write it like 0.5 or 1e-3.",
    ),
    "bounds": Text(
        ko="{value}은(는) {least:g} 이상 {most:g} 이하여야 합니다.",
        en="{value} must lie within {least:g} and {most:g}.",
    ),
    "sum": Text(
        ko="이 행의 확률을 모두 더하면 {value:.4g}입니다. 1이 되게 하세요.",
        en="The probabilities of this row add up to {value:.4g}. They must add up to 1.",
    ),
    "class": Text(
        ko="‘{value}’은(는) 분류 이름이 아닙니다. 다음 중 하나여야 합니다: {known}",
        en="{value} is not one of the classes: {known}.",
    ),
    "part": Text(ko="‘{value}’: public 또는 final을 쓰세요.", en="{value}: write public or final."),
}
BOM = Text(
    ko="파일 맨 앞의 BOM 표시는 빼고 읽었습니다.", en="The byte order mark at the start of the file was skipped."
)


class Flaws:
    """What is wrong with a file: the first twenty in full, and how many there are."""

    def __init__(self) -> None:
        self.told: list[dict[str, object]] = []
        self.total = 0

    def add(self, code: str, *, row: int | None = None, column: str | None = None, **facts: object) -> None:
        self.total += 1
        if len(self.told) < MOST_TOLD:
            text = SENTENCES[code].format(**{name: _shown(fact) for name, fact in facts.items()})
            self.told.append({"code": code, "row": row, "column": column, **text.as_dict()})

    def check(self) -> None:
        """Raise Flawed("challenges.file") with all that is told, where there is any flaw."""
        if self.total:
            sentence = Text(ko="고칠 곳이 {n:,}곳 있습니다.", en="Flaws to correct: {n:,}.").format(n=self.total)
            raise Flawed("challenges.file", sentence, errors=self.told, total=self.total)

    def stop(self, code: str, *, row: int | None = None, column: str | None = None, **facts: object) -> Flawed:
        """The refusal for a flaw behind which nothing more can be read: ``raise flaws.stop(…)``."""
        self.add(code, row=row, column=column, **facts)
        try:
            self.check()
        except Flawed as flawed:
            return flawed
        raise AssertionError("a flaw was just added")


@dataclass(frozen=True)
class Table:
    """``columns`` in the header's order, each with all its cells; ``lines``: the line on which each row begins."""

    header: list[str]
    columns: list[list[str]]
    lines: Sequence[int]
    notes: list[Text] = field(default_factory=list)

    def cells(self, name: str) -> list[str]:
        return self.columns[self.header.index(name)]

    def column(self, name: str) -> Iterator[tuple[int, str]]:
        """The column's cells, each after its row."""
        return zip(self.lines, self.cells(name), strict=True)


def read_table(data: bytes, *, expected: Sequence[str], optional: str = "", ids: Iterable[str] = ()) -> Table:
    """The table in ``data``; its header is ``expected``, maybe followed by ``optional``.

    Raises Flawed. ``ids`` are known ids, by which a missing header is told from a wrong one.
    """
    flaws = Flaws()
    text, notes = _decoded(data, flaws)
    plain = _cut(text, expected, optional)
    if plain is not None:
        return Table(plain[0], plain[1], range(2, 2 + len(plain[1][0])), notes)
    lines = _records(text, flaws)
    row, header = next(lines, (1, []))
    if not header:
        raise flaws.stop("empty")
    if header != list(expected) and header != [*expected, optional]:
        raise _wrong_header(header, row, expected, set(ids), flaws)
    rows = list(lines)
    for at, cells in rows:
        if len(cells) != len(header):
            flaws.add("cells", row=at, found=len(cells), expected=len(header))
    flaws.check()
    columns = [[cells[place] for _, cells in rows] for place in range(len(header))]
    return Table(header, columns, [at for at, _ in rows], notes)


def _cut(text: str, expected: Sequence[str], optional: str) -> tuple[list[str], list[list[str]]] | None:
    """Header and columns of a file that means the same to every parser; None where it takes a parser to tell.

    No quotation mark, lines that end alike, none blank, the right header, and in each line as many commas as there.
    """
    text = text.replace("\r\n", "\n").removesuffix("\n")
    first = text.partition("\n")[0]
    header = first.split(",")
    if '"' in text or "\r" in text or header not in (list(expected), [*expected, optional]):
        return None
    signs = np.frombuffer(f"{text}\n".encode(), dtype=np.uint8)
    ends = np.flatnonzero((signs == ord(",")) | (signs == ord("\n")))
    wide = len(header)
    if len(ends) % wide or np.diff(ends, prepend=-1).max() > _LONGEST_CELL:
        return None
    kinds = signs[ends].reshape(-1, wide)
    if (kinds[:, :-1] != ord(",")).any() or (kinds[:, -1] != ord("\n")).any():
        return None
    if wide == 1 and (np.diff(ends, prepend=-1) == 1).any():
        return None
    cells = text.replace("\n", ",").split(",")
    return header, [cells[place + wide :: wide] for place in range(wide)]


def _decoded(data: bytes, flaws: Flaws) -> tuple[str, list[Text]]:
    if not data.strip():
        raise flaws.stop("empty")
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise flaws.stop("archive")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise flaws.stop("encoding", row=1)
    if b"\0" in data:
        raise flaws.stop("nul", row=_line(data, data.index(b"\0")))
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        raise flaws.stop("encoding", row=_line(data, fault.start)) from None
    return (text[1:], [BOM]) if text.startswith("\ufeff") else (text, [])


def _line(data: bytes, place: int) -> int:
    before = data[:place]
    return max(before.count(b"\n"), before.count(b"\r")) + 1


def _records(text: str, flaws: Flaws) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not blank, after the line on which it begins. Lines end in LF, CR LF or CR."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        row = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise flaws.stop("quote", row=row) from None
        if cells:
            yield row, cells


def _wrong_header(header: list[str], row: int, expected: Sequence[str], ids: set[str], flaws: Flaws) -> Flawed:
    wanted, found = ",".join(expected), ",".join(header)
    separators = {";": "; (semicolon)", "\t": "Tab", "|": "|"}
    guilty = next((name for sign, name in separators.items() if sign in found), None)
    if guilty and len(header) == 1:
        return flaws.stop("delimiter", row=row, found=guilty)
    if ids.intersection(header):
        return flaws.stop("header-missing", row=row, expected=wanted)
    if "" in header or header[0].startswith("Unnamed"):
        return flaws.stop("header-index", row=row, expected=wanted)
    return flaws.stop("header", row=row, expected=wanted, found=found)


def number(cell: str) -> float | None:
    """The cell as a number, or None where it is none: only ASCII digits, one point, an exponent."""
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return value if isfinite(value) else None


def why_no_number(cell: str) -> str:
    """The code of the sentence that says why ``number`` found none."""
    bare = cell.strip()
    if not bare:
        return "cell-empty"
    if bare.lstrip("+-").lower() in _NOT_FINITE or _NUMBER.fullmatch(cell):
        return "not-finite"
    if _NUMBER.fullmatch(bare):
        return "blanks"
    if _NUMBER.fullmatch(cell.replace(",", ".", 1)):
        return "decimal-comma"
    return "full-width" if any("０" <= sign <= "９" for sign in cell) else "not-number"


def _shown(fact: object) -> object:
    """Text from a file, short and without control signs."""
    if not isinstance(fact, str):
        return fact
    plain = fact if fact.isprintable() else ascii(fact)[1:-1]
    return plain if len(plain) <= _MOST_SHOWN else f"{plain[:_MOST_SHOWN]}…"
