"""Small questions that every page asks, put into SQL once a process: most of what they cost is the wording."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import connection, connections, models
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

Wording = Callable[..., "models.QuerySet[Any, Any]"]
Key = UUID | date | str
Kinds = tuple[type[UUID] | type[date] | type[str], ...]
M = TypeVar("M", bound=models.Model)


def asked(wording: Wording, *about: Key) -> list[tuple[Any, ...]]:
    """The rows of ``wording(*about)``, as the database gives them: no id, no time and no JSON becomes an object.

    ``wording`` is a function of a module, and whatever it says besides the keys holds as long as the process lives.
    """
    sql, params = _filled(wording, about)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def found(wording: "Callable[..., models.QuerySet[M]]", *about: Key) -> list[M]:
    """The rows of ``wording(*about)`` as objects, with those that it selects beside them."""
    compiler, filled = copy(_compiled(wording, _kinds(about), connection.vendor)), _filled(wording, about)
    vars(compiler).update(connection=connections[connection.alias], as_sql=lambda *_, **__: filled)
    return list(ModelIterable(cast("models.QuerySet[M]", _Rows(_Query(compiler), connection.alias))))


@dataclass(frozen=True)
class _Query:
    """What Django's way from rows to objects needs of a query: it is in SQL already."""

    compiler: SQLCompiler

    def get_compiler(self, **_using: str) -> SQLCompiler:
        return self.compiler


@dataclass(frozen=True)
class _Rows:
    """What it needs of a queryset."""

    query: _Query
    db: str
    _known_related_objects: Mapping[str, Any] = field(default_factory=dict)


def _filled(wording: Wording, about: Sequence[Key]) -> tuple[str, list[Any]]:
    """The SQL, and what it is asked about in its places."""
    kinds = _kinds(about)
    sql, params = _put(wording, kinds, connection.vendor)
    meant = {_written(place): _written(key) for place, key in zip(_places(kinds), about, strict=True)}
    return sql, [meant.get(param, param) for param in params]


@cache
def _put(wording: Wording, kinds: Kinds, vendor: str) -> tuple[str, tuple[Any, ...]]:
    return _compiled(wording, kinds, vendor).as_sql()


@cache
def _compiled(wording: Wording, kinds: Kinds, _vendor: str) -> SQLCompiler:
    """Once it is in SQL, Django's compiler knows which column is which field; copies of it read rows."""
    compiler: SQLCompiler = wording(*_places(kinds)).query.get_compiler(connection.alias)
    compiler.as_sql()
    return compiler


def _kinds(about: Sequence[Key]) -> Kinds:
    return tuple(type(key) for key in about)


@cache
def _places(kinds: Kinds) -> list[Key]:
    """Keys that nothing has, each of which stands in a wording for one that is asked about."""
    return [_nothing(kind, place) for place, kind in enumerate(kinds)]


def _nothing(kind: type[Key], place: int) -> Key:
    if kind is date:
        return date.max - timedelta(days=place)
    nobody = UUID(int=2**128 - 1 - place)
    return nobody if kind is UUID else str(nobody)


def _written(key: Key) -> Any:
    if isinstance(key, str):
        return key
    as_kept = models.UUIDField() if isinstance(key, UUID) else models.DateField()
    return as_kept.get_db_prep_value(key, connection)
