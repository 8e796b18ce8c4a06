"""The same credential as a signed token: VC-JWT (Open Badges 3.0, section 8.2; RFC 7515, RFC 8037)."""

from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.types import Options

from dure.credentials.moments import read

ALGORITHM = "EdDSA"
READ = [ALGORITHM, "ES256", "RS256"]
_UNTIMED: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}


def token_of(document: dict[str, Any], *, key: Ed25519PrivateKey, method: str) -> str:
    """The document as a compact JWS; its claims repeat who issued it, its id and its time (8.2.4)."""
    claims = {**document, "iss": document["issuer"]["id"], "jti": document["id"]}
    claims["nbf"] = int(read(document["validFrom"]).timestamp())
    if "validUntil" in document:
        claims["exp"] = int(read(document["validUntil"]).timestamp())
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": method})


def unproven(token: str) -> tuple[dict[str, Any], str]:
    """What a token says, and whose key it says has signed it; believe neither. Raises jwt.InvalidTokenError."""
    read_ = jwt.decode_complete(token, options={"verify_signature": False})
    return read_["payload"], str(read_["header"].get("kid", ""))


def check_signature(token: str, *, pem: bytes) -> None:
    """Of whatever time it is. Raises jwt.PyJWTError."""
    jwt.decode_complete(token, pem, algorithms=READ, options=_UNTIMED)
