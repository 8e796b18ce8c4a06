"""Who may do what with catalogues and courses."""

from django.db.models import Q, QuerySet

from dure.learning.models import Item, Provider
from dure.people.days import today
from dure.people.models import Organisation, Person, Role
from dure.people.rules import is_operator, may_change_organisation


def may_open_provider(actor: Person, organisation: Organisation) -> bool:
    """Give an organisation a shelf in the catalogue."""
    return may_change_organisation(actor, organisation)


def may_curate(actor: Person, provider: Provider) -> bool:
    """Import, write, rework and retire what a provider offers."""
    return actor.is_active and curated_by(actor).filter(pk=provider.pk).exists()


def may_appoint(actor: Person, provider: Provider) -> bool:
    """Say who curates, and how the live catalogue is reached."""
    return may_change_organisation(actor, provider.organisation)


def curated_by(actor: Person) -> "QuerySet[Provider]":
    """The providers that somebody looks after, by name."""
    rows = Provider.objects.order_by("name_key", "pk")
    if is_operator(actor):
        return rows
    administered = actor.memberships.on(today()).filter(role=Role.ADMIN).values("organisation")
    return rows.filter(Q(pk__in=actor.curated_providers.values("pk")) | Q(organisation__in=administered))


def is_written_here(item: Item) -> bool:
    """Whether its provider's curators may change what it says; what was imported changes with its source."""
    return not item.feed
