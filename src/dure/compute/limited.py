"""The limited level: the kernel's limits for each process, no walls. For code that the operator answers for."""

import os
import resource
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from dure.compute.box import OUTPUT
from dure.compute.confinement import marked
from dure.compute.order import Order

_KILL_SECONDS = 10.0


class LimitedConfinement:
    """A box in a folder of its own, in which the mounts are links. It sees what its user sees, the network too."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._root = order.work
        self.output = self._root / OUTPUT
        self.owner: int | None = None
        self.output.mkdir()
        (self._root / "tmp").mkdir()
        for name, path in order.box.mounts.items():
            (self._root / name).symlink_to(path.resolve())

    def become(self) -> NoReturn:
        os.setsid()
        limits = self._order.box.limits
        for limit, most in (
            (resource.RLIMIT_AS, limits.memory_bytes),
            (resource.RLIMIT_FSIZE, limits.output_bytes),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(limit, (most, most))
        # At the first the kernel says which limit it was (SIGXCPU), at the second it just kills.
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
        os.chdir(self._root / self._order.box.start_in)
        os.execve("/bin/sh", marked(self._order), self._environment())  # noqa: S606 -- this process becomes the box

    def _environment(self) -> dict[str, str]:
        scratch = str(self._root / "tmp")
        own = {"BOX": str(self._root), "HOME": scratch, "TMPDIR": scratch}
        return {**self._order.environment, **own, **self._order.box.environment}

    def kill(self) -> None:
        """Orphans become children of the supervisor, so killing children until there are none ends all."""
        end = time.monotonic() + _KILL_SECONDS
        while children := _children():
            for child in children:
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                with suppress(ChildProcessError):
                    os.waitpid(child, 0)
            if time.monotonic() > end:
                raise TimeoutError(f"processes {sorted(children)} outlive their kill")

    def cpu_ms(self) -> int:
        """Of the processes that have ended; a running one is held by its own limit."""
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return int((used.ru_utime + used.ru_stime) * 1_000)

    def memory_peak(self) -> int:
        """Of the largest process."""
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1_024

    def out_of_memory(self) -> bool:
        """Never seen here: an allocation fails inside the program."""
        return False

    def out_of_processes(self) -> bool:
        """Never seen here: the limit would count every process of this user."""
        return False

    def output_is_full(self) -> bool:
        """Never seen here: output is counted when it is collected."""
        return False

    def close(self) -> None:
        """The folder goes with the worker's own clearing up."""


def _children() -> set[int]:
    own = str(os.getpid())
    return {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _parent(entry) == own}


def _parent(process: Path) -> str:
    with suppress(OSError):
        return (process / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]
    return ""
