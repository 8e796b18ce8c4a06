"""Exams as candidates see them: what can be taken, the exam itself, its result."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.assessments import rules
from dure.assessments.content import Kind
from dure.assessments.files import PICTURES, SHELF
from dure.assessments.models import Asked, Attempt, AttemptState, Bank, Exam, Picture
from dure.assessments.operations.attempts import hand_in, save_answer, start
from dure.assessments.operations.remarking import appeal
from dure.assessments.queries.exams import asked_in, attempts_of, exams_for
from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.site import words
from dure.site.assessments.shown import shown
from dure.site.markdown import as_html
from dure.site.reading import number_from
from dure.site.visitors import id_from, person_of

PAGE = 20
NO_EXAM = Text(
    ko="찾으시는 시험이 없습니다. 내 시험 목록에서 확인하세요.",
    en="There is no such exam. Look in the list of your exams.",
)


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What one may take or has taken."""
    person = person_of(request)
    page: Page[Exam] = Paginator(exams_for(person), PAGE).get_page(request.GET.get("page"))
    latest: dict[UUID, Attempt] = {}
    rows = Attempt.objects.filter(exam__in=list(page), candidate__person=person).order_by("number")
    for attempt in rows.select_related("exam"):
        latest[attempt.exam_id] = attempt
    told = [(exam, latest.get(exam.pk)) for exam in page]
    return render(
        request, "assessments/mine.html", {"page": page, "told": told, "keeps": rules.kept_by(person).exists()}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, exam_id: UUID) -> HttpResponse:
    """An exam's rules and one's attempts; begin, or go on."""
    exam, person = exam_for(request, exam_id), person_of(request)
    refused = None
    if request.method == "POST":
        try:
            return redirect("attempt", start(exam, person=person).pk)
        except Refused as wrong:
            refused = wrong
    attempts = list(attempts_of(exam, person))
    candidate = exam.candidates.filter(person=person).first()
    seen = {
        "exam": exam, "attempts": attempts, "candidate": candidate, "refused": refused,
        "about": as_html(words.say(exam.about), files=""), "lines": exam.paper.lines.all(),
        "running": next((one for one in attempts if one.state == AttemptState.RUNNING), None),
        "left": exam.most_attempts - (candidate.taken if candidate else 0),
        "keeps": rules.may_keep(person, exam.bank), "admitted": candidate is not None or exam.for_all,
        "minutes": exam.minutes + (candidate.extra_minutes if candidate else 0), "now": clock.now(),
    }  # fmt: skip
    return render(request, "assessments/exam.html", seen, status=refused.status if refused else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """The exam itself. Its script saves each answer by itself; without it, the form saves them all."""
    row = attempt_for(request, attempt_id)
    if row.state != AttemptState.RUNNING or not row.takes_answers:
        return redirect("exam-result", row.pk)
    refused: list[tuple[int, Refused]] = []
    if request.method == "POST":
        refused = list(_save_all(request, row))
        if not refused:
            messages.success(request, gettext("Saved."))
            return redirect("attempt-send" if "send" in request.POST else "attempt", row.pk)
    seen = {
        "attempt": row, "exam": row.exam, "left": _seconds_left(row), "refused": refused,
        "questions": [shown(one, row.exam.bank) for one in asked_in(row)],
    }  # fmt: skip
    return render(request, "assessments/attempt.html", seen, status=409 if refused else 200)


def _save_all(request: HttpRequest, row: Attempt) -> Iterator[tuple[int, Refused]]:
    """Save what the form says otherwise than what is kept; what was refused, by place."""
    for one in asked_in(row):
        given = _given(request, one)
        if given != one.shown_answer:
            try:
                saves = number_from(request.POST.get(f"s{one.place}")) or 0
                save_answer(row.pk, place=one.place, answer=given, saves=saves, nonce="")
            except Refused as refused:
                yield one.place, refused


def _given(request: HttpRequest, one: Asked) -> Any:
    """The answer in a form's fields; an order is told by a number at each choice."""
    name, content = f"q{one.place}", one.version.read
    if content.kind is Kind.ORDERING:
        put = {at: request.POST.get(f"{name}-{at}", "") for at in range(len(one.order))}
        known = sorted(put.values()) == sorted(str(at + 1) for at in put)
        return sorted(put, key=lambda at: int(put[at])) if known else one.shown_answer
    if content.kind.has_choices:
        return sorted(int(at) for at in request.POST.getlist(name) if at.isdecimal()) or None
    return request.POST.get(name, "").replace("\r\n", "\n") or None


@login_required
@require_POST
def answer(request: HttpRequest, attempt_id: UUID, place: int) -> JsonResponse:
    """One answer, as the page's script sends it: the receipt, or why it was refused and what is kept."""
    row = attempt_for(request, attempt_id)
    told = request.POST
    try:
        saved = save_answer(
            row.pk, place=place, answer=_json(told.get("answer", "")), saves=number_from(told.get("saves")) or 0,
            nonce=told.get("nonce", "")[:40],
        )  # fmt: skip
    except Refused as refused:
        facts = {name: refused.facts.get(name) for name in ("saves", "answer")}
        body = {"code": refused.code, "text": words.say(refused.text), **facts}
        return JsonResponse(body, status=refused.status)
    return JsonResponse({"saves": saved.saves, "left": _seconds_left(row)})


def _json(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        raise Flawed("answer.shape", NO_EXAM) from None


@login_required
@require_safe
def time_left(request: HttpRequest, attempt_id: UUID) -> JsonResponse:
    """How much time there is: an examiner may give more, or end it."""
    row = attempt_for(request, attempt_id)
    return JsonResponse({"left": _seconds_left(row), "running": row.takes_answers})


def _seconds_left(row: Attempt) -> int:
    return max(0, int((row.deadline - clock.now()).total_seconds()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Hand in, after a look at what is left open."""
    row = attempt_for(request, attempt_id)
    if request.method == "POST":
        hand_in(row)
        return redirect("exam-result", row.pk)
    if not row.takes_answers:
        return redirect("exam-result", row.pk)
    asked = list(row.asked.values_list("place", "answer"))
    unanswered = [place for place, kept in asked if kept is None]
    seen = {"attempt": row, "exam": row.exam, "n": len(asked), "unanswered": unanswered}
    return render(request, "assessments/attempt_send.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """What came of it, as far as the exam shows; a question that seems wrong is appealed against here."""
    row = attempt_for(request, attempt_id)
    if row.takes_answers:
        return redirect("attempt", row.pk)
    if request.method == "POST":
        asked = asked_in(row).filter(pk=id_from(request.POST.get("asked"))).first()
        if asked is None:
            raise Missing("exam.missing", NO_EXAM)
        appeal(asked, text=request.POST.get("text", "")[:4000])
        messages.success(request, gettext("Your appeal was sent."))
        return redirect("exam-result", row.pk)
    marks = rules.sees_marks(row)
    seen = {
        "attempt": row, "exam": row.exam, "marks": marks, "answers": rules.sees_answers(row),
        "is_released": row.state == AttemptState.RELEASED,
        "answered": row.asked.filter(answer__isnull=False).count(), "n": row.asked.count(),
        "questions": [shown(one, row.exam.bank) for one in asked_in(row)] if marks else [],
    }  # fmt: skip
    return render(request, "assessments/result.html", seen)


@login_required
@require_safe
def picture(request: HttpRequest, bank_id: UUID, name: str) -> HttpResponseBase:
    """A picture of a question, for its examiners and for those who are or were asked."""
    found = Picture.objects.select_related("bank__organisation").filter(bank=bank_id, name=name).first()
    if found is None or not _sees_pictures(request, found.bank):
        raise Missing("exam.missing", NO_EXAM)
    kind = PICTURES[name.rpartition(".")[2].lower()]
    return FileResponse(SHELF.path_of(found.sha256).open("rb"), content_type=kind)


def _sees_pictures(request: HttpRequest, bank: Bank) -> bool:
    person = person_of(request)
    sat = Attempt.objects.filter(exam__bank=bank, candidate__person=person)
    return sat.exists() or rules.may_keep(person, bank)


# --- who may


def exam_for(request: HttpRequest, exam_id: UUID) -> Exam:
    """The exam, for those who may see it. Raises Missing."""
    found = Exam.objects.select_related("bank__organisation", "paper").filter(pk=exam_id).first()
    if found is None or not rules.may_see_exam(person_of(request), found):
        raise Missing("exam.missing", NO_EXAM)
    return found


def attempt_for(request: HttpRequest, attempt_id: UUID) -> Attempt:
    """One's own attempt. Raises Missing."""
    rows = Attempt.objects.select_related("exam__bank__organisation", "exam__paper", "candidate")
    found = rows.filter(pk=attempt_id).first()
    if found is None or not rules.may_sit(person_of(request), found):
        raise Missing("exam.missing", NO_EXAM)
    return found
