"""A task as people read it."""

from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from dure.challenges.metrics import METRICS
from dure.challenges.models import Entrant, Task
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.models import RoundTask
from dure.programmes.frozen import blueprint_of
from dure.site import words
from dure.store.worded import found

NO_TASK = Text(
    ko="찾으시는 과제가 없습니다. 대회 목록에서 다시 찾아보세요.",
    en="There is no such task. Look for it in the list of challenges.",
)


def task_for(task_id: UUID) -> Task:
    """The task of that id, with its round and its place in a programme. Raises Missing."""
    for task in found(_task, task_id):
        return task
    raise Missing("task.missing", NO_TASK)


def _task(task_id: UUID) -> QuerySet[Task]:
    return Task.objects.filter(pk=task_id).select_related("round", "starter", "round_task__programme")


def place_of(task: Task) -> RoundTask | None:
    """Which stage of which programme a task belongs to; None where it stands alone."""
    return getattr(task, "round_task", None)


def title_of(task: Task) -> str:
    """The task's name: its option in the blueprint's words, else the round's."""
    place = place_of(task)
    if place is None or not task.option:
        return task.option or words.say(task.round.title)
    return words.word(blueprint_of(place.programme), task.option)


def metric_of(task: Task) -> str:
    known = METRICS.get(task.metric)
    return words.say(known.title) if known else gettext("the organiser's own scorer")


def attempts_page(entrant: Entrant) -> str:
    """Where those of an entrant hand in: at their turn or, where there is none, at the task."""
    row = getattr(entrant, "round_turn", None)
    return reverse("round", args=[row.turn_id]) if row else reverse("my-round", args=[entrant.task_id])
