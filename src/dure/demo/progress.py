"""How far the demo is: a line for each step, with what, how many of how many, and seconds."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol, TypeVar

from dure.core.text import Text

X = TypeVar("X")


class Screen(Protocol):
    """Where progress is shown: ``going`` replaces itself, ``done`` stays."""

    def going(self, what: Text, done: int, of: int) -> None: ...

    def done(self, what: Text, seconds: float) -> None: ...


@dataclass
class Progress:
    screen: Screen

    def each(self, what: Text, things: Collection[X]) -> Iterator[X]:
        """``things`` one after the other, counted; the line stays when all are done."""
        began = perf_counter()
        for number, thing in enumerate(things, 1):
            self.screen.going(what, number, len(things))
            yield thing
        told = Text(ko=f"{what.ko} ({len(things)})", en=f"{what.en} ({len(things)})")
        self.screen.done(told, perf_counter() - began)
