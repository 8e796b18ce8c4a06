"""Programs as organisers of other platforms write them, and the same run plainly, to compare."""

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

TRUTH = [1, 0, 2, 2, 1, 0, 1, 2, 0, 1]
SCORER = """
import json, os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from measures import accuracy, error
reference, results, output = (os.path.join(sys.argv[1], "ref"), os.path.join(sys.argv[1], "res"), sys.argv[2])
truth = [int(line) for line in open(os.path.join(reference, "truth.txt"))]
guess = [int(line) for line in open(os.path.join(results, "guess.txt"))]
print("the truth is", truth)
scores = {"accuracy": accuracy(truth, guess), "error": error(truth, guess)}
json.dump(scores, open(os.path.join(output, "scores.json"), "w"))
open(os.path.join(output, "detailed_results.html"), "w").write("<h1>Confusion</h1>")
"""
MEASURES = """
import numpy as np
def accuracy(truth, guess):
    return float(np.mean(np.array(truth) == np.array(guess)))
def error(truth, guess):
    return float(np.sqrt(np.mean((np.array(truth) - np.array(guess)) ** 2)) / 3)
"""
INGESTION = """
import os, sys
inputs, output, program = sys.argv[1:]
sys.path.insert(0, program)
from model import predict
rows = [float(line) for line in open(os.path.join(inputs, "rows.txt"))]
print("seen", sorted(os.listdir("/app")) if os.path.isdir("/app") else "")
with open(os.path.join(output, "guess.txt"), "w") as file:
    for row in rows:
        print(predict(row), file=file)
"""
MODEL = "def predict(row):\n    return round(row) % 3\n"
METADATA = "command: python3 $program/score.py $input $output\ndescription: scores\n"
INGESTION_METADATA = "command: python $ingestion_program/ingest.py $input $output $submission_program\n"
ROWS = [1.2, 0.1, 2.2, 1.9, 4.1, 3.1, 0.8, 2.4, 1.4, 2.4]
SCORING = {"score.py": SCORER, "measures.py": MEASURES, "metadata": METADATA}
REFERENCE = {"truth.txt": "".join(f"{label}\n" for label in TRUTH)}
INPUTS = {"rows.txt": "".join(f"{row}\n" for row in ROWS)}
INGESTING = {"ingest.py": INGESTION, "metadata.yaml": INGESTION_METADATA}
EVALUATION = {
    "__init__.py": "from .main import evaluate\n",
    "main.py": """
import json
import numpy as np
from .weights import WEIGHT
def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    truth, guess = np.array(json.load(open(test_annotation_file))), np.array(json.load(open(user_submission_file)))
    print("evaluating", phase_codename, sorted(kwargs))
    half = len(truth) // 2
    def scores(part):
        right, off = truth[part] == guess[part], np.abs(truth[part] - guess[part])
        return {"accuracy": np.mean(right), "error": off.mean() / WEIGHT}
    return {"result": [{"open_split": scores(slice(0, half))}, {"closed_split": scores(slice(half, None))}]}
""",
    "weights.py": "WEIGHT = 7\n",
}
LABELS = {"open_split": ("accuracy", "error"), "closed_split": ("accuracy", "error")}


def folder(path: Path, files: Mapping[str, str]) -> Path:
    """A folder that boxes may read."""
    for name, text in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return path


def archive(files: Mapping[str, str]) -> io.BytesIO:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    held.seek(0)
    return held


def guessed(*wrong: int) -> dict[str, str]:
    """Results that are right but at these places."""
    return {"guess.txt": "".join(f"{(label + (at in wrong)) % 3}\n" for at, label in enumerate(TRUTH))}


def run_plainly(root: Path, results: Mapping[str, str]) -> dict[str, float]:
    """The scoring program as its author runs it at home."""
    folder(root / "input" / "ref", REFERENCE)
    folder(root / "input" / "res", results)
    folder(root / "program", SCORING)
    folder(root / "output", {})
    (root / "output").mkdir()
    words = re.sub(r"\$(\w+)", lambda word: str(root / word[1]), "$program/score.py $input $output").split()
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    told: dict[str, float] = json.loads((root / "output" / "scores.json").read_text())
    return told


def evaluated_plainly(root: Path, guess: list[int]) -> dict[str, float]:
    """The evaluation as its author runs it at home."""
    folder(root / "evaluation", EVALUATION)
    folder(root, {"truth.json": json.dumps(TRUTH), "guess.json": json.dumps(guess)})
    call = (
        "import json; from evaluation import evaluate; print();"
        "print(json.dumps(evaluate('truth.json', 'guess.json', 'dev')['result'], default=float))"
    )
    ended = subprocess.run([sys.executable, "-c", call], cwd=root, check=True, capture_output=True, text=True)
    splits: list[dict[str, dict[str, float]]] = json.loads(ended.stdout.splitlines()[-1])
    return {
        f"{split}.{label}": value for one in splits for split, labels in one.items() for label, value in labels.items()
    }
