"""Surveys as those hold them who look after an organisation: written, opened, sent, closed, held again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.assessments.models import Survey, SurveyState
from dure.assessments.operations.answering import remind
from dure.assessments.operations.surveys import (
    change_survey,
    close_survey,
    copy_survey,
    extend_survey,
    make_survey,
    open_survey,
)
from dure.assessments.queries.surveys import turnout_of, turnouts_of
from dure.assessments.rules import may_keep_survey, surveys_kept_by
from dure.assessments.sealing import is_here
from dure.assessments.surveying import Question, Sort
from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused, Unready
from dure.joints.models import StageSurvey
from dure.people.rules import looked_after_by
from dure.site import survey_words as labels
from dure.site import words
from dure.site.middleware import is_part
from dure.site.surveys.answering import NO_SURVEY
from dure.site.surveys.asking import sources_of
from dure.site.surveys.forms import ExtendForm, NewSurveyForm, QuestionForm, SurveyForm, WindowForm, initial_of
from dure.site.visitors import homes_of, person_of
from dure.store.worded import found

PAGE = 20


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The surveys of the organisations that one looks after, the newest first."""
    person = person_of(request)
    page: Page[Survey] = Paginator(surveys_kept_by(person), PAGE).get_page(request.GET.get("page"))
    turnouts = turnouts_of(list(page))
    told = [(survey, turnouts.get(str(survey.pk))) for survey in page]
    return render(request, "surveys/kept.html", {"page": page, "told": told, "holds": looked_after_by(person).exists()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    homes = homes_of(person)
    if not homes:
        raise Missing("survey.missing", NO_SURVEY)
    form = NewSurveyForm(homes, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            survey = make_survey(homes[told.pop("organisation")], by=person, **told)
            return redirect("survey-questions", survey.pk)
        except Flawed as flawed:
            form.add_error("closes_at", words.say(flawed.text))
    return render(request, "surveys/new.html", {"form": form})


@login_required
@require_safe
def show(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """How many of those asked have answered, and who else could be asked."""
    survey = kept_survey(request, survey_id)
    seen = {**frame_of(survey, "overview"), "turnout": turnout_of(survey)}
    if is_part(request):
        return render(request, "surveys/turnout.html", seen)
    seen |= {
        "sources": sources_of(person_of(request)), "standings": labels.STANDINGS,
        "stages": StageSurvey.objects.filter(survey=survey).select_related("programme"),
        "link": request.build_absolute_uri(f"/surveys/{survey.pk}/"),
    }  # fmt: skip
    return render(request, "surveys/desk.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """A draft's words and promise; of an open one its end alone."""
    survey = kept_survey(request, survey_id)
    form_of = SurveyForm if survey.state == SurveyState.DRAFT else ExtendForm
    told = request.POST if request.method == "POST" else None
    form = form_of(told, initial={name: getattr(survey, name) for name in form_of.base_fields})
    if request.method == "POST" and form.is_valid():
        change = change_survey if survey.state == SurveyState.DRAFT else extend_survey
        try:
            change(survey, **form.cleaned_data)
        except Refused as refused:
            form.add_error("closes_at", words.say(refused.text))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("survey-settings", survey.pk)
    return render(request, "surveys/settings.html", {**frame_of(survey, "settings"), "form": form})


# --- questions


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """What is asked, in order; of a draft moved and taken out here."""
    survey = kept_survey(request, survey_id)
    if request.method == "POST":
        change_survey(survey, questions=_moved(survey.asks, request.POST.get("key", ""), request.POST.get("act", "")))
        return redirect("survey-questions", survey.pk)
    seen = {**frame_of(survey, "questions"), "questions": survey.asks, "sorts": labels.SORTS}
    return render(request, "surveys/questions.html", seen)


def _moved(asked: Sequence[Question], key: str, act: str) -> list[Question]:
    """``act`` is up, down or out."""
    rows = list(asked)
    at = next((place for place, one in enumerate(rows) if one.key == key), None)
    if at is None:
        return rows
    one = rows.pop(at)
    if act != "out":
        rows.insert(max(0, at + (1 if act == "down" else -1)), one)
    return rows


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: HttpRequest, survey_id: UUID, sort: str) -> HttpResponse:
    """One more question, at the end."""
    survey = kept_survey(request, survey_id)
    if sort not in set(Sort):
        raise Missing("survey.missing", NO_SURVEY)
    return _write(request, survey, QuestionForm(Sort(sort), request.POST or None), survey.asks, _fresh(survey.asks))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, survey_id: UUID, key: str) -> HttpResponse:
    survey = kept_survey(request, survey_id)
    asked = next((one for one in survey.asks if one.key == key), None)
    if asked is None:
        raise Missing("survey.missing", NO_SURVEY)
    return _write(request, survey, QuestionForm(asked.sort, request.POST or None, initial=initial_of(asked)),
                  survey.asks, key)  # fmt: skip


def _write(
    request: HttpRequest, survey: Survey, form: QuestionForm, asked: Sequence[Question], key: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        written = form.question(key)
        others = [written if one.key == key else one for one in asked]
        try:
            change_survey(survey, questions=others if written in others else [*others, written])
            return redirect("survey-questions", survey.pk)
        except Refused as refused:
            form.add_error(None, _flaws(refused))
    seen = {**frame_of(survey, "questions"), "form": form, "sort": form.sort.value}
    return render(request, "surveys/question.html", seen)


def _flaws(refused: Refused) -> list[str]:
    errors: Any = refused.facts.get("errors") or []
    return [error["text"][words.language()] for error in errors] or [words.say(refused.text)]


def _fresh(asked: Sequence[Question]) -> str:
    """A key that no question has: q1, q2 …"""
    taken = {one.key for one in asked}
    return next(f"q{number}" for number in range(1, len(taken) + 2) if f"q{number}" not in taken)


# --- its way


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Opened after a look at what stands from then on."""
    survey = kept_survey(request, survey_id)
    refused = None
    if request.method == "POST":
        try:
            open_survey(survey)
        except Refused as wrong:
            refused = wrong
        else:
            messages.success(request, gettext("The survey is open."))
            return redirect("survey-desk", survey.pk)
    seen = {**frame_of(survey, "overview"), "refused": refused, "turnout": turnout_of(survey)}
    return render(request, "surveys/open.html", seen, status=refused.status if refused else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Closed after a look at what will be counted; without answers only where the key is lost."""
    survey = kept_survey(request, survey_id)
    is_lost = survey.is_anonymous and survey.state == SurveyState.OPEN and not is_here(survey.public_key)
    refused = None
    if request.method == "POST":
        try:
            close_survey(survey, without_answers="without" in request.POST)
        except (Refused, Unready) as wrong:
            refused = wrong
        else:
            messages.success(request, gettext("The survey is closed."))
            return redirect("survey-results", survey.pk)
    seen = {**frame_of(survey, "overview"), "refused": refused, "turnout": turnout_of(survey), "is_lost": is_lost}
    return render(request, "surveys/close.html", seen, status=refused.status if refused else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """The next edition, with the same questions under the same keys."""
    survey = kept_survey(request, survey_id)
    form = WindowForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            again = copy_survey(survey, by=person_of(request), **form.cleaned_data)
            return redirect("survey-questions", again.pk)
        except Flawed as flawed:
            form.add_error("closes_at", words.say(flawed.text))
    return render(request, "surveys/copy.html", {**frame_of(survey, "overview"), "form": form})


@login_required
@require_POST
def write_again(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Remind those who have not answered."""
    remind(kept_survey(request, survey_id))
    messages.success(request, gettext("Those who have not answered are being written to."))
    return redirect("survey-desk", survey_id)


# --- who may


def frame_of(survey: Survey, tab: str) -> dict[str, Any]:
    """What the frame of a survey's pages shows."""
    return {
        "survey": survey, "tab": tab, "is_draft": survey.state == SurveyState.DRAFT,
        "is_open": survey.state == SurveyState.OPEN, "is_over": survey.closes_at <= clock.now(),
    }  # fmt: skip


def kept_survey(request: HttpRequest, survey_id: UUID) -> Survey:
    """The survey, for those who look after it. Raises Missing."""
    survey = next(iter(found(_survey, survey_id)), None)
    if survey is None or not may_keep_survey(person_of(request), survey):
        raise Missing("survey.missing", NO_SURVEY)
    return survey


def _survey(survey: UUID) -> "QuerySet[Survey]":
    return Survey.objects.select_related("organisation", "previous").filter(pk=survey)
