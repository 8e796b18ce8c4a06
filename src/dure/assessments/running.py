"""Programs that answer a question: run in the sandbox once for each hidden case, all of them in one box.

What the cases must write stays outside; the box sees what they read. Nothing that a program prints comes back to its
writer but whether each case was right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dure.assessments.content import Case, Content
from dure.assessments.marking import has_output
from dure.compute.box import KIB, MIB, Author, Box, Limits, Runner, Verdict
from dure.compute.code import started, why
from dure.compute.runners import LocalRunner
from dure.compute.workspaces import workspace
from dure.core.text import Text

MOST_OUTPUT = 64 * KIB  # of one case
_SPARE_SECONDS = 5
_EVERY = Text(ko="사례 {of}개 중 {passed}개가 맞았습니다.", en="{passed} of {of} cases are right.")
_LOOP = f"""
import os, pathlib, subprocess, sys
box, seconds = pathlib.Path(os.environ["BOX"]), float(sys.argv[1])
for case in sorted((box / "cases").iterdir()):
    try:
        with case.open("rb") as given:
            ran = subprocess.run([sys.executable, str(box / "program" / "main.py")], stdin=given, timeout=seconds,
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=box / "output")
    except subprocess.TimeoutExpired:
        continue
    if ran.returncode == 0 and len(ran.stdout) <= {MOST_OUTPUT}:
        (box / "output" / case.name).write_bytes(ran.stdout)
"""


@dataclass(frozen=True)
class Outcome:
    """``passed`` of ``of`` cases; ``why``: the sentence for whoever wrote it."""

    passed: int
    of: int
    why: Text


def run(content: Content, program: str, *, runner: Runner | None = None) -> Outcome:
    """Run ``program`` on every case. Raises Unready where no box can start here: then nobody is judged."""
    of = len(content.cases)
    with workspace("exam") as root:
        folders = {name: root / name for name in ("program", "cases", "loop", "written")}
        for folder in folders.values():
            folder.mkdir()
            folder.chmod(0o755)
        _write(folders["program"] / "main.py", program)
        _write(folders["loop"] / "loop.py", _LOOP)
        for number, case in enumerate(content.cases):
            _write(folders["cases"] / f"{number:03}", case.input)
        limits = limits_of(content)
        mounts = {name: folders[name] for name in ("program", "cases", "loop")}
        command = ("python3", "loop.py", str(content.seconds))
        box = Box(command, mounts, limits=limits, start_in="loop")
        ran = started((runner or LocalRunner()).run(box, into=folders["written"], author=Author.PARTICIPANT))
        passed = _passed(content.cases, folders["written"]) if ran.verdict is Verdict.OK else 0
    sentence = _EVERY.format(passed=passed, of=of) if ran.verdict is Verdict.OK else why(ran.verdict, ran, limits)
    return Outcome(passed, of, sentence)


def limits_of(content: Content) -> Limits:
    """What all cases together may use."""
    seconds = content.seconds * len(content.cases) + _SPARE_SECONDS
    most = Limits(memory_bytes=content.mib * MIB, cpu_seconds=seconds, wall_seconds=seconds, processes=32)
    return replace(most, output_bytes=MOST_OUTPUT * (len(content.cases) + 1), output_files=len(content.cases) + 10)


def _passed(cases: Sequence[Case], written: Path) -> int:
    return sum(_is_right(case, written / f"{number:03}") for number, case in enumerate(cases))


def _is_right(case: Case, file: Path) -> bool:
    if file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as opened:
        return has_output(case, opened.read(MOST_OUTPUT + 1).decode(errors="replace"))


def _write(path: Path, text: str) -> None:
    """Boxes read as a user of their own."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
