"""A control group of its own for each box, on cgroup v1, v2 and hybrid machines, as root or where it is delegated.

Memory and processes are bounded and processor time is read for the group as a whole, so children cannot hide.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dure.compute.box import Limits

PREFIX = "dure-box-"
PROC = Path("/proc")
_NEEDED = frozenset({"memory", "pids", "cpuacct"})
_KILL_SECONDS = 10.0
_BWRAP_PROCESSES = 2  # bubblewrap itself and the first process of its process namespace


class NoGroup(OSError):  # noqa: N818 -- a finding, told to the operator
    """No control group can be made here; the message says which controller is missing."""


@dataclass(frozen=True)
class Hierarchy:
    """One mounted tree: the controllers that it offers and the folder in it where groups can be made."""

    controllers: frozenset[str]
    folder: Path
    unified: bool


def hierarchies(proc: Path = PROC) -> list[Hierarchy]:
    """The trees mounted here that bound or meter a box. New groups are made as close to this process as v2 allows.

    Where a container leaves no other way, this process and its neighbours move into a group of their own.
    """
    own = _own_groups(proc)
    found = []
    for line in (proc / "self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split()[:3]
        root, mount = before.split()[3:5]
        if kind == "cgroup2":
            found.append(_unified(Path(mount), _below(Path(mount), root, own.get("", "/"))))
        elif kind == "cgroup" and not _NEEDED.isdisjoint(options.split(",")):
            names = frozenset(options.split(","))
            path = next((own[name] for name in names if name in own), "/")
            found.append(Hierarchy(names, _below(Path(mount), root, path), unified=False))
    return found


def _own_groups(proc: Path) -> dict[str, str]:
    rows = (line.split(":", 2) for line in (proc / "self/cgroup").read_text().splitlines())
    return {name: path for _, names, path in rows for name in names.split(",")}


def _below(mount: Path, root: str, path: str) -> Path:
    """The folder of group ``path``; in a container the mount shows only what lies below ``root``."""
    folder = mount / os.path.relpath(path, root)
    return folder if folder.is_dir() and folder.resolve().is_relative_to(mount.resolve()) else mount


def _unified(mount: Path, own: Path) -> Hierarchy:
    offered = frozenset((mount / "cgroup.controllers").read_text().split())
    wanted = sorted(offered & {"memory", "pids"})
    parents = [own, own.parent, mount] if own != mount else [mount]
    folder = next((parent for parent in parents if _gives(parent, wanted)), None) or _make_room(own, wanted)
    return Hierarchy(offered | {"cpuacct", "kill"}, folder, unified=True)


def _gives(folder: Path, wanted: list[str]) -> bool:
    """Whether groups can be made in ``folder`` with the ``wanted`` controllers, switching them on where allowed."""
    control = folder / "cgroup.subtree_control"
    with suppress(OSError):
        if not set(wanted) <= set(control.read_text().split()):
            control.write_text(" ".join(f"+{name}" for name in wanted))
        return os.access(folder, os.W_OK)
    return False


def _make_room(own: Path, wanted: list[str]) -> Path:
    """A v2 group with processes may have no bounded children: move them one down, as in a container's root."""
    with suppress(OSError):
        leaf = own / "dure-worker"
        leaf.mkdir(exist_ok=True)
        for pid in (own / "cgroup.procs").read_text().split():
            (leaf / "cgroup.procs").write_text(pid)
        _gives(own, wanted)
    return own


class Group:
    """The control group of one box: made, entered, read, killed, removed."""

    def __init__(self, trees: list[Hierarchy], limits: Limits) -> None:
        """Make the group; raises NoGroup where a bound cannot be set."""
        missing = _NEEDED - set().union(*(tree.controllers for tree in trees))
        if missing:
            raise NoGroup(f"no cgroup controller for {', '.join(sorted(missing))}")
        self._name = f"{PREFIX}{os.getpid()}-{os.urandom(4).hex()}"
        self._trees = [tree for tree in trees if tree.controllers & (_NEEDED | {"kill"})]
        try:
            for tree in self._trees:
                _sweep(tree.folder)
                (tree.folder / self._name).mkdir()
            self._bound(limits)
        except OSError as error:
            self.remove()
            raise NoGroup(f"{error.strerror}: {error.filename}") from error

    def _bound(self, limits: Limits) -> None:
        memory = self._folder("memory")
        if self._is_unified("memory"):
            _write(memory / "memory.max", limits.memory_bytes)
            _write(memory / "memory.swap.max", 0, needed=False)
        else:
            _write(memory / "memory.limit_in_bytes", limits.memory_bytes)
            _write(memory / "memory.memsw.limit_in_bytes", limits.memory_bytes, needed=False)
            _write(memory / "memory.swappiness", 0, needed=False)
        _write(self._folder("pids") / "pids.max", limits.processes + _BWRAP_PROCESSES)

    def enter(self) -> None:
        """Move the calling process in; its children are born there."""
        for folder in self._folders():
            _write(folder / "cgroup.procs", os.getpid())

    def cpu_ms(self) -> int:
        """Processor time of all processes that were ever in the group."""
        folder = self._folder("cpuacct")
        if self._is_unified("cpuacct"):
            return _counter(folder / "cpu.stat", "usage_usec") // 1_000
        return int((folder / "cpuacct.usage").read_text()) // 1_000_000

    def memory_peak(self) -> int:
        """The most memory held at once, in bytes; kernels before 5.19 tell v2 groups only the present amount."""
        folder = self._folder("memory")
        names = ("memory.peak", "memory.current", "memory.max_usage_in_bytes")
        return next((int((folder / name).read_text()) for name in names if (folder / name).exists()), 0)

    def out_of_memory(self) -> bool:
        """Whether the kernel killed a process of the group for memory."""
        file = "memory.events" if self._is_unified("memory") else "memory.oom_control"
        return _counter(self._folder("memory") / file, "oom_kill") > 0

    def out_of_processes(self) -> bool:
        """Whether the group was refused a process."""
        return _counter(self._folder("pids") / "pids.events", "max") > 0

    def kill(self) -> None:
        """Kill every process of the group; returns when none is left, raises TimeoutError when one stays."""
        _kill(list(self._folders()))

    def remove(self) -> None:
        """Remove the group; the kernel lets go of the last process a moment after its end."""
        for folder in self._folders():
            _remove(folder)

    def _folders(self) -> Iterator[Path]:
        return (tree.folder / self._name for tree in self._trees)

    def _tree(self, controller: str) -> Hierarchy:
        """The tree with ``controller``: a v1 tree first, since what it offers the unified one cannot."""
        having = [tree for tree in self._trees if controller in tree.controllers]
        return min(having, key=lambda tree: tree.unified)

    def _folder(self, controller: str) -> Path:
        return self._tree(controller).folder / self._name

    def _is_unified(self, controller: str) -> bool:
        return self._tree(controller).unified


def _write(file: Path, value: int, *, needed: bool = True) -> None:
    """Write one setting; not ``needed``: it is missing on some kernels, and another bound holds without it."""
    try:
        file.write_text(str(value))
    except OSError:
        if needed:
            raise


def _counter(file: Path, name: str) -> int:
    rows = (line.split() for line in file.read_text().splitlines())
    return next((int(row[1]) for row in rows if row[0] == name), 0)


def _kill(folders: list[Path]) -> None:
    end = time.monotonic() + _KILL_SECONDS
    while members := [int(pid) for folder in folders for pid in (folder / "cgroup.procs").read_text().split()]:
        for folder in folders:
            _write(folder / "cgroup.kill", 1, needed=False)
        for pid in members:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > end:
            raise TimeoutError(f"processes {sorted(set(members))} outlive their kill")
        time.sleep(0.002)


def _remove(folder: Path) -> None:
    end = time.monotonic() + 1.0
    while folder.exists() and time.monotonic() < end:
        with suppress(OSError):
            folder.rmdir()
            return
        time.sleep(0.002)


def _sweep(parent: Path) -> None:
    """Remove the groups of supervisors that were killed, and whatever may still be in them."""
    for folder in parent.glob(f"{PREFIX}*"):
        if not (PROC / folder.name.removeprefix(PREFIX).split("-")[0]).exists():
            with suppress(OSError):  # another box sweeps at the same time
                _kill([folder])
                _remove(folder)
