"""A round before it opens: what it will be, how it scores what the platform hands in, and opening it."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.challenges.models import Task, TrialKind, TrialRun, TrialState
from dure.challenges.operations.submitting import COMMAND
from dure.challenges.operations.trials import clear_trials, try_task
from dure.challenges.queries.trials import stuck_trials
from dure.compute.box import Limits
from dure.programmes.models import ProgrammeState
from dure.programmes.operations.publishing import open_programme, publish
from dure.programmes.windows import dates_of
from dure.site.challenges.tasks import metric_of, title_of
from dure.site.desk.rounds.door import Place, round_at
from dure.site.visitors import id_from, person_of
from dure.site.watched import unless_seen

SHOWN = 30
OURS = (TrialKind.PERFECT, TrialKind.RANDOM, TrialKind.BROKEN)
KINDS = {
    TrialKind.PERFECT: _("Perfect: the labels themselves"),
    TrialKind.RANDOM: _("Random: drawn like the labels"),
    TrialKind.BROKEN: _("Broken: half of the rows"),
    TrialKind.OWN_FILE: _("A file of your own"),
    TrialKind.OWN_CODE: _("Code of your own"),
}
STATES = {
    TrialState.WAITING: _("Being judged"), TrialState.SCORED: _("Scored"), TrialState.REFUSED: _("Refused"),
    TrialState.FAILED: _("The scorer failed"),
}  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """What was tried and what came of it. POST tries a task with the platform's submissions, or with a file sent."""
    place = round_at(request, slug, stage)
    if request.method == "POST":
        _try(request, _task(request, place))
        return redirect("desk-trials", slug, stage)
    opens, closes = dates_of(place.programme, place.stage)
    seen = {
        **place.seen("trials"),
        "rules": [(task, title_of(task), metric_of(task), Limits(**task.limits)) for task in place.tasks],
        "opens": opens,
        "closes": closes,
        "command": COMMAND,
        "is_draft": place.programme.state == ProgrammeState.DRAFT,
        **_tried(place),
    }
    return render(request, "desk/rounds/trials.html", seen)


@login_required
@require_safe
def now(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The list alone, for a page that watches it."""
    place = round_at(request, slug, stage)
    tried = _tried(place)
    version = [(row["trial"].pk, row["state"]) for row in tried["rows"]]
    draw = {**place.seen("trials"), **tried}
    return unless_seen(request, version, lambda: render(request, "desk/rounds/trials_part.html", draw))


@login_required
@require_POST
def clear(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Forget all that was tried."""
    for task in round_at(request, slug, stage).tasks:
        clear_trials(task)
    messages.success(request, gettext("All trials are cleared."))
    return redirect("desk-trials", slug, stage)


@login_required
@require_POST
def open_(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Announce the programme and take entries."""
    programme = round_at(request, slug, stage).programme
    if programme.state == ProgrammeState.DRAFT:
        publish(programme)
        programme.refresh_from_db()
    open_programme(programme)
    messages.success(request, gettext("The round is announced. Entries are taken from now on."))
    return redirect("desk-round", slug, stage)


def _task(request: HttpRequest, place: Place) -> Task:
    wanted = id_from(request.POST.get("task"))
    return next((task for task in place.tasks if task.pk == wanted), place.tasks[0])


def _try(request: HttpRequest, task: Task) -> None:
    by, kind = person_of(request), request.POST.get("kind", "")
    if kind in (TrialKind.OWN_FILE, TrialKind.OWN_CODE):
        file = request.FILES.get("file")
        said = {"name": (file.name or "") if file else "", "command": request.POST.get("command", "").strip()}
        try_task(task, TrialKind(kind), by=by, upload=cast("Any", file), **said)
        return
    for ours in OURS:
        try_task(task, ours, by=by)


def _tried(place: Place) -> dict[str, Any]:
    """The latest trials, the newest first."""
    rows = list(TrialRun.objects.filter(task__in=place.tasks).order_by("-pk")[:SHOWN])
    stuck = stuck_trials(rows)
    tasks = {task.pk: (task, title_of(task)) for task in place.tasks}
    shown = [
        {
            "trial": trial,
            "kind": KINDS[TrialKind(trial.kind)],
            "state": _state(trial, stuck),
            "task": tasks[trial.task_id],
        }
        for trial in rows
    ]
    return {"rows": shown, "waits": any(row.state == TrialState.WAITING and row.pk not in stuck for row in rows)}


def _state(trial: TrialRun, stuck: set[UUID]) -> str:
    if trial.pk in stuck:
        return gettext("It could not be tried. Try it again.")
    return str(STATES[TrialState(trial.state)])
