"""What the benches share: a command's time and memory in a fresh process, and a table to print them in."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Cost:
    """What a fresh process took from its start to its end."""

    seconds: float
    megabytes: float


def cost(code: str, times: int = 3) -> Cost:
    """The cheapest of ``times`` runs of a Python program, interpreter start included."""
    return min((_once(code) for _ in range(times)), key=lambda cost: cost.seconds)


def _once(code: str) -> Cost:
    began = time.perf_counter()
    program = [sys.executable, "-c", code]
    process = subprocess.Popen(program, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the measured program failed ({process.returncode}):\n{code}")
    return Cost(time.perf_counter() - began, used.ru_maxrss / 1024)


def show(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table whose columns are as wide as their widest cell."""
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    lines = [title]
    for row in [heads, ["-" * width for width in widths], *rows]:
        first, *numbers = (width - len(cell) for cell, width in zip(row, widths, strict=True))
        cells = [" " * gap + cell for gap, cell in zip(numbers, row[1:], strict=True)]
        lines.append("  ".join([row[0] + " " * first, *cells]))
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
