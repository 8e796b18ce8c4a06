"""What the signing worker does: read the private key, build documents, sign them. Nothing here writes a row."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from dure.core.errors import Unready
from dure.core.text import Text
from dure.credentials import addresses, keys
from dure.credentials.documents import badge_of, status_list_of
from dure.credentials.models import (
    Alignment,
    Credential,
    CredentialState,
    Issuer,
    SigningKey,
    StatusList,
)
from dure.credentials.moments import months_after
from dure.credentials.operations.signing import Signed
from dure.credentials.proofs import proven
from dure.credentials.queries import active_key, places_of
from dure.credentials.tokens import token_of

NO_KEY = Text(
    ko="발급 기관에 서명 키가 없습니다. dure keys new를 실행하세요.",
    en="The issuer has no signing key. Run dure keys new.",
)
BITS = {addresses.REVOCATION: CredentialState.REVOKED, addresses.SUSPENSION: CredentialState.SUSPENDED}


def key_of(issuer: Issuer) -> SigningKey:
    """Raises Unready."""
    found = active_key(issuer)
    if found is None:
        raise Unready("credentials.no-key", NO_KEY)
    return found


def waiting(batch: UUID, *, first: UUID, last: UUID) -> Sequence[Credential]:
    """Those of a batch, by their ids, that nobody signed yet, with all that their documents say."""
    rows = Credential.objects.filter(batch=batch, pk__range=(first, last), state=CredentialState.APPROVED)
    aligned = Prefetch("version__alignments", Alignment.objects.select_related("skill__taxonomy").order_by("pk"))
    related = rows.select_related("version__achievement__issuer__organisation", "person").order_by("pk")
    return list(related.prefetch_related(aligned, "evidence"))


def signed(credential: Credential, *, key: SigningKey, at: datetime) -> Signed:
    """The credential as a document with its proof, and as a token."""
    if credential.valid_until is None and credential.version.valid_months:
        credential.valid_until = months_after(at, credential.version.valid_months)
    private = keys.private(key.public)
    document = badge_of(credential, key=key, at=at)
    return Signed(
        credential.pk, credential.ground, credential.renews_id,
        document=text_of(proven(document, key=private, method=key.method, at=at)),
        token=token_of(document, key=private, method=key.method),
        valid_until=credential.valid_until,
    )  # fmt: skip


def signed_lists(listed: StatusList, *, at: datetime) -> dict[str, str]:
    """The list as it stands, by purpose."""
    key = key_of(listed.issuer)
    private = keys.private(key.public)

    def one(purpose: str) -> str:
        document = status_list_of(listed, purpose, places=places_of(listed, BITS[purpose]), key=key, at=at)
        return text_of(proven(document, key=private, method=key.method, at=at))

    return {purpose: one(purpose) for purpose in addresses.PURPOSES}


def text_of(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
