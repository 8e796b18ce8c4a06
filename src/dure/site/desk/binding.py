"""What the people of a stage are bound to: its lines on a page, and what was chosen there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from dure.core.errors import Missing
from dure.core.text import Text
from dure.programmes.frozen import options_at
from dure.programmes.models import Programme
from dure.site.visitors import id_from

Room = TypeVar("Room", bound=Model)


@dataclass(frozen=True)
class Line:
    """An option of the stage ("": everybody), with the row that binds something to it."""

    option: str
    bound: Any | None


def lines_of(programme: Programme, stage: str, rows: Iterable[Any]) -> list[Line]:
    """A line for each option, and one for everybody where the stage has no options or something is bound for all."""
    bound = {row.option: row for row in rows}
    options = options_at(programme, stage)
    whole = [""] if "" in bound or not options else []
    return [Line(option, bound.get(option)) for option in (*whole, *options)]


def chosen(request: HttpRequest, name: str, known: "QuerySet[Room]", *, gone: Text) -> Room:
    """What was chosen of those that may be bound. Raises Missing("NAME.missing")."""
    found = known.filter(pk=id_from(request.POST.get(name))).first()
    if found is None:
        raise Missing(f"{name}.missing", gone)
    return found
