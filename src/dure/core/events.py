"""What happened, told to whoever asked: a room publishes facts and never learns who listens."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar


@dataclass(frozen=True)
class Fact:
    """Something that has happened. Subclass it in ``<room>/events.py``, past tense."""


F = TypeVar("F", bound=Fact)
_listeners: dict[type[Fact], list[Callable[[Any], None]]] = defaultdict(list)


def on(kind: type[F]) -> Callable[[Callable[[F], None]], Callable[[F], None]]:
    """Register a listener. Listeners run in-process, in the publisher's transaction."""

    def remember(listener: Callable[[F], None]) -> Callable[[F], None]:
        if listener not in _listeners[kind]:
            _listeners[kind].append(listener)
        return listener

    return remember


def publish(fact: Fact) -> None:
    """Tell every listener of this very kind of fact, in order of registration."""
    for listener in _listeners[type(fact)]:
        listener(fact)
