"""Long lists, the newest first: a page at a time by where the last one ended, never by counting all."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import QueryDict

from dure.site.visitors import id_from

M = TypeVar("M", bound=Model)
PAGE = 40


@dataclass(frozen=True)
class Listed(Generic[M]):
    """``older``: the query of the address of the next page (empty: this is the last); ``newest``: of the first."""

    rows: list[M]
    older: str
    newest: str


def newest(rows: "QuerySet[M]", query: QueryDict) -> Listed[M]:
    """The page of ``rows`` by birth that the address asks for: ``before``, an id."""
    asked = query.get("before")
    chosen = rows.order_by("-pk").filter(pk__lt=id_from(asked)) if asked else rows.order_by("-pk")
    return page_of(list(chosen[: PAGE + 1]), query)


def page_of(found: list[M], query: QueryDict) -> Listed[M]:
    """``found`` has one row more than a page where there is a next one."""
    kept = [(name, value) for name, value in query.items() if name != "before" and value]
    last: UUID | None = found[PAGE - 1].pk if len(found) > PAGE else None
    older = urlencode([*kept, ("before", str(last))]) if last else ""
    return Listed(found[:PAGE], older, urlencode(kept) if query.get("before") else "")
