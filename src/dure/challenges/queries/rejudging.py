"""Proposals, and what they would change, as organisers read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

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
from dure.store.worded import counted, found

_ATTEMPT = ("submission__number", "submission__entrant__title")
GATE = {"enters": Q(passed=False, passes=True), "leaves": Q(passed=True, passes=False)}


def proposals(round_: Round) -> QuerySet[Proposal]:
    """All there ever were in a round, the newest first."""
    rows = Proposal.objects.filter(task__round=round_).select_related("task__round", "before", "after", "by")
    return rows.order_by("-pk")


def proposal_of(round_: Round, proposal: UUID) -> Proposal | None:
    """One of them."""
    return next(iter(found(_proposal, round_.pk, proposal)), None)


def _proposal(round_: UUID, proposal: UUID) -> QuerySet[Proposal]:
    return Proposal.objects.filter(task__round=round_, pk=proposal).select_related("before", "after", "by")


def newcomers(proposal: Proposal) -> QuerySet[Submission]:
    """Submissions of its task that the proposal has not collected, in order."""
    return _newcomers(proposal.task_id, proposal.pk).order_by("pk")


def newcomer_count(proposal: Proposal) -> int:
    """How many they are."""
    return counted(_newcomers, proposal.task_id, proposal.pk)


def _newcomers(task: UUID, proposal: UUID) -> QuerySet[Submission]:
    return Submission.objects.filter(entrant__task=task).exclude(new_verdicts__proposal=proposal)


def stuck(proposal: Proposal) -> QuerySet[NewVerdict]:
    """Submissions without a new verdict that are not without one today: they keep a proposal from being applied."""
    return _stuck(proposal.pk)


def first_stuck(proposal: Proposal, most: int) -> list[NewVerdict]:
    """The first of them with their entrants."""
    return found(_stuck_of, proposal.pk, part=slice(0, most))


def _stuck(proposal: UUID) -> QuerySet[NewVerdict]:
    rows = NewVerdict.objects.filter(proposal=proposal, state=NewState.FAILED)
    return rows.exclude(submission__state=SubmissionState.FAILED)


def _stuck_of(proposal: UUID) -> QuerySet[NewVerdict]:
    told = ("cause_ko", "cause_en", "organiser_log", *_ATTEMPT)
    return _stuck(proposal).select_related("submission__entrant").only(*told)


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
    return _Changed(proposal.state == ProposalState.APPLIED)(proposal.pk)


def first_verdict_changes(proposal: Proposal, most: int) -> list[NewVerdict]:
    """The first of them with what a list shows."""
    return found(_ShownChanged(proposal.state == ProposalState.APPLIED), proposal.pk, part=slice(0, most))


@dataclass(frozen=True)
class _Changed:
    """Asks for the verdicts that change something, or did where the proposal was ``applied``."""

    applied: bool

    def __call__(self, proposal: UUID) -> QuerySet[NewVerdict]:
        rows = NewVerdict.objects.filter(proposal=proposal).exclude(state=NewState.WAITING)
        was = {"state": "old_state", "public": "old_public_score", "final": "old_final_score"}
        live = {"state": "submission__state", "public": "submission__public_score", "final": "submission__final_score"}
        names = was if self.applied else live
        rows = rows.annotate(**{f"was_{name}": F(column) for name, column in names.items()})
        same = Q(state=F("was_state")) & _same("public") & _same("final")
        return rows.exclude(same).select_related("submission__entrant").order_by("submission")


class _ShownChanged(_Changed):
    def __call__(self, proposal: UUID) -> QuerySet[NewVerdict]:
        return super().__call__(proposal).only("state", "public_score", "final_score", *_ATTEMPT)


def _same(part: str) -> Q:
    """Equal, or both none."""
    column = f"{part}_score"
    return Q(**{column: F(f"was_{part}")}) | Q(**{f"{column}__isnull": True, f"was_{part}__isnull": True})
