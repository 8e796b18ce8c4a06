"""Whether a transcript meets what a degree asks for: exact, with every credit counted once, where it helps most."""

from dure.match.audits.auditing import audit
from dure.match.audits.model import (
    BEST,
    Area,
    Audit,
    Core,
    Left,
    Line,
    Placed,
    Recognition,
    Record,
    Requirement,
    Sort,
    Why,
)

__all__ = [
    "BEST",
    "Area",
    "Audit",
    "Core",
    "Left",
    "Line",
    "Placed",
    "Recognition",
    "Record",
    "Requirement",
    "Sort",
    "Why",
    "audit",
]
