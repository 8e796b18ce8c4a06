"""What happens to people and is worth telling upstairs."""

from dataclasses import dataclass
from uuid import UUID

from dure.core.events import Fact


@dataclass(frozen=True)
class PersonRegistered(Fact):
    person: UUID


@dataclass(frozen=True)
class PersonForgotten(Fact):
    """Everything personal about them goes; rooms that keep more than the person's id erase it now.

    ``emails`` were their own addresses, for rooms that keep such of people who may not be here.
    """

    person: UUID
    emails: frozenset[str] = frozenset()


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
class TeamJoined(Fact):
    """Somebody is in a team now. Where it takes part they do too; what cannot have them refuses."""

    team: UUID
    person: UUID


@dataclass(frozen=True)
class TeamLeft(Fact):
    """Somebody is in a team no more, of themselves or by its captain."""

    team: UUID
    person: UUID


@dataclass(frozen=True)
class TeamChanged(Fact):
    """A team has another name or another captain."""

    team: UUID


@dataclass(frozen=True)
class TeamsMerged(Fact):
    """Everybody of ``gone`` is in ``into`` now, which takes part in what ``gone`` took part in; or it is refused.

    ``fresh`` were not in ``into`` before.
    """

    into: UUID
    gone: UUID
    fresh: tuple[UUID, ...]


@dataclass(frozen=True)
class ExportAsked(Fact):
    """Somebody wants what Dure keeps about them; whoever can gather it does."""

    export: UUID
