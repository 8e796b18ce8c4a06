"""Keyset pages: lists that stay fast and complete while rows arrive."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db import models

M = TypeVar("M", bound=models.Model)
MOST = 500


@dataclass(frozen=True)
class Page(Generic[M]):
    """``rows`` in order of id; ``next`` is the ``after`` of the following page, or None at the end."""

    rows: list[M]
    next: UUID | None


def page_of(rows: "models.QuerySet[M]", *, after: UUID | None = None, limit: int = 50) -> Page[M]:
    """The page of ``rows`` (ordered by UUIDv7 primary key) that follows ``after``; at most ``MOST`` rows."""
    size = max(1, min(limit, MOST))
    chosen = rows.order_by("pk") if after is None else rows.filter(pk__gt=after).order_by("pk")
    found = list(chosen[: size + 1])
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)
