"""Rows that are found by their names: a column for it, and the query over it."""

from itertools import takewhile
from typing import Any, TypeVar

from django.apps.registry import Apps
from django.db import models
from django.db.models import Case, Lookup, Q, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from dure.core.hangul import ANY, MOST, START, key_of, patterns
from dure.store.chunks import chunked

M = TypeVar("M", bound=models.Model)


class KeyField(models.CharField):  # type: ignore[type-arg]  # generic for the checker only
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


@KeyField.register_lookup
class Like(Lookup):
    """``column LIKE pattern``, the pattern as it stands."""

    lookup_name = "like"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", (*params, self.rhs)


def likeliest(rows: "models.QuerySet[M]", typed: str, *, most: int = 2_000) -> "models.QuerySet[M]":
    """:func:`matching` for large tables: names are read from their index alone, and of all who are called so at most
    ``most``, the likeliest, are looked at for the rest of what ``rows`` asks.
    """
    called_so = matching(rows.model._default_manager.all(), typed).values("pk")[:most]
    return _likeliest_first(rows.filter(pk__in=called_so), typed, "name_key")


def matching(rows: "models.QuerySet[M]", typed: str, *, column: str = "name_key") -> "models.QuerySet[M]":
    """Those of ``rows`` whose key has what was typed, first those with a name that begins with it."""
    return _likeliest_first(rows.filter(called(typed, column=column)), typed, column)


def _likeliest_first(rows: "models.QuerySet[M]", typed: str, column: str) -> "models.QuerySet[M]":
    begins = Q()
    for pattern in patterns(typed):
        begins |= Q(**{f"{column}__like": f"%{START}{pattern}%"})
    if not begins:
        return rows.none()
    return rows.order_by(Case(When(begins, then=Value(0)), default=Value(1)), column, "pk")


def called(typed: str, *, column: str = "name_key") -> Q:
    """That the key has what was typed; what cannot be found by its letters, nobody is called."""
    inside, ways = Q(pk__in=[]), patterns(typed)
    for pattern in ways:
        inside |= Q(**{f"{column}__like": f"%{pattern}%"})
    return _shared_by(ways, column) & inside


def _shared_by(ways: list[str], column: str) -> Q:
    """What all patterns have in common, looked for once and as plain text: half the time of a pattern."""
    shared = takewhile(lambda signs: {*signs} == {signs[0]} - {ANY}, zip(*ways, strict=False))
    plain = "".join(signs[0] for signs in shared)
    return Q(GreaterThan(StrIndex(column, Value(plain)), 0)) if plain else Q()


def fill_keys(apps: Apps, label: str) -> None:
    """For migrations: give the rows that were there before the column their keys."""
    model = apps.get_model(label)
    field = model._meta.get_field("name_key")
    for rows in chunked(model._default_manager.only("pk", *field.of).iterator()):
        for row in rows:
            field.pre_save(row, add=False)
        model._default_manager.bulk_update(rows, ["name_key"], batch_size=1000)
