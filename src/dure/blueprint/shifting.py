"""Dates of an edition: which there are, and the same ones in another year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dure.blueprint.dates import first_instant
from dure.blueprint.model import Blueprint, Moment

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Shift:
    """How far days move, and (for dates that name no day) months."""

    days: int
    months: int

    @classmethod
    def between(cls, first: date, start: date, *, weekdays: bool = True) -> "Shift":
        """So that ``first`` comes to ``start``; ``weekdays``: to the nearest same day of the week."""
        days = (start - first).days
        months = 12 * (start.year - first.year) + start.month - first.month
        return cls(_WEEK * round(days / _WEEK) if weekdays else days, months)

    def moved(self, text: str) -> str:
        """A date as written, in its own precision; its time of day and offset stay."""
        if len(text) < 10:
            year, month = divmod(int(text[:4]) * 12 + int(text[5:7] or 1) - 1 + self.months, 12)
            return f"{year:04d}-{month + 1:02d}"[: len(text)]
        day = date.fromisoformat(text[:10]) + timedelta(days=self.days)
        return f"{day.isoformat()}{text[10:]}"


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of a blueprint: ``end`` is from or to; ``text`` is empty where a programme is to say it."""

    stage: str
    end: str
    text: str
    bound: bool

    @property
    def name(self) -> str:
        """As a programme binds it."""
        return f"{self.stage}.{self.end}"


def dates_of(blueprint: Blueprint) -> Iterator[Dated]:
    """Every date that a stage's window says or leaves open, in the order of the file."""
    for stage in blueprint.stages:
        for end, written in (("from", stage.when and stage.when.start), ("to", stage.when and stage.when.end)):
            if isinstance(written, Moment):
                yield Dated(stage.id, end, written.text, bound=False)
            elif written == "bind":
                yield Dated(stage.id, end, "", bound=True)


def first_day(text: str) -> date | None:
    """The day on which a date begins; None for what is no date."""
    instant = first_instant(text)
    return instant.date() if instant else None
