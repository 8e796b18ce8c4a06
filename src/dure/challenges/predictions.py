"""A prediction file, read strictly: every id of the test set once, every value one that the metric can score."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isclose, isfinite
from typing import Any, Self

import numpy as np

from dure.challenges.metrics import Sort, Values
from dure.challenges.tables import Flaws, Table, number, read_table, why_no_number
from dure.core.text import Text

_SUM_TOLERANCE = 0.01
_PLAIN = re.compile(r"[+-]?(?:[0-9]{1,15}\.?[0-9]*|\.[0-9]+)")  # a number that cannot but be finite


@dataclass(frozen=True)
class Format:
    """What a file must be like. ``classes`` are checked for LABELS where they are listed; bounds for numbers."""

    id_column: str
    columns: Sequence[str]
    sort: Sort
    classes: Sequence[str] = ()
    least: float = -inf
    most: float = inf
    sums_to_one: bool = False

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """From what ``as_dict`` made, on another machine too; what else is told there is passed over."""
        least, most = told["least"], told["most"]
        return cls(
            id_column=told["id_column"],
            columns=told["columns"],
            sort=Sort(told["sort"]),
            classes=told["classes"],
            least=-inf if least is None else least,
            most=inf if most is None else most,
            sums_to_one=told["sums_to_one"],
        )

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it: a bound that is none is null."""
        return {
            "id_column": self.id_column,
            "columns": list(self.columns),
            "sort": self.sort,
            "classes": list(self.classes),
            "least": self.least if isfinite(self.least) else None,
            "most": self.most if isfinite(self.most) else None,
            "sums_to_one": self.sums_to_one,
        }

    @property
    def header(self) -> list[str]:
        return [self.id_column, *self.columns]

    @property
    def numeric(self) -> bool:
        return self.sort in {Sort.NUMBERS, Sort.PROBABILITIES}


@dataclass(frozen=True)
class Predictions:
    """``values``: (rows, columns) in the order of the test set, numbers as floats and all else as text."""

    values: Values
    notes: list[Text]


def read_predictions(data: bytes, form: Format, ids: Sequence[str]) -> Predictions:
    """The predictions in ``data`` for the test set's ``ids``. Raises Flawed with the place of every flaw."""
    table = read_table(data, expected=form.header, ids=ids)
    flaws = Flaws()
    order = _order(table, form, ids, flaws)
    columns = [_column(table, name, form, flaws) for name in form.columns]
    if form.sums_to_one and len(columns) > 1 and not flaws.total:
        _check_sums(table, columns, flaws)
    flaws.check()
    values = np.empty((len(ids), len(columns)), dtype=float if form.numeric else object)
    values[order] = np.array(columns, dtype=values.dtype).T
    return Predictions(values, table.notes)


def _order(table: Table, form: Format, ids: Sequence[str], flaws: Flaws) -> slice | list[int]:
    """For each row its place in the test set."""
    if table.cells(form.id_column) == list(ids):
        return slice(None)
    places = {known: place for place, known in enumerate(ids)}
    found = [places[known] for known in table.cells(form.id_column) if known in places]
    if not len(found) == len(table.lines) == len(places) == len(set(found)):
        _check_ids(table, form, places, flaws)
    return found


def _check_ids(table: Table, form: Format, places: Mapping[str, int], flaws: Flaws) -> None:
    """Every id of the test set once, and no other."""
    seen: dict[str, int] = {}
    for row, known in table.column(form.id_column):
        if known in seen:
            flaws.add("id-doubled", row=row, column=form.id_column, value=known, first=seen[known])
        elif known not in places:
            code = "id-unknown" if known else "id-empty"
            flaws.add(code, row=row, column=form.id_column, value=known)
        seen.setdefault(known, row)
    for known in in_plain_order(places.keys() - seen.keys()):
        flaws.add("id-missing", column=form.id_column, value=known, rows=len(places))


def in_plain_order(ids: Iterable[str]) -> list[str]:
    """The shorter first, so that numbers count up. The order of a test set is not told: it may follow the labels."""
    return sorted(ids, key=lambda known: (len(known), known))


def _column(table: Table, name: str, form: Format, flaws: Flaws) -> list[str] | list[float]:
    return _numbers(table, name, form, flaws) if form.numeric else _texts(table, name, form, flaws)


def _numbers(table: Table, name: str, form: Format, flaws: Flaws) -> list[float]:
    cells = table.cells(name)
    if all(map(_PLAIN.fullmatch, cells)):
        values = list(map(float, cells))
        if not values or (form.least <= min(values) and max(values) <= form.most):
            return values
    values = []
    for row, cell in table.column(name):
        value = number(cell)
        if value is None:
            flaws.add(why_no_number(cell), row=row, column=name, value=cell)
        elif not form.least <= value <= form.most:
            flaws.add("bounds", row=row, column=name, value=cell, least=form.least, most=form.most)
        else:
            values.append(value)
    return values


def _texts(table: Table, name: str, form: Format, flaws: Flaws) -> list[str]:
    """The cells as they are. Each different one is looked at once; rows are gone through where one is wrong."""
    cells, known = table.cells(name), set(form.classes)
    wrong = {cell for cell in set(cells) if not cell.strip() or (known and cell not in known)}
    for row, cell in table.column(name) if wrong else ():
        if not cell.strip():
            flaws.add("cell-empty", row=row, column=name)
        elif cell in wrong:
            flaws.add("class", row=row, column=name, value=cell, known=", ".join(form.classes))
    return cells


def _check_sums(table: Table, columns: Sequence[Sequence[str] | Sequence[float]], flaws: Flaws) -> None:
    for row, *cells in zip(table.lines, *columns, strict=True):
        total = sum(float(cell) for cell in cells)
        if not isclose(total, 1, abs_tol=_SUM_TOLERANCE):
            flaws.add("sum", row=row, value=total)
