"""What the log tells of one programme: of its own rows, of its turns, and of what people said and were given there."""

from collections.abc import Mapping, Sequence

from django.db.models import Case as Where
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, UUIDField, Value, When
from django.db.models.functions import Cast, Concat, Replace

from dure.audit.models import AuditRow
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

# Whose rows belong to a programme, and by which of their fields.
_OWN: Mapping[type[Model], str] = {
    Turn: "programme", Given: "programme", Offer: "programme", Provided: "programme", Seat: "programme",
    Settlement: "programme", Announcement: "programme", Review: "turn__programme", Say: "turn__programme",
    Proof: "turn__programme", Fee: "turn__programme", Batch: "programme",
}  # fmt: skip
_ABOUT_TURNS: tuple[type[Model], ...] = (Given, Offer, Provided, Review, Say, Proof, Fee)


def log_of(programme: Programme) -> "QuerySet[AuditRow]":
    """Everything that was done in the programme, the newest first; one row for what was done to a set.

    The log knows no programme: each row's thing is looked up by its id, which stands there as text.
    """
    kinds = {model._meta.label_lower: model for model in _OWN}
    key = Cast(Replace("object_id", Value("-"), Value("")), UUIDField())
    known = When(object_kind__in=list(kinds), then=key)
    rows = AuditRow.objects.annotate(key=Where(known, default=None, output_field=UUIDField()))
    # By what no index has: it would gather every row and sort them all, where the newest few are wanted.
    is_whole = Where(When(head=None, then=Value(True)), default=Value(False))
    rows = rows.annotate(sort=Concat("object_kind", Value("")), whole=is_whole)
    own = Q(sort=Programme._meta.label_lower, object_id=str(programme.pk))
    for kind, model in kinds.items():
        mine = model._default_manager.filter(pk=OuterRef("key"), **{_OWN[model]: programme.pk})
        own |= Q(Exists(mine), sort=kind)
    return rows.filter(own, whole=True).defer("leaves").select_related("text", "seal").order_by("-pk")


def acts_on_case(case: Case, turns: Sequence[Turn]) -> "QuerySet[AuditRow]":
    """Everything that was done to a case and its turns, the newest first."""
    first, *others = [model._default_manager.filter(turn__in=turns).values_list("pk") for model in _ABOUT_TURNS]
    ids = [case.pk, *(turn.pk for turn in turns), *(pk for (pk,) in first.union(*others))]
    models: list[type[Model]] = [Case, Turn, *_ABOUT_TURNS]
    kinds = [model._meta.label_lower for model in models]
    rows = AuditRow.objects.filter(object_kind__in=kinds, object_id__in=[str(pk) for pk in ids])
    return rows.defer("leaves").select_related("text").order_by("-pk")
