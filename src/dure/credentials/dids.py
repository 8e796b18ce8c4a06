"""Decentralised identifiers: what ours say, and whose key a proof names, here or elsewhere."""

from dataclasses import dataclass
from typing import Any

import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from openbadgeslib.ob3 import OB3VerificationError, resolve_verification_method

from dure.core.outbound import session
from dure.credentials.models import Issuer, KeyState, SigningKey
from dure.credentials.multibase import DID_KEY, public_key
from dure.credentials.queries import believed_keys


class UnresolvedError(Exception):
    """Nobody says whose key it is, or nobody could be asked."""


@dataclass(frozen=True)
class Known:
    """A public key in PEM; ``key``: ours, and ``believed`` unless it was compromised."""

    pem: bytes
    key: SigningKey | None = None
    believed: bool = True


def did_document(issuer: Issuer) -> dict[str, Any]:
    """What verifiers elsewhere read about an issuer: every key whose signatures hold, those of the past too."""
    keys = list(believed_keys(issuer))
    methods = [
        {"id": key.method, "type": "Multikey", "controller": key.did, "publicKeyMultibase": key.public} for key in keys
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": issuer.did,
        "verificationMethod": methods,
        "assertionMethod": [key.method for key in keys],
    }


def known(method: str) -> Known:
    """The key behind a proof's ``verificationMethod``: our own from their rows, ``did:key`` from itself, ``did:web``
    from its host. Raises UnresolvedError.
    """
    did, _, fragment = method.partition("#")
    ours = SigningKey.objects.select_related("issuer__organisation").filter(public=fragment).first()
    if ours and ours.did == did:
        return Known(pem_of(ours), ours, ours.state != KeyState.COMPROMISED)
    try:
        return Known(resolve_verification_method(method, download=fetched))
    except (OB3VerificationError, requests.RequestException, OSError, ValueError) as wrong:
        raise UnresolvedError(str(wrong)) from wrong


def is_self_named(did: str) -> bool:
    """Whether only the key itself says who it is."""
    return did.startswith(DID_KEY)


def pem_of(key: SigningKey) -> bytes:
    return public_key(key.public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fetched(url: str) -> bytes:
    """What is at a foreign address. Raises requests.RequestException, OSError."""
    answer = session(private=settings.PRIVATE_HOSTS).get(url)
    answer.raise_for_status()
    return answer.content
