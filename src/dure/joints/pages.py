"""The pages of text that stand beside a task's board: those of the programme it is held in."""

from uuid import UUID

from django.db.models import F, QuerySet

from dure.programmes.models import PageRevision, ProgrammePage
from dure.store.worded import found


def pages_beside(task: UUID) -> list[PageRevision]:
    """What the shown pages are called now, in their order, without their texts."""
    return found(_beside, task)


def _beside(task: UUID) -> QuerySet[PageRevision]:
    pages = ProgrammePage.objects.filter(programme__round_tasks__task=task, removed_at=None, is_shown=True)
    rows = PageRevision.objects.filter(page__in=pages, number=F("page__revision")).select_related("page")
    return rows.defer("text_ko", "text_en").order_by("page__place", "page__pk")
