"""What a task is scored by, as values that can be compared, kept as a version and written back. Writes no row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dure.challenges.models import Program, Task, TaskVersion
from dure.challenges.models.programs import PROGRAM
from dure.challenges.models.rejudging import MEASURED, PARTED, PROGRAMMED

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Scoring:
    """The fields of ``MEASURED``; of a program those of ``PROGRAMMED``, and for each part those of ``PARTED``."""

    task: Values
    program: Values | None = None
    parts: tuple[Values, ...] = ()

    def but(self, **task: Any) -> "Scoring":
        return replace(self, task={**self.task, **task})

    def summary(self) -> dict[str, Any]:
        """For the log: files by their hashes."""
        return {"task": _told(self.task), "program": _told(self.program), "parts": _told(self.parts)}


def scoring_of(task: Task) -> Scoring:
    """How the task is scored now."""
    measured = _of(task, MEASURED)
    if task.metric != PROGRAM:
        return Scoring(measured)
    program = Program.objects.get(task=task)
    return Scoring(measured, _of(program, PROGRAMMED), tuple(_of(part, PARTED) for part in program.laid_parts))


def scoring_in(version: TaskVersion) -> Scoring:
    """How the version scores."""
    parts = version.parts.select_related(*PARTED[3:])
    return Scoring(_of(version, MEASURED), version.program, tuple(_of(part, PARTED) for part in parts))


def _of(row: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _told(value: Any) -> Any:
    match value:
        case dict():
            return {name: _told(one) for name, one in value.items()}
        case list() | tuple():
            return [_told(one) for one in value]
        case None | bool() | int() | float() | str():
            return value
    return getattr(value, "sha256", None) or str(value)
