"""Small questions that every page asks, put into SQL once a process: most of what they cost is the wording."""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

Wording = Callable[..., "models.QuerySet[Any, Any]"]


def asked(wording: Wording, *about: UUID) -> list[tuple[Any, ...]]:
    """The rows of ``wording(*about)``, as the database gives them: no id, no time and no JSON becomes an object.

    ``wording`` is a function of a module, and whatever it says besides the ids holds as long as the process lives.
    """
    sql, params = _put(wording, len(about), connection.vendor)
    meant = {_written(place): _written(key) for place, key in zip(_places(len(about)), about, strict=True)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [meant.get(param, param) for param in params])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@cache
def _put(wording: Wording, ids: int, _vendor: str) -> tuple[str, tuple[Any, ...]]:
    return wording(*_places(ids)).query.sql_with_params()


@cache
def _places(ids: int) -> list[UUID]:
    """Ids that nothing has, each of which stands in a wording for one that is asked about."""
    return [UUID(int=2**128 - 1 - place) for place in range(ids)]


def _written(key: UUID) -> Any:
    return models.UUIDField().get_db_prep_value(key, connection)
