"""How long one waits for a score where nobody else does: `python benches/waiting.py [NUMBER]` (default 40).

Attempts come one at a time at moments of chance, a file and a program in turn, and a worker as `dure worker` runs it
takes them. Above the scorer's own time: for a file what reading and measuring it takes, for a program what it takes as
a bare process besides. Works on a test database of the server that DATABASE_URL names.
"""

import io
import multiprocessing
import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import django
from django.conf import settings
from django.db import connections
from django.test.utils import get_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from benches._table import show

from dure.challenges.measures import Measure
from dure.challenges.models import Entrant, Submission, SubmissionKind
from dure.challenges.operations import add_task, enter, open_round, submit
from dure.challenges.order import NEEDED
from dure.challenges.queueing import SCORE
from dure.challenges.scoring import outcome_of
from dure.core.text import Text
from dure.jobs.worker import serve
from dure.people.models import Person

ROWS, MOST_PAUSE, LOOK_EVERY = 1000, 2.0, 0.005
FILE = ("id,label\n" + "".join(f"{row},{row % 2}\n" for row in range(ROWS))).encode()
PROGRAM = f"""
import os
with open(os.path.join(os.environ["BOX"], "output", "predictions.csv"), "w") as file:
    file.write("id,label\\n" + "".join(f"{{row}},{{row % 2}}\\n" for row in range({ROWS})))
"""
FORK = multiprocessing.get_context("fork")


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("main.py", PROGRAM)
    return buffer.getvalue()


SENT = {SubmissionKind.FILE: FILE, SubmissionKind.CODE: archive()}


def made() -> Entrant:
    host = Person.objects.create(email="host@example.org", name="Host")
    round_ = open_round(Text(ko="라운드", en="Round"), by=host, code="allowed")
    task = add_task(round_, labels=io.BytesIO(FILE), measure=Measure("accuracy"))
    return enter(task, persons=[Person.objects.create(email="one@example.org", name="One")])


def scored(entrant: Entrant, kind: SubmissionKind) -> float:
    """Seconds from the receipt to the score."""
    receipt = submit(entrant, by=entrant.members.get().person, upload=io.BytesIO(SENT[kind]), kind=kind)
    began = time.perf_counter()
    while (state := Submission.objects.values_list("state", flat=True).get(pk=receipt.id)) != "scored":
        if state not in ("received", "scoring"):
            raise SystemExit(f"the attempt ended as {state}")
        time.sleep(LOOK_EVERY)
    return time.perf_counter() - began


def read_and_measured(entrant: Entrant) -> None:
    outcome_of(Submission.objects.select_related(*NEEDED).filter(entrant=entrant, kind=SubmissionKind.FILE)[0])


def run_bare(folder: Path) -> None:
    (folder / "output").mkdir(exist_ok=True)
    subprocess.run([sys.executable, "-c", PROGRAM], env={"BOX": str(folder)}, check=True)


def seconds(act: Callable[[], object]) -> float:
    def once() -> float:
        began = time.perf_counter()
        act()
        return time.perf_counter() - began

    return median(once() for _ in range(9))


def measure(entrant: Entrant, number: int, folder: Path) -> list[tuple[str, ...]]:
    connections.close_all()
    worker = FORK.Process(target=serve, args=(lambda: False, [SCORE]))
    worker.start()
    waits: dict[SubmissionKind, list[float]] = {kind: [] for kind in SENT}
    try:
        for turn in range(number + 1):
            for kind, seen in waits.items():
                time.sleep(random.uniform(0, MOST_PAUSE))
                wait = scored(entrant, kind)
                seen.extend([wait] if turn else [])  # the first one warms the worker up
    finally:
        worker.kill()
        worker.join()
    reading = seconds(lambda: read_and_measured(entrant))
    own = {SubmissionKind.FILE: reading, SubmissionKind.CODE: reading + seconds(lambda: run_bare(folder))}
    return [row(kind, waits[kind], own[kind]) for kind in SENT]


def row(kind: SubmissionKind, waits: list[float], own: float) -> tuple[str, ...]:
    half, most = median(waits), quantiles(waits, n=20)[-1]
    figures = (half, most, own, half - own, most - own)
    return kind.value, *(f"{figure:.2f}" for figure in figures)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases(serialized_aliases=[])
    try:
        with TemporaryDirectory(dir=settings.HOME) as folder:
            settings.MEDIA_ROOT = Path(folder)
            rows = measure(made(), number, Path(folder))
        heads = ("seconds to the score", "p50", "p95", "own time", "p50 above", "p95 above")
        show(f"{connections['default'].vendor}, {number} attempts of each kind", heads, rows)
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
