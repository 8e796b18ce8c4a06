"""Rows of persons in the order of their names, a part at a time."""

from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from dure.people.models import Person

M = TypeVar("M", bound=models.Model)
MANY, NEAR = 1_000, 8
FORWARDS, BACKWARDS = ("name_key", "pk"), ("-name_key", "-pk")


def by_name(rows: "QuerySet[M]", *, whose: str, part: slice, count: int) -> list[M]:
    """A part of ``rows``, of which each person (their field ``whose``) has one; ``count``: how many there are in all.

    Ids alone are sorted, or names walked; whole rows are read for the part only.
    """
    if is_near(part, count):
        having = Person.objects.filter(Exists(rows.order_by().filter(**{whose: OuterRef("pk")})))
        persons = walked(having, part=part, count=count)
    else:
        persons = list(rows.order_by(f"{whose}__name_key", whose).values_list(whose, flat=True)[part])
    found: dict[Any, M] = {getattr(row, f"{whose}_id"): row for row in rows.filter(**{f"{whose}__in": persons})}
    return [found[person] for person in persons if person in found]


def is_near(part: slice, count: int) -> bool:
    """Whether there are many, and the part is so near the beginning or the end that few names lead there."""
    return count >= MANY and max(0, min(part.start, count - part.stop)) * NEAR < count


def walked(persons: "QuerySet[Person]", *, part: slice, count: int) -> list[UUID]:
    """The ids of a part of ``count`` persons: the index of names is read from the nearer end until the part is full,
    and of each name it is asked whether it counts (so ``persons`` are told by Exists)."""
    order, there = nearer(part, count)
    ids = list(persons.order_by(*order).values_list("pk", flat=True)[there])
    return ids if order == FORWARDS else ids[::-1]


def nearer(part: slice, count: int) -> tuple[tuple[str, str], slice]:
    """From which end of ``count`` names a part is nearer, as an order of persons, and which part it is from there."""
    start, stop = part.start, min(part.stop, count)
    if start <= count - stop:
        return FORWARDS, slice(start, stop)
    return BACKWARDS, slice(count - stop, count - start)
