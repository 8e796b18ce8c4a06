"""Rows of persons in the order of their names, a part at a time."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from dure.people.models import NamePart, Person
from dure.store.search import beginning_with, called, likeliest, part_beginning_with

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


def persons_called(typed: str) -> "QuerySet[Person, Any]":
    """The ids of everybody whose name has what was typed (:func:`called`), for a question about theirs."""
    everybody, begin = Person.objects.values("pk"), part_beginning_with(typed)
    if begin is None:
        return everybody.filter(called(typed))
    return everybody.filter(beginning_with(typed)).union(NamePart.objects.filter(begin).values("person"), all=True)


def few_called(typed: str) -> "QuerySet[Person, Any] | None":
    """:func:`persons_called`, where they are few enough to ask something of each; else None."""
    persons = persons_called(typed)
    return persons if part_beginning_with(typed) is not None and len(persons[: MANY + 1]) <= MANY else None


def likeliest_persons(typed: str, part: slice, *, among: "Callable[[], QuerySet[Person]]") -> list[Person]:
    """:func:`likeliest` of everybody."""
    return likeliest(Person, typed, part, among=among, parts=NamePart.objects.values_list("person"))


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
