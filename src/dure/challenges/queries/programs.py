"""Tasks that programs score, as those who set them up see them."""

from django.db.models import QuerySet

from dure.challenges.models import Program, Round, Task
from dure.compute.models import Environment


def tasks_in(environment: Environment | None) -> QuerySet[Task]:
    """The tasks whose programs run in an environment; None: those in the standard one."""
    return Task.objects.filter(environment=environment).select_related("round").order_by("pk")


def standing_programs(round_: Round) -> QuerySet[Program]:
    """The programs of a round with their parts, in the order in which its tasks were set up."""
    rows = Program.objects.filter(task__round=round_).select_related("task__environment", "task__starter")
    return rows.prefetch_related("parts").order_by("task")
