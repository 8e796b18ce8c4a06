"""When a stage is open, as written."""

from dataclasses import dataclass
from typing import Literal

from dure.blueprint.model.basics import Bind


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: ``number`` of ``unit`` (h d w m y; m and y are calendar months, last day clamped)."""

    number: int
    unit: Literal["h", "d", "w", "m", "y"]

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as written: ``text`` with its precision. Without a time it opens at its first moment, closes after
    its last (in the programme's zone)."""

    text: str  # YYYY[-MM[-DD[Thh:mm[:ss][Z|±hh:mm]]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A date that a form asked before: ``stage.field``."""

    stage: str
    field: str


When = Moment | Asked | Bind


@dataclass(frozen=True, slots=True)
class Window:
    """``when``: which keys stand together is checked by lint (BP602)."""

    start: When | None = None  # written ``from``
    end: When | None = None  # written ``to``
    length: Duration | None = None  # written ``for``
    within: Duration | None = None
    every: Duration | None = None
    beside: str | None = None  # written ``with``: another stage
