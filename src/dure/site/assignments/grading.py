"""A grader at work: hand-ins without names beside the rubric, one after the other, kept while one marks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core.errors import Flawed, Missing, Refused
from dure.core.rubrics import MOST_CRITERIA, points_of
from dure.learning import rules
from dure.learning.models import HandIn, MarginNote, Mark, Marking, MarkingState, MarkState
from dure.learning.operations import assignments as operations
from dure.learning.queries.assignments import latest, markings_of, to_mark
from dure.site.assignments.doors import NO_ASSIGNMENT, assignment_for, marking_for
from dure.site.assignments.mine import saved, whole
from dure.site.assignments.papers import paper_of, read_text, rows_of
from dure.site.visitors import id_from, person_of

PAGE = 50
KEYS = tuple(f"c{at}" for at in range(1, MOST_CRITERIA + 1))


@login_required
@require_safe
def index(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Everything that one marks of an assignment, and what comes next."""
    assignment, person = assignment_for(request, assignment_id), person_of(request)
    own = markings_of(person, assignment)
    if not (own.exists() or assignment.seats.filter(person=person).exists()):
        raise Missing("assignment.missing", NO_ASSIGNMENT)
    page: Page[Marking] = Paginator(own, PAGE).get_page(request.GET.get("page"))
    waiting = to_mark(person).filter(work__assignment=assignment)
    seen = {
        "assignment": assignment, "course": assignment.cohort.course, "page": page, "next": waiting.first(),
        "left": waiting.count(), "moderates": rules.may_moderate(person, assignment), "tab": "marking",
    }  # fmt: skip
    return render(request, "assignments/marking.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, marking_id: UUID) -> HttpResponse:
    """One hand-in beside the rubric; POST sends the marks and goes on to the next."""
    marking = marking_for(request, marking_id)
    wrong: Refused | None = None
    if request.method == "POST":
        try:
            if marking.state == MarkingState.DRAFT:
                marking = _keep(request, marking)
            if "save" in request.POST:
                messages.success(request, gettext("The draft is saved."))
                return redirect("marking", marking.pk)
            operations.send_marks(marking)
            return _onward(request, marking)
        except Refused as refused:
            wrong = refused
            marking.refresh_from_db(fields=["points", "comment", "saves", "state"])
            if isinstance(refused, Flawed):  # what was written stays in the form
                marking.points, marking.comment = _typed(request), request.POST.get("comment", "")
    return render(
        request, "assignments/mark.html", _seen(request, marking, wrong), status=wrong.status if wrong else 200
    )


def _typed(request: HttpRequest) -> dict[str, str]:
    """Points that were written, as far as they are numbers."""
    found = {key: points_of(request.POST.get(key)) for key in KEYS}
    return {key: str(points) for key, points in found.items() if points is not None}


def _onward(request: HttpRequest, marking: Marking) -> HttpResponse:
    messages.success(request, gettext("The marks are sent."))
    waiting = to_mark(person_of(request)).filter(work__assignment=marking.work.assignment_id)
    after = waiting.filter(work__gt=marking.work_id).first() or waiting.first()
    return redirect("marking", after.pk) if after else redirect("assignment-marking", marking.work.assignment_id)


def _seen(request: HttpRequest, marking: Marking, wrong: Refused | None) -> dict[str, Any]:
    hand_in, person = _handed(marking), person_of(request)
    own = markings_of(person, marking.work.assignment)
    mark = Mark.objects.filter(work=marking.work).first()
    is_out = mark is not None and mark.state == MarkState.RELEASED
    return {
        "marking": marking,
        "assignment": marking.work.assignment,
        "course": marking.work.assignment.cohort.course,
        "hand_in": hand_in,
        "number": own.filter(work__lt=marking.work_id).count() + 1,
        "before": own.filter(work__lt=marking.work_id).order_by("-work").first(),
        "after": own.filter(work__gt=marking.work_id).first(),
        "left": to_mark(person).filter(work__assignment=marking.work.assignment_id).count(),
        "rows": rows_of(hand_in, marking.read),
        "most": hand_in.rubric.read.most,
        "paper": paper_of(hand_in, reader=person, all_notes=is_out),
        "open": marking.state == MarkingState.DRAFT and marking.work.is_due,
        "stands": mark is not None and (mark.state != MarkState.DRAFT or mark.settled_by_id is not None),
        "wrong": wrong,
    }


@login_required
@require_POST
def keep(request: HttpRequest, marking_id: UUID) -> HttpResponse:
    """Keep marks while they are given."""
    marking = marking_for(request, marking_id)
    return saved(lambda: _keep(request, marking).saves)


def _keep(request: HttpRequest, marking: Marking) -> Marking:
    points = {key: request.POST.get(key, "") for key in KEYS}
    comment = request.POST.get("comment", "").replace("\0", "")
    rubric, saves = whole(request, "rubric"), whole(request, "saves")
    return operations.keep_marks(marking, points=points, comment=comment, saves=saves, rubric=rubric)


@login_required
@require_POST
def back(request: HttpRequest, marking_id: UUID) -> HttpResponse:
    """Take sent marks back."""
    marking = operations.take_back(marking_for(request, marking_id))
    messages.success(request, gettext("Your marks are taken back. Change them and send them again."))
    return redirect("marking", marking.pk)


@login_required
@require_POST
def note(request: HttpRequest, marking_id: UUID) -> HttpResponse:
    """Write a note in the margin, or take one's own back."""
    marking = marking_for(request, marking_id)
    hand_in = _handed(marking)
    if "strike" in request.POST:
        own = MarginNote.objects.filter(hand_in=hand_in, by=person_of(request), pk=id_from(request.POST["strike"]))
        for gone in own:
            operations.strike_note(gone)
        return redirect("marking", marking.pk)
    file = hand_in.files.filter(pk=id_from(request.POST.get("file"))).first()
    place = whole(request, "place") or None
    of_page = file is not None and not read_text(file)
    where = {"page": place} if of_page else {"line": place}
    text = request.POST.get("text", "").replace("\0", "")
    made = operations.write_note(hand_in, by=person_of(request), text=text, file=file, **where)
    return redirect(f"/learn/markings/{marking.pk}/#note-{made.pk}")


def _handed(marking: Marking) -> HandIn:
    found = latest(marking.work)
    if found is None:
        raise Missing("work.nothing", NO_ASSIGNMENT)
    return found
