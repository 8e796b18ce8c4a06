"""Scores a round's predictions where Dure is not: the program that goes along when a round is exported.

Started as ``score.py $input $output``; ``task.json`` and ``labels.csv`` lie in the reference data. It reads a file as
strictly as the round did, and gives the same numbers: ``score`` and, where the test set has two parts, ``final``.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from dure.challenges.labels import Labels, Part  # noqa: E402 -- the parts of Dure that came along lie beside this file
from dure.challenges.metrics import OWN, Sort, metric  # noqa: E402 -- likewise
from dure.challenges.predictions import Format, read_predictions  # noqa: E402 -- likewise

NAMES = {Part.PUBLIC: "score", Part.FINAL: "final"}


def scores(told: Mapping[str, Any], labels: Labels, data: bytes) -> dict[str, float]:
    """The score of each part of the test set."""
    read = read_predictions(data, Format.of(told["format"]), labels.ids)
    parts = [Part.PUBLIC, *([Part.FINAL] if labels.has_final else [])]
    if told["metric"] == OWN:
        return {NAMES[part]: _own(told, labels, data, part) for part in parts}
    known, classes = metric(told["metric"]), _classes(told)
    truth = labels.values(numeric=known.sort is Sort.NUMBERS)
    return {
        NAMES[part]: known.score(truth[labels.mask(part)], read.values[labels.mask(part)], classes) for part in parts
    }


def _classes(told: Mapping[str, Any]) -> Sequence[str]:
    return tuple(told["format"]["classes"])


def _own(told: Mapping[str, Any], labels: Labels, data: bytes, part: Part) -> float:
    """The organiser's scorer, with the folders that it has in a box."""
    with TemporaryDirectory() as root:
        box = Path(root)
        for name in ("labels", "predictions", "output"):
            (box / name).mkdir()
        (box / "labels" / "labels.csv").write_bytes(labels.dump(part, id_column=told["format"]["id_column"]))
        (box / "predictions" / "predictions.csv").write_bytes(data)
        shutil.copy(HERE / "scorer.py", box / "scorer.py")
        subprocess.run([sys.executable, "scorer.py"], cwd=box, env={**os.environ, "BOX": root}, check=True)
        return float(json.loads((box / "output" / "scores.json").read_text())["score"])


def main(given: Path, output: Path) -> None:
    reference, results = given / "ref", given / "res"
    told = json.loads((reference / "task.json").read_text(encoding="utf-8"))
    labels = Labels.kept((reference / "labels.csv").read_bytes())
    file = next(iter(sorted(results.rglob("*.csv"))))
    (output / "scores.json").write_text(json.dumps(scores(told, labels, file.read_bytes())))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
