"""People named by their addresses, as somebody pasted them."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.models import Person

MOST_SHOWN = 20
LONGEST = 254  # of an email address
NO_ADDRESS = Text(ko="이메일 주소를 입력하세요.", en="Enter the email address.")
NOBODY = Text(
    ko="가입한 사람이 아닙니다: {email}. 먼저 가입하도록 안내하세요.",
    en="Nobody is registered as {email}. Ask them to sign up first.",
)


def person_at(written: str) -> Person:
    """Who is registered under one address. Raises Missing("person.missing")."""
    email = written.strip().lower()[:LONGEST]
    found = Person.objects.filter(email=email, is_active=True).first()
    if found is None:
        raise Missing("person.missing", NOBODY.format(email=email) if email else NO_ADDRESS)
    return found


def people_in(written: str, *, most: int) -> tuple[list[Person], list[str]]:
    """Those who are registered, and the addresses of nobody who is; lines, commas and semicolons part them."""
    emails = list(dict.fromkeys(written.replace(",", " ").replace(";", " ").lower().split()))[:most]
    found = list(Person.objects.filter(email__in=emails, is_active=True))
    return found, sorted(set(emails) - {person.email for person in found})


def warn_of_unknown(request: HttpRequest, emails: list[str]) -> None:
    if emails:
        said = gettext("Not registered, so not admitted: %(emails)s") % {"emails": ", ".join(emails[:MOST_SHOWN])}
        messages.warning(request, said)
