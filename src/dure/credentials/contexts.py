"""What the words of a credential mean: JSON-LD contexts from an installed package, never from the network."""

import json
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any

from openbadgeslib.ob3.contexts import document_loader
from pyld import jsonld

VC = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
BADGE = [VC, OPEN_BADGES]
STATUS_LIST = [VC]  # knows status lists and Data Integrity proofs itself
MOST_KEPT = 1_000  # hashes in this process
_hashes: dict[bytes, bytes] = {}


@cache
def _loader() -> Callable[[str, Any], dict[str, Any]]:
    return document_loader()


def canonical(document: dict[str, Any]) -> bytes:
    """The document's statements in the one order that RDFC-1.0 gives them, as N-Quads.

    For documents that were made here only: what strangers send is read by ``dure.credentials.verifying`` with bounds.
    """
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _loader()}
    quads: str = jsonld.normalize(document, options)
    return quads.encode()


def hash_of(document: dict[str, Any]) -> bytes:
    """SHA-256 of what is :func:`canonical`, kept for whoever looks at it next; a hash says nothing of anybody."""
    same = sha256(json.dumps(document).encode()).digest()
    known = _hashes.get(same)
    if known is None:
        if len(_hashes) >= MOST_KEPT:
            _hashes.clear()
        known = _hashes[same] = sha256(canonical(document)).digest()
    return known
