"""Rules as column expressions: ``fact op value`` over a whole column of facts at once (appendix E)."""

import re
from datetime import date, timedelta

import polars as pl

from dure.blueprint.model import Rule

DIGITS = 9  # means are rounded to so many decimals, so that equal means are equal whatever the order of adding
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def number_in(text: str) -> int | float | None:
    """The number that ``text`` writes, else None."""
    if not _NUMBER.fullmatch(text):
        return None
    return float(text) if "." in text else int(text)


def days_in(text: str) -> tuple[date, date] | None:
    """The first and the last day of a written date (a month or a year has many), else None."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            return first, first
        after = date(first.year + 1, 1, 1) if month in {None, 12} else date(first.year, first.month + 1, 1)
    except ValueError:
        return None
    return first, after - timedelta(days=1)


def missing(name: str, kind: pl.DataType) -> pl.Expr:
    """Whether the fact is not there; of a team's, whether any member's is not."""
    value = pl.col(name)
    if isinstance(kind, pl.List):
        lacks = value.list.eval(_absent(pl.element(), kind.inner)).list.any()
        return value.is_null() | (value.list.len() == 0) | lacks.fill_null(value=True)
    return _absent(value, kind)


def _absent(value: pl.Expr, kind: object) -> pl.Expr:
    return value.is_null() | value.is_nan() if kind in {pl.Float64, pl.Float32} else value.is_null()


def holds(rule: Rule, name: str, kind: pl.DataType) -> pl.Expr:
    """Whether the rule holds for column ``name`` of type ``kind``; of a team's facts, for every member's."""
    if isinstance(kind, pl.List):
        inner = kind.inner if isinstance(kind.inner, pl.DataType) else kind.inner()
        return pl.col(name).list.eval(_holds(rule, pl.element(), inner)).list.all()
    return _holds(rule, pl.col(name), kind)


def _holds(rule: Rule, value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    texts = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    match rule.op:
        case "=" | "in":
            return _equals(value, kind, texts)
        case "!=":
            return ~_equals(value, kind, texts)
        case "has":
            words = _text(value, kind).str.replace_all(r"[,\s]+", " ").str.split(" ")
            return words.list.contains(pl.lit(texts[0]))
        case _:
            return _in_order(rule.op, value, kind, texts[0])


def _equals(value: pl.Expr, kind: pl.DataType, texts: tuple[str, ...]) -> pl.Expr:
    """Numbers as numbers, all else as exact text."""
    if not kind.is_numeric():
        return _text(value, kind).is_in(list(texts))
    numbers = [number for text in texts if (number := number_in(text)) is not None]
    return pl.any_horizontal([value == pl.lit(number) for number in numbers]) if numbers else value.is_null()


def _text(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    return value if kind == pl.String else value.cast(pl.String)


def _in_order(op: str, value: pl.Expr, kind: pl.DataType, text: str) -> pl.Expr:
    """Two numbers or two dates; anything else never holds. A written month or year is all its days."""
    number, days = number_in(text), days_in(text)
    if kind.is_numeric() and number is not None:
        return _compared(op, value, number, number)
    if kind.is_temporal() and days is not None:
        return _compared(op, value.cast(pl.Date), *days)
    return value.is_null()  # false for every value, and missing ones were sent home before


def _compared(op: str, value: pl.Expr, first: int | float | date, last: int | float | date) -> pl.Expr:
    match op:
        case ">":
            return value > pl.lit(last)
        case ">=":
            return value >= pl.lit(first)
        case "<":
            return value < pl.lit(first)
        case _:
            return value <= pl.lit(last)


def number(name: str, kind: pl.DataType) -> pl.Expr:
    """A fact as a number, larger is better; a team's is its members' mean; anything else is missing."""
    value = pl.col(name)
    if isinstance(kind, pl.List):
        mean = value.list.eval(pl.element().cast(pl.Float64, strict=False)).list.mean()
        return pl.when(~missing(name, kind)).then(mean.fill_nan(None).round(DIGITS))
    if kind.is_float():
        return value.fill_nan(None)
    return value if kind.is_integer() else value.cast(pl.Float64, strict=False)
