"""Who acts now: surfaces and jobs say it once, and every audit row written meanwhile carries it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Acting:
    """``actor`` and ``on_behalf_of`` are written ``kind:id``; ``request_id`` ties the rows of one request together."""

    actor: str = SYSTEM
    on_behalf_of: str = ""
    request_id: str = ""


_NOBODY = Acting()
_now: ContextVar[Acting] = ContextVar("dure.audit.acting", default=_NOBODY)


def acting_now() -> Acting:
    return _now.get()


def known_to_act(actor: str) -> None:
    """Who acts was found out on the way: from here to the end of the block around it is ``actor``."""
    _now.set(replace(acting_now(), actor=actor))


@contextmanager
def acting(*, actor: str, on_behalf_of: str = "", request_id: str = "") -> Iterator[None]:
    """Inside the block ``actor`` acts."""
    token = _now.set(Acting(actor, on_behalf_of, request_id))
    try:
        yield
    finally:
        _now.reset(token)
