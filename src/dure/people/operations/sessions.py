"""Devices that are signed in."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from dure.audit.operations import record
from dure.people.models import Person


@transaction.atomic
def end_sessions(person: Person, *, but: str) -> int:
    """Sign every device of the person's out except the one whose session key is ``but``. Returns how many."""
    others = list(UserSession.objects.filter(user=person).exclude(session_key=but))
    for session in others:
        session.end()
    record("person.signed-out", person, after={"devices": len(others)})
    return len(others)
