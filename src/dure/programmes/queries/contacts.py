"""Persons who left their contact at an event and agreed to be found."""

from uuid import UUID

from dure.people.models import Consent


def contact_scope(turn: UUID) -> str:
    """What a consent to be contacted is about: one turn of an event."""
    return str(turn)


def contacts_of(turn: UUID) -> list[UUID]:
    """The ids of those whose consent stands, in the order they gave it."""
    rows = Consent.objects.filter(purpose="contact", scope=contact_scope(turn), withdrawn_at__isnull=True)
    return list(rows.order_by("given_at", "pk").values_list("person_id", flat=True))
