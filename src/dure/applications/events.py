"""What this room tells."""

from dataclasses import dataclass
from uuid import UUID

from dure.core.events import Fact


@dataclass(frozen=True)
class ApplicationSent(Fact):
    """Sent, for the first time or again; told again with the same receipt where nothing had changed."""

    application: UUID
    receipt: UUID
    by: UUID
