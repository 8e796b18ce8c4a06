"""SAML metadata: what a provider publishes about itself, read from its file."""

import re
from dataclasses import dataclass

import requests
from django.conf import settings
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser  # type: ignore[import-untyped]  # brings no types

from dure.core import outbound
from dure.core.errors import Flawed, Unready
from dure.core.text import Text

_BOUNDS = re.compile(r"-----(BEGIN|END) CERTIFICATE-----|\s")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Who the provider is, where it signs people in, and the certificate it signs with."""

    entity_id: str
    sso_url: str
    certificate: str


def read_metadata(text: str) -> Metadata:
    """Raises Flawed("provider.metadata")."""
    try:
        idp = OneLogin_Saml2_IdPMetadataParser.parse(text).get("idp", {})
    except Exception as flaw:  # the parser raises whatever its parts raise
        raise _unreadable() from flaw
    many = idp.get("x509certMulti", {}).get("signing", [])
    certificate = idp.get("x509cert") or (many[0] if many else "")
    sso_url = idp.get("singleSignOnService", {}).get("url", "")
    if not (idp.get("entityId") and sso_url and certificate):
        raise _unreadable()
    return Metadata(idp["entityId"], sso_url, certificate)


def fetch_metadata(address: str) -> Metadata:
    """Read the metadata at an address. Raises Unready("provider.unreachable"), Flawed("provider.metadata")."""
    try:
        with outbound.session(private=settings.PRIVATE_HOSTS) as session:
            answer = session.get(address)
            answer.raise_for_status()
    except requests.RequestException as flaw:
        sentence = Text(
            ko="메타데이터 주소에 연결할 수 없습니다. 주소를 확인하거나 XML 내용을 직접 붙여 넣으세요.",
            en="The metadata address cannot be reached. Check it, or paste the XML itself.",
        )
        raise Unready("provider.unreachable", sentence) from flaw
    return read_metadata(answer.text)


def body_of(certificate: str) -> str:
    """A certificate without its first and last line and without white space, as SAML writes it."""
    return _BOUNDS.sub("", certificate)


def _unreadable() -> Flawed:
    sentence = Text(
        ko="SAML 메타데이터로 읽을 수 없습니다. 로그인 서버에서 내려받은 XML 전체를 넣으세요.",
        en="This is no SAML metadata. Give the whole XML that the provider lets you download.",
    )
    return Flawed("provider.metadata", sentence)
