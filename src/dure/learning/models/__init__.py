"""Tables of learning: providers, what they offer, how it came in."""

from dure.learning.models.imports import IMPORT_MOVES, Format, Import, ImportState
from dure.learning.models.items import (
    Facet,
    Item,
    ItemKind,
    ItemNeed,
    ItemPart,
    ItemPieces,
    ItemSkill,
    ItemText,
    Tag,
)
from dure.learning.models.providers import Connection, Provider, Source

__all__ = [
    "IMPORT_MOVES",
    "Connection",
    "Facet",
    "Format",
    "Import",
    "ImportState",
    "Item",
    "ItemKind",
    "ItemNeed",
    "ItemPart",
    "ItemPieces",
    "ItemSkill",
    "ItemText",
    "Provider",
    "Source",
    "Tag",
]
