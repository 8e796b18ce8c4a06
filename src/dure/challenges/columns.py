"""The columns of a board that programs fill: how each is read, who sees it, and those that are made out of others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from typing import Any, Self

_EXACT = Context(prec=900, rounding=ROUND_HALF_EVEN)


class Seen(StrEnum):
    """Who sees the values of a column: whoever sees the board, also one's own only, or organisers alone."""

    PUBLIC = "public"
    OWN = "own"
    ORGANISERS = "organisers"


def _average(values: Sequence[Decimal]) -> Decimal:
    return _EXACT.divide(_sum(values), Decimal(len(values)))


def _sum(values: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = _EXACT.add(total, value)
    return total


COMPUTATIONS: Mapping[str, Callable[[Sequence[Decimal]], Decimal]] = {
    "avg": _average, "sum": _sum, "min": min, "max": max
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column. ``computation`` is a name of ``COMPUTATIONS``; then it is made of the columns ``of_keys``."""

    key: str
    title: str
    ascending: bool = False
    precision: int = 2
    seen: Seen = Seen.PUBLIC
    computation: str = ""
    of_keys: tuple[str, ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """From what ``as_dict`` made."""
        return cls(**{**told, "seen": Seen(told["seen"]), "of_keys": tuple(told["of_keys"])})

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key, "title": self.title, "ascending": self.ascending, "precision": self.precision,
            "seen": self.seen.value, "computation": self.computation, "of_keys": list(self.of_keys),
        }  # fmt: skip

    def shown(self, value: str) -> Decimal:
        """A kept value, rounded as the column is shown: half to even."""
        return _EXACT.quantize(Decimal(value), Decimal(1).scaleb(-self.precision))


def complete(said: Mapping[str, Decimal], columns: Iterable[Column]) -> dict[str, Decimal]:
    """The values of ``columns``: what was said, and what is computed out of it, column by column."""
    values: dict[str, Decimal] = {}
    for column in columns:
        parts = [known for key in column.of_keys if (known := values.get(key, said.get(key))) is not None]
        if column.computation and parts:
            values[column.key] = COMPUTATIONS[column.computation](parts)
        elif not column.computation and column.key in said:
            values[column.key] = said[column.key]
    return values
