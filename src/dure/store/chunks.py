"""Long lists of ids in pieces: databases bound the parameters of one statement."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
MOST = 5_000


def chunked(values: Iterable[T], size: int = MOST) -> Iterator[Sequence[T]]:
    """``values`` in lists of at most ``size``, in order."""
    piece: list[T] = []
    for value in values:
        piece.append(value)
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece
