"""Exams as examiners hold them: planned, watched live, released, analysed, marked again."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
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

from dure.assessments import rules
from dure.assessments.models import (
    Appeal,
    Attempt,
    AttemptState,
    Bank,
    Candidate,
    Exam,
    ExamState,
    Remarking,
    Remedy,
    Version,
)
from dure.assessments.operations import exams, remarking, results
from dure.assessments.queries.exams import (
    analysis_of,
    appeals_of,
    asked_in,
    candidates_of,
    results_of,
    rows_of,
    states_of,
    used_in,
)
from dure.assessments.queries.remarking import changes
from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused
from dure.joints.sheets import CONTENT_TYPES, csv_pieces, write
from dure.joints.sheets.cells import Cell
from dure.people.models import Person
from dure.site import assessment_words as labels
from dure.site import words
from dure.site.addresses import people_in, warn_of_unknown
from dure.site.assessments.banks import NO_BANK, bank_for
from dure.site.assessments.banks import frame_of as bank_frame
from dure.site.assessments.exams import NO_EXAM
from dure.site.assessments.shown import shown
from dure.site.desk.batches import streamed
from dure.site.middleware import is_part
from dure.site.reading import MomentField, number_from
from dure.site.visitors import id_from, person_of

PAGE, LISTED = 50, 200
MOST_ADMITTED = 5_000
RESULTS = ("name", "email", "attempt", "state", "score", "total", "passed", "level", "started_at", "sent_at")
ANALYSIS = ("key", "version", "topic", "n", "difficulty", "upper_lower", "point_biserial", "choice", "chosen", "upper",
            "lower", "mean_elsewhere")  # fmt: skip


class ExamForm(forms.Form):
    """When an exam is taken, how long, by whom, and what passes."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    about_ko = forms.CharField(
        label=_("About it, in Korean"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Markdown."),
    )  # fmt: skip
    about_en = forms.CharField(
        label=_("About it, in English"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    paper = forms.ChoiceField(label=_("Paper"))
    opens_at = MomentField(_("Begins"))
    closes_at = MomentField(_("Ends"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=10_000, initial=60)
    pass_percent = forms.DecimalField(
        label=_("Passed from, in per cent of the points"), min_value=0, max_value=100, decimal_places=2, initial=60
    )
    bands = forms.CharField(
        label=_("Levels"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, with the per cent from which it is reached: 90 Expert || 전문가."),
    )  # fmt: skip
    most_attempts = forms.IntegerField(label=_("Attempts"), min_value=1, max_value=100, initial=1)
    wait_hours = forms.IntegerField(label=_("Hours between attempts"), min_value=0, max_value=100_000, initial=24)
    for_all = forms.BooleanField(label=_("Anybody who is signed in may take it"), required=False)
    review = forms.ChoiceField(
        label=_("Candidates see of their result"), choices=list(labels.REVIEWS.items()), initial="marks"
    )
    at_once = forms.BooleanField(label=_("Results count as soon as they are marked"), required=False)

    def __init__(self, bank: Bank, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.papers = {str(one.pk): one for one in bank.papers.order_by("name")}
        choices = [(pk, one.name) for pk, one in self.papers.items()]
        self.fields["paper"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them

    def clean_bands(self) -> list[list[str]]:
        lines = [line.strip() for line in self.cleaned_data["bands"].splitlines() if line.strip()]
        return [_band(line) for line in lines[:20]]

    def told(self) -> dict[str, Any]:
        """What the operations take."""
        told = dict(self.cleaned_data)
        told["pass_share"] = told.pop("pass_percent") / 100
        return {**told, "paper": self.papers[told["paper"]]}


def _band(line: str) -> list[str]:
    percent, _sign, name = line.partition(" ")
    english, _sign, korean = (part.strip()[:80] for part in name.partition("||"))
    try:
        share = Decimal(percent.rstrip("%")) / 100
    except InvalidOperation:
        share = Decimal(-1)
    if not name.strip() or not 0 <= share <= 1:
        raise forms.ValidationError(gettext("A level is written as: 90 Expert"))
    return [f"{share:f}", korean or english, english or korean]


def _initial(exam: Exam) -> dict[str, Any]:
    told = {name: getattr(exam, name) for name in ExamForm.base_fields if hasattr(exam, name)}
    bands = [f"{(Decimal(share) * 100).normalize():f} {en} || {ko}" for share, ko, en in exam.bands]
    percent = (exam.pass_share * 100).normalize()
    return {**told, "paper": str(exam.paper_id), "pass_percent": f"{percent:f}", "bands": "\n".join(bands)}


@login_required
@require_safe
def index(request: HttpRequest, bank_id: UUID) -> HttpResponse:
    """A bank's exams."""
    bank = bank_for(request, bank_id)
    page: Page[Exam] = Paginator(bank.exams.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "assessments/exams.html", {**bank_frame(bank, "exams"), "page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, bank_id: UUID) -> HttpResponse:
    """Plan an exam."""
    bank = bank_for(request, bank_id)
    form = ExamForm(bank, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("exam-room", exams.plan_exam(bank, by=person_of(request), **form.told()).pk)
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
    return render(request, "assessments/exam_new.html", {**bank_frame(bank, "exams"), "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, exam_id: UUID) -> HttpResponse:
    """Plan it otherwise."""
    exam = held(request, exam_id)
    form = ExamForm(exam.bank, request.POST if request.method == "POST" else None, initial=_initial(exam))
    if request.method == "POST" and form.is_valid():
        try:
            exams.change_exam(exam, **form.told())
            messages.success(request, gettext("Saved."))
            return redirect("exam-room", exam.pk)
        except Refused as refused:
            form.add_error(None, words.say(refused.text))
    return render(request, "assessments/exam_settings.html", {**frame_of(exam, "settings"), "form": form})


@login_required
@require_POST
def change_state(request: HttpRequest, exam_id: UUID) -> HttpResponse:
    """Open it, or archive it."""
    exam = held(request, exam_id)
    if "open" in request.POST:
        exams.open_exam(exam)
        messages.success(request, gettext("The exam is open."))
    else:
        exams.archive_exam(exam)
        messages.success(request, gettext("The exam is archived. Attempts that run go on."))
    return redirect("exam-room", exam.pk)


# --- the room


@login_required
@require_safe
def room(request: HttpRequest, exam_id: UUID) -> HttpResponse:
    """Who is in, how much time they have, how much is answered; asked for by htmx, the table alone."""
    exam = held(request, exam_id)
    typed, state = request.GET.get("q", "").replace("\0", "").strip()[:80], request.GET.get("state", "")
    rows = candidates_of(exam, typed=typed, state=state)
    page: Page[Candidate] = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    counted = states_of(exam)
    seen = {
        **frame_of(exam, "room"), "page": page, "rows": rows_of(list(page)), "typed": typed, "state": state,
        "states": labels.ATTEMPT_STATES, "counted": [(name, counted.get(name, 0)) for name in AttemptState.values],
        "marked": counted.get(AttemptState.MARKED, 0), "now": clock.now(),
    }  # fmt: skip
    return render(request, "assessments/room_part.html" if is_part(request) else "assessments/room.html", seen)


@login_required
@require_POST
def admit(request: HttpRequest, exam_id: UUID) -> HttpResponse:
    """Let people in, by their addresses."""
    exam = held(request, exam_id)
    found, unknown = people_in(request.POST.get("emails", ""), most=MOST_ADMITTED)
    n = exams.admit(exam, found)
    messages.success(request, ngettext("%(n)d person was admitted.", "%(n)d people were admitted.", n) % {"n": n})
    warn_of_unknown(request, unknown)
    return redirect("exam-room", exam.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, exam_id: UUID) -> HttpResponse:
    """Let all results that are marked count, after a look at how many."""
    exam = held(request, exam_id)
    if request.method == "POST":
        n = results.release_results(exam)
        said = ngettext("%(n)d result was released.", "%(n)d results were released.", n)
        messages.success(request, said % {"n": n})
        return redirect("exam-room", exam.pk)
    counted = states_of(exam)
    seen = {**frame_of(exam, "room"), "n": counted.get(AttemptState.MARKED, 0),
            "waiting": counted.get(AttemptState.RUNNING, 0) + counted.get(AttemptState.SENT, 0)}  # fmt: skip
    return render(request, "assessments/release.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def candidate(request: HttpRequest, candidate_id: UUID) -> HttpResponse:
    """One candidate: time of their own, attempts with answers and marks, what happened."""
    rows = Candidate.objects.select_related("exam__bank__organisation", "exam__paper", "person")
    row = rows.filter(pk=candidate_id).first()
    if row is None or not rules.may_keep(person_of(request), row.exam.bank):
        raise Missing("exam.missing", NO_EXAM)
    refused = None
    if request.method == "POST":
        try:
            _act(request, row)
            return redirect("exam-candidate", row.pk)
        except Refused as wrong:
            refused = wrong
    attempts = list(row.attempts.select_related("exam").order_by("-number"))
    chosen = next((one for one in attempts if str(one.pk) == request.GET.get("attempt")), next(iter(attempts), None))
    asked = asked_in(chosen) if chosen and chosen.state != AttemptState.RUNNING else []
    seen = {
        **frame_of(row.exam, "room"), "candidate": row, "attempts": attempts, "attempt": chosen, "refused": refused,
        "questions": [shown(one, row.exam.bank) for one in asked],
        "incidents": chosen.incidents.select_related("by").order_by("pk") if chosen else [],
    }  # fmt: skip
    return render(request, "assessments/candidate.html", seen, status=refused.status if refused else 200)


def _act(request: HttpRequest, row: Candidate) -> None:
    told = request.POST
    if "minutes" in told:
        minutes = number_from(told["minutes"])
        exams.give_time(row, extra_minutes=-1 if minutes is None else minutes)
        return
    rows = Attempt.objects.select_related("exam", "candidate")
    attempt = rows.filter(candidate=row, pk=id_from(told.get("attempt"))).first()
    if attempt is None:
        raise Missing("exam.missing", NO_EXAM)
    if "void" in told:
        results.void(attempt, why=told.get("text", "")[:2000])
    elif "release" in told:
        results.release(attempt)
    else:
        results.note_incident(attempt, by=person_of(request), text=told.get("text", "")[:4000])


@login_required
@require_safe
def sheet(request: HttpRequest, exam_id: UUID, format_: str) -> HttpResponseBase:
    """Every attempt as a file."""
    exam = held(request, exam_id)
    record("exam.read", exam, about=person_of(request))
    return _file(RESULTS, _result_rows(exam), name="results", format_=format_)


def _result_rows(exam: Exam) -> Iterator[list[Cell]]:
    for row in results_of(exam).iterator(chunk_size=1000):
        person = row.candidate.person
        yield [
            person.name, person.email, row.number, row.state, row.score, row.total, row.passed,
            words.say(row.level), row.started_at, row.sent_at,
        ]  # fmt: skip


def _file(header: Any, rows: Iterator[list[Cell]], *, name: str, format_: str) -> HttpResponseBase:
    if format_ == "csv":
        return streamed(csv_pieces(header, rows), f"{name}.csv")
    data = write(header, rows, format=format_)
    sent = {"Content-Disposition": f'attachment; filename="{name}.{format_}"'}
    return HttpResponse(data, content_type=CONTENT_TYPES[format_], headers=sent)


# --- what questions tell


@login_required
@require_safe
def analysis(request: HttpRequest, exam_id: UUID) -> HttpResponse:
    """How hard questions were, how well they tell candidates apart, who was drawn to which choice."""
    exam = held(request, exam_id)
    told = analysis_of(exam)
    rows = sorted(((told.versions[one.question], one) for one in told.whole.questions), key=lambda row: row[0].number)
    rows.sort(key=lambda row: row[0].question.key)
    seen = {**frame_of(exam, "analysis"), "whole": told.whole, "rows": rows[:LISTED]}
    return render(request, "assessments/analysis.html", seen)


@login_required
@require_safe
def analysis_sheet(request: HttpRequest, exam_id: UUID, format_: str) -> HttpResponseBase:
    """The figures as a file, a row for each choice of a question."""
    exam = held(request, exam_id)
    record("exam.read", exam, about=person_of(request))
    return _file(ANALYSIS, _analysis_rows(exam), name="analysis", format_=format_)


def _analysis_rows(exam: Exam) -> Iterator[list[Cell]]:
    told = analysis_of(exam)
    for one in told.whole.questions:
        version = told.versions[one.question]
        head: list[Cell] = [version.question.key, version.number, version.question.topic, one.n, one.difficulty,
                            one.upper_lower, one.point_biserial]  # fmt: skip
        if not one.distractors:
            yield [*head, None, None, None, None, None]
        for choice in one.distractors:
            yield [*head, choice.place + 1, choice.chosen, choice.upper, choice.lower, choice.mean_elsewhere]


# --- questions that are called wrong


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appeals(request: HttpRequest, exam_id: UUID) -> HttpResponse:
    """What candidates hold against questions, and proposals to mark them again."""
    exam, person = held(request, exam_id), person_of(request)
    refused = None
    if request.method == "POST":
        try:
            return _answered(request, exam, by=person)
        except Refused as wrong:
            refused = wrong
    seen = {
        **frame_of(exam, "appeals"), "appeals": appeals_of(exam)[:LISTED], "versions": used_in(exam)[:1000],
        "remedies": labels.REMEDIES, "refused": refused,
        "remarkings": exam.remarkings.select_related("version__question", "by").order_by("-pk")[:50],
    }  # fmt: skip
    return render(request, "assessments/appeals.html", seen, status=refused.status if refused else 200)


def _answered(request: HttpRequest, exam: Exam, *, by: Person) -> HttpResponse:
    told = request.POST
    if "appeal" in told:
        rows = Appeal.objects.select_related("asked__attempt__exam", "asked__attempt__candidate")
        found = rows.filter(asked__attempt__exam=exam, pk=id_from(told["appeal"])).first()
        if found is None:
            raise Missing("exam.missing", NO_EXAM)
        remarking.answer_appeal(found, upheld="uphold" in told, answer=told.get("answer", "")[:4000], by=by)
        return redirect("exam-appeals", exam.pk)
    rows_ = Version.objects.select_related("question__current")
    version = rows_.filter(question__bank=exam.bank_id, pk=id_from(told.get("version"))).first()
    if version is None or told.get("remedy") not in Remedy.values:
        raise Flawed("remarking.question", NO_BANK)
    remedy, reason = Remedy(told["remedy"]), told.get("reason", "")[:4000]
    return redirect("exam-remarking", remarking.propose(exam, version, remedy=remedy, reason=reason, by=by).pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remark(request: HttpRequest, remarking_id: UUID) -> HttpResponse:
    """A proposal with every result that it would change; apply it, or discard it."""
    rows = Remarking.objects.select_related(
        "exam__bank__organisation", "exam__paper", "version__question", "correction"
    )
    found = rows.filter(pk=remarking_id).first()
    if found is None or not rules.may_keep(person_of(request), found.exam.bank):
        raise Missing("exam.missing", NO_EXAM)
    if request.method == "POST":
        if "apply" in request.POST:
            n = len(remarking.apply(found))
            said = ngettext("%(n)d result changed.", "%(n)d results changed.", n)
            messages.success(request, said % {"n": n})
        else:
            remarking.discard(found)
        return redirect("exam-appeals", found.exam_id)
    changed = changes(found) if found.state == "proposed" else []
    seen = {**frame_of(found.exam, "appeals"), "remarking": found, "n": len(changed), "changed": changed[:LISTED]}
    return render(request, "assessments/remarking.html", seen)


def held(request: HttpRequest, exam_id: UUID) -> Exam:
    """The exam, for its examiners. Raises Missing."""
    found = Exam.objects.select_related("bank__organisation", "paper").filter(pk=exam_id).first()
    if found is None or not rules.may_keep(person_of(request), found.bank):
        raise Missing("exam.missing", NO_EXAM)
    return found


def frame_of(exam: Exam, tab: str) -> dict[str, Any]:
    """What the frame of an exam's pages shows."""
    return {"exam": exam, "bank": exam.bank, "tab": tab, "may_open": exam.state != ExamState.OPEN}
