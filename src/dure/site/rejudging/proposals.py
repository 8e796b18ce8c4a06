"""Proposals to judge a round again: how far each is, everything it would change, and ending it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from dure.audit.operations import record
from dure.challenges.models import OPEN_PROPOSALS, Change, NewVerdict, PlaceChange, Proposal, ProposalState
from dure.challenges.operations.applying import apply, discard
from dure.challenges.operations.proposing import propose_version
from dure.challenges.operations.rejudging import judge_failed_again
from dure.challenges.queries import rejudging
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.running import let_organise
from dure.joints.sheets import csv_pieces
from dure.joints.sheets.cells import Cell
from dure.joints.stages.rejudged import first_judged
from dure.site import words
from dure.site.challenges.tasks import metric_of, title_of
from dure.site.desk.batches import streamed
from dure.site.desk.rounds.door import Place, round_at
from dure.site.visitors import person_of
from dure.site.watched import unless_seen

PAGE, SHOWN, PIECE = 50, 20, 500
ACTS = ("apply", "discard", "retry", "back")
STATES = {
    ProposalState.COLLECTING: _("Being judged"), ProposalState.JUDGING: _("Being judged"),
    ProposalState.READY: _("To be looked at"), ProposalState.FAILED: _("Could not be judged"),
    ProposalState.APPLIED: _("In force"), ProposalState.DISCARDED: _("Discarded"),
}  # fmt: skip
CHANGES = {
    Change.UP: _("Up"), Change.DOWN: _("Down"), Change.CAME: _("New on the board"), Change.LEFT: _("Off the board"),
    Change.SCORE: _("Same place, other score"), "enters": _("Would pass now"), "leaves": _("Would pass no more"),
}  # fmt: skip
_NONE = Text(ko="재채점 제안을 찾을 수 없습니다.", en="There is no such proposal.")


@login_required
@require_safe
def index(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The tasks, each to be judged otherwise, and every proposal there was."""
    place = round_at(request, slug, stage)
    found = list(rejudging.proposals(place.round)[:PAGE])
    open_tasks = {row.task_id: row for row in found if row.state in OPEN_PROPOSALS}
    seen = {
        **place.seen("again"),
        "scored": [(task, title_of(task), metric_of(task), open_tasks.get(task.pk)) for task in place.tasks],
        "proposals": [(row, title_of(row.task), STATES[ProposalState(row.state)]) for row in found],
    }
    return render(request, "rejudging/index.html", seen)


@login_required
@require_safe
def show(request: HttpRequest, slug: str, stage: str, proposal_id: UUID) -> HttpResponse:
    """Everything that would change, and what can be done about it."""
    place = round_at(request, slug, stage)
    proposal = _found(place, proposal_id)
    return render(request, "rejudging/proposal.html", {**place.seen("again"), **_seen(request, proposal)})


@login_required
@require_safe
def now(request: HttpRequest, slug: str, stage: str, proposal_id: UUID) -> HttpResponse:
    """The part that changes while workers are at it."""
    place = round_at(request, slug, stage)
    proposal = _found(place, proposal_id)
    version = [proposal.state, proposal.judged, proposal.collected]
    draw = {**place.seen("again"), **_seen(request, proposal)}
    return unless_seen(request, version, lambda: render(request, "rejudging/proposal_part.html", draw))


@login_required
@require_POST
def act(request: HttpRequest, slug: str, stage: str, proposal_id: UUID, what: str) -> HttpResponse:
    """Apply it, discard it, judge again what could not be judged, or propose the former version."""
    place, by = round_at(request, slug, stage), person_of(request)
    proposal = _found(place, proposal_id)
    let_organise(by, place.round)
    match what:
        case "apply":
            apply(proposal, by=by)
            messages.success(request, gettext("It is applied: scores and boards are the new ones."))
        case "discard":
            discard(proposal, by=by)
            messages.success(request, gettext("It is discarded. Nothing has changed."))
        case "retry":
            judge_failed_again(proposal, by=by)
        case _:
            why = gettext("Back to version %(number)s") % {"number": proposal.before.number}
            proposal = propose_version(proposal.before, by=by, why=why)
    return redirect("desk-proposal", slug, stage, proposal.pk)


@login_required
@require_safe
def places_file(request: HttpRequest, slug: str, stage: str, proposal_id: UUID) -> StreamingHttpResponse:
    """Every change of place as CSV."""
    proposal = _found(round_at(request, slug, stage), proposal_id)
    record("rejudging.taken", proposal, after={"what": "places"})
    header = [gettext("Who"), gettext("Change"), gettext("Public place before"), gettext("Public place"),
              gettext("Public score before"), gettext("Public score"), gettext("Final place before"),
              gettext("Final place"), gettext("Final score before"), gettext("Final score"),
              gettext("Passed before"), gettext("Passes")]  # fmt: skip
    rows = _place_lines(rejudging.changes(proposal, only=request.GET.get("only", "")))
    return streamed(csv_pieces(header, rows), f"{slug}-{stage}-places.csv")


@login_required
@require_safe
def attempts_file(request: HttpRequest, slug: str, stage: str, proposal_id: UUID) -> StreamingHttpResponse:
    """Every attempt whose state or score changes as CSV."""
    proposal = _found(round_at(request, slug, stage), proposal_id)
    record("rejudging.taken", proposal, after={"what": "attempts"})
    header = [gettext("Who"), gettext("Number"), gettext("State before"), gettext("State"),
              gettext("Public score before"), gettext("Public score"), gettext("Final score before"),
              gettext("Final score"), gettext("Cause")]  # fmt: skip
    rows = _attempt_lines(rejudging.verdict_changes(proposal))
    return streamed(csv_pieces(header, rows), f"{slug}-{stage}-attempts.csv")


def _seen(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    only = request.GET.get("only", "")
    is_going = proposal.state in (ProposalState.COLLECTING, ProposalState.JUDGING)
    seen: dict[str, Any] = {
        "proposal": proposal, "name": title_of(proposal.task), "state": STATES[ProposalState(proposal.state)],
        "is_going": is_going, "only": only, "precision": proposal.after.precision,
        "kinds": [(kind, label, proposal.moved.get(kind, 0)) for kind, label in CHANGES.items()],
    }  # fmt: skip
    if is_going:
        return seen
    page = Paginator(rejudging.changes(proposal, only=only), PAGE).get_page(request.GET.get("page"))
    judged, judged_count = first_judged(proposal, SHOWN)
    return seen | {
        "page": page,
        "gated": any(row.passes is not None for row in page),
        "rows": [(row, CHANGES[Change(row.change)]) for row in page],
        "attempts": [_both(row) for row in rejudging.first_verdict_changes(proposal, SHOWN)],
        "fresh": rejudging.newcomer_count(proposal) if proposal.state == ProposalState.READY else 0,
        "stuck": rejudging.first_stuck(proposal, SHOWN),
        "judged": [(turn, words.TURN_STATES[turn.state]) for turn in judged],
        "judged_count": judged_count,
    }


def _both(row: Any) -> tuple[NewVerdict, object, object]:
    """A verdict with the words for what was and is; what it was comes with the query."""
    return row, words.SUBMISSION_STATES[row.was_state], words.SUBMISSION_STATES[row.state]


def _found(place: Place, proposal_id: UUID) -> Proposal:
    found = rejudging.proposal_of(place.round, proposal_id)
    if found is None:
        raise Missing("proposal.missing", _NONE)
    found.task = next(task for task in place.tasks if task.pk == found.task_id)
    return found


def _place_lines(rows: Any) -> Iterator[list[Cell]]:
    after = 0
    while piece := list[PlaceChange](rows.filter(order__gt=after)[:PIECE]):
        for row in piece:
            yield [
                row.entrant.title, str(CHANGES[Change(row.change)]), row.old_public_place, row.public_place,
                row.old_public_score, row.public_score, row.old_final_place, row.final_place, row.old_final_score,
                row.final_score, row.passed, row.passes,
            ]  # fmt: skip
        after = piece[-1].order


def _attempt_lines(rows: Any) -> Iterator[list[Cell]]:
    after = UUID(int=0)
    while piece := list[NewVerdict](rows.filter(submission__gt=after)[:PIECE]):
        for row in piece:
            told: Any = row  # with what it was, as the query tells it
            yield [
                row.submission.entrant.title, row.submission.number, str(words.SUBMISSION_STATES[told.was_state]),
                str(words.SUBMISSION_STATES[row.state]), told.was_public, row.public_score, told.was_final,
                row.final_score, words.say(row.cause) if row.cause else "",
            ]  # fmt: skip
        after = piece[-1].submission_id
