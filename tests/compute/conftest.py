"""The level that this machine reaches decides which tests can run; the others are skipped by name."""

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from dure.compute.box import MIB, Author, Box, Level, Limits, Ran
from dure.compute.cgroups import PREFIX, hierarchies
from dure.compute.full import OUTER_ID
from dure.compute.proof import proof
from dure.compute.sandboxes import BubblewrapSandbox, LimitedSandbox

SMALL = Limits(
    memory_bytes=192 * MIB,
    processes=24,
    cpu_seconds=5,
    wall_seconds=5,
    output_bytes=4 * MIB,
    output_files=50,
    scratch_bytes=16 * MIB,
    log_bytes=4_096,
)
Run = Callable[..., Ran]
_SUPERVISOR = re.compile(rf"{PREFIX}(\d+)-")


@pytest.fixture(autouse=True)
def _level(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("sandbox") and proof().level is not Level.FULL:
        pytest.skip("this machine does not reach the full level: " + "; ".join(one.detail for one in proof().broken))


@pytest.fixture
def fully(tmp_path: Path) -> Run:
    """Run a Python program in the full sandbox; its output lands in ``tmp_path / "out"``."""

    def run(program: str, *, limits: Limits = SMALL, **mounts: Path) -> Ran:
        return BubblewrapSandbox().run(Box(("python3", "-c", program), mounts, limits=limits), into=tmp_path / "out")

    return run


@pytest.fixture
def limitedly(tmp_path: Path) -> Run:
    """The same in the limited sandbox."""

    def run(program: str, *, limits: Limits = SMALL, **mounts: Path) -> Ran:
        return LimitedSandbox().run(Box(("python3", "-c", program), mounts, limits=limits), into=tmp_path / "out")

    return run


class HouseRunner:
    """Runs every box in one sandbox, for tests of what is built on boxes."""

    def __init__(self, sandbox: BubblewrapSandbox | LimitedSandbox) -> None:
        self.sandbox = sandbox
        self.seen: list[tuple[Box, Author]] = []

    def run(self, box: Box, *, into: Path, author: Author) -> Ran:
        self.seen.append((box, author))
        return self.sandbox.run(box, into=into)

    def run_beside(self, boxes: Sequence[Box], *, into: Sequence[Path], author: Author) -> list[Ran]:
        self.seen += [(box, author) for box in boxes]
        return self.sandbox.run_beside(boxes, into=into)


def left_behind() -> set[str]:
    """Groups, mounts and processes of boxes on this machine, but for those of tests that run beside this one."""
    groups = {str(folder) for tree in hierarchies() for folder in tree.folder.glob(f"{PREFIX}*")}
    mounts = {line for line in Path("/proc/self/mounts").read_text().splitlines() if PREFIX in line}
    owned = {f"{entry}: {_groups(entry)}" for entry in Path("/proc").iterdir() if _owner(entry) == OUTER_ID}
    return {thing for thing in groups | mounts | owned if not _beside(thing)}


def _beside(thing: str) -> bool:
    """Whether it names the supervisor of a test that runs beside this one."""
    supervisor = _SUPERVISOR.search(thing)
    above = set(_ancestors(int(supervisor[1]))) if supervisor else ()
    return os.getppid() in above and os.getpid() not in above


def _ancestors(process: int) -> Iterator[int]:
    while process > 1:
        try:
            status = Path("/proc", str(process), "status").read_text()
        except OSError:  # gone
            return
        process = int(status.partition("PPid:")[2].split(maxsplit=1)[0])
        yield process


def _owner(process: Path) -> int:
    try:
        return process.stat().st_uid if process.name.isdigit() else -1
    except OSError:
        return -1


def _groups(process: Path) -> str:
    try:
        return process.joinpath("cgroup").read_text()
    except OSError:
        return ""


def until(holds: Callable[[], bool]) -> None:
    """Wait for what comes within moments."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)
