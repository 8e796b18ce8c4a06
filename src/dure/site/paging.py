"""Lists a page at a time."""

from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def page_of(rows: "QuerySet[M]", number: str | None, *, size: int) -> "Page[M]":
    """Django's page of that number; a list of one page is read, and not counted before."""
    pages: Paginator[M] = Paginator(rows, size)
    if (number or "1") != "1":
        return pages.get_page(number)
    first = list(rows[: size + 1])
    if len(first) <= size:
        pages.count = len(first)
    return Page(first[:size], 1, pages)
