"""The marking of an assignment as moderators see it: what stands where, decisions, release, tables, regrades."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.audit.operations import record
from dure.core.errors import Missing, Refused
from dure.core.rubrics import MOST_CRITERIA
from dure.core.text import Text
from dure.joints.sheets import CONTENT_TYPES, read_sent, write
from dure.learning import rules
from dure.learning.marks import grade_of
from dure.learning.models import Assignment, HandIn, Mark, MarkState, Regrade, RegradeState, Work, scale_of
from dure.learning.operations import assignments as operations
from dure.learning.operations.assignments.sheets import SHOWN, Taken, columns_of, lines
from dure.learning.queries.assignments import latest, missing, preview, standings, works_in
from dure.site import charts
from dure.site.addresses import person_at
from dure.site.assignments.doors import moderated_by, work_for
from dure.site.assignments.mine import chosen_file
from dure.site.assignments.papers import paper_of, points_of, rows_of
from dure.site.assignments.teaching import room_of
from dure.site.visitors import person_of

PAGE, LISTED = 50, 100
NO_REQUEST = Text(ko="이미 답한 요청입니다.", en="This request was answered already.")
BINS = 10


@login_required
@require_safe
def works(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """What was handed in and what became of it."""
    assignment = moderated_by(request, assignment_id)
    counts, standing = standings(assignment), request.GET.get("standing", "")
    standing = standing if standing in counts else ""
    page: Page[Work] = Paginator(works_in(assignment, standing=standing), PAGE).get_page(request.GET.get("page"))
    none = missing(assignment)
    marks = Mark.objects.filter(work__assignment=assignment).select_related("work__assignment")
    shares = [float(mark.share) * 100 for mark in marks.only("points", "most", "work")]
    seen = {
        **room_of(request, assignment, tab="works"), "page": page, "counts": counts, "standing": standing,
        "none": none[:LISTED], "none_count": none.count(), "spread": _bins(shares),
        "mean": sum(shares) / len(shares) if shares else None,
    }  # fmt: skip
    return render(request, "assignments/works.html", seen)


def _bins(shares: list[float]) -> list[charts.Bar]:
    """How many marks fall into each tenth of all points."""
    counts = [0] * BINS
    for share in shares:
        counts[min(int(share * BINS / 100), BINS - 1)] += 1
    labels = [f"{at * 100 // BINS}–{(at + 1) * 100 // BINS}" for at in range(BINS)]
    return charts.bars(zip(labels, counts, strict=True)) if shares else []


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest, work_id: UUID) -> HttpResponse:
    """One hand-in with what its graders gave, and what a moderator decides."""
    found, wrong = work_for(request, work_id), None
    if request.method == "POST":
        try:
            _act(request, found)
            messages.success(request, gettext("Saved."))
            return redirect("work", found.pk)
        except Refused as refused:
            wrong = refused
    return render(request, "assignments/work.html", _seen(request, found, wrong), status=wrong.status if wrong else 200)


def _act(request: HttpRequest, found: Work) -> None:
    """What the pressed button says."""
    told, by = request.POST, person_of(request)
    mark = Mark.objects.filter(work=found).select_related("work__assignment__cohort").first()
    acts: dict[str, Callable[[], object]] = {
        "settle": lambda: operations.settle(found, points=_points(request), by=by, remark=told.get("remark", "")),
        "third": lambda: operations.ask_third(found, grader=person_at(told["third"]), by=by),
        "unsettle": lambda: operations.unsettle(found, by=by),
        "note": lambda: operations.write_note(_handed(found), by=by, text=told.get("text", "")),
        "answer": lambda: _answer(request, mark),
    }
    if mark is not None:
        acts["confirm"] = lambda: operations.moderate(mark, by=by)
        acts["correct"] = lambda: operations.correct(mark, points=_points(request), by=by, why=told.get("why", ""))
    pressed = next((act for act in acts if act in told), None)
    if pressed is not None:
        acts[pressed]()


def _answer(request: HttpRequest, mark: Mark | None) -> Regrade:
    rows = Regrade.objects.select_related("mark__work__assignment__cohort", "by")
    found = rows.filter(mark=mark, state=RegradeState.WAITING).first() if mark else None
    if found is None:
        raise Missing("regrade.missing", NO_REQUEST)
    points = _points(request) if "uphold" in request.POST else None
    return operations.answer_regrade(found, by=person_of(request), answer=request.POST.get("text", ""), points=points)


def _points(request: HttpRequest) -> dict[str, str]:
    return {key: request.POST.get(key, "") for key in (f"c{at}" for at in range(1, MOST_CRITERIA + 1))}


def _handed(found: Work) -> HandIn:
    hand_in = latest(found)
    if hand_in is None:
        raise Missing("work.nothing", NO_REQUEST)
    return hand_in


def _seen(request: HttpRequest, found: Work, wrong: Refused | None) -> dict[str, Any]:
    hand_in, person = latest(found), person_of(request)
    seen: dict[str, Any] = {
        **room_of(request, found.assignment, tab="works"), "work": found, "hand_in": hand_in, "wrong": wrong,
        "people": [row.enrolment.person for row in found.members.select_related("enrolment__person")],
    }  # fmt: skip
    if hand_in is None:
        return seen
    mark = Mark.objects.filter(work=found).select_related("hand_in__rubric", "settled_by").first()
    shows = rules.sees_markings(person, found)
    markings = list(found.markings.select_related("grader").order_by("place"))
    if mark:
        mark.work = found
    marked = mark.hand_in if mark else hand_in
    return seen | {
        "mark": mark,
        "letter": grade_of(mark.share, scale_of(found.assignment.cohort)) if mark else None,
        "rows": rows_of(marked, points_of(mark) if mark else {}),
        "most": marked.rubric.read.most,
        "markings": [(one, rows_of(hand_in, one.read)) for one in markings] if shows else [],
        "shows": shows,
        "has_third": len(markings) > found.assignment.each or not any(one.state == "sent" for one in markings),
        "paper": paper_of(hand_in, reader=person, all_notes=shows),
        "regrades": mark.regrades.select_related("by").order_by("pk") if mark else [],
        "is_out": mark is not None and mark.state == MarkState.RELEASED,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Confirm what graders agree on; release what is confirmed, once its effect was seen."""
    assignment = moderated_by(request, assignment_id)
    if request.method == "POST":
        if "confirm" in request.POST:
            n = operations.moderate_all(assignment, by=person_of(request))
            messages.success(request, ngettext("%(n)d mark is confirmed.", "%(n)d marks are confirmed.", n) % {"n": n})
            return redirect("assignment-release", assignment.pk)
        n = len(operations.release(assignment, by=person_of(request)))
        messages.success(request, ngettext("%(n)d mark is released.", "%(n)d marks are released.", n) % {"n": n})
        return redirect("assignment-works", assignment.pk)
    shown = preview(assignment)
    seen = {**room_of(request, assignment, tab="release"), "preview": shown, "counts": standings(assignment),
            "grades": shown.grades[:LISTED]}  # fmt: skip
    return render(request, "assignments/release.html", seen)


@login_required
@require_safe
def sheet(request: HttpRequest, assignment_id: UUID, format_: str) -> HttpResponseBase:
    """Marks as a file that comes back as it went out."""
    assignment = moderated_by(request, assignment_id)
    record("marks.read", assignment, about=person_of(request))
    rows: Any = lines(assignment)
    data = write([*columns_of(assignment), *SHOWN], rows, format=format_)
    name = f'attachment; filename="marks.{format_}"'
    return HttpResponse(data, content_type=CONTENT_TYPES[format_], headers={"Content-Disposition": name})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Marks from a table; looked at first, or entered at once."""
    assignment, wrong, taken = moderated_by(request, assignment_id), None, None
    if request.method == "POST":
        check = "enter" not in request.POST
        try:
            taken = _taken(request, assignment, check=check)
        except Refused as refused:
            wrong = refused
        if taken is not None and not check:
            messages.success(request, gettext("It was entered."))
            return redirect("assignment-works", assignment.pk)
    seen = {**room_of(request, assignment, tab="import"), "taken": taken, "refused": wrong,
            "columns": columns_of(assignment)}  # fmt: skip
    return render(request, "assignments/import.html", seen, status=wrong.status if wrong else 200)


def _taken(request: HttpRequest, assignment: Assignment, *, check: bool) -> Taken:
    table = read_sent(chosen_file(request))
    by = person_of(request)
    return operations.take_marks(assignment, header=table.header, rows=table.rows, by=by, check_only=check)
