"""One batch of requests through the submission's code, in its sandbox and environment. Writes no row.

The code finds what it found in the round: the task's own inputs and ``ids.csv``, and the requests under the name that
the trial agreed on, as CSV or JSON lines by that name's end.
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dure.challenges import files
from dure.challenges.field.answers import answers_in
from dure.challenges.field.requests import Shadow
from dure.challenges.field.tally import Outcome
from dure.challenges.models import FieldTrial
from dure.challenges.outcomes import storable
from dure.challenges.programs import seed_of
from dure.challenges.scoring import PREDICTIONS, format_of
from dure.compute import code
from dure.compute.archives import unpack
from dure.compute.box import Limits
from dure.compute.workspaces import workspace
from dure.core.errors import Flawed

MISSING, FILE, CODE = "missing", "file", "code"  # causes beside how a box may end


@dataclass(frozen=True)
class Ran:
    """What became of every request, in their order, and what the code printed where some failed."""

    outcomes: tuple[Outcome, ...]
    log: str = ""


def run(trial: FieldTrial, shadows: Sequence[Shadow]) -> Ran:
    """Ask the code about all of them at once. Raises Unready where no box can start here."""
    if not shadows:
        return Ran(())
    submission = trial.submission
    task, seed = submission.entrant.task, str(seed_of(submission))
    files.read(submission.upload)
    with workspace("field") as folder:
        try:
            predicted = code.predict(
                files.path_of(submission.upload),
                command=submission.command,
                public_inputs=_inputs(trial, shadows, folder),
                limits=replace(Limits(**task.limits), wall_seconds=trial.seconds),
                into=_new(folder / "predicted"),
                packages=task.environment.mounted if task.environment else None,
                variables={"PYTHONHASHSEED": seed, "SEED": seed},
            )
        except Flawed as flawed:  # the archive or the command, such as of somebody who was forgotten
            return _failed(shadows, CODE, flawed.text.en)
        log = storable(predicted.log)
        if isinstance(predicted, code.Unscored):
            return _failed(shadows, predicted.verdict, log)
        return _answered(trial, shadows, folder / "predicted" / PREDICTIONS, predicted.usage.wall_ms, log)


def _answered(trial: FieldTrial, shadows: Sequence[Shadow], written: Path, wall_ms: int, log: str) -> Ran:
    task = trial.submission.entrant.task
    if not written.is_file() or written.stat().st_size > task.most_bytes:
        return _failed(shadows, FILE, log)
    try:
        answers = answers_in(written.read_bytes(), format_of(task))
    except Flawed as flawed:
        return _failed(shadows, FILE, f"{log}\n{flawed.text.en}")
    each = (wall_ms + len(shadows) // 2) // len(shadows)
    outcomes = tuple(
        Outcome(one, answers[one.id], each) if one.id in answers else Outcome(one, cause=MISSING) for one in shadows
    )
    return Ran(outcomes, log if any(one.cause for one in outcomes) else "")


def _failed(shadows: Sequence[Shadow], cause: str, log: str) -> Ran:
    return Ran(tuple(Outcome(one, cause=str(cause)) for one in shadows), log)


def _inputs(trial: FieldTrial, shadows: Sequence[Shadow], folder: Path) -> Path:
    task = trial.submission.entrant.task
    inputs = _new(folder / "inputs")
    if task.inputs is not None:
        unpack(files.path_of(task.inputs), inputs)
    _table(inputs / "ids.csv", [task.id_column], [[one.id] for one in shadows])
    named = inputs / trial.file_name
    named.unlink(missing_ok=True)
    if trial.file_name.endswith(".csv"):
        fields = list(dict.fromkeys(name for one in shadows for name in one.input))
        rows = [[one.id, *(_cell(one.input.get(name, "")) for name in fields)] for one in shadows]
        _table(named, [task.id_column, *fields], rows)
    else:
        lines = [json.dumps({task.id_column: one.id, **one.input}, ensure_ascii=False) for one in shadows]
        named.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        named.chmod(0o644)
    return inputs


def _cell(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _table(path: Path, header: list[str], rows: list[list[str]]) -> None:
    """Boxes read as a user of their own."""
    path.unlink(missing_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    path.chmod(0o644)


def _new(folder: Path) -> Path:
    folder.mkdir()
    folder.chmod(0o755)
    return folder
