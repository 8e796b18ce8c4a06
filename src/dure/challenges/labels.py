"""The test set's labels: read from the organiser's file, split into a public and a final part, kept in one form."""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np

from dure.challenges.metrics import Sort, Values
from dure.challenges.tables import Flaws, Table, number, read_table, why_no_number

PART = "part"


class Part(StrEnum):
    """Of the test set: ``public`` is scored on the board while a round runs, ``final`` after it."""

    PUBLIC = "public"
    FINAL = "final"


@dataclass(frozen=True)
class Split:
    """How a sealed round's test set is cut where its file has no column ``part``.

    ``share`` of the rows is public; the same ``seed`` always cuts alike; ``stratified``: of each class alike.
    """

    share: float = 0.3
    seed: int = 7
    stratified: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError("a share lies between 0 and 1")


@dataclass(frozen=True)
class Labels:
    """``cells``: the labels as text, a tuple for each of ``ids``; ``parts`` says where each row belongs."""

    columns: tuple[str, ...]
    ids: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    parts: tuple[Part, ...]

    @classmethod
    def read(cls, data: bytes, *, id_column: str, columns: Sequence[str], sort: Sort, split: Split | None) -> Self:
        """The labels in an organiser's file with the header id, labels and maybe ``part``. Raises Flawed.

        ``split`` None: the round is not sealed, all of it is public.
        """
        table = read_table(data, expected=[id_column, *columns], optional=PART if split else "")
        flaws = Flaws()
        _check_ids(table, id_column, flaws)
        for name in columns:
            _check_column(table, name, flaws, numeric=sort is Sort.NUMBERS)
        told = _told_parts(table, flaws) if PART in table.header and PART not in columns else None
        flaws.check()
        ids = tuple(table.cells(id_column))
        cells = tuple(zip(*map(table.cells, columns), strict=True))
        return cls(tuple(columns), ids, cells, told or _cut(ids, cells, split))

    @classmethod
    def kept(cls, data: bytes) -> Self:
        """What ``dump`` wrote."""
        header, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
        cells = tuple(tuple(row[1:-1]) for row in rows)
        return cls(tuple(header[1:-1]), tuple(r[0] for r in rows), cells, tuple(Part(r[-1]) for r in rows))

    def dump(self, part: Part | None = None, *, id_column: str = "id") -> bytes:
        """As CSV: all rows with their part, or the rows of one ``part`` without it."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([id_column, *self.columns, *([] if part else [PART])])
        for known, cells, own in zip(self.ids, self.cells, self.parts, strict=True):
            if part in (None, own):
                writer.writerow([known, *cells, *([] if part else [own])])
        return text.getvalue().encode()

    def values(self, *, numeric: bool) -> Values:
        """(rows, columns), numbers as floats."""
        return np.array(self.cells, dtype=float if numeric else object)

    def mask(self, part: Part) -> Values:
        return np.array([own is part for own in self.parts], dtype=bool)

    @property
    def has_final(self) -> bool:
        return Part.FINAL in self.parts


def _check_ids(table: Table, name: str, flaws: Flaws) -> None:
    seen: dict[str, int] = {}
    for row, known in table.column(name):
        if not known.strip():
            flaws.add("id-empty", row=row, column=name)
        elif known in seen:
            flaws.add("id-doubled", row=row, column=name, value=known, first=seen[known])
        seen.setdefault(known, row)
    if not table.lines:
        flaws.add("rows-missing")


def _check_column(table: Table, name: str, flaws: Flaws, *, numeric: bool) -> None:
    for row, cell in table.column(name):
        if numeric and number(cell) is None:
            flaws.add(why_no_number(cell), row=row, column=name, value=cell)
        elif not cell.strip():
            flaws.add("cell-empty", row=row, column=name)


def _told_parts(table: Table, flaws: Flaws) -> tuple[Part, ...]:
    parts = []
    for row, cell in table.column(PART):
        if cell in set(Part):
            parts.append(Part(cell))
        else:
            flaws.add("part", row=row, column=PART, value=cell)
    return tuple(parts)


def _cut(ids: Sequence[str], cells: Sequence[Sequence[str]], split: Split | None) -> tuple[Part, ...]:
    """Rows drawn by the hash of seed and id, so that the order of the file does not matter."""
    if split is None:
        return (Part.PUBLIC,) * len(ids)
    groups: Mapping[Sequence[str], list[str]] = defaultdict(list)
    for known, labels in zip(ids, cells, strict=True):
        groups[labels if split.stratified else ()].append(known)
    public: set[str] = set()
    for group in groups.values():
        drawn = sorted(group, key=lambda known: hashlib.sha256(f"{split.seed}:{known}".encode()).digest())
        public.update(drawn[: round(len(group) * split.share)])
    return tuple(Part.PUBLIC if known in public else Part.FINAL for known in ids)
