"""Attempts that are public, for those who may see them."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from dure.challenges.models import Submission, SubmissionState, Task
from dure.challenges.policy import Viewer, What
from dure.challenges.queries.standing import not_out
from dure.challenges.rules import may_see, viewer_of
from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.models import Person
from dure.store.worded import found, padded, valued

_LISTED = ("number", "public_score", "received_at", "answers", "entrant__title", "upload__name", "upload__size")
_NONE = Text(
    ko="공개된 제출물이 없거나 볼 수 없습니다.", en="There are no public attempts here, or none that you may see."
)


def shared(task: Task, *, viewer: Person | None) -> QuerySet[Submission]:
    """The public attempts of a task that were scored, the newest first. Raises Missing where the viewer sees none."""
    _check_sees(viewer, task)
    return _public(task.pk).select_related("entrant", "upload")


def shared_lines(task: Task, *, viewer: Person | None, part: slice) -> list[Submission]:
    """A part of :func:`shared` with what a list shows of it."""
    _check_sees(viewer, task)
    keys = [key for (key,) in valued(_keys, task.pk, part=part)]
    rows = {row.pk: row for row in found(_lines, *padded(keys))} if keys else {}
    return [rows[key] for key in keys]


def _check_sees(viewer: Person | None, task: Task) -> None:
    if not may_see(viewer, task, What.SHARED):
        raise Missing("challenges.not-shared", _NONE)


def _public(task: UUID) -> QuerySet[Submission]:
    rows = Submission.objects.filter(not_out(), shared_in=task, state=SubmissionState.SCORED)
    return rows.order_by("-received_at", "-pk")


def _keys(task: UUID) -> "QuerySet[Submission, Any]":
    return _public(task).values_list("pk")


def _lines(*keys: UUID) -> QuerySet[Submission]:
    return Submission.objects.filter(pk__in=keys).select_related("entrant", "upload").only(*_LISTED)


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
