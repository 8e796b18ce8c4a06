"""What the words of a credential mean: JSON-LD contexts from an installed package, never from the network."""

import json
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from openbadgeslib.ob3.contexts import document_loader
from pyld import jsonld

VC = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
BADGE = [VC, OPEN_BADGES]
STATUS_LIST = [VC]  # knows status lists and Data Integrity proofs itself


@cache
def _loader() -> Callable[[str, Any], dict[str, Any]]:
    return document_loader()


def canonical(document: dict[str, Any]) -> bytes:
    """The document's statements in the one order that RDFC-1.0 gives them, as N-Quads.

    For documents that were made here only: what strangers send is read by ``dure.credentials.verifying`` with bounds.
    """
    return _canonical(json.dumps(document))


@lru_cache(maxsize=256)
def _canonical(document: str) -> bytes:
    """The same document has the same statements whenever it is read: one that is looked at is looked at again."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _loader()}
    quads: str = jsonld.normalize(json.loads(document), options)
    return quads.encode()
