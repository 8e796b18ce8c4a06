"""Whom a survey asks: people of a stage, a cohort, a series, or by their addresses."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from dure.assessments.models import Survey
from dure.assessments.operations.answering import ask
from dure.assessments.rules import may_keep_survey
from dure.calendar.rules import run_by
from dure.core.errors import Missing, Refused
from dure.core.text import Text
from dure.joints.stages.courses import cohorts_to_bind
from dure.joints.surveys import ask_cohort, ask_series, ask_stage
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, ProgrammeState
from dure.site import words
from dure.site.desk.overview import operated_by
from dure.site.drawing import drawn
from dure.site.surveys.answering import NO_SURVEY
from dure.site.templatetags.dure import options
from dure.site.visitors import id_from, person_of

LISTED = 100
MOST_ADDRESSES = 5_000
TOLD = ("slug", "title_ko", "title_en", "source", "bind", "windows")  # what a programme and its stages are called by
NOBODY = Text(ko="가입한 사람이 아닙니다: {email}", en="Nobody is registered as {email}")
CHOOSE = Text(ko="누구에게 물을지 고르세요.", en="Choose whom to ask.")


@dataclass(frozen=True)
class Sources:
    """What somebody runs, each with what a form sends for it and its name: cohorts, series, and stages as options
    under their programmes."""

    stages: SafeString
    cohorts: list[tuple[str, str]]
    series: list[tuple[str, str]]


def sources_of(person: Person) -> Sources:
    running = operated_by(person).exclude(state=ProgrammeState.DRAFT).order_by("-pk").only(*TOLD)
    language = words.language()
    title = f"title_{language}"
    cohorts = cohorts_to_bind(person).values_list("pk", f"course__{title}", "name")
    return Sources(
        stages=SafeString("".join(_stages(programme, language) for programme in running[:LISTED])),
        cohorts=[(str(pk), f"{course} · {name}") for pk, course, name in cohorts[:LISTED]],
        series=[(str(pk), name) for pk, name in run_by(person).values_list("pk", title)[:LISTED]],
    )


def _stages(programme: Programme, language: str) -> SafeString:
    """Of a hundred programmes there are hundreds, and a template takes several times as long for each."""
    blueprint = blueprint_of(programme)
    told = ((f"{programme.slug}/{stage.id}", blueprint.word(stage.id)[language]) for stage in blueprint.stages)
    return drawn('<optgroup label="{}">{}</optgroup>', programme.title[language], options(told, ""))


@login_required
@require_POST
def add(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Ask more people; who is asked already stays as they are."""
    survey = Survey.objects.select_related("organisation").filter(pk=survey_id).first()
    if survey is None or not may_keep_survey(person_of(request), survey):
        raise Missing("survey.missing", NO_SURVEY)
    n = _asked(request, survey, person_of(request))
    told = ngettext("%(n)d person is asked now.", "%(n)d people are asked now.", n) % {"n": n}
    messages.success(request, told)
    return redirect("survey-desk", survey.pk)


def _asked(request: HttpRequest, survey: Survey, by: Person) -> int:
    chosen = request.POST
    if stage := chosen.get("stage"):
        slug, _slash, name = stage.partition("/")
        programme = Programme.objects.filter(slug=slug).first()
        if programme is None or name not in {one.id for one in blueprint_of(programme).stages}:
            raise Missing("survey.people", CHOOSE)
        return ask_stage(survey, programme, name, by=by, state=chosen.get("state", ""))
    if cohort := cohorts_to_bind(by).filter(pk=id_from(chosen.get("cohort"))).first():
        return ask_cohort(survey, cohort, by=by)
    if series := run_by(by).filter(pk=id_from(chosen.get("series"))).first():
        return ask_series(survey, series, by=by)
    if emails := chosen.get("emails", "").split()[:MOST_ADDRESSES]:
        return ask(survey, dict.fromkeys((_person(email) for email in emails), ""))
    raise Missing("survey.people", CHOOSE)


def _person(email: str) -> Person:
    found = Person.objects.filter(email=email.strip(",;").lower(), is_active=True).first()
    if found is None:
        raise Refused("survey.nobody", NOBODY.format(email=email), email=email)
    return found
