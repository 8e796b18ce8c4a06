"""What rounds tell."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dure.core.events import Fact


@dataclass(frozen=True)
class EntrantCame(Fact):
    """``by`` comes to submit or to choose for it, and nothing is accepted yet. Whoever listens may raise Refused."""

    entrant: UUID
    at: datetime
    by: UUID


@dataclass(frozen=True)
class SubmissionScored(Fact):
    """A submission has its scores; told once, in the transaction that writes them."""

    entrant: UUID
    submission: UUID


@dataclass(frozen=True)
class SubmissionChosen(Fact):
    """Another submission counts in the end, by the entrant's own choice."""

    entrant: UUID
    submission: UUID


@dataclass(frozen=True)
class EntrantsMerged(Fact):
    """What was ``gone``'s is ``into``'s now. Whoever keeps something about ``gone`` lets go of it."""

    into: UUID
    gone: UUID


@dataclass(frozen=True)
class ProposalCompared(Fact):
    """What a proposal would change is known; told in the transaction that writes it."""

    proposal: UUID


@dataclass(frozen=True)
class BoardReplaced(Fact):
    """Every verdict of a task was replaced at once."""

    task: UUID


@dataclass(frozen=True)
class Disqualified(Fact):
    """An entrant, or a submission of it, is out; or the answer to that has changed."""

    disqualification: UUID


@dataclass(frozen=True)
class FieldTrialJudged(Fact):
    """The service's owner has said what becomes of a model that was tried beside it; told in that transaction."""

    trial: UUID
