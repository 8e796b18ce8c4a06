"""What somebody sends to be verified: a JSON document, a token, or an image that carries one of them."""

import json
from dataclasses import dataclass
from typing import Any

import jwt
from openbadgeslib import baking

from dure.core.errors import Flawed
from dure.core.text import Text
from dure.credentials.tokens import unproven

MOST_BYTES = 2 * 1024 * 1024
MOST_DOCUMENT = 256 * 1024
PNG = b"\x89PNG\r\n\x1a\n"
UNREADABLE = Text(
    ko="자격 파일로 읽을 수 없습니다. 발급받은 JSON, JWT, PNG 또는 SVG 파일을 그대로 올리세요.",
    en="This cannot be read as a credential. Send the JSON, JWT, PNG or SVG as it was issued.",
)
EMPTY_IMAGE = Text(
    ko="이 이미지에는 자격이 들어 있지 않습니다. 발급받은 원본 이미지를 올리세요. 복사하거나 캡처하면 사라집니다.",
    en="This image carries no credential. Send the original; copies and screenshots lose it.",
)
TOO_LONG = Text(
    ko="자격 문서는 256KiB까지 확인합니다. 다른 형식으로 받아 다시 시도하세요.",
    en="Documents of up to 256 KiB are verified. Get it in another form and try again.",
)


@dataclass(frozen=True)
class Presented:
    """A credential as it was presented. ``method`` is whose key it says has signed it; ``token``: it is a VC-JWT."""

    document: dict[str, Any]
    method: str
    token: str = ""

    @property
    def issuer(self) -> str:
        """The identifier of who it says has issued it."""
        issuer = self.document.get("issuer")
        named = issuer.get("id") if isinstance(issuer, dict) else issuer
        return named if isinstance(named, str) else ""


def presented(data: bytes) -> Presented:
    """Raises Flawed("credentials.unreadable"), ("credentials.empty-image"), ("credentials.long")."""
    text = _carried(data).strip()
    if len(text.encode()) > MOST_DOCUMENT:
        raise Flawed("credentials.long", TOO_LONG)
    try:
        return _document(text) if text.startswith("{") else _token(text)
    except (ValueError, RecursionError, jwt.PyJWTError, LookupError, TypeError) as wrong:
        raise Flawed("credentials.unreadable", UNREADABLE) from wrong


def _carried(data: bytes) -> str:
    """The text itself, or what an image has baked in (Open Badges 3.0, 5.3)."""
    try:
        if data.startswith(PNG):
            found = baking.extract_png(data, keyword=baking.ITXT_KEYWORD_OB3)
        elif b"<svg" in data[:4096]:
            found = baking.extract_svg(data, element=baking.SVG_ELEMENT_OB3, text_fallback=True)
        else:
            return data.decode()
    except Exception as wrong:
        raise Flawed("credentials.unreadable", UNREADABLE) from wrong
    if not found:
        raise Flawed("credentials.empty-image", EMPTY_IMAGE)
    return found


def _document(text: str) -> Presented:
    document = json.loads(text)
    proof = document["proof"]
    [proof] = proof if isinstance(proof, list) else [proof]
    return Presented(document, str(proof["verificationMethod"]))


def _token(text: str) -> Presented:
    document, method = unproven(text)
    return Presented(document, method, token=text)
