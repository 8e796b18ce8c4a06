"""Runs one box to its end in a process of its own: builds the walls, watches the limits, clears up, reports.

That process was forked off a small, single-threaded one (:mod:`dure.compute.forkserver`), for it forks, unshares and
mounts. It reads a list of Orders from its line and writes a list of Rans to it, both as JSON.
"""

import fcntl
import json
import os
import selectors
import signal
import socket
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from dure.compute import kernel
from dure.compute.box import Level, Limits, Ran, Usage, Verdict
from dure.compute.collect import Collection, TooMuch
from dure.compute.confinement import START_FD, Confinement
from dure.compute.full import FullConfinement, own_mounts, share
from dure.compute.limited import LimitedConfinement
from dure.compute.order import Order

START_SECONDS = 20
_SPARE_SECONDS = 60  # for starting, killing and collecting, which the box's own clock leaves out
FLOOD = 64  # a stream longer than this many times what is kept ends the box
_BEAT = 0.02
_CHUNK = 1 << 16


class Stream:
    """A pipe out of the box, of which the last ``most`` bytes are kept."""

    def __init__(self, most: int) -> None:
        self.reads, self.writes = os.pipe()
        os.set_blocking(self.reads, False)
        self.seen = 0
        self._most = most
        self._tail = b""

    def take(self) -> bool:
        """Read what is there; False when there will be nothing more."""
        try:
            chunk = os.read(self.reads, _CHUNK)
        except BlockingIOError:
            return True
        self.seen += len(chunk)
        self._tail = (self._tail + chunk)[-self._most :]
        return bool(chunk)

    def text(self) -> str:
        return self._tail.decode(errors="replace")


class Watch:
    """One run of a box: started, watched, ended."""

    def __init__(self, confinement: Confinement, limits: Limits, asker: socket.socket) -> None:
        self._held = confinement
        self._limits = limits
        self._asker = asker
        self._stdout, self._stderr, self._mark = Stream(limits.log_bytes), Stream(limits.log_bytes), Stream(64)
        self._streams = (self._stdout, self._stderr, self._mark)
        self._since = time.monotonic()
        self._exit_code: int | None = None
        self._pid = 0
        self._asked_to_stop = False

    def stop(self) -> None:
        """End the box: the one beside it did not end well, or nobody waits for it any more."""
        self._asked_to_stop = True

    def run(self, into: Path) -> Ran:
        """Run to the end, kill what is left, then judge and collect."""
        self._start()
        forced = self._wait()
        wall_ms = self._elapsed_ms()
        refused_processes = self._held.out_of_processes()
        self._stop()
        verdict = self._verdict(forced, refused_processes)
        usage = Usage(self._held.cpu_ms(), wall_ms, self._held.memory_peak())
        most = {"most_bytes": self._limits.output_bytes, "most_files": self._limits.output_files}
        carried = Collection(**most, owner=self._held.owner)
        if verdict is Verdict.OK:
            try:
                carried.carry(self._held.output, into)
            except TooMuch:
                verdict = Verdict.OUTPUT
        files = sorted(carried.files) if verdict is Verdict.OK else ()
        logs = self._stdout.text(), self._stderr.text()
        fault = logs[1] if verdict is Verdict.NEVER_STARTED else ""
        return Ran(verdict, self._exit_code, *logs, usage, tuple(files), tuple(carried.left_out), fault)

    def _start(self) -> None:
        self._pid = os.fork()
        if self._pid == 0:
            self._become()
        for stream in self._streams:
            os.close(stream.writes)

    def _become(self) -> NoReturn:
        """The child's side: standard streams and the mark's descriptor, then behind the walls."""
        kernel.die_with_parent(signal.SIGKILL)
        for ignored_by_python in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(ignored_by_python, signal.SIG_DFL)
        wanted = [os.open(os.devnull, os.O_RDONLY), *(stream.writes for stream in self._streams)]
        moved = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in wanted]
        for place, fd in zip((0, 1, 2, START_FD), moved, strict=True):
            os.dup2(fd, place)
        try:
            self._held.become()
        except BaseException as error:  # noqa: BLE001 -- nothing of the child may return into the parent's code
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(126)

    def _wait(self) -> Verdict | None:
        """Until the command ends by itself (None) or a limit ends it."""
        with selectors.DefaultSelector() as selector, self._end() as end:
            for stream in self._streams:
                selector.register(stream.reads, selectors.EVENT_READ, stream.take)
            if end is not None:
                selector.register(end, selectors.EVENT_READ, lambda: False)
            selector.register(self._asker, selectors.EVENT_READ, self.stop)  # nothing more is said, so it has closed
            while not self._ended():
                if over := self._over():
                    return over
                for key, _ in selector.select(_BEAT):
                    if not key.data():
                        selector.unregister(key.fileobj)
        return None

    @contextmanager
    def _end(self) -> Iterator[int | None]:
        """A descriptor that can be read once the command has ended; None on kernels before 5.3, where a beat tells."""
        try:
            descriptor = os.pidfd_open(self._pid)
        except OSError:
            yield None
            return
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _ended(self) -> bool:
        pid, status = os.waitpid(self._pid, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            self._exit_code = code if code >= 0 else 128 - code
        return bool(pid)

    def _over(self) -> Verdict | None:
        limits = self._limits
        if self._asked_to_stop:
            return Verdict.STOPPED
        if not self._mark.seen:
            return Verdict.NEVER_STARTED if self._elapsed_ms() > START_SECONDS * 1_000 else None
        if self._held.out_of_memory():
            return Verdict.MEMORY
        if self._held.cpu_ms() > limits.cpu_seconds * 1_000:
            return Verdict.CPU
        if max(self._stdout.seen, self._stderr.seen) > limits.log_bytes * FLOOD:
            return Verdict.LOG
        return Verdict.TIME if self._elapsed_ms() > limits.wall_seconds * 1_000 else None

    def _stop(self) -> None:
        """End what still runs, take in what the pipes still hold, reap every child and orphan."""
        if self._exit_code is None:
            os.kill(self._pid, signal.SIGKILL)
        self._held.kill()
        for stream in self._streams:
            os.set_blocking(stream.reads, True)
            while stream.take():
                pass
        with suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)

    def _verdict(self, forced: Verdict | None, refused_processes: bool) -> Verdict:
        """Memory before everything, since a box short of memory fails in every other way as well."""
        if not self._mark.seen:
            return Verdict.STOPPED if forced is Verdict.STOPPED else Verdict.NEVER_STARTED
        if self._held.out_of_memory():
            return Verdict.MEMORY
        ended_well = forced is None and self._exit_code == 0
        if refused_processes and not ended_well:
            return Verdict.PROCESSES
        if forced:
            return forced
        return self._verdict_of_exit(self._exit_code or 0)

    def _verdict_of_exit(self, code: int) -> Verdict:
        if code == 128 + signal.SIGXCPU or self._held.cpu_ms() > self._limits.cpu_seconds * 1_000:
            return Verdict.CPU
        if code == 128 + signal.SIGXFSZ or (code != 0 and self._held.output_is_full()):
            return Verdict.OUTPUT
        return Verdict.OK if code == 0 else Verdict.EXIT

    def _elapsed_ms(self) -> int:
        return int((time.monotonic() - self._since) * 1_000)


def supervise(order: Order, asker: socket.socket) -> Ran:
    """Run ``order`` as long as there is an asker; a fault of the platform is a box that never started."""
    try:
        confinement: Confinement = FullConfinement(order) if order.level is Level.FULL else LimitedConfinement(order)
        try:
            watch = Watch(confinement, order.box.limits, asker)
            signal.signal(signal.SIGTERM, lambda *_: watch.stop())
            return watch.run(order.into)
        finally:
            confinement.close()
    except OSError as error:
        return Ran(Verdict.NEVER_STARTED, fault=str(error))


def supervise_beside(orders: Sequence[Order], asker: socket.socket) -> list[Ran]:
    """Run ``orders`` at the same time, each below a supervisor of its own; where one ends badly, the others stop.

    They share memory file systems, which lie in the mount namespace of this process alone.
    """
    share(orders)
    sides = [_Side(order, asker) for order in orders]
    with selectors.DefaultSelector() as selector:
        for side in sides:
            selector.register(side.reads, selectors.EVENT_READ, side)
        while selector.get_map():
            for key, _ in selector.select():
                if key.data.take():
                    continue
                selector.unregister(key.fileobj)
                if key.data.ran().verdict is not Verdict.OK:
                    _stop([other.data for other in selector.get_map().values()])
    return [side.ran() for side in sides]


class _Side:
    """A supervisor that was forked off for one of several boxes; it writes how the box ended to a pipe."""

    def __init__(self, order: Order, asker: socket.socket) -> None:
        self.reads, writes = os.pipe()
        self._told = b""
        self.pid = os.fork()
        if self.pid == 0:
            _supervise_into(writes, order, asker)
        os.close(writes)

    def take(self) -> bool:
        """Read what is there; False when there will be nothing more."""
        chunk = os.read(self.reads, _CHUNK)
        self._told += chunk
        return bool(chunk)

    def ran(self) -> Ran:
        if not self._told:
            return Ran(Verdict.NEVER_STARTED, fault="the supervisor of a box beside another ended early")
        return Ran.read(json.loads(self._told))


def _supervise_into(writes: int, order: Order, asker: socket.socket) -> NoReturn:
    """The forked side: settings of a process do not pass on to its child."""
    kernel.die_with_parent(signal.SIGKILL)
    kernel.adopt_orphans()
    with os.fdopen(writes, "w") as pipe:
        json.dump(asdict(supervise(order, asker)), pipe)
    os._exit(0)


def _stop(sides: Iterable[_Side]) -> None:
    for side in sides:
        with suppress(ProcessLookupError):
            os.kill(side.pid, signal.SIGTERM)


def answer(asker: socket.socket) -> None:
    """Run what is asked for over the line and tell how it ended. The boxes end when the line does, or all too late."""
    kernel.adopt_orphans()
    with asker.makefile("rb") as question:
        orders = [Order.load(told) for told in json.loads(question.readline())]
    signal.alarm(max(order.box.limits.wall_seconds for order in orders) + _SPARE_SECONDS)
    asker.sendall(json.dumps([asdict(ran) for ran in _ran(orders, asker)]).encode())


def _ran(orders: Sequence[Order], asker: socket.socket) -> list[Ran]:
    try:
        if any(order.level is Level.FULL for order in orders):
            own_mounts()
        return [supervise(orders[0], asker)] if len(orders) == 1 else supervise_beside(orders, asker)
    except OSError as error:
        fault = str(error)
    except Exception:  # noqa: BLE001 -- a bug of ours judges nobody either
        fault = traceback.format_exc()
    return [Ran(Verdict.NEVER_STARTED, fault=fault)] * len(orders)
