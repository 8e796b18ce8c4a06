"""Persons who left their contact at an event and agreed to be found."""

from dure.people.models import Consent, Person
from dure.programmes.models import Turn


def contact_scope(turn: Turn) -> str:
    """What a consent to be contacted is about: one turn of an event."""
    return str(turn.pk)


def contacts_of(turn: Turn) -> list[Person]:
    """Those whose consent stands, in the order they gave it."""
    rows = Consent.objects.filter(purpose="contact", scope=contact_scope(turn), withdrawn_at__isnull=True)
    return [row.person for row in rows.select_related("person").order_by("given_at", "pk")]
