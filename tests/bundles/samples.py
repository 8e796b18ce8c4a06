"""Bundles made up in a folder: complete ones of each format, to be changed a little by each test."""

import zipfile
from copy import deepcopy
from pathlib import Path

import yaml

SCORE = """import json, os, sys

truth = open(os.path.join(sys.argv[1], "ref", "labels.txt")).read().split()
guess = open(os.path.join(sys.argv[1], "res", "predictions.txt")).read().split()
right = sum(a == b for a, b in zip(truth, guess))
json.dump({"accuracy": right / len(truth), "duration": 1}, open(os.path.join(sys.argv[2], "scores.json"), "w"))
"""
INGEST = """import os, sys

sys.path.insert(0, sys.argv[3])
from model import Model

lines = open(os.path.join(sys.argv[1], "flowers.txt")).read().split()
open(os.path.join(sys.argv[2], "predictions.txt"), "w").write("\\n".join(Model().predict(lines)))
"""
MODEL = """class Model:
    def predict(self, lines):
        return ["setosa" if float(line) < 2.5 else "virginica" for line in lines]
"""
FLOWERS = {
    "version": 2,
    "title": "Flowers by their petals",
    "description": "Tell the kind of a flower",
    "image": "logo.png",
    "terms": "pages/terms.md",
    "registration_auto_approve": True,
    "docker_image": "codalab/codalab-legacy:py39",
    "contact_email": "desk@example.org",
    "pages": [{"title": "Overview", "file": "pages/overview.md"}, {"title": "Data", "file": "pages/data.md"}],
    "tasks": [
        {
            "index": 0,
            "name": "Development",
            "description": "Small",
            "input_data": "input_data/",
            "reference_data": "reference_data/",
            "ingestion_program": "ingestion_program/",
            "scoring_program": "scoring_program/",
        }
    ],
    "solutions": [{"index": 0, "tasks": [0], "path": "solution/", "name": "Threshold"}],
    "phases": [
        {
            "index": 0,
            "name": "Development",
            "start": "1-1-2030",
            "end": "2-1-2030",
            "max_submissions_per_day": 3,
            "max_submissions": 30,
            "execution_time_limit": 120,
            "tasks": [0],
        },
        {
            "index": 1,
            "name": "Final",
            "start": "2-2-2030",
            "tasks": [0],
            "auto_migrate_to_this_phase": True,
            "starting_kit": "starting_kit",
        },
    ],
    "leaderboards": [
        {
            "title": "Results",
            "key": "results",
            "columns": [
                {"title": "Accuracy", "key": "accuracy", "index": 0, "sorting": "desc", "precision": 4},
                {"title": "Duration", "key": "duration", "index": 1, "sorting": "asc", "hidden": True},
            ],
        }
    ],
}
FLOWER_FILES = {
    "logo.png": b"\x89PNG",
    "pages/terms.md": "Play fair.",
    "pages/overview.md": "# Welcome",
    "pages/data.md": "Petals.",
    "input_data/flowers.txt": "1.4\n5.1\n",
    "reference_data/labels.txt": "setosa\nvirginica\n",
    "ingestion_program/metadata.yaml": "command: python3 $program/ingest.py $input $output $submission_program",
    "ingestion_program/ingest.py": INGEST,
    "scoring_program/metadata.yaml": "command: python3 $program/score.py $input $output",
    "scoring_program/score.py": SCORE,
    "solution/model.py": MODEL,
    "starting_kit/README.md": "Begin here.",
}

NUMBERS = """title: Even or odd
description: Tell even numbers from odd ones
image: logo.png
has_registration: True
end_date: 2030-03-01
html:
  overview: overview.html
  evaluation: evaluation.html
  terms: terms.html
phases:
  1:
    phasenumber: 1
    label: "Practice"
    start_date: 2030-01-01
    max_submissions: 20
    reference_data: reference.zip
    scoring_program: program.zip
  2:
    phasenumber: 2
    label: "Final"
    start_date: 2030-02-01
    max_submissions_per_day: 2
    auto_migration: True
    reference_data: reference
    scoring_program: program.zip
leaderboard:
  leaderboards:
    Results: &RESULTS
      label: Results
      rank: 1
  columns:
    set1_score:
      leaderboard: *RESULTS
      label: Even
      rank: 1
      numeric_format: 3
    set2_score:
      leaderboard: *RESULTS
      label: Odd
      rank: 2
      sort: asc
    mean:
      leaderboard: *RESULTS
      label: Both
      rank: 3
      computed:
        operation: Avg
        fields: set1_score, set2_score
"""
NUMBER_SCORE = 'open(__import__("sys").argv[2] + "/scores.txt", "w").write("set1_score:0.5\\nset2_score:1\\n")\n'
NUMBER_FILES = {
    "competition.yaml": NUMBERS,
    "logo.png": b"\x89PNG",
    "overview.html": "<p>Numbers</p>",
    "evaluation.html": "<p>Counted</p>",
    "terms.html": "<p>Fair</p>",
    "reference/truth.txt": "even odd\n",
    "program.zip": {"metadata": "command: python $program/score.py $input $output", "score.py": NUMBER_SCORE},
}

EVALUATION = """import json


def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    truth, guess = (json.load(open(name)) for name in (test_annotation_file, user_submission_file))
    scores = {"F1": sum(map(int.__eq__, truth, guess)) / len(truth), "Total": len(guess)}
    splits = {"dev": ["dev_split"], "test": ["dev_split", "test_split"]}[phase_codename]
    return {"result": [{split: scores} for split in splits]}
"""
CHALLENGE = {
    "title": "Answer pictures",
    "short_description": "Questions about pictures",
    "description": "templates/description.html",
    "evaluation_details": "templates/evaluation.html",
    "terms_and_conditions": "templates/terms.html",
    "submission_guidelines": "templates/guidelines.html",
    "image": "logo.png",
    "evaluation_script": "evaluation_script.zip",
    "start_date": "2030-01-01 00:00:00",
    "end_date": "2030-06-30 23:59:59",
    "published": True,
    "tags": ["vision", "language"],
    "prizes": [{"rank": 1, "amount": "1000USD", "description": "and a cup"}, {"rank": 2, "amount": "500USD"}],
    "leaderboard": [
        {
            "id": 1,
            "schema": {
                "labels": ["F1", "Total"],
                "default_order_by": "F1",
                "metadata": {"Total": {"sort_ascending": True, "description": "How many"}},
            },
        }
    ],
    "challenge_phases": [
        {
            "id": 1,
            "name": "Dev",
            "description": "templates/dev.html",
            "codename": "dev",
            "start_date": "2030-01-01 00:00:00",
            "end_date": "2030-06-30 23:59:59",
            "test_annotation_file": "annotations/dev.json",
            "leaderboard_public": True,
            "max_submissions_per_day": 5,
            "max_submissions_per_month": 50,
            "max_submissions": 100,
            "allowed_submission_file_types": ".json, .zip",
            "submission_meta_attributes": [
                {"name": "Method", "type": "radio", "options": ["rules", "learned"], "required": True}
            ],
        },
        {
            "id": 2,
            "name": "Test",
            "description": "templates/test.html",
            "codename": "test",
            "start_date": "2030-03-01 00:00:00",
            "end_date": "2030-06-30 23:59:59",
            "test_annotation_file": "annotations/test.json",
            "leaderboard_public": False,
            "max_submissions_per_day": 1,
            "max_submissions": 10,
        },
    ],
    "dataset_splits": [
        {"id": 1, "name": "Dev", "codename": "dev_split"},
        {"id": 2, "name": "Test", "codename": "test_split"},
    ],
    "challenge_phase_splits": [
        {
            "challenge_phase_id": phase,
            "leaderboard_id": 1,
            "dataset_split_id": split,
            "visibility": visibility,
            "leaderboard_decimal_precision": 2,
            "is_leaderboard_order_descending": True,
        }
        for phase, split, visibility in ((1, 1, 3), (2, 1, 2), (2, 2, 1))
    ],
}
TEMPLATES = ["description", "evaluation", "terms", "guidelines", "dev", "test"]
CHALLENGE_FILES = {
    "logo.png": b"\x89PNG",
    **{
        f"templates/{name}.html": f"<p>{name}</p>"
        for name in ["description", "evaluation", "terms", "guidelines", "dev", "test"]
    },
    "annotations/dev.json": "[1, 0]",
    "annotations/test.json": "[1, 1]",
    "evaluation_script/__init__.py": "from .main import evaluate\n",
    "evaluation_script/main.py": EVALUATION,
    "evaluation_script/requirements.txt": "numpy==1.26.4\n",
}


def laid(folder: Path, files: dict) -> Path:
    """The files in a folder: text, bytes, or a zip told as its files; None leaves the file out."""
    for name, content in files.items():
        if content is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, dict):
            packed(path, content)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def packed(path: Path, files: dict) -> Path:
    """The same as a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def flowers(folder: Path, change=None, **files) -> Path:
    """The Codabench bundle; ``change`` may alter what its competition.yaml says."""
    told = deepcopy(FLOWERS)
    if change:
        change(told)
    return laid(folder, {**FLOWER_FILES, "competition.yaml": yaml.safe_dump(told, sort_keys=False), **files})


def numbers(folder: Path, *swaps: tuple[str, str], **files) -> Path:
    """The CodaLab bundle; each swap replaces a piece of its competition.yaml."""
    text = NUMBERS
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    return laid(folder, {**NUMBER_FILES, "competition.yaml": text, **files})


def challenge(folder: Path, change=None, **files) -> Path:
    """The EvalAI bundle."""
    told = deepcopy(CHALLENGE)
    if change:
        change(told)
    return laid(folder, {**CHALLENGE_FILES, "challenge_config.yaml": yaml.safe_dump(told, sort_keys=False), **files})
