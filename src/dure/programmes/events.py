"""What the engine tells: facts for whoever listens (mail, pages, rooms)."""

from dataclasses import dataclass
from uuid import UUID

from dure.core.events import Fact


@dataclass(frozen=True)
class TurnsOpened(Fact):
    programme: UUID
    stage: str
    turns: tuple[UUID, ...]


@dataclass(frozen=True)
class TurnHandedIn(Fact):
    programme: UUID
    stage: str
    turn: UUID


@dataclass(frozen=True)
class TurnsJudged(Fact):
    """Verdicts took effect (a settlement's: at its release)."""

    programme: UUID
    stage: str
    passed: tuple[UUID, ...]
    out: tuple[UUID, ...]


@dataclass(frozen=True)
class OfferMade(Fact):
    offer: UUID


@dataclass(frozen=True)
class Approached(Fact):
    """A recruiter wrote to somebody."""

    approach: UUID


@dataclass(frozen=True)
class ProgrammeMoved(Fact):
    programme: UUID
    state: str


@dataclass(frozen=True)
class SeatEnded(Fact):
    """Somebody acts in a role of a programme no more; they may sit in others."""

    programme: UUID
    person: UUID


@dataclass(frozen=True)
class BanMoved(Fact):
    """Somebody was banned from a programme, has appealed, or was answered."""

    ban: UUID
    state: str


@dataclass(frozen=True)
class TurnsBack(Fact):
    """What a ban had withdrawn stands where it stood."""

    turns: tuple[UUID, ...]


@dataclass(frozen=True)
class BanEnded(Fact):
    """The period of a ban from a programme is over."""

    ban: UUID
