"""People named by their addresses, as somebody pasted them."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from dure.people.models import Person

MOST_SHOWN = 20


def people_in(written: str, *, most: int) -> tuple[list[Person], list[str]]:
    """Those who are registered, and the addresses of nobody who is; lines, commas and semicolons part them."""
    emails = list(dict.fromkeys(written.replace(",", " ").replace(";", " ").lower().split()))[:most]
    found = list(Person.objects.filter(email__in=emails, is_active=True))
    return found, sorted(set(emails) - {person.email for person in found})


def warn_of_unknown(request: HttpRequest, emails: list[str]) -> None:
    if emails:
        said = gettext("Not registered, so not admitted: %(emails)s") % {"emails": ", ".join(emails[:MOST_SHOWN])}
        messages.warning(request, said)
