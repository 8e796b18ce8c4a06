"""What a board shows beside the score where programs fill its columns."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from dure.challenges.columns import Column, Seen
from dure.challenges.labels import Part
from dure.challenges.models import Best, Task
from dure.challenges.models.programs import PROGRAM
from dure.challenges.rules import organises
from dure.people.models import Person

_VALUES = {Part.PUBLIC: "best__values", Part.FINAL: "counting__values"}


def columns_of(task: Task, *, viewer: Person | None) -> tuple[Column, ...]:
    """The columns of the task's board that the viewer may see of everybody; none where no program fills them."""
    if task.metric != PROGRAM:
        return ()
    columns = task.program.board_columns
    if organises(viewer, task.round):
        return columns
    return tuple(column for column in columns if column.seen is Seen.PUBLIC)


def values_of(
    entrants: Iterable[UUID], columns: tuple[Column, ...], *, part: Part
) -> dict[UUID, tuple[Decimal | None, ...]]:
    """For each entrant on a page of a board what stands in ``columns`` (those of :func:`columns_of`), as shown."""
    if not columns:
        return {}
    rows = Best.objects.filter(entrant__in=list(entrants)).values_list("entrant", _VALUES[part])
    return {entrant: tuple(_cell(column, values) for column in columns) for entrant, values in rows}


def _cell(column: Column, values: dict[str, str]) -> Decimal | None:
    return column.shown(values[column.key]) if column.key in values else None
