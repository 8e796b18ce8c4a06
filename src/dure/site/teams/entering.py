"""Entering a round by oneself, with a team."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.challenges.models import EntrantMember, TeamRule
from dure.challenges.operations import enter_team
from dure.core.errors import Missing
from dure.people.operations import form_team
from dure.people.queries import teams_of
from dure.site.challenges.tasks import NO_TASK, metric_of, task_for, title_of
from dure.site.teams.mine import led
from dure.site.visitors import id_from, person_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """With a team that one leads, or a new one."""
    person, task = person_of(request), task_for(task_id)
    rule = TeamRule.objects.filter(round=task.round).first()
    if rule is None:
        raise Missing("task.missing", NO_TASK)
    if request.method == "POST":
        name = request.POST.get("name", "").strip()
        team = form_team(name, captain=person) if name else led(request, id_from(request.POST.get("team")))
        enter_team(task, team)
        messages.success(request, gettext("Your team takes part."))
        return redirect("my-round", task.pk)
    own = EntrantMember.objects.filter(task=task, person=person).select_related("entrant__entrant_team").first()
    seen = {
        "task": task,
        "title": title_of(task),
        "metric": metric_of(task),
        "rule": rule,
        "own": getattr(own.entrant, "entrant_team", None) if own else None,
        "teams": teams_of(person).filter(captain=person),
    }
    return render(request, "teams/enter.html", seen)
