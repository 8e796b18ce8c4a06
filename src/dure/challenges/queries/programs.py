"""Tasks that programs score, as those who set them up see them."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, QuerySet

from dure.challenges.models import Program, Round, Task

SHOWN = 200


@dataclass
class Use:
    """How many tasks run in an environment, and the newest of them; of the standard one nobody asks which."""

    tasks: int
    newest: list[Task] = field(default_factory=list)


def uses_of_environments() -> dict[UUID | None, Use]:
    """By environment, None for the standard one; those that no task runs in are left out."""
    counts = Task.objects.values_list("environment").annotate(n=Count("pk")).order_by()
    found: dict[UUID | None, Use] = {environment: Use(n) for environment, n in counts}
    newest = Task.objects.exclude(environment=None).select_related("round").order_by("-pk")
    for task in newest[:SHOWN]:
        found[task.environment_id].newest.append(task)
    return found


def standing_programs(round_: Round) -> QuerySet[Program]:
    """The programs of a round with their parts, in the order in which its tasks were set up."""
    rows = Program.objects.filter(task__round=round_).select_related("task__environment", "task__starter")
    return rows.prefetch_related("parts").order_by("task")
