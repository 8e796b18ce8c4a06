"""Every write of evidence."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from dure.people.models import Person
from dure.skills.models import Evidence, Showing


@transaction.atomic
def record(
    kind: str,
    values: Mapping[str, Any],
    *,
    persons: Iterable[Person],
    via: str,
    by: Person | None,
    proof: str = "",
) -> Evidence:
    """Keep one hand-in's facts as evidence of ``persons`` (none, where an organisation or an item travels).

    The log tells of it with the thing that it is shown for: whoever hands it in writes that row.
    """
    evidence = Evidence.objects.create(kind=kind, values=dict(values), via=via, recorded_by=by, proof=proof)
    Showing.objects.bulk_create([Showing(evidence=evidence, person=person) for person in persons])
    return evidence


@transaction.atomic
def blank(evidence: Iterable[Evidence]) -> None:
    """Erase what is said in words, of somebody who is forgotten; numbers stay, for figures are made of them."""
    for row in evidence:
        kept = {name: value for name, value in row.values.items() if isinstance(value, int | float)}
        Evidence.objects.filter(pk=row.pk).update(values=kept, proof="")
