"""The same act on many things at once: each for itself, and of each that is refused, why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import transaction

from dure.core.errors import Refused
from dure.core.text import Text
from dure.store.transactions import durable

T = TypeVar("T")
MOST = 2_000  # some seconds during which an embedded database lets nobody else write
MANY = Text(
    ko="한 번에 {most:,}건까지 처리할 수 있습니다 (지금 {n:,}건). 조건을 좁혀 나누어 처리하세요.",
    en="At most {most:,} at a time (now {n:,}). Narrow the filter and go in parts.",
)


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """What became of one of them; ``refused`` is None where it was done."""

    thing: T
    refused: Text | None


def act_on_each(things: Sequence[T], act: Callable[[T], object], *, check_only: bool = False) -> list[Told[T]]:
    """Do ``act`` to each; what is refused stands in nobody's way. ``check_only`` does it all and takes it back.

    Raises Refused where they are too many for one go.
    """
    if len(things) > MOST:
        raise Refused("bulk.many", MANY.format(most=MOST, n=len(things)), things=len(things))
    with durable():
        told = [Told(thing, _refusal(act, thing)) for thing in things]
        transaction.set_rollback(check_only)
    return told


def _refusal(act: Callable[[T], object], thing: T) -> Text | None:
    try:
        with transaction.atomic():
            act(thing)
    except Refused as refusal:
        return refusal.text
    return None
