"""Who may do what with an application."""

from dure.applications.models import Application
from dure.people.models import Person


def may_fill(person: Person, application: Application) -> bool:
    """Its holders write, attach and send. Who else may read it is for those to say who know what it is for."""
    return person.is_active and application.holders.filter(pk=person.pk).exists()
