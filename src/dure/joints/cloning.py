"""An edition held again brings the tasks of its rounds along: the same data and scoring, other dates, nobody in it."""

from django.db import transaction

from dure.blueprint.model import RoundDo
from dure.challenges.models import Round, Task
from dure.challenges.operations.cloning import clone_carry_overs, clone_round, clone_task
from dure.core.text import Text
from dure.joints.models import RoundTask
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Programme


@transaction.atomic
def carry_tasks(former: Programme, *, into: Programme, by: Person) -> list[Task]:
    """Set the former edition's tasks up in the new one, wherever it has the stage and the option still."""
    rounds: dict[Round, Round] = {}
    made: dict[Task, Task] = {}
    rows = RoundTask.objects.filter(programme=former).select_related("task__round").order_by("pk")
    for row in rows:
        if not _fits(into, row):
            continue
        held = row.task.round
        if held not in rounds:
            rounds[held] = clone_round(held, title=_title(into, row.stage), by=by)
        task = clone_task(row.task, into=rounds[held])
        RoundTask.objects.create(programme=into, stage=row.stage, option=row.option, task=task)
        made[row.task] = task
    clone_carry_overs(made)
    return list(made.values())


def _fits(programme: Programme, row: RoundTask) -> bool:
    blueprint = blueprint_of(programme)
    if row.stage not in blueprint.positions or not isinstance(blueprint.stage(row.stage).do, RoundDo):
        return False
    return not row.option or row.option in (options_at(programme, row.stage) or ())


def _title(programme: Programme, stage: str) -> Text:
    word = blueprint_of(programme).word(stage)
    return Text(ko=f"{programme.title_ko} – {word.ko}", en=f"{programme.title_en} – {word.en}")
