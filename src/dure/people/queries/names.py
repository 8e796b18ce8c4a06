"""Rows of persons in the order of their names, a part at a time."""

from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from dure.people.models import Person

M = TypeVar("M", bound=models.Model)
MANY, NEAR = 1_000, 8


def by_name(rows: "QuerySet[M]", *, whose: str, part: slice, count: int) -> list[M]:
    """A part of ``rows``, of which each person (their field ``whose``) has one; ``count``: how many there are in all.

    Of many rows, a part near the beginning or the end is found by walking the names from there, which reads few of
    them. Else ids alone are sorted. Whole rows are read for the part only.
    """
    start, stop = part.start, min(part.stop, count)
    if count >= MANY and min(start, count - stop) * NEAR < count:
        persons = _walked(rows, whose, start, stop, count)
    else:
        ordered = rows.order_by(f"{whose}__name_key", whose)
        persons = list(ordered.values_list(whose, flat=True)[start : max(start, stop)])
    found: dict[Any, M] = {getattr(row, f"{whose}_id"): row for row in rows.filter(**{f"{whose}__in": persons})}
    return [found[person] for person in persons if person in found]


def _walked(rows: "QuerySet[M]", whose: str, start: int, stop: int, count: int) -> list[UUID]:
    having = Person.objects.filter(Exists(rows.order_by().filter(**{whose: OuterRef("pk")})))
    if start <= count - stop:
        return list(having.order_by("name_key", "pk").values_list("pk", flat=True)[start:stop])
    last = having.order_by("-name_key", "-pk").values_list("pk", flat=True)[count - stop : count - start]
    return list(last)[::-1]
