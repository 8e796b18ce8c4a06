"""Who judges, and how: the five steps of a gate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rule:
    """``fact op value``; ``stage`` only when written ``stage.fact``. ``value`` as text, ``in``: texts."""

    fact: str
    op: Literal["=", "!=", ">", ">=", "<", "<=", "in", "has"]
    value: str | tuple[str, ...]
    stage: str | None = None
    text: str = ""  # as written

    @property
    def name(self) -> str:
        return f"{self.stage}.{self.fact}" if self.stage else self.fact


@dataclass(frozen=True, slots=True)
class RuleStep:
    rules: tuple[Rule, ...]
    options: tuple[str, ...] = ()  # written ``for``, in every step


@dataclass(frozen=True, slots=True)
class RankStep:
    by: str  # ``fact`` or ``stage.fact``
    take: int
    per_option: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelStep:
    roles: tuple[str, ...]
    rubric: Mapping[str, int | float]
    each: int
    conflicts: tuple[str, ...]
    threshold: int | float = 0  # written ``pass``
    take: int | None = None
    include: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecideStep:
    role: str
    take: int | None = None
    says: str | None = None
    reason: Literal["required"] | None = None
    checks: str | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalStep:
    body: str
    proof: str
    options: tuple[str, ...] = ()


Step = RuleStep | RankStep | PanelStep | DecideStep | ExternalStep
