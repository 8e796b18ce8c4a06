"""What the log tells of one programme: of its own rows, of its turns, and of what people said and were given there."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, F, Func, Model, QuerySet, UUIDField, Value
from django.db.models.functions import Cast, Replace

from dure.audit.models import AuditRow
from dure.audit.queries import acts
from dure.joints.models import Batch, Fee, Proof, Review, Say
from dure.programmes.models import (
    Announcement,
    Case,
    Given,
    Offer,
    Programme,
    Provided,
    Seat,
    Settlement,
    Turn,
)

# Whose rows belong to a programme, by themselves or by their turn.
_OWN: tuple[type[Model], ...] = (Turn, Given, Offer, Provided, Seat, Settlement, Announcement, Batch)
_OF_TURNS: tuple[type[Model], ...] = (Review, Say, Proof, Fee)
_ABOUT_TURNS: tuple[type[Model], ...] = (Given, Offer, Provided, *_OF_TURNS)


_FORMS: dict[type[Model], str] = {
    Programme: "{{id}} = {{programme}}",
    **dict.fromkeys(
        _OWN, "EXISTS(SELECT 1 FROM {table} own WHERE own.id = {{id}} AND own.programme_id = {{programme}})"
    ),
    **dict.fromkeys(
        _OF_TURNS,
        "EXISTS(SELECT 1 FROM {table} own JOIN {turns} turn ON turn.id = own.turn_id"
        " WHERE own.id = {{id}} AND turn.programme_id = {{programme}})",
    ),
}
_BRANCHES = " ".join(
    f"WHEN '{kind._meta.label_lower}' THEN {form.format(table=kind._meta.db_table, turns=Turn._meta.db_table)}"
    for kind, form in _FORMS.items()
)


class _IsOf(Func):
    """Of a row's kind, its thing's id and a programme's: whether the thing is the programme's.

    One expression for all kinds: a dozen subqueries take Django longer to write than the database to answer.
    """

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        (kind, kinds), (thing, things), (programme, programmes) = map(compiler.compile, self.get_source_expressions())
        branches = _BRANCHES.format(id=thing, programme=programme)
        return f"CASE {kind} {branches} ELSE FALSE END", (*kinds, *(*things, *programmes) * len(_FORMS))


def log_of(programme: Programme) -> "QuerySet[AuditRow]":
    """Everything that was done in the programme, the newest first; one row for what was done to a set.

    The log knows no programme: each row's thing is looked up by its id, which stands there as text.
    """
    thing = Cast(Replace("object_id", Value("-"), Value("")), UUIDField())
    return acts().filter(_IsOf(F("object_kind"), thing, Value(programme.pk)))


def acts_on_case(case: Case, turns: Sequence[Turn]) -> "QuerySet[AuditRow]":
    """Everything that was done to a case and its turns, the newest first."""
    first, *others = [model._default_manager.filter(turn__in=turns).values_list("pk") for model in _ABOUT_TURNS]
    ids = [case.pk, *(turn.pk for turn in turns), *(pk for (pk,) in first.union(*others))]
    models: list[type[Model]] = [Case, Turn, *_ABOUT_TURNS]
    kinds = [model._meta.label_lower for model in models]
    rows = AuditRow.objects.filter(object_kind__in=kinds, object_id__in=[str(pk) for pk in ids])
    return rows.defer("leaves").select_related("text").order_by("-pk")
