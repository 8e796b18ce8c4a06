"""A learner's assignments: written with a draft that saves itself, handed in, read again with the mark."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.learning import rules
from dure.learning.files import SHELF
from dure.learning.marks import grade_of
from dure.learning.models import (
    Assignment,
    Enrolment,
    MarginNote,
    Mark,
    MarkState,
    RegradeState,
    Work,
    WorkFile,
    WorkMember,
    scale_of,
)
from dure.learning.operations import assignments as operations
from dure.learning.operations.assignments.handing import is_begun
from dure.learning.queries.assignments import (
    assignments_of,
    graded_by,
    rubric_of,
    takes_regrades,
    works_of,
)
from dure.site import words
from dure.site.assignments.doors import NO_ASSIGNMENT, file_for, hand_in_for, own_assignment
from dure.site.assignments.papers import paper_of, points_of, rows_of
from dure.site.markdown import as_html
from dure.site.sending import sent
from dure.site.visitors import id_from, person_of

MOST = 100
NO_FILE = Text(ko="올릴 파일을 고르세요.", en="Choose the file to send.")


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What one has to hand in, and what one has to mark."""
    person = person_of(request)
    rows = assignments_of(person, most=MOST)
    works = works_of(person, rows)
    seen = {
        "rows": [(one, works.get(one.pk) or Work(assignment=one), _mark(works.get(one.pk))) for one in rows],
        "graded": graded_by(person)[:MOST],
    }
    return render(request, "assignments/index.html", seen)


def _mark(work: Work | None) -> Mark | None:
    mark: Mark | None = getattr(work, "mark", None) if work else None
    return mark if mark and mark.state == MarkState.RELEASED else None


@login_required
@require_safe
def show(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """What is asked for, one's draft, what one has handed in and what it came to."""
    assignment, enrolment = own_assignment(request, assignment_id)
    if enrolment is None:
        if rules.may_moderate(person_of(request), assignment):
            return redirect("assignment-works", assignment.pk)
        return redirect("assignment-marking", assignment.pk)
    return render(request, "assignments/show.html", _seen(request, assignment, enrolment))


def _seen(request: HttpRequest, assignment: Assignment, enrolment: Enrolment) -> dict[str, Any]:
    member = WorkMember.objects.select_related("work").filter(assignment=assignment, enrolment=enrolment).first()
    work = member.work if member else Work(assignment=assignment)
    work.assignment = assignment
    seen: dict[str, Any] = {
        "assignment": assignment, "course": assignment.cohort.course, "enrolment": enrolment, "work": work,
        "about": as_html(words.say(assignment.about), files=""),
    }  # fmt: skip
    if member is None:
        return seen | {"rubric": rubric_of(assignment).read, "takes": not work.is_over}
    versions = list(work.hand_ins.select_related("by", "rubric").order_by("-number"))
    mark = Mark.objects.filter(work=work, state=MarkState.RELEASED).select_related("hand_in__rubric").first()
    seen |= {
        "files": work.files.filter(hand_in=None),
        "mates": [row.enrolment.person for row in work.members.select_related("enrolment__person")],
        "versions": versions,
    }
    if mark is not None:
        return seen | _marked(request, mark, work)
    return seen | {"takes": _takes(work), "rubric": versions[0].rubric.read if versions else rubric_of(assignment).read}


def _takes(work: Work) -> bool:
    """Whether something can be handed in now."""
    return not work.is_over and not (work.is_due and work.handed_in and is_begun(work))


def _marked(request: HttpRequest, mark: Mark, work: Work) -> dict[str, Any]:
    mark.work = work
    regrades = list(mark.regrades.order_by("pk"))
    return {
        "mark": mark,
        "rubric": mark.hand_in.rubric.read,
        "rows": rows_of(mark.hand_in, points_of(mark)),
        "letter": grade_of(mark.share, scale_of(work.assignment.cohort)),
        "said": [row.comment for row in work.markings.order_by("place") if row.comment],
        "paper": paper_of(mark.hand_in, reader=person_of(request), all_notes=True),
        "regrades": regrades,
        "may_ask": takes_regrades(mark) and not any(one.state == RegradeState.WAITING for one in regrades),
    }


@login_required
@require_POST
def draft(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Keep the draft while it is written; asked for as JSON, the answer says how often it was saved."""
    return saved(lambda: _keep(request, _work(request, assignment_id)).saves)


@login_required
@require_POST
def send(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Save the draft and hand it in, or (``save``) only save it; or change its files."""
    work = _work(request, assignment_id)
    file = request.FILES.get("file")
    if "detach" in request.POST:
        gone = WorkFile.objects.filter(work=work, hand_in=None, pk=id_from(request.POST["detach"])).first()
        if gone is not None:
            operations.detach(gone)
        return redirect("assignment", assignment_id)
    if "text" in request.POST:
        work = _keep(request, work)
    if file is not None:
        operations.attach(work, file.chunks(), name=file.name or "")
    if "hand-in" in request.POST:
        made = operations.hand_in(work, by=person_of(request))
        messages.success(request, gettext("It is handed in. This is your receipt."))
        return redirect("hand-in", made.pk)
    messages.success(request, gettext("Saved. It is not handed in yet."))
    return redirect("assignment", assignment_id)


def _keep(request: HttpRequest, work: Work) -> Work:
    text = request.POST.get("text", "").replace("\r\n", "\n").replace("\0", "")
    return operations.keep_draft(work, text=text, saves=whole(request, "saves"))


def whole(request: HttpRequest, name: str) -> int:
    """A whole number of a form; 0 where it is none."""
    written = request.POST.get(name, "")
    return int(written) if written.isdecimal() and len(written) < 10 else 0


def saved(keep: Callable[[], int]) -> JsonResponse:
    """How often it has been saved, or why it was not, as the page's script reads it."""
    try:
        return JsonResponse({"saves": keep()})
    except Refused as refused:
        return JsonResponse({"code": refused.code, "text": words.say(refused.text)}, status=refused.status)


def _work(request: HttpRequest, assignment_id: UUID) -> Work:
    """One's own work, begun where it is not yet."""
    assignment, enrolment = own_assignment(request, assignment_id)
    if enrolment is None:
        raise Missing("assignment.missing", NO_ASSIGNMENT)
    return operations.begin(assignment, enrolment=enrolment)


@login_required
@require_safe
def receipt(request: HttpRequest, hand_in_id: UUID) -> HttpResponse:
    """What was handed in and when, as it was then."""
    made = hand_in_for(request, hand_in_id)
    if not rules.may_work(person_of(request), made.work):
        raise Missing("assignment.missing", NO_ASSIGNMENT)
    seen = {"made": made, "assignment": made.work.assignment, "course": made.work.assignment.cohort.course,
            "files": made.files.all()}  # fmt: skip
    return render(request, "assignments/receipt.html", seen)


@login_required
@require_safe
def file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """A file of a draft or of what was handed in."""
    return sent(request, file_for(request, file_id), shelf=SHELF)


@login_required
@require_POST
def ask(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Ask for a regrade."""
    rows = Mark.objects.select_related("work__assignment__cohort").filter(
        work__assignment=assignment_id, work__members__enrolment__person=person_of(request), state=MarkState.RELEASED
    )
    mark = rows.first()
    if mark is None or not rules.may_work(person_of(request), mark.work):
        raise Missing("assignment.missing", NO_ASSIGNMENT)
    operations.ask_regrade(mark, by=person_of(request), text=request.POST.get("text", ""))
    messages.success(request, gettext("Your request is sent. The answer comes as a notice."))
    return redirect("assignment", assignment_id)


@login_required
@require_POST
def answer(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Answer a note: its learners once the mark is out, its writer and those who run the cohort."""
    rows = MarginNote.objects.select_related("hand_in__work__assignment__cohort__course__provider__organisation")
    note = rows.filter(pk=note_id, answers=None).first()
    person = person_of(request)
    if note is None or not _may_answer(request, note):
        raise Missing("assignment.missing", NO_ASSIGNMENT)
    operations.answer_note(note, by=person, text=request.POST.get("text", ""))
    back = request.POST.get("back", "")
    work = note.hand_in.work
    if back == "work" and rules.may_moderate(person, work.assignment):
        return redirect("work", work.pk)
    return redirect("assignment", work.assignment_id)


def _may_answer(request: HttpRequest, note: MarginNote) -> bool:
    person, work = person_of(request), note.hand_in.work
    is_out = Mark.objects.filter(work=work, state=MarkState.RELEASED).exists()
    own = rules.may_work(person, work) and is_out
    return own or rules.may_moderate(person, work.assignment) or (note.by_id == person.pk and is_out)


def chosen_file(request: HttpRequest) -> Any:
    """The file that was sent. Raises Flawed."""
    found = request.FILES.get("file")
    if found is None:
        raise Flawed("import.file", NO_FILE, errors=[])
    return found
