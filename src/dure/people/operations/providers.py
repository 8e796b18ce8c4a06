"""Setting up how people of an organisation sign in with its own accounts."""

from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialAccount
from cryptography import x509
from django.conf import settings
from django.db import transaction

from dure.audit.operations import record
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.people.keys import sealed
from dure.people.metadata import Metadata, body_of
from dure.people.models import IdentityProvider, Organisation, Protocol
from dure.people.queries.providers import CLIENT_SECRET

MAPPING = ("department_claim", "role_claim", "member_words", "student_words", "ends_memberships", "lapses_after")


@transaction.atomic
def set_up_oidc(organisation: Organisation, *, issuer: str, client_id: str, secret: str = "") -> IdentityProvider:
    """Sign in by OpenID Connect. An empty ``secret`` keeps the one there is.

    Raises Flawed("provider.address"), Flawed("provider.secret") where there is none to keep.
    """
    provider = _provider(organisation)
    kept = provider.secret if provider.protocol == Protocol.OIDC else ""
    known = {"issuer": _address(issuer.rstrip("/")), "client_id": client_id.strip(), "sso_url": "", "certificate": ""}
    if not known["client_id"] or not (secret or kept):
        sentence = Text(
            ko="클라이언트 ID와 비밀 키를 모두 입력하세요. 로그인 서버에 두레를 등록할 때 받은 값입니다.",
            en="Enter both the client id and the secret: the sign-in server gave them when Dure was registered there.",
        )
        raise Flawed("provider.secret", sentence)
    return _keep(provider, Protocol.OIDC, known, secret=sealed(secret, use=CLIENT_SECRET) if secret else kept)


@transaction.atomic
def set_up_saml(organisation: Organisation, *, issuer: str, sso_url: str, certificate: str) -> IdentityProvider:
    """Sign in by SAML; ``certificate`` is the one that the provider signs with.

    Raises Flawed("provider.address" or "provider.certificate").
    """
    body = body_of(certificate)
    try:
        x509.load_pem_x509_certificate(f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n".encode())
    except ValueError as flaw:
        sentence = Text(
            ko="인증서를 읽을 수 없습니다. 로그인 서버의 서명 인증서(PEM)를 그대로 붙여 넣으세요.",
            en="The certificate cannot be read. Paste the provider's signing certificate (PEM) as it is.",
        )
        raise Flawed("provider.certificate", sentence) from flaw
    if not issuer.strip():
        sentence = Text(ko="엔터티 ID를 입력하세요.", en="Enter the provider's entity id.")
        raise Flawed("provider.issuer", sentence)
    known = {"issuer": issuer.strip(), "client_id": "", "sso_url": _address(sso_url), "certificate": body}
    return _keep(_provider(organisation), Protocol.SAML, known, secret="")


def take_metadata(organisation: Organisation, metadata: Metadata) -> IdentityProvider:
    """Sign in by SAML as the provider's metadata say."""
    return set_up_saml(
        organisation, issuer=metadata.entity_id, sso_url=metadata.sso_url, certificate=metadata.certificate
    )


@transaction.atomic
def map_claims(provider: IdentityProvider, **mapping: str | bool | int | None) -> IdentityProvider:
    """Say what of a sign-in becomes memberships: any of ``MAPPING``."""
    unknown = mapping.keys() - set(MAPPING)
    if unknown:
        raise TypeError(f"not for map_claims: {', '.join(sorted(unknown))}")
    before = {name: getattr(provider, name) for name in mapping}
    for name, value in mapping.items():
        setattr(provider, name, value.strip() if isinstance(value, str) else value)
    provider.save(update_fields=list(mapping))
    record("organisation.sign-in-mapped", provider.organisation, before=before, after=mapping)
    return provider


@transaction.atomic
def switch_sign_in(provider: IdentityProvider, *, active: bool, required: bool = False) -> IdentityProvider:
    """Open or close this way in; ``required``: addresses of its domains need it. Raises Refused("provider.domain")."""
    if active and not provider.organisation.domains.exclude(verified_at=None).exists():
        sentence = Text(
            ko="확인된 도메인이 없습니다. 먼저 기관의 메일 도메인을 등록하고 확인받으세요.",
            en="No domain is confirmed. Claim the organisation's mail domain and have it confirmed first.",
        )
        raise Refused("provider.domain", sentence)
    before = {"active": provider.active, "required": provider.required}
    provider.active, provider.required = active, active and required
    provider.save(update_fields=["active", "required"])
    after = {"active": provider.active, "required": provider.required}
    record("organisation.sign-in-switched", provider.organisation, before=before, after=after)
    return provider


@transaction.atomic
def remove_provider(provider: IdentityProvider) -> None:
    """Forget this way in and every account's link to it; people sign in by password again."""
    SocialAccount.objects.filter(provider=provider.name).delete()
    provider.delete()
    record("organisation.sign-in-removed", provider.organisation, before=_told(provider))


def _provider(organisation: Organisation) -> IdentityProvider:
    found = IdentityProvider.objects.filter(organisation=organisation).first()
    return found or IdentityProvider(organisation=organisation)


def _keep(provider: IdentityProvider, protocol: Protocol, known: dict[str, str], *, secret: str) -> IdentityProvider:
    """Another issuer is another register of people: links to the one before say nothing any more."""
    fresh = provider._state.adding
    before = None if fresh else _told(provider)
    if before and (before["protocol"], before["issuer"]) != (protocol.value, known["issuer"]):
        SocialAccount.objects.filter(provider=provider.name).delete()
    provider.protocol, provider.secret = protocol, secret
    for name, value in known.items():
        setattr(provider, name, value)
    provider.save()
    record("organisation.sign-in-set-up", provider.organisation, before=before, after=_told(provider))
    return provider


def _told(provider: IdentityProvider) -> dict[str, str]:
    """What the log tells; never the secret."""
    return {name: str(getattr(provider, name)) for name in ("protocol", "issuer", "client_id", "sso_url")}


def _address(typed: str) -> str:
    """An address that passwords and identities may travel to: https, or plain inside one's own network."""
    parts = urlsplit(typed.strip())
    plain = parts.scheme == "http" and parts.hostname in settings.PRIVATE_HOSTS
    if not parts.hostname or not (parts.scheme == "https" or plain):
        sentence = Text(ko="‘https://’로 시작하는 주소를 입력하세요.", en="Enter an address that begins with https://.")
        raise Flawed("provider.address", sentence, address=typed)
    return typed.strip()
