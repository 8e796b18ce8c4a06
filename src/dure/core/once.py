"""What is the same for everybody is worked out once, however many ask for it in the moment when it is new."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class _Place(Generic[Value]):
    """Where a value will lie: who comes first works it out, the others wait for it. What fails is tried again."""

    def __init__(self) -> None:
        self._lock, self._found = Lock(), list[Value]()

    def get(self, work: Callable[[], Value]) -> Value:
        if not self._found:
            with self._lock:
                if not self._found:
                    self._found.append(work())
        return self._found[0]


class Once(Generic[Value]):
    """A function of hashable arguments whose last ``most`` values are kept in this process."""

    def __init__(self, work: Callable[..., Value], *, most: int) -> None:
        self._work = work
        self._place = lru_cache(maxsize=most)(lambda *_: _Place[Value]())

    def __call__(self, *asked: Hashable) -> Value:
        return self._place(*asked).get(lambda: self._work(*asked))

    def cache_clear(self) -> None:
        self._place.cache_clear()


def once(*, most: int) -> Callable[[Callable[..., Value]], Once[Value]]:
    """Decorate a function so that it is a :class:`Once`."""
    return lambda work: Once(work, most=most)
