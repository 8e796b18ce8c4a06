"""How one applies: the choices that must be made before a case exists. The form itself comes on the turn's page."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.core.errors import Missing
from dure.joints.stages.forms import asks_nothing, enter_at_once
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import LIVE, Programme
from dure.programmes.operations.entering import enter
from dure.site.entry import choices_for, entry_from
from dure.site.programmes.page import entries_of
from dure.site.programmes.pages import terms_of
from dure.site.timeline import Step, steps_of
from dure.site.visitors import NO_PROGRAMME, person_of, programme_for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The entry act."""
    programme = programme_for(request, slug)
    step = _step(programme, stage)
    person = person_of(request)
    if request.method == "POST":
        entry = entry_from(request, programme, step.stage)
        turn = enter_at_once(partial(enter, programme, stage, person=person, **entry), by=person)
        messages.success(request, gettext("You have entered. Here is what comes next."))
        return redirect("turn", turn.pk)
    asked = choices_for(programme, step.stage, person)
    open_ = programme.state in LIVE if step.stage.after else bool(entries_of(programme, [step]))
    at_once, waits = asks_nothing(step.stage), bool(step.stage.gate)
    seen = {
        "programme": programme, "step": step, "asked": asked, "open": open_, "at_once": at_once, "waits": waits,
        "terms_page": terms_of(programme),
    }  # fmt: skip
    return render(request, "programmes/apply.html", seen)


def _step(programme: Programme, stage: str) -> Step:
    for step in steps_of(programme, blueprint_of(programme), {}):
        if step.stage.id == stage:
            return step
    raise Missing("stage.missing", NO_PROGRAMME)
