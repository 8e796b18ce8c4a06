"""Attempts that are public, for those who may see them."""

from django.db.models import QuerySet

from dure.challenges.models import Submission, SubmissionState, Task
from dure.challenges.policy import Viewer, What
from dure.challenges.queries.standing import not_out
from dure.challenges.rules import may_see, viewer_of
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
    rows = Submission.objects.filter(not_out(), shared_in=task, state=SubmissionState.SCORED)
    return rows.select_related("entrant", "upload").order_by("-received_at", "-pk")


def may_have_file(submission: Submission, *, viewer: Person | None) -> bool:
    """Whether somebody may download what was handed in: its own entrant, organisers, and whoever sees it as public."""
    task = submission.entrant.task
    if viewer_of(viewer, submission) >= Viewer.OWNER:
        return True
    return (
        submission.is_public
        and may_see(viewer, task, What.SHARED)
        and shared(task, viewer=viewer).filter(pk=submission.pk).exists()
    )
