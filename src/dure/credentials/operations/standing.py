"""Whether what was issued still holds: suspended, reinstated, revoked, each with its reason."""

from django.db import transaction

from dure.audit.operations import record
from dure.core.errors import Flawed
from dure.core.events import Fact, publish
from dure.core.text import Text
from dure.credentials.events import CredentialReinstated, CredentialRevoked, CredentialSuspended
from dure.credentials.models import CREDENTIAL_MOVES, Credential, CredentialState
from dure.credentials.operations.lists import publish_list
from dure.people.models import Person
from dure.store.models import move
from dure.store.transactions import durable

WHY = Text(ko="사유를 입력하세요.", en="Say why.")

_ACTIONS: dict[type[Fact], str] = {
    CredentialSuspended: "credential.suspended",
    CredentialReinstated: "credential.reinstated",
    CredentialRevoked: "credential.revoked",
}


def suspend(credential: Credential, *, reason: str, by: Person) -> Credential:
    """It does not hold for the time being."""
    return _walk(credential, CredentialState.SUSPENDED, CredentialSuspended(credential.pk), reason=reason, by=by)


def reinstate(credential: Credential, *, reason: str, by: Person) -> Credential:
    """A suspended one holds again."""
    return _walk(credential, CredentialState.ISSUED, CredentialReinstated(credential.pk), reason=reason, by=by)


def revoke(credential: Credential, *, reason: str, by: Person) -> Credential:
    """It holds no longer, for good."""
    return _walk(credential, CredentialState.REVOKED, CredentialRevoked(credential.pk), reason=reason, by=by)


def _walk(credential: Credential, state: CredentialState, fact: Fact, *, reason: str, by: Person) -> Credential:
    """Raises Flawed("credentials.reason"), Refused("state.move"), Refused("state.changed")."""
    if not reason.strip():
        raise Flawed("credentials.reason", WHY)
    with durable(), transaction.atomic():
        before = credential.state
        move(credential, state, by=CREDENTIAL_MOVES, reason=reason.strip())
        told = {"state": state, "reason": reason.strip()}
        record(_ACTIONS[type(fact)], credential, before={"state": before}, after=told, actor=by)
        if credential.status_list:
            publish_list(credential.status_list)
        publish(fact)
    return credential
