"""The worker's loop: claim a job, do it, do the next; safe to kill at any line."""

import logging
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from types import FrameType

from django.db import InterfaceError, OperationalError, connection, connections

from dure.audit.acting import acting
from dure.jobs.leases import Lost, claim, fenced, heartbeat, release, set_back
from dure.jobs.operations import schedule
from dure.jobs.presence import presence
from dure.jobs.registry import Claim, Effect, Task, find

SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
BEATS_PER_LEASE = 3
log = logging.getLogger(__name__)


class Stopped(BaseException):
    """Somebody wants the process to end now: the job in hand goes back untried."""


class Halt:
    """SIGTERM or Ctrl-C once: end after the job in hand. Twice: give it back and end now."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def __call__(self) -> bool:
        """Whether to stop: somebody asked, or the supervising process is gone."""
        parent = multiprocessing.parent_process()
        return self.asked or (parent is not None and not parent.is_alive())

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise Stopped
        self.asked = True


def name() -> str:
    """This process, as people see it beside its jobs."""
    return f"{socket.gethostname()}:{os.getpid()}"


def step(tasks: Collection[str] | None = None, *, queue: str = "") -> bool:
    """Do the next job of the queue; False when there is none."""
    claimed = claim(name(), tasks, queue=queue)
    if claimed is None:
        return False
    perform(claimed)
    return True


def drain(
    tasks: Collection[str] | None = None, *, queue: str = "", stopping: Callable[[], bool] = lambda: False
) -> int:
    """Do jobs until none is due, those that they enqueue as well; returns how many attempts were made."""
    attempts = 0
    while not stopping() and step(tasks, queue=queue):
        attempts += 1
    return attempts


def serve(stopping: Callable[[], bool], tasks: Collection[str] | None = None, *, queue: str = "") -> None:
    """Do jobs until ``stopping()``; a database that is away is waited for."""
    pause, scheduled = SHORTEST_PAUSE, False
    with presence(name(), tasks, queue) as here:
        while not stopping():
            try:
                here()
                if not scheduled:
                    schedule()
                    scheduled = True
                worked = step(tasks, queue=queue)
            except (OperationalError, InterfaceError) as fault:
                log.warning("the database does not answer, trying again: %s", fault)
                connections.close_all()
                worked = False
            pause = SHORTEST_PAUSE if worked else min(pause * 2, LONGEST_PAUSE)
            if not worked:
                time.sleep(pause)


def perform(claim: Claim) -> None:
    """Do a claimed job: its effect and its acknowledgement together, or a kept cause and another try.

    In the log the job itself acts: ``job:`` and its task.
    """
    try:
        with acting(actor=f"job:{claim.task}"):
            effect = _prepare(find(claim.task), claim)
            with fenced(claim):
                effect()
    except Lost:
        log.warning("%s %s: the lease was lost, nothing was changed", claim.task, claim.job)
    except Stopped:
        with suppress(Lost):
            release(claim)
        raise
    except Exception as fault:  # whatever a task may raise
        log.exception("%s %s: attempt %s failed", claim.task, claim.job, claim.attempt)
        with suppress(Lost):
            set_back(claim, fault)


def _prepare(task: Task, claim: Claim) -> Effect:
    if not task.long:
        return task.work(claim)
    with beating(claim):
        return task.work(claim)


@contextmanager
def beating(claim: Claim) -> Iterator[None]:
    """Keep the lease alive from a thread of its own while the block works outside any transaction."""
    over = Event()
    thread = Thread(target=_beat, args=(claim, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(claim: Claim, over: Event) -> None:
    try:
        while not over.wait(claim.lease.total_seconds() / BEATS_PER_LEASE):
            _heartbeat_if_possible(claim)
    except Lost:
        claim.lost.set()
    finally:
        connection.close()


def _heartbeat_if_possible(claim: Claim) -> None:
    try:
        heartbeat(claim)
    except (OperationalError, InterfaceError) as fault:  # the next beat may get through before the lease ends
        log.warning("%s %s: a heartbeat was missed: %s", claim.task, claim.job, fault)
        connection.close()
