"""Which survey the people of a test stage answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.assessments.queries.surveys import turnout_of
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.stages.surveys import answers_survey, bind_survey, survey_at, surveys_to_bind
from dure.programmes.frozen import blueprint_of
from dure.site.desk.binding import chosen
from dure.site.desk.stage import NO_STAGE, stage_for
from dure.site.visitors import desk_for, person_of

GONE = Text(
    ko="연결할 수 있는 설문이 아닙니다. 목록에서 다시 고르세요.", en="This survey cannot be bound. Choose one again."
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """What is bound, and a form that binds a survey."""
    programme, person = desk_for(request, slug), person_of(request)
    found = stage_for(programme, stage)
    if not answers_survey(found):
        raise Missing("stage.missing", NO_STAGE)
    known = surveys_to_bind(person)
    if request.method == "POST":
        bind_survey(programme, stage, survey=chosen(request, "survey", known, gone=GONE), by=person)
        messages.success(request, gettext("People of this stage are asked this survey from now on."))
        return redirect("desk-survey", slug, stage)
    bound = survey_at(programme, stage)
    seen = {
        "programme": programme, "blueprint": blueprint_of(programme), "tab": "stages", "stage": found, "bound": bound,
        "turnout": turnout_of(bound.survey) if bound else None, "surveys": known,
    }  # fmt: skip
    return render(request, "desk/survey.html", seen)
