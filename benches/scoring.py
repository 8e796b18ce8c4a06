"""What a large prediction file costs: `python benches/scoring.py [ROWS]` (default 1,000,000; no database).

A file in another order than the test set is checked and scored by the platform's own reader, and for comparison by a
plain loop over Python's parser, which is what the reader falls back to where a file is tricky. Prints the ratio.
"""

import csv
import io
import os
import resource
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.settings")
django.setup()

from benches._table import show

from dure.challenges.labels import Labels
from dure.challenges.metrics import metric
from dure.challenges.predictions import Format, read_predictions

REPEATS = 3
KNOWN = metric("accuracy")
FORM = Format("id", ["label"], KNOWN.sort, ["cat", "dog"])


def made(rows: int) -> tuple[Labels, bytes]:
    truth = "id,label\n" + "".join(f"r{n},{'cat' if n % 3 else 'dog'}\n" for n in range(rows))
    guess = "id,label\n" + "".join(f"r{n},{'cat' if n % 5 else 'dog'}\n" for n in reversed(range(rows)))
    labels = Labels.read(truth.encode(), id_column="id", columns=["label"], sort=KNOWN.sort, split=None)
    return labels, guess.encode()


def scored(labels: Labels, data: bytes) -> float:
    read = read_predictions(data, FORM, labels.ids)
    return KNOWN.score(labels.values(numeric=False), read.values)


def by_hand(labels: Labels, data: bytes) -> float:
    """A dictionary, and a comparison for each row: nothing is checked but the ids."""
    truth = dict(zip(labels.ids, labels.cells, strict=True))
    rows = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    next(rows)
    return sum(truth[known][0] == label for known, label in rows) / len(truth)


def seconds(act: Callable[[], float]) -> float:
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return min(took)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    labels, data = made(rows)
    if abs(scored(labels, data) - by_hand(labels, data)) > 1e-12:
        raise SystemExit("the two do not agree")
    ours, plain = seconds(lambda: scored(labels, data)), seconds(lambda: by_hand(labels, data))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    show(
        f"{rows:,} rows, {most:,} MiB at the most",
        ("way", "seconds", "ratio"),
        [("checked and scored", f"{ours:.2f}", f"{ours / plain:.2f}"), ("a plain loop", f"{plain:.2f}", "1")],
    )


if __name__ == "__main__":
    main()
