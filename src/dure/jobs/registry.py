"""What workers can do: tasks by name, declared in the rooms' ``tasks.py``.

@task("applications.settle")                      quick: the effect itself, run inside the fenced transaction
def settle(*, stage: str) -> None: ...

@long_task("challenges.score")                    long: work outside any transaction, under a heartbeat;
def score(claim: Claim, *, run: str) -> Effect:   it returns the effect, which is run fenced
    outcome = ...
    return partial(operations.record, run, outcome)
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from typing import TypeVar
from uuid import UUID

from django.utils.module_loading import autodiscover_modules

Argument = str | int
Effect = Callable[[], object]
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
UNLIMITED = 2**31 - 1


@dataclass(frozen=True)
class Claim:
    """The right to do one job until the lease ends. ``lost`` is set when a long task's right is gone: stop then."""

    job: UUID
    token: int
    task: str
    arguments: Mapping[str, Argument]
    attempt: int
    most_attempts: int
    lease: timedelta
    runner: str
    sandbox: str
    lane: UUID | None
    lost: threading.Event = field(default_factory=threading.Event, compare=False, repr=False)


@dataclass(frozen=True)
class Task:
    """``every``: how long after its end the task runs again by itself; such a task is never given up."""

    name: str
    work: Callable[[Claim], Effect]
    long: bool
    lease: timedelta
    most_attempts: int
    every: timedelta | None


Q = TypeVar("Q", bound=Callable[..., None])
L = TypeVar("L", bound=Callable[..., Effect])
_tasks: dict[str, Task] = {}


def task(
    name: str, *, lease: timedelta = LEASE, most_attempts: int = MOST_ATTEMPTS, every: timedelta | None = None
) -> Callable[[Q], Q]:
    """Declare a quick task: database work only, done in one transaction with its acknowledgement."""

    def remember(function: Q) -> Q:
        def work(claim: Claim) -> Effect:
            return partial(function, **claim.arguments)

        _add(Task(name, work, False, lease, UNLIMITED if every else most_attempts, every))
        return function

    return remember


def long_task(
    name: str, *, lease: timedelta = LEASE, most_attempts: int = MOST_ATTEMPTS, every: timedelta | None = None
) -> Callable[[L], L]:
    """Declare a long task: anything that leaves the database (a sandbox, the network) or takes seconds."""

    def remember(function: L) -> L:
        def work(claim: Claim) -> Effect:
            return function(claim, **claim.arguments)

        _add(Task(name, work, True, lease, UNLIMITED if every else most_attempts, every))
        return function

    return remember


def find(name: str) -> Task:
    """The task of that name; LookupError where no installed room declares it."""
    if name not in _tasks:
        _discover()
    if name not in _tasks:
        raise LookupError(f"no room declares the task {name!r} in its tasks.py")
    return _tasks[name]


def every_task() -> dict[str, Task]:
    """All tasks of the installed rooms, by name."""
    _discover()
    return dict(_tasks)


@cache
def _discover() -> None:
    autodiscover_modules("tasks")


def _add(new: Task) -> None:
    if new.name in _tasks:
        raise ValueError(f"two tasks are called {new.name!r}")
    _tasks[new.name] = new
