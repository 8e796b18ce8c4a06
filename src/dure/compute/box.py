"""What goes into a box, what comes out of it, and the two protocols: a runner says where, a sandbox says how.

Imports nothing outside the standard library: the supervisor loads it in a bare interpreter.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, Protocol

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
OUTPUT = "output"
SHARED = "/app/shared"
PACKAGES_FOLDER = "/opt/packages"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_PLACE = re.compile(r"/app(/[a-z][a-z_]{0,30}){1,3}")


class Level(IntEnum):
    """How far code is held: ``FULL`` other people's code, ``LIMITED`` one's own only, ``NONE`` no code at all."""

    NONE = 0
    LIMITED = 1
    FULL = 2


class Author(StrEnum):
    """Who wrote the code: people whom the operator answers for, or participants."""

    HOUSE = "house"
    PARTICIPANT = "participant"


class Verdict(StrEnum):
    """How a box ended. ``NEVER_STARTED`` is the platform's fault and judges nobody.

    ``STOPPED``: the one that ran beside it did not end well.
    ``NO_PREDICTIONS`` and ``NO_SCORE`` are what a code submission adds: a box ended well and left nothing of use.
    """

    OK = "ok"
    EXIT = "exit"
    MEMORY = "memory_limit"
    PROCESSES = "process_limit"
    CPU = "cpu_limit"
    TIME = "time_limit"
    OUTPUT = "output_limit"
    LOG = "log_limit"
    NO_PREDICTIONS = "no_predictions"
    NO_SCORE = "no_score"
    STOPPED = "stopped"
    NEVER_STARTED = "never_started"


@dataclass(frozen=True)
class Limits:
    """The bounds of one box. ``memory_bytes`` holds the files in its temporary folders as well.

    ``cpu_seconds`` counts every process of the box together. ``output_files`` counts files and folders.
    The last ``log_bytes`` of each stream are kept.
    """

    memory_bytes: int = 2 * GIB
    processes: int = 64
    cpu_seconds: int = 300
    wall_seconds: int = 600
    output_bytes: int = 256 * MIB
    output_files: int = 1_000
    scratch_bytes: int = 512 * MIB
    log_bytes: int = 64 * KIB

    def __post_init__(self) -> None:
        if min(asdict(self).values()) < 1:
            raise ValueError("every limit of a box is at least 1")


@dataclass(frozen=True)
class Packages:
    """A locked environment on this machine: its folder, and where the Python lies that it stands on."""

    folder: Path
    prefix: Path


@dataclass(frozen=True)
class Box:
    """A command, what it may read and how much it may use.

    It reads each mount at ``/box/NAME``, writes to ``/box/output`` and starts in ``/box/START_IN``. Below the full
    level ``/box`` is another folder, so programs use ``$BOX``. ``python3`` is the platform's interpreter.
    A mount is read as a user of its own: files and folders must be readable by everybody.

    Programs written for another platform find their paths: ``layout`` maps a path below ``/app`` to what is read
    there, the output is written to ``output_at``, and ``shared`` gives ``/app/shared``, which boxes that run beside
    each other all write (a scratch folder of its own where a box runs alone). ``writable`` names paths of the layout
    that programs write beside themselves in: what they change goes with the box, counts as scratch, and never reaches
    what was laid out. Only the full level lays that out.
    ``packages`` is a locked environment in place of the platform's own interpreter.
    """

    command: tuple[str, ...]
    mounts: Mapping[str, Path] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    start_in: str = ""
    layout: Mapping[str, Path] = field(default_factory=dict)
    writable: tuple[str, ...] = ()
    output_at: str = f"/box/{OUTPUT}"
    shared: bool = False
    packages: Packages | None = None

    def __post_init__(self) -> None:
        if self.start_in and self.start_in not in {*self.mounts, *self.layout}:
            raise ValueError("a box starts in one of its mounts")
        own = [*self.layout, *([self.output_at] if self.is_laid_out else [])]
        if any(not _PLACE.fullmatch(place) or place == SHARED for place in own) or len(set(own)) < len(own):
            raise ValueError(f"a path of a layout lies below /app, once: {own}")
        if not {*self.layout} >= {*self.writable}:
            raise ValueError("what a box may write is a path of its layout")
        if not self.command or any("\0" in word for word in self.command):
            raise ValueError("a box needs a command without NUL characters")
        wrong = [name for name in self.mounts if name == OUTPUT or not _NAME.fullmatch(name)]
        if wrong:
            raise ValueError(f"a mount is a lower-case word other than 'output': {wrong}")

    @property
    def is_laid_out(self) -> bool:
        """Whether it asks for paths of its own."""
        return bool(self.layout) or self.shared or self.output_at != f"/box/{OUTPUT}"


@dataclass(frozen=True)
class Usage:
    """What a box used: processor time of all its processes, wall time, the most memory at once."""

    cpu_ms: int = 0
    wall_ms: int = 0
    memory_bytes: int = 0


@dataclass(frozen=True)
class Ran:
    """The end of a box. ``files`` lists what was collected (posix paths), ``left_out`` what was not, and why."""

    verdict: Verdict
    exit_code: int | None = None
    stdout: str = ""
    stderr: str = ""
    usage: Usage = field(default_factory=Usage)
    files: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    fault: str = ""

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Ran":
        """From the supervisor's JSON (the fields of this class)."""
        return cls(
            **{**told, "verdict": Verdict(told["verdict"]), "usage": Usage(**told["usage"])}
            | {name: tuple(told[name]) for name in ("files", "left_out")}
        )


class Sandbox(Protocol):
    """How code is held on the machine where it runs."""

    level: Level

    def run(self, box: Box, *, into: Path) -> Ran:
        """Run ``box`` to its end; its output files are moved to ``into``, an empty folder, if it ended well."""

    def run_beside(self, boxes: Sequence[Box], *, into: Sequence[Path]) -> list[Ran]:
        """Run ``boxes`` at the same time, with one ``/app/shared``; where one does not end well, the others stop.

        The shared folder holds as much as the smallest ``scratch_bytes`` of them. Run by root they also see one output
        folder, of as much as all of them may write together: each reads what the others wrote there and changes only
        what is its own, and only that is moved ``into`` its folder. Other users' boxes cannot be told apart by the
        kernel, so there each has an output of its own.
        """


class Runner(Protocol):
    """Where code runs."""

    def run(self, box: Box, *, into: Path, author: Author) -> Ran:
        """Run ``box``, or raise Refused where this runner does not take code of ``author``."""

    def run_beside(self, boxes: Sequence[Box], *, into: Sequence[Path], author: Author) -> list[Ran]:
        """Run ``boxes`` as a sandbox does; ``author`` is the least trusted of those who wrote them."""
