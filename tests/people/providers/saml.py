"""A small SAML identity provider: reads a request as it was sent, and signs what it answers with a key of its own."""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ENTITY, SSO = "https://idp.hanbit.example/entity", "https://idp.hanbit.example/sso"
HOST = "http://testserver"
_DIGEST, _SIGNATURE = "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

_RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
    xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{response}" Version="2.0" IssueInstant="{now}"
    Destination="{acs}" InResponseTo="{request}"><saml:Issuer>{entity}</saml:Issuer><samlp:Status><samlp:StatusCode
    Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""
_ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0"
    IssueInstant="{now}"><saml:Issuer>{entity}</saml:Issuer><saml:Subject><saml:NameID
    Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{subject}</saml:NameID><saml:SubjectConfirmation
    Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{until}"
    Recipient="{acs}"{answers}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{since}"
    NotOnOrAfter="{until}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>
    </saml:Conditions><saml:AuthnStatement AuthnInstant="{now}" SessionIndex="{id}"><saml:AuthnContext>
    <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
    </saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement>
    </saml:Assertion>"""
_METADATA = """<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}">
    <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor
    use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{body}
    </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService
    Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{sso}"/></md:IDPSSODescriptor>
    </md:EntityDescriptor>"""


@dataclass(frozen=True)
class Keys:
    """The key that somebody signs with, and its certificate (PEM)."""

    private: str
    certificate: str


@cache
def keys_of(who: str) -> Keys:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, who)]), datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(30))
    certificate = builder.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Keys(private.private_bytes(*plain).decode(), certificate)


def metadata() -> str:
    body = "".join(keys_of("hanbit").certificate.splitlines()[1:-1])
    return _METADATA.format(entity=ENTITY, sso=SSO, body=body)


@dataclass(frozen=True)
class Answer:
    """What the provider says; left as it is, all of it is right."""

    subject: str = "u-1"
    attributes: Mapping[str, str] = field(default_factory=dict)
    by: str = "hanbit"
    audience: str = ""
    since: timedelta = timedelta(minutes=-1)
    lasts: timedelta = timedelta(minutes=5)
    signs: str = "assertion"  # or response, or nothing
    names_request: bool = True

    def to(self, request: str, short: str = "hanbit") -> str:
        """The signed response to a request, as a browser posts it."""
        now, keys = datetime.now(UTC), keys_of(self.by)
        acs = f"{HOST}/accounts/saml/{short}/acs/"
        attributes = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
            for name, value in self.attributes.items()
        )
        assertion = _ASSERTION.format(
            id=f"_{uuid4().hex}", now=_at(now), entity=ENTITY, subject=self.subject, acs=acs, attributes=attributes,
            answers=f' InResponseTo="{request}"' if self.names_request else "",
            since=_at(now + self.since), until=_at(now + self.since + self.lasts),
            audience=self.audience or f"{HOST}/accounts/saml/{short}/metadata/",
        )  # fmt: skip
        if self.signs == "assertion":
            assertion = _signed(assertion, keys)
        response = _RESPONSE.format(
            response=f"_{uuid4().hex}", now=_at(now), acs=acs, request=request, entity=ENTITY, assertion=assertion
        )
        if self.signs == "response":
            response = _signed(response, keys)
        return base64.b64encode(response.encode()).decode()


def asked_by(client: Client, short: str = "hanbit", *, next_page: str = "/") -> str:
    """Begin to sign in; the id of the request that the provider gets."""
    there = client.get(f"/accounts/saml/{short}/login/", {"next": next_page})
    assert there["Location"].startswith(SSO), there["Location"]
    sent = parse_qs(urlsplit(there["Location"]).query)["SAMLRequest"][0]
    return etree.fromstring(zlib.decompress(base64.b64decode(sent), -15)).get("ID")


def post(client: Client, response: str, short: str = "hanbit"):
    """Bring the provider's answer back; returns the last page."""
    taken = client.post(f"/accounts/saml/{short}/acs/", {"SAMLResponse": response})
    return client.get(taken["Location"])


def sign_in(client: Client, answer: Answer):
    return post(client, answer.to(asked_by(client)))


def _signed(text: str, keys: Keys) -> str:
    signed = OneLogin_Saml2_Utils.add_sign(
        text, keys.private, keys.certificate, sign_algorithm=_SIGNATURE, digest_algorithm=_DIGEST
    )
    return (
        signed.decode().removeprefix("<?xml version='1.0' encoding='UTF-8'?>\n")
        if isinstance(signed, bytes)
        else signed
    )


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
