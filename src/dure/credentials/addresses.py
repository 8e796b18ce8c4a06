"""Where what credentials name is found. These addresses stand inside what was signed: they may never change."""

from urllib.parse import quote, urlsplit
from uuid import UUID

from django.conf import settings

REVOCATION, SUSPENSION = "revocation", "suspension"
PURPOSES = (REVOCATION, SUSPENSION)


def home() -> str:
    return str(settings.BASE_URL).rstrip("/")


def profile(short: str) -> str:
    return f"{home()}/issuers/{short}/"


def achievement(version: UUID) -> str:
    return f"{home()}/achievements/{version}/"


def picture(version: UUID) -> str:
    return f"{achievement(version)}image.png"


def status_list(short: str, listed: UUID, purpose: str) -> str:
    return f"{profile(short)}status/{listed}/{purpose}"


def verification(share: str) -> str:
    """The page on which anybody who has the link verifies a credential."""
    return f"{home()}/verify/{share}/"


def did_web(short: str = "") -> str:
    """``did:web`` of an issuer, or of the host itself: the port is percent-encoded (did:web, section 3.1)."""
    host = quote(urlsplit(home()).netloc, safe="")
    return f"did:web:{host}:issuers:{short}" if short else f"did:web:{host}"
