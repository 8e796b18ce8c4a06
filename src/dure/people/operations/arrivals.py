"""Somebody comes in by their organisation's own sign-in: what it says becomes memberships."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from dure.audit.acting import acting, acting_now
from dure.audit.models import thing_name
from dure.audit.operations import record
from dure.core import clock
from dure.people.claims import Claims, department_from, roles_from
from dure.people.models import IdentityProvider, Membership, Person, Role
from dure.people.operations.accounts import introduce
from dure.people.operations.organisations import join_organisation, leave

GIVEN = (Role.MEMBER, Role.STUDENT)  # what a provider may say; administrators are made by people


@transaction.atomic
def admit(person: Person, *, through: IdentityProvider, claims: Claims, language: str) -> Person:
    """A new account, made at its first sign-in: say whose it is, and where they belong."""
    with _speaking_for(through):
        introduce(person, name=claims.name or claims.email.partition("@")[0], language=language)
    arrive(person, through=through, claims=claims)
    return person


@transaction.atomic
def arrive(person: Person, *, through: IdentityProvider, claims: Claims) -> list[Membership]:
    """Begin, change and end memberships as the claims say. Returns those that hold; empty: they have left.

    Another department is another membership, so that the one before stays written.
    """
    wanted, department = roles_from(through, claims.values), department_from(through, claims.values)
    rows = person.memberships.filter(organisation=through.organisation, role__in=GIVEN, until=None)
    with _speaking_for(through):
        kept = {row.role: row for row in rows if not _ended(row, through, wanted, department)}
        for role in wanted - kept.keys():
            joined = join_organisation(through.organisation, person=person, role=role, department=department)
            kept[joined.role] = joined
    return [row for role, row in kept.items() if role in wanted]


def _ended(row: Membership, through: IdentityProvider, wanted: set[Role], department: str) -> bool:
    gone = row.role not in wanted and through.ends_memberships
    moved = row.role in wanted and bool(through.department_claim) and row.department != department
    if gone or moved:
        leave(row)
    return gone or moved


@transaction.atomic
def vouch_for(person: Person, *, through: IdentityProvider, email: str) -> None:
    """The provider says that the address is theirs. Where nobody had shown that, all other ways in are closed.

    Somebody else may have signed up with the address and kept a password, a second factor or a key for later.
    """
    if EmailAddress.objects.filter(user=person, email=email, verified=True).exists():
        return
    person.set_unusable_password()
    person.save(update_fields=["password"])
    Authenticator.objects.filter(user=person).delete()
    person.api_tokens.filter(revoked_at=None).update(revoked_at=clock.now())
    EmailAddress.objects.update_or_create(user=person, email=email, defaults={"verified": True, "primary": True})
    with _speaking_for(through):
        record("person.address-vouched", person, after={"email": email})


@transaction.atomic
def end_lapsed() -> int:
    """End the memberships of those who have not signed in for as long as their organisation says. Returns how many."""
    ended = 0
    for provider in IdentityProvider.objects.filter(active=True).exclude(lapses_after=None):
        last = clock.now() - timedelta(days=provider.lapses_after or 0)
        away = SocialAccount.objects.filter(provider=provider.name, last_login__lt=last).values("user")
        rows = provider.organisation.memberships.filter(person__in=away, role__in=GIVEN, until=None)
        with _speaking_for(provider):
            ended += len([leave(row) for row in rows])
    return ended


@contextmanager
def _speaking_for(provider: IdentityProvider) -> Iterator[None]:
    """In the log it is the organisation that says so."""
    with acting(actor=thing_name(provider.organisation), request_id=acting_now().request_id):
        yield
