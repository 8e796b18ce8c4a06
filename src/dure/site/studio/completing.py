"""What is still open in a draft programme, filled in at its desk: who stands for each party, dates and values."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.blueprint.binds import blanks
from dure.blueprint.document import Flaws
from dure.programmes.models import Programme, ProgrammeState
from dure.programmes.operations.publishing import complete
from dure.site import words
from dure.site.studio import planning
from dure.site.studio.origins import from_itself
from dure.site.studio.planning import Plan
from dure.site.visitors import desk_for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The fields as they stand; POST keeps them all or none. Once announced, the dates' page says what holds."""
    programme = desk_for(request, slug)
    if programme.state != ProgrammeState.DRAFT:
        return redirect("desk-dates", slug)
    plan = _plan(request, programme)
    wrong = _kept(programme, plan) if request.method == "POST" else []
    if request.method == "POST" and not wrong:
        messages.success(request, gettext("Saved."))
        return redirect("desk-parties", slug)
    seen = {
        "programme": programme, "tab": "dates", "wrong": wrong, "lacking": plan.lacking(),
        "parties": planning.party_fields(plan), "organisations": planning.known_organisations(),
        "dates": planning.date_fields(plan, all_dates=False), "values": planning.value_fields(plan),
    }  # fmt: skip
    return render(request, "studio/complete.html", seen, status=422 if wrong else 200)


def _plan(request: HttpRequest, programme: Programme) -> Plan:
    origin = from_itself(programme)
    if request.method == "POST":
        return Plan(origin, dict(request.POST.lists()))
    dates = {f"date.{dated.name}": [text] for dated, text in origin.dates()}
    return Plan(origin, {**planning.values_of(origin), **dates})


def _kept(programme: Programme, plan: Plan) -> list[str]:
    """Keep what was filled in; where it cannot stand, why not."""
    wrong = [words.say(text) for text in plan.misfits()]
    if wrong:
        return wrong
    open_ = {blank.name for blank in blanks(plan.blueprint) if blank.thing != "party"}
    bind = {name: plan.bind().get(name) for name in open_}
    try:
        complete(programme, parties=plan.organisations(), bind=bind)
    except Flaws as found:
        return [words.say(flaw.text) for flaw in found.flaws]
    return []
