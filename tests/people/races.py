"""Several threads that do the same at the same time, each on a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

from dure.core.errors import Refused

T = TypeVar("T")


def race(*runners: Callable[[], T]) -> list[T | Refused]:
    """What each of them got, or how it was refused. Needs ``django_db(transaction=True)``."""
    start = Barrier(len(runners))

    def run(runner: Callable[[], T]) -> T | Refused:
        start.wait()
        try:
            return runner()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(runners)) as threads:
        return list(threads.map(run, runners))
