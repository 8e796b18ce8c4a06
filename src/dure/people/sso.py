"""Organisations' own sign-in: the seams where allauth's flows for OpenID Connect and SAML meet this room.

The rule that everything here keeps: an organisation's provider speaks only for addresses of the domains that the
organisation has shown to be its own, and opens only accounts that have such an address.
"""

import logging
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from requests import RequestException, Session

from dure.core import outbound
from dure.core.errors import Forbidden, Unready
from dure.core.text import Text
from dure.people.claims import Claims, as_lists, roles_from
from dure.people.models import IdentityProvider, Person, Protocol
from dure.people.operations import admit, arrive, vouch_for
from dure.people.queries import has_second_factor, verified_emails_of
from dure.people.queries.providers import client_secret, domains_of

log = logging.getLogger(__name__)
EMAILS = ("email", "mail", "emailaddress", "urn:oid:0.9.2342.19200300.100.1.3",
          "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress")  # fmt: skip
NAMES = ("name", "displayName", "urn:oid:2.16.840.1.113730.3.1.241", "cn", "urn:oid:2.5.4.3",
         "http://schemas.microsoft.com/identity/claims/displayname")  # fmt: skip
FORGED = Text(
    ko="로그인 응답을 확인할 수 없습니다. 로그인 화면에서 처음부터 다시 시도하세요.",
    en="The answer of the sign-in cannot be verified. Start again from the sign-in page.",
)
FAILED = Text(
    ko="기관 로그인에 실패했습니다. 다시 시도하고, 계속되면 기관의 관리자에게 알려 주세요.",
    en="The organisation's sign-in failed. Try again; if it goes on, tell the organisation's administrator.",
)
UNREACHABLE = Text(
    ko="기관의 로그인 서버에 연결할 수 없습니다. 잠시 뒤에 다시 시도하거나 비밀번호로 로그인하세요.",
    en="The organisation's sign-in cannot be reached. Try again later, or sign in with a password.",
)
CANCELLED = Text(
    ko="기관 로그인을 취소했습니다. 로그인 화면에서 다시 시작할 수 있습니다.",
    en="You cancelled the organisation's sign-in. You can start again from the sign-in page.",
)
NO_ADDRESS = Text(
    ko="기관 로그인이 이메일 주소를 알려 주지 않았습니다. 기관의 관리자에게 이메일 항목을 보내 달라고 요청하세요.",
    en="The organisation's sign-in named no email address. Ask its administrator to send one.",
)
FOREIGN = Text(
    ko="{domain} 주소는 이 기관의 로그인으로 들어올 수 없습니다. 비밀번호로 로그인하거나 기관의 관리자에게 문의하세요.",
    en="Addresses at {domain} do not sign in through this organisation. Use your password, or ask its administrator.",
)
UNTIED = Text(
    ko="이 계정에는 더 이상 기관의 이메일 주소가 없습니다. 비밀번호로 로그인하세요.",
    en="This account no longer has an address of the organisation. Sign in with your password.",
)
LEFT = Text(
    ko="기관에서 더 이상 구성원이 아니라고 알려 왔습니다. 잘못되었다면 기관의 관리자에게 문의하세요.",
    en="The organisation says that you no longer belong to it. If that is wrong, ask its administrator.",
)
OPERATOR = Text(
    ko="플랫폼 운영자는 2단계 인증을 켠 뒤에 기관 로그인을 쓸 수 있습니다. 비밀번호로 로그인해 먼저 켜세요.",
    en="Operators of the platform need a second factor before they sign in here. Use your password and switch it on.",
)


class OrganisationOpenID(OpenIDConnectProvider):
    """OpenID Connect with a nonce, and with claims instead of a copy of everything that was said."""

    package = "allauth.socialaccount.providers.openid_connect"

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **rest: Any
    ) -> HttpResponse:
        nonce = token_urlsafe(24)
        params = {**rest.pop("auth_params", {}), "nonce": nonce}
        try:
            answer: HttpResponse = super().redirect(
                request, process, next_url, data, auth_params=params, nonce=nonce, **rest
            )
        except (RequestException, KeyError) as fault:  # not there, or not what it says it is
            log.warning("the sign-in of %s cannot be reached: %s", self.app.provider_id, fault)
            raise Unready("sign-in.unreachable", UNREACHABLE) from fault
        return answer

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> Any:
        identity, more = response.get("id_token") or {}, response.get("userinfo") or {}
        if not identity or (more and more.get("sub") != identity.get("sub")):
            raise Forbidden("sign-in.forged", FORGED)
        said = {**identity, **more}
        if said.get("email_verified") in (False, "false"):
            raise Forbidden("sign-in.address", NO_ADDRESS)
        values = as_lists(said)
        login = _vouched(super().sociallogin_from_response, self.app, request, response, values)
        login.nonce = identity.get("nonce")
        return login


class OrganisationSaml(SAMLProvider):
    """SAML, where an assertion is good for one sign-in."""

    package = "allauth.socialaccount.providers.saml"

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        _burn(self.app.provider_id, response)
        values = {**as_lists(response.get_attributes()), **as_lists(response.get_friendlyname_attributes())}
        if "@" in response.get_nameid() and not _first(values, EMAILS):
            values["email"] = [response.get_nameid()]
        return _vouched(super().sociallogin_from_response, self.app, request, response, values)


def _burn(provider: str, response: Any) -> None:
    until = datetime.fromtimestamp(response.get_last_assertion_not_on_or_after(), UTC)
    left = (until - datetime.now(UTC)).total_seconds() + 600  # as long as clocks may differ
    if not cache.add(f"saml:{provider}:{response.get_last_assertion_id()}", True, timeout=max(left, 600)):
        raise Forbidden("sign-in.replayed", FORGED)


def _vouched(read: Any, app: Any, request: HttpRequest, response: Any, values: dict[str, list[str]]) -> Any:
    """The library's reading of a response, with ``claims``, and with the one address that is the provider's to say."""
    email = _first(values, EMAILS).strip().lower()
    domain = email.rpartition("@")[2]
    if not domain:
        raise Forbidden("sign-in.address", NO_ADDRESS)
    if domain not in domains_of(app.identity_provider):
        raise Forbidden("sign-in.foreign", FOREIGN.format(domain=domain), domain=domain)
    login = read(request, response)
    login.claims = Claims(email, _name_in(values), values)
    login.account.extra_data = {}
    login.email_addresses = [EmailAddress(email=email, verified=True, primary=True)]
    login.user.email = email
    return login


def _name_in(values: dict[str, list[str]]) -> str:
    """One name: whole, else family and given name in the order of the language they are written in."""
    family, given = (
        _first(values, ("family_name", "sn", "urn:oid:2.5.4.4")),
        _first(values, ("given_name", "givenName", "urn:oid:2.5.4.42")),
    )
    both = f"{family}{given}" if family > "ㄱ" else f"{given} {family}"
    return (_first(values, NAMES) or both).strip()[:120]


def _first(values: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((values[name][0] for name in names if values.get(name)), "")


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Where allauth asks: which providers there are, whom a sign-in belongs to, and what a new account is."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        rows = IdentityProvider.objects.filter(active=True).select_related("organisation")
        apps = [_app_of(row) for row in rows]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id) and client_id in (None, app.client_id)
        ]

    def get_requests_session(self) -> Session:
        return outbound.session(private=settings.PRIVATE_HOSTS)

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """Only the one address that was vouched for is in a login (``_vouched``)."""
        return bool(email == login.claims.email)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        provider: IdentityProvider = sociallogin.provider.app.identity_provider
        state = sociallogin.state
        nonce = getattr(sociallogin, "nonce", None)
        if state.get("process") != AuthProcess.LOGIN or nonce != state.get("nonce"):
            raise Forbidden("sign-in.forged", FORGED)
        if sociallogin.is_existing:
            _receive(sociallogin.user, provider, sociallogin.claims)
        elif not roles_from(provider, sociallogin.claims.values):
            raise Forbidden("sign-in.left", LEFT)

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Person:
        person: Person = super().save_user(request, sociallogin, form)
        language = getattr(request, "LANGUAGE_CODE", "")
        provider = sociallogin.provider.app.identity_provider
        return admit(person, through=provider, claims=sociallogin.claims, language=language)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        log.warning("sign-in through %s failed: %s %s %s", provider, error, exception, extra_context or "")
        if error == AuthError.CANCELLED:
            raise Forbidden("sign-in.cancelled", CANCELLED)
        raise Forbidden("sign-in.failed", FAILED)


def _receive(person: Person, provider: IdentityProvider, claims: Claims) -> None:
    """Somebody who has an account: theirs to open only while it has an address of the organisation."""
    theirs = claims.email == person.email or EmailAddress.objects.filter(user=person, email=claims.email).exists()
    addresses = verified_emails_of(person) | ({claims.email} if theirs else set())
    if domains_of(provider).isdisjoint(address.rpartition("@")[2] for address in addresses):
        raise Forbidden("sign-in.untied", UNTIED)
    if theirs:
        vouch_for(person, through=provider, email=claims.email)
    if person.is_staff and not has_second_factor(person):
        raise Forbidden("sign-in.operator", OPERATOR)
    if not arrive(person, through=provider, claims=claims):
        raise Forbidden("sign-in.left", LEFT)


def _app_of(row: IdentityProvider) -> Any:
    """The provider as allauth knows one; never saved."""
    saml = row.protocol == Protocol.SAML
    app: Any = SocialApp(
        provider=OrganisationSaml.id if saml else OrganisationOpenID.id,
        provider_id=row.name,
        name=row.organisation.name_en[:40],
        client_id=row.organisation.short if saml else row.client_id,
        secret=client_secret(row),
        settings=_saml_settings(row) if saml else {"server_url": row.issuer, "email_authentication": True},
    )
    app.identity_provider = row
    return app


def _saml_settings(row: IdentityProvider) -> dict[str, Any]:
    return {
        "idp": {"entity_id": row.issuer, "sso_url": row.sso_url, "x509cert": row.certificate},
        "advanced": {
            "strict": True,
            "want_attribute_statement": False,
            "reject_idp_initiated_sso": True,
            "allow_single_label_domains": True,  # https://dure/ is an address of an intranet
        },
        "email_authentication": True,
    }
