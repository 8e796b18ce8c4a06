"""Attempts, as much of them as the viewer may see, and how many are used up."""

from dataclasses import dataclass

from django.db.models import QuerySet

from dure.challenges.columns import Column, Seen
from dure.challenges.models import UNJUDGED, Best, Entrant, Quota, Round, Submission, Upload
from dure.challenges.models.programs import PROGRAM
from dure.challenges.rules import may_see_details, may_see_final, may_see_organiser_log, may_see_submission, organises
from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.models import Person

TOTAL = "total"


@dataclass(frozen=True)
class Attempt:
    """A submission as the viewer may see it.

    ``values`` are a program's, by column, as exact decimals; ``details`` the page that it wrote.
    """

    submission: Submission
    public_score: float | None
    final_score: float | None
    log: str
    organiser_log: str
    counts: bool
    values: tuple[tuple[Column, str], ...] = ()
    details: Upload | None = None


def attempt(submission: Submission, *, viewer: Person | None) -> Attempt:
    """One submission; raises Missing where the viewer may not know of it."""
    if not may_see_submission(viewer, submission):
        raise Missing("challenges.submission", Text(ko="제출을 찾을 수 없습니다.", en="There is no such submission."))
    final = may_see_final(viewer, submission.entrant.task.round)
    return Attempt(
        submission=submission,
        public_score=submission.public_score,
        final_score=submission.final_score if final else None,
        log=submission.log,
        organiser_log=submission.organiser_log if may_see_organiser_log(viewer, submission) else "",
        counts=Best.objects.filter(counting=submission).exists(),
        values=_values(submission, organising=organises(viewer, submission.entrant.task.round)),
        details=submission.details if submission.details_id and may_see_details(viewer, submission) else None,
    )


def _values(submission: Submission, *, organising: bool) -> tuple[tuple[Column, str], ...]:
    """What a program said, without the columns that are its organisers' alone."""
    if submission.entrant.task.metric != PROGRAM:
        return ()
    columns = submission.entrant.task.program.board_columns
    seen = [column for column in columns if organising or column.seen is not Seen.ORGANISERS]
    return tuple((column, submission.values[column.key]) for column in seen if column.key in submission.values)


def attempts_of(entrant: Entrant) -> QuerySet[Submission]:
    """All submissions of an entrant, newest first."""
    return entrant.submissions.order_by("-number")


def unjudged(round_: Round) -> QuerySet[Submission]:
    """Accepted and not yet judged, oldest first."""
    rows = Submission.objects.filter(entrant__task__round=round_, state__in=UNJUDGED)
    return rows.select_related("entrant__task", "job").order_by("received_at", "pk")


def used(entrant: Entrant, period: str) -> int:
    """Attempts that count in a period: an ISO date, or ``total``."""
    return Quota.objects.filter(entrant=entrant, period=period).values_list("used", flat=True).first() or 0
