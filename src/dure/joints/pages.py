"""The pages of text that stand beside a task's board: those of the programme it is held in."""

from uuid import UUID

from django.db.models import QuerySet

from dure.programmes.models import PageRevision
from dure.programmes.queries.pages import in_force
from dure.store.worded import found


def pages_beside(task: UUID) -> list[PageRevision]:
    """What the shown pages are called now, in their order, without their texts."""
    return found(_beside, task)


def _beside(task: UUID) -> QuerySet[PageRevision]:
    return in_force().filter(page__programme__round_tasks__task=task, page__is_shown=True).defer("text_ko", "text_en")
