"""Interviewers at work: points and their reason, saved by themselves; the others' once all have sent theirs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from dure.assessments import rules
from dure.assessments.models import IntervieweeState, Scoring, ScoringState
from dure.assessments.operations import interviews as operations
from dure.assessments.queries.interviews import booking_of, scorings_for
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.rubrics import MOST_CRITERIA, points_of
from dure.site.assignments.mine import saved, whole
from dure.site.interviews.doors import scoring_for
from dure.site.interviews.points import rows_of
from dure.site.visitors import person_of

KEYS = tuple(f"c{at}" for at in range(1, MOST_CRITERIA + 1))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, scoring_id: UUID) -> HttpResponse:
    """One interviewee beside the rubric; POST saves the draft or sends it."""
    scoring = scoring_for(request, scoring_id)
    wrong: Refused | None = None
    if request.method == "POST":
        try:
            scoring = _keep(request, scoring)
            if "save" in request.POST:
                messages.success(request, gettext("The draft is saved."))
            else:
                operations.send_scores(scoring)
                messages.success(request, gettext("Your points are sent."))
            return redirect("scoring", scoring.pk)
        except Refused as refused:
            wrong = refused
            scoring = scoring_for(request, scoring_id)
            if isinstance(refused, Flawed):  # what was written stays in the form
                found = {key: points_of(request.POST.get(key)) for key in KEYS}
                scoring.points = {key: str(points) for key, points in found.items() if points is not None}
                scoring.reason, scoring.notes = (_written(request, name) for name in ("reason", "notes"))
    return render(request, "interviews/scoring.html", _seen(scoring, wrong), status=wrong.status if wrong else 200)


def _seen(scoring: Scoring, wrong: Refused | None) -> dict[str, Any]:
    row = scoring.interviewee
    booking = booking_of(row)
    starts_at = booking.slot.starts_at if booking else None
    has_begun = starts_at is None or starts_at <= clock.now()
    others = rules.sees_others(scoring)
    undecided = row.settled_by_id is None and row.state != IntervieweeState.RELEASED
    return {
        "scoring": scoring, "row": row, "interview": row.interview, "booking": booking, "wrong": wrong,
        "zone": row.interview.series.zone, "has_begun": has_begun,
        "open": scoring.state == ScoringState.DRAFT and undecided and has_begun and row.state != "absent",
        "may_take_back": scoring.state == ScoringState.SENT and undecided,
        "may_note_absence": booking is not None and has_begun and row.state == IntervieweeState.WAITING,
        "may_excuse": scoring.state != ScoringState.EXCUSED and undecided,
        "rows": rows_of(row.interview, scoring.read), "most": row.interview.read.most,
        "others": [(one, rows_of(row.interview, one.read)) for one in scorings_for(row).exclude(pk=scoring.pk)
                   if one.state == ScoringState.SENT] if others else [],
    }  # fmt: skip


@login_required
@require_POST
def keep(request: HttpRequest, scoring_id: UUID) -> HttpResponse:
    """Keep points while they are given."""
    scoring = scoring_for(request, scoring_id)
    return saved(lambda: _keep(request, scoring).saves)


def _keep(request: HttpRequest, scoring: Scoring) -> Scoring:
    points = {key: request.POST.get(key, "") for key in KEYS}
    reason, notes = (_written(request, name) for name in ("reason", "notes"))
    return operations.keep_scores(scoring, points=points, reason=reason, notes=notes, saves=whole(request, "saves"))


def _written(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "").replace("\r\n", "\n")


@login_required
@require_POST
def act(request: HttpRequest, scoring_id: UUID) -> HttpResponse:
    """Take sent points back, step aside, or note that nobody came."""
    scoring = scoring_for(request, scoring_id)
    if "back" in request.POST:
        operations.take_back_scores(scoring)
        messages.success(request, gettext("Your points are taken back. Change them and send them again."))
    elif "absent" in request.POST:
        operations.note_absence(scoring.interviewee)
        messages.success(request, gettext("Noted: they did not come."))
    else:
        why = request.POST.get("why", "").replace("\0", "")
        operations.excuse(scoring.interviewee, interviewer=person_of(request), why=why)
        messages.success(request, gettext("You stepped aside. Those who hold the interview are told."))
    return redirect("scoring", scoring.pk)
