"""Is a credential genuine, whose is it, is it well formed, is it in time, does it still hold: each answered apart."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import jwt
import requests
from openbadgeslib.ob3 import (
    OB3LdpVerifier,
    OB3VerificationError,
    OB3Verifier,
    OpenBadgeCredential,
    decode_encoded_list,
    verify_data_integrity_proof,
)

from dure.core import clock
from dure.core.errors import Refused
from dure.core.findings import Finding, State
from dure.credentials import sayings
from dure.credentials.addresses import REVOCATION
from dure.credentials.dids import Known, UnresolvedError, fetched, is_self_named, known
from dure.credentials.models import Credential, CredentialState
from dure.credentials.moments import read
from dure.credentials.multibase import public_key
from dure.credentials.proofs import holds
from dure.credentials.reading import Presented, presented
from dure.credentials.tokens import check_signature

_UNREAD = (OB3VerificationError, jwt.PyJWTError, Refused, ValueError)
_STATES = {
    CredentialState.SUSPENDED: (State.FAIL, sayings.SUSPENDED),
    CredentialState.REVOKED: (State.FAIL, sayings.REVOKED),
    CredentialState.SUPERSEDED: (State.WARN, sayings.SUPERSEDED),
}


@dataclass(frozen=True)
class Report:
    """Five findings, and what was looked at. ``ours``: it is, to the last word, what was issued here."""

    proof: Finding
    issuer: Finding
    schema: Finding
    dates: Finding
    status: Finding
    document: dict[str, Any]
    ours: Credential | None = None

    @property
    def findings(self) -> list[Finding]:
        return [self.proof, self.issuer, self.schema, self.dates, self.status]

    @property
    def state(self) -> State:
        """All in all."""
        return max((finding.state for finding in self.findings), key=list(State).index)


def verified(data: bytes) -> Report:
    """What can be said of a credential that somebody presents. Raises Flawed where it cannot be read as one."""
    return _report(presented(data))


def verified_here(credential: Credential) -> Report:
    """The same of one that was issued here, as it is kept: nobody else wrote it, so its signature tells all."""
    shown = presented(credential.document.encode())
    key = known(shown.method)
    genuine = key.key is not None and holds(shown.document, key=public_key(key.key.public))
    dates, status = _dates(shown.document), _standing(credential)
    return Report(_proven(genuine), _issuer(shown, key), _schema(shown), dates, status, shown.document, credential)


def _report(shown: Presented) -> Report:
    schema, dates = _schema(shown), _dates(shown.document)
    try:
        key = known(shown.method)
    except UnresolvedError:
        unnamed = Finding("issuer", State.FAIL, sayings.UNRESOLVED.format(did=shown.issuer or "–"))
        return Report(Finding("proof", State.FAIL, sayings.NO_KEY), unnamed, schema, dates, _unasked(), shown.document)
    proof, issuer = _proof(shown, key, in_time=dates.state == State.OK), _issuer(shown, key)
    if proof.state == State.FAIL:
        return Report(proof, _claimed(issuer, shown), schema, dates, _unasked(), shown.document)
    ours = _ours(shown.document, key)
    status = _standing(ours) if ours else _listed(shown)
    return Report(proof, issuer, schema, dates, status, shown.document, ours)


# --- proof


def _proof(shown: Presented, key: Known, *, in_time: bool) -> Finding:
    """The signature, and that all which is shown was signed. Of what is out of time the library says no more than
    that; then the signature is looked at alone.
    """
    check = _token_whole if shown.token else _document_whole
    return _proven(_passes(lambda: check(shown, key)) or (not in_time and _passes(lambda: _signature(shown, key))))


def _proven(genuine: bool) -> Finding:
    return Finding("proof", State.OK if genuine else State.FAIL, sayings.GENUINE if genuine else sayings.CHANGED)


def _passes(check: Callable[[], object]) -> bool:
    try:
        check()
    except _UNREAD:
        return False
    return True


def _document_whole(shown: Presented, key: Known) -> None:
    OB3LdpVerifier(pubkey_pem=key.pem).verify(shown.document)


def _token_whole(shown: Presented, key: Known) -> None:
    OB3Verifier(pubkey_pem=key.pem).verify(shown.token)


def _signature(shown: Presented, key: Known) -> None:
    if shown.token:
        check_signature(shown.token, pem=key.pem)
    else:
        verify_data_integrity_proof(shown.document, key.pem)


# --- issuer, schema, dates


def _claimed(issuer: Finding, shown: Presented) -> Finding:
    """What stands there of an issuer says nothing where the signature is wrong."""
    if issuer.state == State.FAIL:
        return issuer
    return Finding("issuer", State.WARN, sayings.CLAIMED.format(did=shown.issuer))


def _issuer(shown: Presented, key: Known) -> Finding:
    did = shown.method.partition("#")[0]
    if did != shown.issuer:
        return Finding("issuer", State.FAIL, sayings.OTHERS_KEY)
    if key.key is not None:
        name = key.key.issuer.organisation.title
        said = sayings.OUR_ISSUER if key.believed else sayings.COMPROMISED
        return Finding("issuer", State.OK if key.believed else State.FAIL, said.format(name=name))
    if is_self_named(did):
        return Finding("issuer", State.WARN, sayings.SELF_NAMED)
    return Finding("issuer", State.OK, sayings.VOUCHED.format(did=did))


def _schema(shown: Presented) -> Finding:
    """Whether it has what Open Badges 3.0 asks for."""
    try:
        OpenBadgeCredential.from_vc_document(shown.document)
    except (KeyError, ValueError, TypeError, AttributeError):
        return Finding("schema", State.FAIL, sayings.MALFORMED)
    return Finding("schema", State.OK, sayings.WELL_FORMED)


def _dates(document: dict[str, Any]) -> Finding:
    try:
        since, until = (_moment(document.get(name)) for name in ("validFrom", "validUntil"))
    except (ValueError, TypeError):
        return Finding("dates", State.FAIL, sayings.UNDATED)
    now = clock.now()
    if since and since > now:
        return Finding("dates", State.FAIL, sayings.TOO_EARLY)
    if until and until <= now:
        return Finding("dates", State.FAIL, sayings.EXPIRED)
    return Finding("dates", State.OK, sayings.IN_TIME if until else sayings.FOR_EVER)


def _moment(text: Any) -> datetime | None:
    return read(text) if text is not None else None


# --- status


def _ours(document: dict[str, Any], key: Known) -> Credential | None:
    """The row of a document that one of our keys has signed."""
    if key.key is None:
        return None
    try:
        found = UUID(str(document.get("id", "")))
    except ValueError:
        return None
    rows = Credential.objects.select_related("version", "achievement__issuer__organisation", "person", "key")
    return rows.filter(pk=found, key=key.key).first()


def _standing(ours: Credential) -> Finding:
    """How our own stands at this moment; lists elsewhere follow within seconds."""
    state, said = _STATES.get(CredentialState(ours.state), (State.OK, sayings.HOLDS))
    return Finding("status", state, said)


def _unasked() -> Finding:
    """Nobody's list is asked about what nobody signed."""
    return Finding("status", State.WARN, sayings.STATUS_UNASKED)


def _listed(shown: Presented) -> Finding:
    """What the lists that others publish say of theirs."""
    entries = shown.document.get("credentialStatus") or []
    listed = entries if isinstance(entries, list) else [entries]
    if not listed:
        return Finding("status", State.OK, sayings.NO_STATUS)
    try:
        purposes = {entry["statusPurpose"] for entry in listed if _is_set(entry, shown.issuer)}
    except (
        OB3VerificationError,
        UnresolvedError,
        requests.RequestException,
        OSError,
        LookupError,
        TypeError,
        ValueError,
    ):
        return Finding("status", State.WARN, sayings.STATUS_UNKNOWN)
    if not purposes:
        return Finding("status", State.OK, sayings.HOLDS)
    return Finding("status", State.FAIL, sayings.REVOKED if REVOCATION in purposes else sayings.SUSPENDED)


def _is_set(entry: dict[str, Any], issuer: str) -> bool:
    """The bit of one entry, from a list that the same issuer signed. Raises when it cannot be told."""
    raw = fetched(str(entry["statusListCredential"])).decode().strip()
    shown = presented(raw.encode())
    if shown.issuer != issuer or shown.method.partition("#")[0] != issuer:
        raise UnresolvedError("somebody else's list")
    _signature(shown, known(shown.method))
    subject = shown.document["credentialSubject"]
    if subject["statusPurpose"] != entry["statusPurpose"]:
        raise ValueError("a list of another purpose")
    index = int(entry["statusListIndex"])
    return bool(decode_encoded_list(subject["encodedList"])[index // 8] & 0x80 >> index % 8)
