"""What a learning path is made of. Weeks count from 0, the week in which it starts; work is minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

Rung = tuple[str, int]
"""A skill and one level of it: what has to be climbed, one after the other."""


@dataclass(frozen=True, slots=True)
class Run:
    """A time at which an item is held: its weeks, both inclusive. ``seats`` left; None: as many as come."""

    key: str
    starts: int
    ends: int
    seats: int | None = None

    @property
    def weeks(self) -> int:
        return self.ends - self.starts + 1


@dataclass(frozen=True)
class Item:
    """Something to learn. ``teaches``: skill → the level it leads to; it is understood from the level in ``entry``.

    Where ``entry`` names no level of a skill that it teaches, that is the level below. ``after``: items to be done
    before. Without ``runs`` it is done at one's own pace; ``held`` without any says that it is held, but not now.
    """

    key: str
    minutes: int
    teaches: Mapping[str, int]
    entry: Mapping[str, int] = field(default_factory=dict)
    after: frozenset[str] = frozenset()
    runs: tuple[Run, ...] = ()
    held: bool = False

    @cached_property
    def needs(self) -> dict[str, int]:
        """Skill → the level that somebody must have who begins."""
        below = {skill: level - 1 for skill, level in self.teaches.items()}
        return {**below, **self.entry}

    @cached_property
    def rungs(self) -> tuple[Rung, ...]:
        """The levels it leads over."""
        reach = ((skill, range(self.needs[skill] + 1, level + 1)) for skill, level in self.teaches.items())
        return tuple((skill, step) for skill, steps in reach for step in steps)


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose gap: levels had and wanted, items done already, minutes a week, and by the end of which week."""

    have: Mapping[str, int]
    want: Mapping[str, int]
    minutes_a_week: int
    weeks: int
    done: frozenset[str] = frozenset()

    def level(self, skill: str) -> int:
        return self.have.get(skill, 0)

    def missing(self, levels: Mapping[str, int]) -> set[Rung]:
        """What has to be climbed from where one stands to ``levels``."""
        return {(s, step) for s, level in levels.items() for step in range(self.level(s) + 1, level + 1)}

    def gap(self) -> set[Rung]:
        """Every level still to be climbed."""
        return self.missing(self.want)


@dataclass(frozen=True, slots=True)
class Step:
    """One item of a plan, in which of its runs (None: at one's own pace), from which week to which."""

    item: str
    run: str | None
    first: int
    last: int
    minutes: int
    climbs: tuple[Rung, ...]


class Why(StrEnum):
    """Why a level cannot be reached."""

    UNTAUGHT = "untaught"
    CLOSED = "closed"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Lack:
    """A level that no plan reaches: nothing teaches it, what does is full or not held then, or minutes are too few."""

    skill: str
    level: int
    why: Why


@dataclass(frozen=True, slots=True)
class Plan:
    """Items in the order in which they begin. ``bound``: no set takes fewer minutes; proven when it is ``minutes``.

    With ``lacks`` it leads as far as one can get.
    """

    steps: tuple[Step, ...]
    bound: int
    lacks: tuple[Lack, ...] = ()

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    @property
    def proven(self) -> bool:
        return self.bound == self.minutes

    @property
    def weeks(self) -> int:
        """How many weeks it takes; 0 where nothing is left to learn."""
        return max((step.last + 1 for step in self.steps), default=0)
