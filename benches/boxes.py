"""What a box costs above the bare process in it: `python benches/boxes.py [NUMBER]` (default 30; no database).

An empty Python program runs as a process of this machine and in the best sandbox that was proved here, by turns.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from benches._table import show  # noqa: E402 -- after the settings

from dure.compute.box import Author, Box, Verdict  # noqa: E402
from dure.compute.proof import level  # noqa: E402
from dure.compute.runners import LocalRunner  # noqa: E402

NOTHING = ("-I", "-S", "-c", "pass")


def bare() -> None:
    subprocess.run([sys.executable, *NOTHING], check=True)  # noqa: S603 -- our own words


def boxed() -> None:
    with TemporaryDirectory() as folder:
        ran = LocalRunner().run(Box(("python3", *NOTHING)), into=Path(folder), author=Author.HOUSE)
    if ran.verdict is not Verdict.OK:
        raise SystemExit(f"the box ended with {ran.verdict}")


def milliseconds(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    boxed()
    pairs = [(milliseconds(bare), milliseconds(boxed)) for _ in range(number)]
    above = [box - process for process, box in pairs]
    columns = {"bare process": [one for one, _ in pairs], "in a box": [one for _, one in pairs], "above it": above}
    rows = [(name, f"{median(took):.1f}", f"{quantiles(took, n=20)[-1]:.1f}") for name, took in columns.items()]
    show(f"sandbox level {level().name.lower()}, {number} runs", ("milliseconds", "p50", "p95"), rows)


if __name__ == "__main__":
    main()
