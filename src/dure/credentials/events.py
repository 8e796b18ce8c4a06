"""What happens to credentials, told with ids."""

from dataclasses import dataclass
from uuid import UUID

from dure.core.events import Fact


@dataclass(frozen=True)
class CredentialProposed(Fact):
    """Somebody deserves one; where nobody has to sign it off, it is being issued."""

    credential: UUID
    ground: str


@dataclass(frozen=True)
class CredentialDeclined(Fact):
    """Whoever signs off said no."""

    credential: UUID
    ground: str


@dataclass(frozen=True)
class CredentialIssued(Fact):
    """It is signed, and anybody can verify it."""

    credential: UUID
    ground: str


@dataclass(frozen=True)
class CredentialSuspended(Fact):
    credential: UUID


@dataclass(frozen=True)
class CredentialReinstated(Fact):
    """A suspension was lifted."""

    credential: UUID


@dataclass(frozen=True)
class CredentialRevoked(Fact):
    """It holds no longer, for good."""

    credential: UUID


@dataclass(frozen=True)
class CredentialRenewed(Fact):
    """``credential`` was issued in the place of ``former``."""

    credential: UUID
    former: UUID


@dataclass(frozen=True)
class CredentialEnds(Fact):
    """Its end is near: ``days`` before it at most."""

    credential: UUID
    days: int
