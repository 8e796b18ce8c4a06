"""What stands in a cell: the same text in CSV and XLSX, harmless in a spreadsheet, read back as it was."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite

Cell = str | int | float | Decimal | date | datetime | bool | Sequence[str] | None

# A spreadsheet runs what begins with one of these signs, some also after blanks or in their full width.
_RUNS = re.compile(r"[\s']*[=+\-@＝＋－＠]|'*[\t\r\n]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_YES = {"yes", "y", "true", "1", "o", "예", "네"}
_NO = {"no", "n", "false", "0", "x", "아니요", "아니오"}


def text_of(cell: Cell) -> str:
    """The one text of a value: no trailing zeros, ISO dates, yes and no, words between commas, plain line ends."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case int() | float() | Decimal():
            return _digits(cell)
        case date():
            return cell.isoformat()
        case str():
            return plain(cell)
    return plain(", ".join(cell))


def plain(text: str) -> str:
    """Text as cells carry it: one sort of line end, nothing unseen, nothing but blanks cut off at the ends."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _digits(number: float | Decimal) -> str:
    """Fifteen digits, which are all that a spreadsheet keeps of a number."""
    if isinstance(number, Decimal):
        return format(number.normalize(), "f")
    if isinstance(number, int):
        return str(number)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(float(f"{number:.15g}"))


def harmless(text: str) -> str:
    """``text`` with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if _RUNS.match(text) else text


def read_back(text: str) -> str:
    """The text that ``harmless`` was given."""
    return text[1:] if text.startswith("'") and _RUNS.match(text[1:]) else text


def same(cell: Cell, text: str) -> bool:
    """Whether a cell that was read says what stands there: numbers as numbers, all else letter by letter."""
    here = text_of(cell)
    if here == text:
        return True
    number = number_of(text)
    is_number = isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
    return is_number and number is not None and text_of(number) == here


def number_of(text: str) -> int | float | None:
    """The number that a text is, in plain digits; None where it is none."""
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    if not isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def yes_or_no(text: str) -> bool | None:
    """What people write for yes and no; None for anything else."""
    word = text.casefold()
    return True if word in _YES else False if word in _NO else None
