"""Surveys as those see them who answer: what waits for them, what is promised, the questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.assessments.models import Survey
from dure.assessments.operations.answering import answer
from dure.assessments.queries.surveys import has_answered, surveys_for
from dure.assessments.rules import may_answer_survey, may_keep_survey, surveys_kept_by
from dure.assessments.surveying import STEPS, Question, Sort
from dure.core import clock
from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.joints.models import StageSurvey
from dure.people.models import Person
from dure.site import words
from dure.site.markdown import as_html
from dure.site.visitors import person_of

PAGE = 20
NO_SURVEY = Text(
    ko="찾으시는 설문이 없습니다. 내 설문 목록에서 확인하세요.",
    en="There is no such survey. Look in the list of your surveys.",
)


@dataclass(frozen=True)
class Put:
    """A question as it is put, with what was answered to it and what is wrong with that."""

    question: Question
    place: int
    steps: range
    given: list[str]
    wrong: str

    @property
    def written(self) -> str:
        return self.given[0] if self.given else ""


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The surveys that ask one, those that wait in front."""
    person = person_of(request)
    page: Page[Survey] = Paginator(surveys_for(person), PAGE).get_page(request.GET.get("page"))
    return render(request, "surveys/index.html", {"page": page, "keeps": surveys_kept_by(person).exists()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """What is promised and asked; once it is answered, that it was."""
    survey, person = _survey_for(request, survey_id), person_of(request)
    refused, given = None, dict[str, Any]()
    if request.method == "POST":
        given = _given(request, survey)
        try:
            answer(survey, person=person, answers=given)
        except Refused as wrong:
            refused = wrong
        else:
            messages.success(request, gettext("Thank you. Your answers were sent."))
            return redirect("survey", survey.pk)
    seen = {
        "survey": survey, "answered": has_answered(person, survey), "refused": refused, "now": clock.now(),
        "about": as_html(words.say(survey.about), files=""), "keeps": may_keep_survey(person, survey),
        "questions": _put(survey, given, refused), "passes_on": _passes_on(survey, person),
    }  # fmt: skip
    return render(request, "surveys/survey.html", seen, status=refused.status if refused else 200)


def _given(request: HttpRequest, survey: Survey) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for one in survey.asks:
        values = request.POST.getlist(f"q-{one.key}")
        told[one.key] = values if one.sort is Sort.MULTIPLE else next(iter(values), None)
    return told


def _put(survey: Survey, given: Mapping[str, Any], refused: Refused | None) -> list[Put]:
    errors = refused.facts.get("errors") if isinstance(refused, Flawed) else None
    told = errors if isinstance(errors, list) else []
    wrong = {error["key"]: words.say(Text.of(error["text"])) for error in told}
    return [
        Put(one, place, range(1, STEPS + 1), _listed(given.get(one.key)), wrong.get(one.key, ""))
        for place, one in enumerate(survey.asks, start=1)
    ]


def _listed(given: Any) -> list[str]:
    values = given if isinstance(given, list) else [given]
    return [str(value) for value in values if value not in (None, "")]


def _passes_on(survey: Survey, person: Person) -> bool:
    """Whether a stage of a programme, in which somebody is, is handed in by their answering."""
    there = {"programme__turns__turn_members__member__person": person}
    return StageSurvey.objects.filter(survey=survey, **there).exists()


def _survey_for(request: HttpRequest, survey_id: UUID) -> Survey:
    """The survey, for those who may answer it and those who look after it. Raises Missing."""
    found = Survey.objects.select_related("organisation").filter(pk=survey_id).first()
    person = person_of(request)
    if found is None or not (may_answer_survey(person, found) or may_keep_survey(person, found)):
        raise Missing("survey.missing", NO_SURVEY)
    return found
