"""Cohorts as those who teach them see them: who is in it, how far each is, rosters, proofs, words to all."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.audit.operations import record
from dure.core.errors import Flawed, Forbidden, Missing
from dure.core.text import Text
from dure.joints.sheets import CONTENT_TYPES, csv_pieces, read_sent, write
from dure.joints.sheets.cells import Cell
from dure.learning import rules
from dure.learning.models import Cohort, Enrolment, EnrolmentState
from dure.learning.operations import enrolling, proofs, rosters
from dure.learning.operations.progressing import prove, take_back
from dure.learning.queries.courses import evidence_of, roster
from dure.learning.steps import steps_of
from dure.site.desk.batches import streamed
from dure.site.flaws import JudgedForm
from dure.site.learning.courses import NO_COURSE
from dure.site.reading import MomentField
from dure.site.visitors import id_from, person_of

PAGE = 50
NOT_YOURS = Text(
    ko="이 기수의 강사만 할 수 있습니다. 강사나 큐레이터에게 요청하세요.",
    en="Only the instructors of this cohort may do this. Ask one of them.",
)
NO_FILE = Text(ko="올릴 파일을 고르세요.", en="Choose the file to send.")
MOST_WORDS = 1000
NO_WORDS = Text(
    ko="전할 말을 {most:,}자 이내로 쓰세요.", en="Write what you have to say, in at most {most:,} letters."
).format(most=MOST_WORDS)
GROUPS: dict[str, list[str]] = {
    "all": ["active", "finished", "waiting"], "active": ["active"], "finished": ["finished"], "waiting": ["waiting"],
}  # fmt: skip


class NotesForm(JudgedForm):
    """What an instructor notes of one person."""

    extended_until = MomentField(
        label=_("More time until"), required=False,
        help_text=_("Only for this person. Left empty, the cohort's own end holds."),
    )  # fmt: skip
    attendance = forms.DecimalField(
        label=_("Attendance"), required=False, min_value=0, max_value=1, decimal_places=3, help_text=_("From 0 to 1.")
    )
    grade = forms.DecimalField(
        label=_("Grade"), required=False, min_value=0, max_value=Decimal("4.5"), decimal_places=2,
        help_text=_("From 0 to 4.5."),
    )  # fmt: skip


@login_required
@require_safe
def show(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Who is in a cohort and how far each is."""
    cohort = cohort_for(request, cohort_id)
    typed, state = request.GET.get("q", "").replace("\0", "").strip()[:80], request.GET.get("state", "")
    state = state if state in EnrolmentState.values else ""
    page: Page[Enrolment] = Paginator(roster(cohort, typed=typed, state=state), PAGE).get_page(request.GET.get("page"))
    seen = {**frame_of(request, cohort, tab="roster"), "page": page, "typed": typed, "state": state,
            "states": EnrolmentState.values}  # fmt: skip
    return render(request, "learning/roster.html", seen)


@login_required
@require_safe
def sheet(request: HttpRequest, cohort_id: UUID, format_: str) -> HttpResponseBase:
    """The roster as a file that comes back as it went out."""
    cohort = cohort_for(request, cohort_id)
    header = [*rosters.COLUMNS, *rosters.SHOWN]
    record("roster.read", cohort, about=person_of(request))
    if format_ == "csv":
        return streamed(csv_pieces(header, _cells(cohort)), f"{cohort.course.key}-roster.csv")
    data = write(header, _cells(cohort), format=format_)
    name = f'attachment; filename="{cohort.course.key}-roster.{format_}"'
    return HttpResponse(data, content_type=CONTENT_TYPES[format_], headers={"Content-Disposition": name})


def _cells(cohort: Cohort) -> Iterator[list[Cell]]:
    for row in roster(cohort).iterator(chunk_size=1000):
        yield [
            row.person.email, row.option, row.organisation.short if row.organisation else "",
            row.extended_until, row.attendance, row.grade, row.person.name, row.state, row.completion, row.credits,
        ]  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """A roster, or proofs of what was learnt elsewhere; looked at first, or entered at once."""
    cohort = run_by(request, cohort_id)
    seen: dict[str, Any] = frame_of(request, cohort, tab="import")
    if request.method == "POST":
        check = "enter" not in request.POST
        try:
            seen |= _brought(request, cohort, check=check)
        except Flawed as flawed:
            seen["refused"] = flawed
        if "refused" not in seen and not check:
            messages.success(request, gettext("It was entered."))
            return redirect("cohort", cohort.pk)
    columns = {"roster": rosters.COLUMNS, "proofs": proofs.COLUMNS}
    return render(request, "learning/cohort_import.html", {**seen, "columns": columns},
                  status=seen["refused"].status if "refused" in seen else 200)  # fmt: skip


def _brought(request: HttpRequest, cohort: Cohort, *, check: bool) -> dict[str, Any]:
    file, what, by = request.FILES.get("file"), request.POST.get("what", ""), person_of(request)
    if file is None:
        raise Flawed("import.file", NO_FILE, errors=[])
    if what == "signed":
        return {"proven": proofs.take_signed(cohort, file.read(10 << 20), by=by, check_only=check), "what": what}
    table = read_sent(file)
    if what == "proofs":
        told = proofs.take_proofs(cohort, header=table.header, rows=table.rows, by=by, check_only=check)
        return {"proven": told, "what": what}
    taken = rosters.take_roster(cohort, header=table.header, rows=table.rows, check_only=check)
    return {"taken": taken, "what": what}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """One person in a cohort: their way, and what an instructor notes."""
    enrolment = watched(request, enrolment_id)
    runs = rules.may_run(person_of(request), enrolment.cohort)
    told = {name: getattr(enrolment, name) for name in ("extended_until", "attendance", "grade")}
    form = NotesForm(request.POST if request.method == "POST" else None, initial=told)
    if request.method == "POST":
        _check(runs)
        if form.submit(partial(_note, enrolment)):
            messages.success(request, gettext("Saved."))
            return redirect("cohort-person", enrolment.pk)
    seen = {
        **frame_of(request, enrolment.cohort, tab="roster"), "enrolment": enrolment, "way": steps_of(enrolment),
        "form": form, "evidence": evidence_of(enrolment),
    }  # fmt: skip
    return render(request, "learning/cohort_person.html", seen)


def _note(enrolment: Enrolment, told: dict[str, Any]) -> None:
    if told["extended_until"] != enrolment.extended_until:
        enrolling.extend(enrolment, until=told["extended_until"])
    if (told["attendance"], told["grade"]) != (enrolment.attendance, enrolment.grade):
        enrolling.note(enrolment, attendance=told["attendance"], grade=told["grade"])


@login_required
@require_POST
def vouch(request: HttpRequest, enrolment_id: UUID) -> HttpResponse:
    """Say that somebody has done a lesson, or take that back."""
    enrolment = watched(request, enrolment_id)
    _check(rules.may_run(person_of(request), enrolment.cohort))
    lesson = enrolment.cohort.course.lessons.filter(pk=id_from(request.POST.get("lesson"))).first()
    if lesson is None:
        raise Missing("course.missing", NO_COURSE)
    if "back" in request.POST:
        take_back(enrolment, lesson)
    else:
        prove(enrolment, lesson, by=person_of(request), proof=request.POST.get("proof", ""))
    return redirect("cohort-person", enrolment.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write_to(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """Tell those of a cohort something."""
    cohort = run_by(request, cohort_id)
    text, group = request.POST.get("text", "").strip(), request.POST.get("group", "all")
    wrong = None
    if request.method == "POST":
        if 0 < len(text) <= MOST_WORDS and group in GROUPS:
            n = enrolling.write_to(cohort, states=GROUPS[group], text=text)
            said = ngettext("%(n)d person was told.", "%(n)d people were told.", n)
            messages.success(request, said % {"n": n})
            return redirect("cohort", cohort.pk)
        wrong = NO_WORDS
    seen = {**frame_of(request, cohort, tab="write"), "groups": GROUPS, "text": text, "group": group, "wrong": wrong}
    return render(request, "learning/cohort_write.html", seen)


# --- who may


def cohort_for(request: HttpRequest, cohort_id: UUID) -> Cohort:
    """The cohort, for those who teach it. Raises Missing."""
    found = Cohort.objects.select_related("course__provider__organisation").filter(pk=cohort_id).first()
    if found is None or not rules.may_watch(person_of(request), found):
        raise Missing("course.missing", NO_COURSE)
    return found


def run_by(request: HttpRequest, cohort_id: UUID) -> Cohort:
    """The cohort, for its instructors. Raises Missing, Forbidden."""
    found = cohort_for(request, cohort_id)
    _check(rules.may_run(person_of(request), found))
    return found


def watched(request: HttpRequest, enrolment_id: UUID) -> Enrolment:
    """Somebody's enrolment, for those who teach their cohort. Raises Missing."""
    rows = Enrolment.objects.select_related("cohort__course__provider__organisation", "person", "organisation")
    found = rows.filter(pk=enrolment_id).first()
    if found is None or not rules.may_watch(person_of(request), found.cohort):
        raise Missing("course.missing", NO_COURSE)
    return found


def _check(allowed: bool) -> None:
    if not allowed:
        raise Forbidden("cohort.not-yours", NOT_YOURS)


def frame_of(request: HttpRequest, cohort: Cohort, *, tab: str) -> dict[str, Any]:
    """What the frame of a cohort's pages shows."""
    person = person_of(request)
    makes = rules.may_make(person, cohort.course)
    runs = makes or rules.may_run(person, cohort)  # whoever makes a course runs it, and need not be asked for twice
    return {"cohort": cohort, "course": cohort.course, "tab": tab, "runs": runs, "makes": makes}
