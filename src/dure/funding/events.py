"""What happens to money, told with ids."""

from dataclasses import dataclass
from uuid import UUID

from dure.core.events import Fact


@dataclass(frozen=True)
class CommitmentMade(Fact):
    commitment: UUID
    purpose: str
    amount: int
    currency: str


@dataclass(frozen=True)
class CommitmentReleased(Fact):
    """``amount`` is what went back to the fund."""

    commitment: UUID
    purpose: str
    amount: int
    currency: str


@dataclass(frozen=True)
class PaymentApproved(Fact):
    payment: UUID
    commitment: UUID


@dataclass(frozen=True)
class PaymentPaid(Fact):
    payment: UUID
    commitment: UUID
    amount: int
    currency: str


@dataclass(frozen=True)
class PaymentCancelled(Fact):
    payment: UUID
    commitment: UUID
    reason: str
