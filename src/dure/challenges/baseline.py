"""제출할 수 있는 가장 단순한 프로그램입니다. 먼저 그대로 실행해 보고, guess를 여러분의 모델로 바꾸세요.

A first submission that is valid. Run it as it is: `python3 main.py`; then put a model of yours in the place of `guess`.
It writes predictions.csv beside itself; in the round's box it reads $BOX/data and writes $BOX/output/predictions.csv.
"""

import csv
import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BOX = os.environ.get("BOX")
DATA = Path(BOX, "data") if BOX else HERE / "data"
IDS = DATA / "ids.csv" if BOX else HERE / "sample_submission.csv"
PREDICTIONS = Path(BOX, "output", "predictions.csv") if BOX else HERE / "predictions.csv"


def guess(form: Mapping[str, Any], known: Sequence[str]) -> str:
    """One value for every row of a column: the mean, the commonest label or the share of the second class.

    ``known`` are the column's values in the training data; where there are none, anything that is valid.
    """
    match form["sort"]:
        case "numbers":
            mean = sum(map(float, known)) / len(known) if known else 0.0
            return repr(within(form, mean))
        case "probabilities" if len(form["columns"]) > 1:
            return repr(1 / len(form["columns"]))
        case "probabilities":
            return repr(within(form, known.count(form["classes"][-1]) / len(known) if known else 0.5))
        case "labels":
            likely = [value for value, _ in Counter(known).most_common() if value in (form["classes"] or known)]
            return (likely or form["classes"] or ["0"])[0]
    return "0"


def within(form: Mapping[str, Any], value: float) -> float:
    least = value if form["least"] is None else form["least"]
    most = value if form["most"] is None else form["most"]
    return min(max(value, least), most)


def examples(form: Mapping[str, Any]) -> dict[str, list[str]]:
    """The known values of each column, from every CSV file of the data that has all columns."""
    for archive in [] if BOX else [*DATA.glob("*.zip"), *DATA.glob("*.tar*")]:
        shutil.unpack_archive(archive, DATA)
    known: dict[str, list[str]] = {column: [] for column in form["columns"]}
    for path in DATA.rglob("*.csv"):
        rows = read(path)
        if rows and set(known) <= set(rows[0]):
            for column, values in known.items():
                values += [row[column] for row in rows if row[column]]
    return known


def ids(form: Mapping[str, Any]) -> list[str]:
    """What predictions are asked for."""
    return [row[form["id_column"]] for row in read(IDS)]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(form: Mapping[str, Any], predictions: Mapping[str, Sequence[str]]) -> None:
    """Predictions by id, a value for each column."""
    with PREDICTIONS.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow([form["id_column"], *form["columns"]])
        rows.writerows([known, *values] for known, values in predictions.items())


def main() -> None:
    form = json.loads((HERE / "format.json").read_text(encoding="utf-8"))
    known = examples(form)
    values = [guess(form, known[column]) for column in form["columns"]]
    write(form, dict.fromkeys(ids(form), values))
    sys.stdout.write(f"{PREDICTIONS}\n")


if __name__ == "__main__":
    main()
