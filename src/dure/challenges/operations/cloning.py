"""A round held again: the same tasks under the same rules, at another time and with nobody in it."""

from datetime import datetime
from typing import Any

from django.db import models, transaction

from dure.audit.operations import record
from dure.challenges.models import Program, ProgramPart, Round, Task
from dure.challenges.operations.asking import set_questions
from dure.challenges.operations.rounds import open_round
from dure.challenges.operations.ruling import Rules, set_rules
from dure.core.ids import uuid7
from dure.core.text import Text
from dure.people.models import Person


@transaction.atomic
def clone_round(
    round_: Round, *, title: Text, by: Person, opens_at: datetime | None = None, closes_at: datetime | None = None
) -> Round:
    """A round with the rules of another, without its tasks."""
    made = open_round(
        title, by=by, opens_at=opens_at, closes_at=closes_at, zone=round_.zone, daily=round_.daily, total=round_.total,
        sealed=round_.sealed, code=round_.code, board=round_.board,
    )  # fmt: skip
    set_questions(made, round_.asked)
    return set_rules(made, Rules.of(round_))


@transaction.atomic
def clone_task(task: Task, *, into: Round) -> Task:
    """The task again in another round. Files are shared, since what was received never changes."""
    made = Task.objects.create(**{**_columns_of(task), "id": uuid7(), "round_id": into.pk, "board_version": 0})
    program = Program.objects.filter(task=task).first()
    if program is not None:
        again = Program.objects.create(**{**_columns_of(program), "task_id": made.pk})
        ProgramPart.objects.bulk_create(_part(part, again) for part in program.parts.all())
    record("task.cloned", made, after={"from": task.pk, "round": into.pk, "option": made.option})
    return made


def _part(part: ProgramPart, program: Program) -> ProgramPart:
    return ProgramPart(**{**_columns_of(part), "id": uuid7(), "program_id": program.pk})


def _columns_of(row: models.Model) -> dict[str, Any]:
    """Every column as it stands, by its own name."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
