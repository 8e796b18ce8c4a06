"""Small questions that every page asks, put into SQL once a process: most of what they cost is the wording."""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import repeat
from typing import Any, TypeVar, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections, models
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

Wording = Callable[..., "models.QuerySet[Any, Any]"]
Key = UUID | date | datetime | str
Kinds = tuple[type[UUID] | type[date] | type[datetime] | type[str], ...]
M = TypeVar("M", bound=models.Model)
_MADE = re.compile(r"^9\d{3}-\d\d-\d\d|f{8}-?f{4}-?f{4}")  # what stands for a key, and what is worked out of one
_KEPT: Mapping[type, "models.Field[Any, Any]"] = {date: models.DateField(), datetime: models.DateTimeField()}


def asked(wording: Wording, *about: Key) -> list[tuple[Any, ...]]:
    """The rows of ``wording(*about)``, as the database gives them: no id, no time and no JSON becomes an object.

    ``wording`` is a function of a module, or one that equals another that says the same, and whatever it says besides
    the keys holds as long as the process lives. It says the keys as they are: what it works out of one (a moment a week
    earlier) is a key of its own. What nothing can fit is not asked.
    """
    try:
        words = _filled(wording, about)
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*words)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def counted(wording: Wording, *about: Key) -> int:
    """How many rows ``wording(*about)`` has, which says each once and no part of them."""
    return sum(int(number) for (number,) in asked(_Number(wording), *about))


@dataclass(frozen=True)
class _Number:
    """Asks for the number of another wording's rows, all of them as one group."""

    wording: Wording

    def __call__(self, *about: Key) -> "models.QuerySet[Any, Any]":
        number = models.Func(template="COUNT(*)", output_field=models.IntegerField())
        return self.wording(*about).order_by().values_list(number)


def valued(wording: Wording, *about: Key, part: slice | None = None) -> list[tuple[Any, ...]]:
    """The rows of ``wording(*about)``, or a part of them, with ids, times and JSON as objects."""
    compiler = _ready(wording, about, part)
    return [tuple(row) for row in compiler.results_iter()] if compiler else []


def found(wording: "Callable[..., models.QuerySet[M]]", *about: Key, part: slice | None = None) -> list[M]:
    """The rows of ``wording(*about)``, or a part of them, as objects, with those that it selects beside them."""
    compiler = _ready(wording, about, part)
    if compiler is None:
        return []
    return list(ModelIterable(cast("models.QuerySet[M]", _Rows(_Query(compiler), connection.alias))))


def padded(ids: Sequence[UUID], most: int = 0) -> list[UUID]:
    """The ids, or ``most`` where that is more, filled up with nobodies to a power of two: so that whoever asks about
    several puts few questions into words."""
    size = 1 << (max(len(ids), most, 1) - 1).bit_length()
    return [*ids, *repeat(UUID(int=0), size - len(ids))]


def _ready(wording: Wording, about: Sequence[Key], part: slice | None) -> SQLCompiler | None:
    """Django's compiler with its words in place; None where nothing can fit."""
    try:
        compiler, (sql, params) = copy(_compiled(wording, _kinds(about), connection.vendor)), _filled(wording, about)
    except EmptyResultSet:
        return None
    filled = (f"{sql} LIMIT {part.stop - part.start:d} OFFSET {part.start:d}" if part else sql), params
    vars(compiler).update(connection=connections[connection.alias], as_sql=lambda *_, **__: filled)
    return compiler


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
    here = connections[connection.alias]
    sql, params = _put(wording, _kinds(about), here.vendor)
    keys = [_written(key, here) for key in about]
    return sql, [keys[param.number] if isinstance(param, _Place) else param for param in params]


@dataclass(frozen=True)
class _Place:
    """Where a key goes: the first is number 0."""

    number: int


@cache
def _put(wording: Wording, kinds: Kinds, vendor: str) -> tuple[str, tuple[Any, ...]]:
    sql, params = _compiled(wording, kinds, vendor).as_sql()
    places = {_written(place, connection): _Place(number) for number, place in enumerate(_places(kinds))}
    return sql, tuple(places.get(param, param) for param in params)


@cache
def _compiled(wording: Wording, kinds: Kinds, _vendor: str) -> SQLCompiler:
    """Once it is in SQL, Django's compiler knows which column is which field; copies of it read rows."""
    places = _places(kinds)
    compiler: SQLCompiler = wording(*places).query.get_compiler(connection.alias)
    _sql, said = compiler.as_sql()
    made = [param for param in said if _MADE.search(str(param))]
    if not {_written(place, connection) for place in places}.issuperset(made):
        raise ValueError(f"{wording} does not say all of its keys as they are")
    return compiler


def _kinds(about: Sequence[Key]) -> Kinds:
    return tuple(type(key) for key in about)


@cache
def _places(kinds: Kinds) -> list[Key]:
    """Keys that nothing has, each of which stands in a wording for one that is asked about."""
    return [_nothing(kind, place) for place, kind in enumerate(kinds)]


def _nothing(kind: type[Key], place: int) -> Key:
    if kind in (date, datetime):
        last = datetime(9999, 1, 1, tzinfo=UTC) - timedelta(days=place)
        return last if kind is datetime else last.date()
    nobody = UUID(int=2**128 - 1 - place)
    return nobody if kind is UUID else str(nobody)


def _written(key: Key, into: Any) -> Any:
    """As the database is told it: an id by itself, for a page asks about hundreds."""
    if isinstance(key, UUID):
        return key if into.features.has_native_uuid_field else key.hex
    return key if isinstance(key, str) else _KEPT[type(key)].get_db_prep_value(key, into)
