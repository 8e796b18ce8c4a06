"""Keys and second factors: what guards an account."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from dure.people.models import ApiToken, Person


def tokens_of(person: Person) -> QuerySet[ApiToken]:
    """Somebody's keys that were not revoked, the newest first."""
    return person.api_tokens.filter(revoked_at=None).order_by("-made_at", "-pk")


def signed_in_since(moment: datetime) -> int:
    """How many persons have signed in since then."""
    return Person.objects.filter(last_login__gte=moment).count()


def has_second_factor(person: Person) -> bool:
    """Signing in asks this person for a code."""
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
