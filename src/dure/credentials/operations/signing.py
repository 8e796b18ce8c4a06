"""What workers signed is kept, and told: the one moment at which a credential is issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dure.audit.operations import Part, record_many
from dure.core.events import publish
from dure.credentials.events import CredentialIssued, CredentialRenewed
from dure.credentials.models import CREDENTIAL_MOVES, Batch, Credential, CredentialState, SigningKey
from dure.store.bulk import update_rows

COLUMNS = ("state", "document", "token", "key", "issued_at", "valid_until")


@dataclass(frozen=True)
class Signed:
    """A credential in both forms. ``former``: the one that it takes the place of."""

    credential: UUID
    ground: str
    former: UUID | None
    document: str
    token: str
    valid_until: datetime | None


@transaction.atomic
def keep_signed(batch: Batch, signed: Sequence[Signed], *, key: SigningKey, at: datetime) -> None:
    """Issue those that still wait for it; somebody else may have signed some of them meanwhile."""
    waiting = Credential.objects.select_for_update().filter(
        pk__in=[one.credential for one in signed], state=CredentialState.APPROVED
    )
    pending = set(waiting.values_list("pk", flat=True))
    fresh = [one for one in signed if one.credential in pending]
    CREDENTIAL_MOVES.check(CredentialState.APPROVED, CredentialState.ISSUED)
    state = CredentialState.ISSUED.value
    rows = [(state, one.document, one.token, key.pk, at, one.valid_until, one.credential) for one in fresh]
    update_rows(Credential, COLUMNS, rows)
    if fresh:
        parts = [Part(("credentials.credential", one.credential)) for one in fresh]
        record_many("credential.issued", batch, parts=parts)
    for one in fresh:
        _supersede(one)
        publish(CredentialIssued(one.credential, one.ground))


def _supersede(one: Signed) -> None:
    """The former is history now, unless it was revoked or suspended meanwhile."""
    if one.former is None:
        return
    CREDENTIAL_MOVES.check(CredentialState.ISSUED, CredentialState.SUPERSEDED)
    if Credential.objects.filter(pk=one.former, state=CredentialState.ISSUED).update(state=CredentialState.SUPERSEDED):
        publish(CredentialRenewed(one.credential, one.former))
