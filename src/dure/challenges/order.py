"""What scoring one submission takes, as JSON, and its outcome as JSON: for machines that have no database.

``order_of`` tells the rows that ``scoring`` reads, ``submission_of`` makes them again, unsaved. An order names its
files by their uploads; where it is carried out they must lie where ``files.path_of`` says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from dure.challenges.models import Entrant, Program, ProgramPart, Round, Submission, Task, Upload
from dure.challenges.outcomes import Broken, Faulty, HowRun, Measured, Outcome
from dure.compute.models import Environment
from dure.core.text import Text

Told = Mapping[str, Any]
NEEDED = (
    *("upload", "entrant__task__round", "entrant__task__environment"),
    *(f"entrant__task__{name}" for name in ("labels", "inputs", "scorer")),
)  # what to select with a submission
_SUBMISSION = ("id", "kind", "command", "seed")
_TASK = (
    *("id", "metric", "greater_is_better", "precision", "id_column", "columns", "classes", "rows", "most_bytes"),
    "limits",
)
_TASK_FILES = ("labels", "inputs", "scorer")
_PROGRAM = ("contract", "phase", "columns", "primary", "partial")
_PART = ("number", "during_scoring")
_PART_FILES = ("scoring_program", "reference", "ingestion_program", "input_data")
_ENVIRONMENT = ("name", "python", "requirements", "digest")


def order_of(submission: Submission) -> dict[str, Any]:
    """Everything about it that its scoring depends on; nothing about whose it is."""
    task = submission.entrant.task
    program = getattr(task, "program", None)
    return {
        "submission": _row(submission, _SUBMISSION) | {"upload": _upload(submission.upload)},
        "code": task.round.code,
        "task": _row(task, _TASK) | _uploads(task, _TASK_FILES),
        "environment": _row(task.environment, _ENVIRONMENT) if task.environment else None,
        "program": _row(program, _PROGRAM) if program else None,
        "parts": [_row(part, _PART) | _uploads(part, _PART_FILES) for part in program.laid_parts] if program else [],
    }


def files_of(order: Told) -> Iterator[Told]:
    """Every file that an order names, as {id, name, sha256, size}."""
    yield order["submission"]["upload"]
    for holder, names in ((order["task"], _TASK_FILES), *((part, _PART_FILES) for part in order["parts"])):
        yield from (holder[name] for name in names if holder[name])


def submission_of(order: Told, *, environment: Environment | None = None) -> Submission:
    """The rows that ``scoring.outcome_of`` reads, not in any database; ``environment`` as it is built here."""
    told = dict(order["task"])
    uploads = {name: _made(told.pop(name)) for name in _TASK_FILES}
    task = Task(round=Round(code=order["code"]), environment=environment, **uploads, **_named(told))
    if order["program"]:
        program = Program(task=task, **order["program"])
        program.laid_parts = [_part(part, program) for part in order["parts"]]
    submission = dict(order["submission"])
    return Submission(entrant=Entrant(task=task), upload=_made(submission.pop("upload")), **_named(submission))


def outcome_as_dict(outcome: Outcome) -> dict[str, Any]:
    """An outcome but for the page of its details, which is a file."""
    kind = type(outcome).__name__.lower()
    match outcome:
        case Measured():
            how = asdict(outcome.how) | {"seconds": _text(outcome.how.seconds)}
            return {
                "kind": kind, "public": outcome.public, "final": outcome.final, "log": outcome.log, "how": how,
                "notes": [note.as_dict() for note in outcome.notes],
                "values": {key: str(value) for key, value in outcome.values.items()},
            }  # fmt: skip
        case Broken():
            return {"kind": kind, **asdict(outcome)}
        case Faulty():
            return {"kind": kind, **asdict(outcome)}


def outcome_from(told: Told, *, details: Upload | None = None) -> Outcome:
    """The outcome again; ValueError, KeyError or TypeError where it is none."""
    rest = {name: value for name, value in told.items() if name != "kind"}
    if told["kind"] == "measured":
        how = dict(rest["how"])
        seconds = how.pop("seconds")
        rest["how"] = HowRun(**how, seconds=None if seconds is None else Decimal(seconds))
        rest["notes"] = [Text.of(note) for note in rest["notes"]]
        rest["values"] = {key: Decimal(value) for key, value in rest["values"].items()}
        return Measured(**rest, details=details)
    rest["cause"] = Text.of(rest["cause"])
    return Broken(**rest) if told["kind"] == "broken" else Faulty(**rest)


def _row(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


def _uploads(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _upload(getattr(row, name)) for name in names}


def _upload(upload: Upload | None) -> dict[str, Any] | None:
    return None if upload is None else _row(upload, ("id", "name", "sha256", "size"))


def _made(told: Told | None) -> Upload | None:
    return None if told is None else Upload(**_named(told))


def _named(told: Told) -> dict[str, Any]:
    return dict(told) | {"id": UUID(told["id"])}


def _part(told: Told, program: Program) -> ProgramPart:
    files = {name: _made(told[name]) for name in _PART_FILES}
    return ProgramPart(program=program, **files, **{name: told[name] for name in _PART})


def _text(seconds: Decimal | None) -> str | None:
    return None if seconds is None else str(seconds)
