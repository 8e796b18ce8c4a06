"""Whom an organisation looks for among its people, and what it is told of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from dure.core.text import Text


class Standing(StrEnum):
    """How somebody stands; certified and learning may both be true, stuck is one who learns and gets nowhere."""

    CERTIFIED = "certified"
    LEARNING = "learning"
    STUCK = "stuck"
    NEITHER = "neither"


@dataclass(frozen=True)
class Wanted:
    """Whom one looks for; what is empty narrows nothing. ``role`` and ``skill`` are ids, as ``cohort`` is."""

    text: str = ""
    standing: Standing | None = None
    cohort: UUID | None = None
    role: UUID | None = None
    skill: UUID | None = None


@dataclass(frozen=True)
class Certificate:
    """What somebody is certified in, by whom; ``until`` None: for ever."""

    name: Text
    by: Text
    level: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True)
class Learning:
    """What somebody is under way with: a course and its cohort, or a stage and its programme. ``state``: waiting,
    active, handed-in or stuck; ``share`` 0 to 1 where it is counted."""

    name: Text
    group: Text
    state: str
    share: Decimal | None
    until: datetime | None


@dataclass(frozen=True)
class Worker:
    """One of its people, as far as the organisation may see them. ``shares``: they agreed to all of it."""

    id: UUID
    name: str
    email: str
    shares: bool
    department: str
    role: Text | None
    certificates: Sequence[Certificate] = ()
    learning: Sequence[Learning] = ()


@dataclass(frozen=True)
class Numbers:
    people: int
    sharing: int
    certified: int
    learning: int
    stuck: int

    def of(self, standing: Standing | None) -> int:
        """How many stand so; all where it is none, and 0 where nobody counted."""
        return {
            None: self.people, Standing.CERTIFIED: self.certified, Standing.LEARNING: self.learning,
            Standing.STUCK: self.stuck,
        }.get(standing, 0)  # fmt: skip
