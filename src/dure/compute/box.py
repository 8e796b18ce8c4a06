"""What goes into a box, what comes out of it, and the two protocols: a runner says where, a sandbox says how.

Imports nothing outside the standard library: the supervisor loads it in a bare interpreter.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any, Protocol

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
OUTPUT = "output"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")


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
class Box:
    """A command, what it may read and how much it may use.

    It reads each mount at ``/box/NAME``, writes to ``/box/output`` and starts in ``/box/START_IN``. Below the full
    level ``/box`` is another folder, so programs use ``$BOX``. ``python3`` is the platform's interpreter.
    A mount is read as a user of its own: files and folders must be readable by everybody.
    """

    command: tuple[str, ...]
    mounts: Mapping[str, Path] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    start_in: str = ""

    def __post_init__(self) -> None:
        if self.start_in and self.start_in not in self.mounts:
            raise ValueError("a box starts in one of its mounts")
        if not self.command or any("\0" in word for word in self.command):
            raise ValueError("a box needs a command without NUL characters")
        wrong = [name for name in self.mounts if name == OUTPUT or not _NAME.fullmatch(name)]
        if wrong:
            raise ValueError(f"a mount is a lower-case word other than 'output': {wrong}")


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


class Runner(Protocol):
    """Where code runs."""

    def run(self, box: Box, *, into: Path, author: Author) -> Ran:
        """Run ``box``, or raise Refused where this runner does not take code of ``author``."""
