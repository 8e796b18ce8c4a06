"""Attempts that are public, for those who may see them."""

from django.db.models import QuerySet

from dure.challenges.models import Submission, SubmissionState, Task
from dure.challenges.policy import What
from dure.challenges.queries.standing import not_out
from dure.challenges.rules import may_see
from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.models import Person

_NONE = Text(
    ko="공개된 제출물이 없거나 볼 수 없습니다.", en="There are no public attempts here, or none that you may see."
)


def shared(task: Task, *, viewer: Person | None) -> QuerySet[Submission]:
    """The public attempts of a task that were scored, the newest first. Raises Missing where the viewer sees none."""
    if not may_see(viewer, task, What.SHARED):
        raise Missing("challenges.not-shared", _NONE)
    rows = Submission.objects.filter(not_out(), entrant__task=task, is_public=True, state=SubmissionState.SCORED)
    return rows.select_related("entrant", "upload").order_by("-received_at", "-pk")
