"""What a box costs above the bare process in it: `python benches/boxes.py [NUMBER]` (default 30; no database).

An empty Python program runs as a process of this machine and in the best sandbox that was proved here, by turns.
Processor time is that of every process which has a part in it: the box, its supervisor, whoever asked for it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median, quantiles
from tempfile import TemporaryDirectory

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from benches._table import show

from dure.compute.box import Author, Box, Verdict
from dure.compute.proof import level
from dure.compute.runners import LocalRunner

NOTHING = ("-I", "-S", "-c", "pass")
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Took:
    """Milliseconds on the clock, and of processors."""

    wall: float
    cpu: float


def bare() -> None:
    subprocess.run([sys.executable, *NOTHING], check=True)


def boxed() -> None:
    with TemporaryDirectory() as folder:
        ran = LocalRunner().run(Box(("python3", *NOTHING)), into=Path(folder), author=Author.HOUSE)
    if ran.verdict is not Verdict.OK:
        raise SystemExit(f"the box ended with {ran.verdict}")


def took(act: Callable[[], None]) -> Took:
    began, used = time.perf_counter(), cpu_ms()
    act()
    wall = (time.perf_counter() - began) * 1000
    time.sleep(0.02)  # a supervisor ends, and is counted, a moment after its answer
    return Took(wall, cpu_ms() - used)


def cpu_ms() -> float:
    """Of this process, its children that live, and all theirs and its own that have ended; exact over many runs."""
    living = [child for path in Path("/proc/self/task").glob("*/children") for child in path.read_text().split()]
    return sum(os.times()[:4]) * 1000 + sum(_ticks(child) for child in living) * TICK_MS


def _ticks(process: str) -> int:
    """utime, stime, cutime and cstime, of which the name in parentheses may hold anything before."""
    return sum(map(int, Path("/proc", process, "stat").read_text().rpartition(")")[2].split()[11:15]))


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    boxed()
    pairs = [(took(bare), took(boxed)) for _ in range(number)]
    above = [Took(box.wall - process.wall, box.cpu - process.cpu) for process, box in pairs]
    columns = {"bare process": [one for one, _ in pairs], "in a box": [one for _, one in pairs], "above it": above}
    rows = [(name, *_figures(many)) for name, many in columns.items()]
    show(f"sandbox level {level().name.lower()}, {number} runs", ("milliseconds", "p50", "p95", "mean CPU"), rows)


def _figures(many: list[Took]) -> tuple[str, ...]:
    walls = [one.wall for one in many]
    return f"{median(walls):.1f}", f"{quantiles(walls, n=20)[-1]:.1f}", f"{fmean(one.cpu for one in many):.1f}"


if __name__ == "__main__":
    main()
