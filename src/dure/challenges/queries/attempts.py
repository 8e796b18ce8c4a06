"""Attempts, as much of them as the viewer may see, and how many are used up."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from dure.challenges.columns import Column, Seen
from dure.challenges.models import UNJUDGED, Best, Entrant, Quota, Round, Submission, SubmissionState, Upload
from dure.challenges.models.programs import PROGRAM
from dure.challenges.policy import Seen as Policy
from dure.challenges.policy import Viewer, What, may
from dure.challenges.queries.standing import not_out
from dure.challenges.rules import seen_of, viewer_of
from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.models import Person

TOTAL = "total"
_MONTH = len("2026-05")


def month_of(day: str) -> str:
    """The month of an ISO date, as a period of quotas."""
    return day[:_MONTH]


@dataclass(frozen=True)
class Attempt:
    """A submission as the viewer may see it.

    ``counts``: it counts in the end or, while nobody knows yet which of several will, it is one of them. ``values`` are
    a program's, by column, as exact decimals; ``details`` the page that it wrote.
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
    entrant = submission.entrant
    who, seen = viewer_of(viewer, submission), seen_of(entrant.task)
    if not may(who, seen, What.VERDICT):
        raise Missing("challenges.submission", Text(ko="제출을 찾을 수 없습니다.", en="There is no such submission."))
    return Attempt(
        submission=submission,
        public_score=submission.public_score if may(who, seen, What.PUBLIC_SCORE) else None,
        final_score=submission.final_score if may(who, seen, What.FINAL_SCORE) else None,
        log=submission.log if may(who, seen, What.LOG) else "",
        organiser_log=submission.organiser_log if may(who, seen, What.CHECKS) else "",
        counts=submission.pk in _counting(entrant, who, seen),
        values=_values(submission, who, seen),
        details=submission.details if submission.details_id and may(who, seen, What.DETAILS) else None,
    )


def _values(submission: Submission, who: Viewer, seen: Policy) -> tuple[tuple[Column, str], ...]:
    """What a program said, without the columns that are its organisers' alone."""
    if submission.entrant.task.metric != PROGRAM or not may(who, seen, What.PUBLIC_SCORE):
        return ()
    columns = submission.entrant.task.program.board_columns
    shown = [one for one in columns if who is Viewer.ORGANISER or one.seen is not Seen.ORGANISERS]
    return tuple((column, submission.values[column.key]) for column in shown if column.key in submission.values)


def counting(entrant: Entrant) -> set[UUID]:
    """What counts in the end; while its entrant may not know which of several will, all of those."""
    return _counting(entrant, Viewer.OWNER, seen_of(entrant.task))


def _counting(entrant: Entrant, who: Viewer, seen: Policy) -> set[UUID]:
    if entrant.task.round.select_most == 1 or may(who, seen, What.FINAL_SCORE):
        return set(Best.objects.filter(entrant=entrant).values_list("counting", flat=True))
    chosen = set(entrant.selected.values_list("submission", flat=True))
    if chosen or not may(who, seen, What.PUBLIC_SCORE):
        return chosen
    return {submission.pk for submission in leading(entrant)}


def leading(entrant: Entrant) -> list[Submission]:
    """The best by public score, as many as the entrant may select: of equal ones the earlier."""
    score = "-public_score" if entrant.task.greater_is_better else "public_score"
    scored = entrant.submissions.filter(not_out(), state=SubmissionState.SCORED)
    return list(scored.order_by(score, "received_at", "number")[: entrant.task.round.select_most])


def attempts_of(entrant: Entrant) -> QuerySet[Submission]:
    """All submissions of an entrant, newest first."""
    return entrant.submissions.order_by("-number")


def unjudged(round_: Round) -> QuerySet[Submission]:
    """Accepted and not yet judged, oldest first."""
    rows = Submission.objects.filter(entrant__task__round=round_, state__in=UNJUDGED)
    return rows.select_related("entrant__task", "job").order_by("received_at", "pk")


def used(entrant: Entrant, period: str) -> int:
    """Attempts that count in a period: an ISO date, a month, or ``total``."""
    return Quota.objects.filter(entrant=entrant, period=period).values_list("used", flat=True).first() or 0
