"""In which cohort of which course the people of a learn stage learn."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.blueprint.model import LearnDo
from dure.core.errors import Missing
from dure.joints.models import StageCohort
from dure.joints.stages.courses import bind_cohort, cohorts_to_bind
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Programme
from dure.site.desk.people import GONE
from dure.site.desk.stage import NO_STAGE
from dure.site.visitors import desk_for, id_from, person_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """What is bound, and a form that binds a cohort."""
    programme, person = desk_for(request, slug), person_of(request)
    found = next((one for one in blueprint_of(programme).stages if one.id == stage), None)
    if found is None or not isinstance(found.do, LearnDo):
        raise Missing("stage.missing", NO_STAGE)
    if request.method == "POST":
        _bind(request, programme, stage, person)
        messages.success(request, gettext("People of this stage learn in this cohort from now on."))
        return redirect("desk-course", slug, stage)
    bound = StageCohort.objects.filter(programme=programme, stage=stage).select_related("cohort__course", "bound_by")
    seen = {
        "programme": programme,
        "blueprint": blueprint_of(programme),
        "tab": "stages",
        "stage": found,
        "options": options_at(programme, stage),
        "bound": bound.first(),
        "cohorts": cohorts_to_bind(person),
    }
    return render(request, "desk/course.html", seen)


def _bind(request: HttpRequest, programme: Programme, stage: str, person: Person) -> None:
    asked = id_from(request.POST.get("cohort", ""))
    cohort = cohorts_to_bind(person).filter(pk=asked).first() if asked else None
    if cohort is None:
        raise Missing("cohort.missing", GONE)
    bind_cohort(programme, stage, cohort=cohort, by=person)
