"""Which organisation's own sign-in an address leads to."""

from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.keys import unsealed
from dure.people.models import IdentityProvider, Organisation

CLIENT_SECRET = "client secret"  # noqa: S105 -- names what is encrypted


def provider_of(organisation: Organisation) -> IdentityProvider:
    """The organisation's own sign-in. Raises Missing."""
    found = IdentityProvider.objects.select_related("organisation").filter(organisation=organisation).first()
    if found is None:
        sentence = Text(
            ko="기관 로그인이 아직 설정되지 않았습니다. 먼저 연결 정보를 입력하세요.",
            en="This organisation's sign-in is not set up. Enter its connection first.",
        )
        raise Missing("provider.missing", sentence)
    return found


def provider_for(email: str) -> IdentityProvider | None:
    """The sign-in that is open for an address, by its confirmed domain."""
    name = email.strip().lower().rpartition("@")[2]
    rows = IdentityProvider.objects.select_related("organisation")
    confirmed = {"organisation__domains__name": name, "organisation__domains__verified_at__isnull": False}
    return rows.filter(active=True, **confirmed).first() if name else None


def domains_of(provider: IdentityProvider) -> set[str]:
    """The confirmed domains of its organisation: only these addresses does it vouch for."""
    return set(provider.organisation.domains.exclude(verified_at=None).values_list("name", flat=True))


def client_secret(provider: IdentityProvider) -> str:
    return unsealed(provider.secret, use=CLIENT_SECRET) if provider.secret else ""
