"""What a proposal to mark a question again would change."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from dure.assessments.models import ENDED, Asked, Attempt, Remarking
from dure.assessments.scores import Result, remedied, result_of
from dure.core.text import Text


@dataclass(frozen=True)
class Change:
    """An attempt whose result becomes another one; ``attempt`` still has the one before."""

    attempt: Attempt
    before: Result
    after: Result

    @property
    def told_before(self) -> dict[str, object]:
        return {"score": self.before.score, "total": self.before.total, "passed": self.before.passed}

    @property
    def told_after(self) -> dict[str, object]:
        return {"score": self.after.score, "total": self.after.total, "passed": self.after.passed}


def marked_of(remarking: Remarking) -> "QuerySet[Attempt]":
    """The attempts that have a mark for the question."""
    rows = Attempt.objects.filter(exam=remarking.exam_id, state__in=ENDED, asked__version=remarking.version_id)
    return rows.select_related("candidate__person").order_by("pk")


def changes(remarking: Remarking) -> list[Change]:
    """Whose result would change, and into what."""
    attempts = list(marked_of(remarking))
    by_attempt: dict[UUID, list[Asked]] = defaultdict(list)
    for one in Asked.objects.filter(attempt__in=marked_of(remarking)):
        by_attempt[one.attempt_id].append(one)
    found = [_change(attempt, by_attempt[attempt.pk], remarking) for attempt in attempts]
    return [change for change in found if change.before != change.after]


def _change(attempt: Attempt, asked: list[Asked], remarking: Remarking) -> Change:
    told = [
        (*remedied(one, remarking), one.points)
        if one.version_id == remarking.version_id
        else (one.counts, one.mark or Decimal(0), one.points)
        for one in asked
    ]
    level = Text(ko=attempt.level_ko, en=attempt.level_en)
    before = Result(attempt.score or Decimal(0), attempt.total, bool(attempt.passed), level)
    return Change(attempt, before, result_of(remarking.exam, told))
