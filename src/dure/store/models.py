"""What all tables share. Nothing here is a table."""

from typing import Any, TypeVar

from django.db import models

from dure.core.errors import Refused
from dure.core.ids import uuid7
from dure.core.states import Moves
from dure.core.text import Text


class Row(models.Model):
    """A row whose primary key is its public id (UUIDv7: sorts by birth)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


M = TypeVar("M", bound=models.Model)


def move(row: M, new: str, *, by: Moves[Any], field: str = "state", **also: Any) -> M:
    """Walk ``row`` to state ``new`` by compare-and-set, setting the fields in ``also`` with it.

    Raises Refused("state.move") where the map ``by`` has no such move, Refused("state.changed") where
    somebody else moved the row first. Holds on SQLite and PostgreSQL alike (HOUSE, Errors, states, concurrency).
    """
    old = getattr(row, field)
    by.check(old, new)
    touched = type(row)._default_manager.filter(pk=row.pk, **{field: old}).update(**{field: new}, **also)
    if touched != 1:
        sentence = Text(
            ko="그 사이 다른 사람이 상태를 바꾸었습니다. 새로 고친 뒤 다시 시도하세요.",
            en="Somebody else changed this meanwhile. Reload and try again.",
        )
        raise Refused("state.changed", sentence, expected=str(old))
    for name, value in {field: new, **also}.items():
        setattr(row, name, value)
    return row


def one_of(field: str, states: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The constraint that keeps a state column inside its map."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": states.values}), name=name)
