"""That a worker is there: written by itself, at the database's clock, as long as it runs."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.db.models.functions import Now

from dure.core import clock
from dure.jobs.models import Worker

BEAT_SECONDS = 10.0


def seen(name: str, *, queue: str) -> None:
    """A worker elsewhere spoke: it is there."""
    same = Worker.objects.filter(name=name, queue=queue, ended_at=None)
    if not same.filter(seen_at__gt=Now() - timedelta(seconds=BEAT_SECONDS)).exists() and not same.update(seen_at=Now()):
        Worker.objects.create(name=name, queue=queue)


@contextmanager
def presence(name: str, tasks: Collection[str] | None, queue: str = "") -> Iterator[Callable[[], None]]:
    """Calling what it yields says "still here", written once in ``BEAT_SECONDS``; leaving the block is a last word.

    A worker is silent while it does one job: then its lease speaks for it.
    """
    worker = Worker(name=name, queue=queue, tasks=None if tasks is None else sorted(tasks))
    spoken = 0.0

    def here() -> None:
        nonlocal spoken
        if spoken and time.monotonic() - spoken < BEAT_SECONDS:
            return
        if not Worker.objects.filter(pk=worker.pk).update(seen_at=Now()):
            worker.save(force_insert=True)
        spoken = time.monotonic()

    try:
        yield here
    finally:
        with suppress(OperationalError, InterfaceError):
            Worker.objects.filter(pk=worker.pk).update(ended_at=clock.now())
