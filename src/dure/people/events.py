"""What happens to people and is worth telling upstairs."""

from dataclasses import dataclass
from uuid import UUID

from dure.core.events import Fact


@dataclass(frozen=True)
class PersonRegistered(Fact):
    person: UUID


@dataclass(frozen=True)
class PersonForgotten(Fact):
    """Everything personal about them goes; rooms that keep more than the person's id erase it now."""

    person: UUID


@dataclass(frozen=True)
class InvitationAccepted(Fact):
    """Whoever owns the purpose does what was promised; refusing it refuses the acceptance."""

    invitation: UUID
    purpose: str
    subject: str
    role: str
    person: UUID


@dataclass(frozen=True)
class InvitationDeclined(Fact):
    invitation: UUID
    purpose: str
    subject: str


@dataclass(frozen=True)
class ConsentAnswered(Fact):
    """Somebody gave (or took back) their consent."""

    person: UUID
    purpose: str
    scope: str
    given: bool


@dataclass(frozen=True)
class TeamChanged(Fact):
    """Somebody joined or left a team, or it has another captain."""

    team: UUID


@dataclass(frozen=True)
class ExportAsked(Fact):
    """Somebody wants what Dure keeps about them; whoever can gather it does."""

    export: UUID
