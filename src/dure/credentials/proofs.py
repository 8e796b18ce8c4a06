"""Data Integrity proofs with eddsa-rdfc-2022 (W3C, Data Integrity EdDSA Cryptosuites 1.0, section 3.2)."""

from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dure.credentials.contexts import hash_of
from dure.credentials.moments import written
from dure.credentials.multibase import decoded, encoded

Document = dict[str, Any]


def proven(document: Document, *, key: Ed25519PrivateKey, method: str, at: datetime) -> Document:
    """The document with its proof. ``method`` is the address of the public key, ``DID#key``."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": written(at),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    return {**document, "proof": {**proof, "proofValue": encoded(key.sign(_hashed(document, proof)))}}


def holds(secured: Document, *, key: Ed25519PublicKey) -> bool:
    """Whether nothing of a document that was made here has changed since it was signed."""
    document = {name: value for name, value in secured.items() if name != "proof"}
    proof = {name: value for name, value in secured["proof"].items() if name != "proofValue"}
    try:
        key.verify(decoded(secured["proof"]["proofValue"]), _hashed(document, proof))
    except (InvalidSignature, ValueError):
        return False
    return True


def _hashed(document: Document, proof: Document) -> bytes:
    config = {"@context": document["@context"], **proof}
    return hash_of(config) + hash_of(document)
