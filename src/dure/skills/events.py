"""What happened to evidence and levels."""

from dataclasses import dataclass
from uuid import UUID

from dure.core.events import Fact


@dataclass(frozen=True)
class LevelChanged(Fact):
    """A person's level at a skill is another one, by new evidence or because what there is grew old."""

    person: UUID
    skill: UUID
    before: int
    after: int


@dataclass(frozen=True)
class RoleChosen(Fact):
    """Somebody says which job role they have or work towards (None: none any more)."""

    person: UUID
    role: UUID | None


@dataclass(frozen=True)
class DemandCounted(Fact):
    """A month's demand for skills stands: ``skills.queries.rising()`` says what is asked for more than before."""

    month: str  # 2026-11
