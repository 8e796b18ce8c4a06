"""Who agreed to what."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from dure.people.models import Consent, Person
from dure.store.chunks import chunked
from dure.store.worded import padded, valued

EMPLOYER = "employer"  # to be seen by an organisation one belongs to, or that pays; the scope is its short name
RECRUITERS = "recruiters"  # to be shown to the recruiters of a programme; the scope is its name


def consenting(persons: "Collection[UUID] | QuerySet[Any, UUID]", *, purpose: str, scope: str) -> set[UUID]:
    """Those of the persons whose consent stands now; a query for them is asked within this one."""
    standing = Consent.objects.filter(purpose=purpose, scope=scope, withdrawn_at=None, person__in=persons)
    return set(standing.values_list("person_id", flat=True))


def answers_of(persons: Iterable[UUID], *, purpose: str, scope: str) -> Iterator[tuple[UUID, bool, datetime]]:
    """Each person who ever answered, whether their yes stands now, and since when that is so."""
    for chunk in chunked(persons):
        latest = {row[0]: row for row in valued(_answers, purpose, scope, *padded(chunk))}
        for person, withdrawn_at, since in latest.values():
            yield person, withdrawn_at is None, since


def _answers(purpose: str, scope: str, *persons: UUID) -> "QuerySet[Consent, Any]":
    rows = Consent.objects.filter(person__in=persons, purpose=purpose, scope=scope)
    timed = rows.annotate(since=Coalesce("withdrawn_at", "given_at"))
    in_order = timed.order_by(F("withdrawn_at").asc(nulls_last=True), "pk")
    return in_order.values_list("person_id", "withdrawn_at", "since")


def has_consented(person: Person, *, purpose: str, scope: str) -> bool:
    return person.consents.filter(purpose=purpose, scope=scope, withdrawn_at=None).exists()


def consents_of(person: Person) -> QuerySet[Consent]:
    """Every answer a person gave, the newest first."""
    return person.consents.order_by(Coalesce("given_at", "withdrawn_at").desc(), "-pk")
