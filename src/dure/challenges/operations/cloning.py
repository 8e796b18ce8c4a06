"""A round held again: the same tasks under the same rules, at another time and with nobody in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from dure.audit.operations import record
from dure.challenges.models import CarryOver, Embedding, Program, ProgramPart, Round, RoundQueue, Task, TeamRule
from dure.challenges.operations.asking import set_allowed
from dure.challenges.operations.rounds import open_round
from dure.challenges.operations.teams import open_to_teams
from dure.challenges.operations.trials import let_embed
from dure.challenges.operations.workers import score_by_own
from dure.challenges.queueing import keeps
from dure.core.ids import uuid7
from dure.core.text import Text
from dure.people.models import Person

_ITS_OWN = {"id", "title_ko", "title_en", "name_key", "opens_at", "closes_at", "made_at"}


@transaction.atomic
def clone_round(
    round_: Round, *, title: Text, by: Person, opens_at: datetime | None = None, closes_at: datetime | None = None
) -> Round:
    """A round set up as another is, without its tasks: rules, questions, the list of addresses, the size of teams, the
    sites that may show its boards and, where they are ``by``'s to use, its own workers. Its dates are its own, that of
    the teams' lock as well."""
    made = open_round(title, by=by, opens_at=opens_at, closes_at=closes_at)
    settings = {name: value for name, value in _columns_of(round_).items() if name not in _ITS_OWN}
    Round.objects.filter(pk=made.pk).update(**settings)
    made.refresh_from_db()
    if round_.by_list:
        set_allowed(made, round_.allowed.values_list("email", flat=True))
    for rule in TeamRule.objects.filter(round=round_):
        open_to_teams(made, least=rule.least, most=rule.most)
    for shown in Embedding.objects.filter(round=round_):
        let_embed(made, shown.ancestors)
    for held in RoundQueue.objects.filter(round=round_).select_related("queue"):
        if keeps(by, held.queue):
            score_by_own(made, queue=held.queue.name, by=by)
    record("round.cloned", made, after={"from": round_.pk})
    return made


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


@transaction.atomic
def clone_carry_overs(tasks: Mapping[Task, Task]) -> None:
    """Where attempts of one of the cloned ``tasks`` go on to another of them, those of its clone do as well."""
    clones = {task.pk: clone for task, clone in tasks.items()}
    for carry in CarryOver.objects.filter(into__in=clones, source__in=clones):
        into, source = clones[carry.into_id], clones[carry.source_id]
        CarryOver.objects.create(into=into, source=source, which=carry.which, auto=carry.auto)
        record("task.carry-over", into, after={"source": source.pk, "which": carry.which, "auto": carry.auto})


def _part(part: ProgramPart, program: Program) -> ProgramPart:
    return ProgramPart(**{**_columns_of(part), "id": uuid7(), "program_id": program.pk})


def _columns_of(row: models.Model) -> dict[str, Any]:
    """Every column as it stands, by its own name."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
