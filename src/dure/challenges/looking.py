"""What a file of labels seems to hold, before its organiser says so: its columns, how many rows, what each may be."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dure.challenges.labels import PART
from dure.challenges.tables import Flaws, number
from dure.core.errors import Flawed

SHOWN = 5
MOST_CLASSES = 20
_LOOKED_AT = 200_000  # rows that the guesses look at; all are counted
_IDS = ("id", "index", "key", "번호", "식별자")
_LABELS = ("label", "labels", "target", "class", "answer", "y", "정답", "라벨", "레이블")
_FEW = 0.05  # numbers of which so small a part are different are names of classes


@dataclass(frozen=True)
class Column:
    """``values``: the different ones, in order, where there are no more than ``MOST_CLASSES``."""

    name: str
    is_unique: bool
    is_numeric: bool
    is_class: bool
    values: tuple[str, ...]


@dataclass(frozen=True)
class Looked:
    """``id_column`` and ``label_columns`` are guesses; ``first`` are the first rows as they stand."""

    columns: tuple[Column, ...]
    rows: int
    first: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def has_parts(self) -> bool:
        return PART in self.names

    @property
    def id_column(self) -> str:
        unique = [column.name for column in self.columns if column.is_unique] or self.names
        named = [name for name in unique if name.lower() in _IDS or name.lower().endswith("_id")]
        return (named or unique)[0]

    @property
    def label_columns(self) -> tuple[str, ...]:
        left = [name for name in self.names if name not in (self.id_column, PART)]
        named = [name for name in left if name.lower() in _LABELS]
        return tuple(named[:1] or left[-1:])

    @property
    def classes(self) -> tuple[str, ...]:
        """Of the label column that was guessed; empty where it holds numbers."""
        found = next((column for column in self.columns if column.name in self.label_columns), None)
        return found.values if found and found.is_class else ()

    @property
    def metric(self) -> str:
        if not self.classes:
            return "rmse"
        return "f1-macro" if len(self.classes) > 2 else "accuracy"


def look(path: Path) -> Looked:
    """Raises Flawed where it is no table of at least two columns."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise Flaws().stop("archive")
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            return _looked(csv.reader(opened, strict=True))
    except UnicodeDecodeError:
        raise Flaws().stop("encoding") from None
    except csv.Error:
        raise Flaws().stop("quote") from None


def narrowed(path: Path, columns: Sequence[str]) -> io.BytesIO:
    """The file with these columns alone, in this order. Raises Flawed where it lacks one."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    with path.open(encoding="utf-8-sig", newline="") as opened:
        rows = csv.reader(opened, strict=True)
        header = next(rows, [])
        if missing := [name for name in columns if name not in header]:
            raise _lacking(missing, header)
        places = [header.index(name) for name in columns]
        writer.writerow(columns)
        for row in rows:
            if row:
                writer.writerow([row[place] for place in places] if len(row) == len(header) else row)
    return io.BytesIO(text.getvalue().encode())


def _lacking(missing: Sequence[str], header: Sequence[str]) -> Flawed:
    return Flaws().stop("header", row=1, expected=",".join(missing), found=",".join(header))


def _looked(rows: Iterator[list[str]]) -> Looked:
    header = next(rows, [])
    if len(header) < 2 or len(set(header)) < len(header) or "" in header:
        raise Flaws().stop("header" if header else "empty", row=1, expected="id,label", found=",".join(header))
    seen: list[set[str]] = [set() for _ in header]
    numeric = [True] * len(header)
    first: list[tuple[str, ...]] = []
    count = 0
    for row in filter(None, rows):
        count += 1
        if len(first) < SHOWN:
            first.append(tuple(row))
        if count <= _LOOKED_AT and len(row) == len(header):
            for place, cell in enumerate(row):
                seen[place].add(cell)
                numeric[place] = numeric[place] and number(cell) is not None
    if not count:
        raise Flaws().stop("rows-missing")
    looked_at = min(count, _LOOKED_AT)
    columns = (_column(name, seen[at], looked_at, is_numeric=numeric[at]) for at, name in enumerate(header))
    return Looked(tuple(columns), count, tuple(first))


def _column(name: str, values: set[str], rows: int, *, is_numeric: bool) -> Column:
    few = len(values) <= MOST_CLASSES
    is_class = few and len(values) > 1 and (not is_numeric or len(values) == 2 or len(values) <= rows * _FEW)
    ordered = sorted(values, key=lambda value: (number(value) or 0.0, value) if is_numeric else (0.0, value))
    return Column(name, len(values) == rows, is_numeric, is_class, tuple(ordered) if few else ())
