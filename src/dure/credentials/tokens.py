"""The same credential as a signed token: VC-JWT (Open Badges 3.0, section 8.2; RFC 7515, RFC 8037)."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OKPKey

from dure.credentials.moments import read

ALGORITHM = "EdDSA"
_registry = jws.JWSRegistry(algorithms=[ALGORITHM])


def token_of(document: dict[str, Any], *, key: Ed25519PrivateKey, method: str) -> str:
    """The document as a compact JWS; its claims repeat who issued it, its id and its time (8.2.4)."""
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": method}
    payload = json.dumps(_claims(document), ensure_ascii=False)
    return jws.serialize_compact(header, payload, OKPKey.import_key(key), registry=_registry)


def _claims(document: dict[str, Any]) -> dict[str, Any]:
    claims = {**document, "iss": document["issuer"]["id"], "jti": document["id"]}
    claims["nbf"] = int(read(document["validFrom"]).timestamp())
    if "validUntil" in document:
        claims["exp"] = int(read(document["validUntil"]).timestamp())
    return claims
