"""Proposals, and what they would change, as organisers read it."""

from collections.abc import Iterator

from django.db.models import F, Q, QuerySet

from dure.challenges.models import (
    Change,
    NewState,
    NewVerdict,
    PlaceChange,
    Proposal,
    ProposalState,
    Round,
    Submission,
    SubmissionState,
)
from dure.challenges.queries.standing import COLUMNS, not_out
from dure.challenges.standings import Attempt

GATE = {"enters": Q(passed=False, passes=True), "leaves": Q(passed=True, passes=False)}


def proposals(round_: Round) -> QuerySet[Proposal]:
    """All there ever were in a round, the newest first."""
    rows = Proposal.objects.filter(task__round=round_).select_related("task__round", "before", "after", "by")
    return rows.order_by("-pk")


def newcomers(proposal: Proposal) -> QuerySet[Submission]:
    """Submissions of its task that the proposal has not collected, in order."""
    rows = Submission.objects.filter(entrant__task=proposal.task_id)
    return rows.exclude(new_verdicts__proposal=proposal).order_by("pk")


def stuck(proposal: Proposal) -> QuerySet[NewVerdict]:
    """Submissions without a new verdict that are not without one today: they keep a proposal from being applied."""
    return proposal.verdicts.filter(state=NewState.FAILED).exclude(submission__state=SubmissionState.FAILED)


def attempts_by(proposal: Proposal) -> Iterator[Attempt]:
    """What would count for boards by its version."""
    counts = Submission.objects.filter(not_out(), entrant__task=proposal.task_id)
    judged = proposal.verdicts.filter(state=NewState.SCORED, submission__in=counts)
    columns = [name if name.endswith("_score") else f"submission__{name}" for name in COLUMNS]
    return map(Attempt._make, judged.values_list(*columns).iterator(chunk_size=5_000))


def changes(proposal: Proposal, *, only: str = "") -> QuerySet[PlaceChange]:
    """Entrants for whom something changes, the best first: of one ``Change``, or who enters or leaves at the gate."""
    rows = proposal.changes.select_related("entrant").order_by("order")
    if only in GATE:
        return rows.filter(GATE[only])
    return rows.filter(change=only) if only in Change.values else rows


def verdict_changes(proposal: Proposal) -> QuerySet[NewVerdict]:
    """Submissions whose state or score changes (or changed), with the old verdict as ``was_state``, ``was_public``,
    ``was_final``."""
    rows = proposal.verdicts.exclude(state=NewState.WAITING).select_related("submission__entrant")
    applied = proposal.state == ProposalState.APPLIED
    was = {"state": "old_state", "public": "old_public_score", "final": "old_final_score"}
    live = {"state": "submission__state", "public": "submission__public_score", "final": "submission__final_score"}
    names = was if applied else live
    rows = rows.annotate(**{f"was_{name}": F(column) for name, column in names.items()})
    same = Q(state=F("was_state")) & _same("public") & _same("final")
    return rows.exclude(same).order_by("submission")


def _same(part: str) -> Q:
    """Equal, or both none."""
    column = f"{part}_score"
    return Q(**{column: F(f"was_{part}")}) | Q(**{f"{column}__isnull": True, f"was_{part}__isnull": True})
