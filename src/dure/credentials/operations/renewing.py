"""Renewal: a new credential, by today's version, in the place of one that ends."""

from django.db import transaction

from dure.audit.operations import record
from dure.core.errors import Refused
from dure.core.text import Text
from dure.credentials.models import Credential, CredentialState
from dure.credentials.operations.proposing import Deserved, approve, propose
from dure.people.models import Person

NOT_NOW = Text(
    ko="유효하거나 만료된 자격만 갱신할 수 있습니다. 이 자격의 상태를 확인하세요.",
    en="Only a credential that holds, or that expired, can be renewed. Look at how this one stands.",
)


@transaction.atomic
def renew(credential: Credential, *, by: Person) -> Credential:
    """Issue it anew, for as long as the achievement's version of today says; the former stays as history.

    The same evidence stands behind both. Asked for twice, it is renewed once. Raises Refused("credentials.renewal").
    """
    if credential.state not in {CredentialState.ISSUED, CredentialState.SUPERSEDED}:
        raise Refused("credentials.renewal", NOT_NOW)
    ground = f"renewal:{credential.pk}"
    deserved = Deserved(credential.person, ground, list(credential.evidence.all()))
    [fresh] = propose(credential.achievement, [deserved], by=by)
    if fresh.renews_id is None:
        Credential.objects.filter(pk=fresh.pk).update(renews=credential)
        fresh.renews = credential
        record("credential.renewed", credential, after={"by": str(fresh.pk)}, actor=by)
    if fresh.state == CredentialState.PROPOSED:
        approve([fresh.pk], achievement=credential.achievement, by=by)
        fresh.refresh_from_db(fields=["state"])
    return fresh
