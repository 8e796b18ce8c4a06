"""Rows that are found by their names: a column for it, and the query over it."""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import takewhile
from typing import Any, TypeVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Case, Lookup, Q, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from dure.core.hangul import ANY, MOST, START, key_of, patterns
from dure.store.chunks import chunked

M = TypeVar("M", bound=models.Model)
LOOKED_AT, FEW, AT_FIRST, LAST = 1_000, 1_000, 100, chr(sys.maxunicode)
LONGEST = 60  # places of a part: twenty syllables


class SoughtField(models.CharField):  # type: ignore[type-arg]  # generic for the checker only
    """Text in which a beginning is looked for, or a pattern (:class:`Begins`, :class:`Like`)."""


class KeyField(SoughtField):
    """The key of the columns it is made ``of``, counted whenever it is written.

    Whoever writes only some columns (``update_fields``) names this one with those it follows.
    """

    def __init__(self, *of: str, **options: Any) -> None:
        self.of = of
        super().__init__(**{"max_length": MOST, "editable": False, "default": "", **options})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, _, options = super().deconstruct()
        return name, path, self.of, options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = key_of(*(getattr(model_instance, name) for name in self.of))
        setattr(model_instance, self.attname, key)
        return key


class PartField(SoughtField):
    """An ending of a key (``hangul.endings``), as far as ``LONGEST``, in a table: see :func:`part_beginning_with`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LONGEST, **options})


@SoughtField.register_lookup
class Like(Lookup):
    """``column LIKE pattern``, the pattern as it stands."""

    lookup_name = "like"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", (*params, self.rhs)


@SoughtField.register_lookup
class Begins(Lookup):
    """``column`` begins with the text, in which nothing is a pattern; found by an index (:func:`index_beginnings`)."""

    lookup_name = "begins"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", (*params, f"{self.rhs}%")

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """SQLite uses no index for LIKE; it compares letter by letter, so that what begins so is a range."""
        column, params = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", (*params, self.rhs, *params, self.rhs + LAST)


def likeliest(
    model: type[M],
    typed: str,
    part: slice,
    *,
    among: "Callable[[], models.QuerySet[M]]",
    parts: "models.QuerySet[Any, Any] | None" = None,
) -> list[M]:
    """A part of :func:`matching`, for large tables: every name is read only where no index finds enough.

    Who may be found is asked last, and not at all where nobody is called so: ``among`` gives the rows that count, of
    which the likeliest ``LOOKED_AT`` are looked at. ``parts``: whose the parts of names are, where there are any.
    """
    found: list[M] = []
    rows = cache(among)
    for keys in _called_so(model, typed, parts):
        found += rows().filter(pk__in=keys).order_by("name_key", "pk")[: part.stop - len(found)]
        if len(found) == part.stop:
            break
    return found[part]


def _called_so(model: type[M], typed: str, parts: "models.QuerySet[Any, Any] | None") -> Iterator[list[Any]]:
    """Those whose key begins with it, then those who have it elsewhere, of each a few first: for whoever asks on."""
    everybody, first = model._default_manager.order_by("name_key", "pk"), beginning_with(typed)
    yield from _few_first(everybody.filter(first))
    yield from _few_first(_having(everybody, typed, parts).exclude(first))


def _few_first(rows: "models.QuerySet[Any]") -> Iterator[list[Any]]:
    keys = list(rows.values_list("pk", flat=True)[:LOOKED_AT])
    yield from filter(None, (keys[:AT_FIRST], keys[AT_FIRST:]))


def _having(rows: "models.QuerySet[M]", typed: str, parts: "models.QuerySet[Any, Any] | None") -> "models.QuerySet[M]":
    """Those who have it in their names: where few parts begin so, by these; else the names, of which the first will do,
    are read in their order."""
    begin = part_beginning_with(typed) if parts is not None else None
    if parts is None or begin is None:
        return rows.filter(called(typed))
    having = parts.filter(begin)
    some = len(having[: FEW + 1])
    if not some:
        return rows.none()
    return rows.filter(pk__in=having) if some <= FEW else rows.filter(called(typed))


def matching(rows: "models.QuerySet[M]", typed: str, *, column: str = "name_key") -> "models.QuerySet[M]":
    """Those of ``rows`` whose key has what was typed, first those with a name that begins with it."""
    keys = sought(typed)
    return matching_keys(rows, keys, column=column) if keys else rows.none()


def sought(typed: str) -> tuple[str, ...]:
    """What was typed as keys of a wording (``store.worded``), for :func:`matching_keys`; none where nothing can be
    found: what all patterns begin with, then each pattern anywhere, then each where a name begins."""
    ways = patterns(typed)
    begins = [f"%{START}{pattern}%" for pattern in ways]
    return (_shared_by(ways), *(f"%{pattern}%" for pattern in ways), *begins) if ways else ()


def matching_keys(rows: "models.QuerySet[M]", keys: Sequence[str], *, column: str = "name_key") -> "models.QuerySet[M]":
    """:func:`matching` for what is :func:`sought`."""
    begins = _like_one_of(column, keys[1 + len(keys) // 2 :])
    in_order = Case(When(begins, then=Value(0)), default=Value(1)), column, "pk"
    return rows.filter(_has(keys, column)).order_by(*in_order)


def called(typed: str, *, column: str = "name_key") -> Q:
    """That the key has what was typed; what cannot be found by its letters, nobody is called."""
    keys = sought(typed)
    return _has(keys, column) if keys else Q(pk__in=[])


def _has(keys: Sequence[str], column: str) -> Q:
    """What all patterns begin with is looked for as plain text first, which takes half the time of a pattern."""
    plain = Q(GreaterThan(StrIndex(column, Value(keys[0])), 0)) if keys[0] else Q()
    return plain & _like_one_of(column, keys[1 : 1 + len(keys) // 2])


def _like_one_of(column: str, ways: Sequence[str]) -> Q:
    found = Q()
    for pattern in ways:
        found |= Q(**{f"{column}__like": pattern})
    return found


def beginning_with(typed: str) -> Q:
    """That the key begins with what was typed: a range of its index, in which the patterns are looked for."""
    ways = patterns(typed)
    like = _like_one_of("name_key", [f"{START}{pattern}%" for pattern in ways])
    return Q(name_key__begins=START + _shared_by(ways)) & like if ways else Q(pk__in=[])


def part_beginning_with(typed: str) -> Q | None:
    """That a ``part`` does (a :class:`PartField`): with :func:`beginning_with` that is all who are :func:`called` so.
    None for what no range of an index has: where a vowel comes first, which any initial may carry, and long texts."""
    ways = patterns(typed)
    shared = _shared_by(ways)
    if not shared or max(map(len, ways)) > LONGEST:
        return None
    return Q(part__begins=shared) & _like_one_of("part", [f"{pattern}%" for pattern in ways])


def _shared_by(ways: list[str]) -> str:
    """What all patterns begin with, as far as it is plain text."""
    shared = takewhile(lambda signs: {*signs} == {signs[0]} - {ANY}, zip(*ways, strict=False))
    return "".join(signs[0] for signs in shared)


def index_beginnings(table: str) -> migrations.RunPython:
    """For migrations: PostgreSQL orders keys by language, in which LIKE finds no beginning, and needs an index for it.

    SQLite finds them by the index that orders the keys.
    """
    index = f"{table}_name_begins"

    def make(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f'CREATE INDEX "{index}" ON "{table}" (name_key varchar_pattern_ops)')

    def unmake(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f'DROP INDEX "{index}"')

    return migrations.RunPython(make, unmake)


def fill_keys(apps: Apps, label: str) -> None:
    """For migrations: give the rows that were there before the column their keys."""
    model = apps.get_model(label)
    field = model._meta.get_field("name_key")
    for rows in chunked(model._default_manager.only("pk", *field.of).iterator()):
        for row in rows:
            field.pre_save(row, add=False)
        model._default_manager.bulk_update(rows, ["name_key"], batch_size=1000)
