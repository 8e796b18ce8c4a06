"""What happened in learning, told to whoever asked."""

from dataclasses import dataclass
from uuid import UUID

from dure.core.events import Fact


@dataclass(frozen=True)
class CatalogueImported(Fact):
    """A provider's catalogue changed: items came, changed or were retired."""

    provider: UUID
    report: UUID


@dataclass(frozen=True)
class ItemRetired(Fact):
    item: UUID
