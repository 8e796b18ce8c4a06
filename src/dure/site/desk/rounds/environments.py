"""Where a task's programs run: which packages are there, and running them elsewhere from now on."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.challenges.metrics import OWN
from dure.challenges.models import OPEN_PROPOSALS, Code, Proposal, Round, Submission, SubmissionState, Task
from dure.challenges.models.programs import PROGRAM
from dure.challenges.operations import set_environment
from dure.compute.queries import Offer, environment_called, environments, offer
from dure.core.errors import Missing
from dure.joints.running import let_organise
from dure.site.challenges.tasks import NO_TASK, place_of, task_for, title_of
from dure.site.desk.rounds.framed import framed, round_for
from dure.site.visitors import person_of


@dataclass(frozen=True)
class Running:
    """A task with the environment of its programs; ``runs``: there are programs to run."""

    task: Task
    title: str
    offer: Offer
    runs: bool


@dataclass(frozen=True)
class Difference:
    """A package that is not the same in both; empty: it is not there."""

    name: str
    before: str
    after: str


@login_required
@require_safe
def index(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Each task with its environment, and which others there are."""
    round_ = round_for(request, round_id)
    frame = framed(request, round_, "environments")
    running = [_running(task, title, round_) for task, title in frame["tasks"]]
    offers = [found for found in environments() if found.is_ready]
    return render(request, "desk/rounds/environments.html", {**frame, "running": running, "offers": offers})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, round_id: UUID, task_id: UUID) -> HttpResponse:
    """What is other in the environment ``to``, and what that means for verdicts so far. POST changes it."""
    round_, task = round_for(request, round_id), task_for(task_id)
    if task.round_id != round_.pk:
        raise Missing("task.missing", NO_TASK)
    sent = request.POST if request.method == "POST" else request.GET
    wanted = environment_called(sent.get("to", ""))
    if request.method == "POST":
        let_organise(person_of(request), round_)
        set_environment(task, wanted)
        messages.success(request, gettext("The task's programs run there from now on."))
        return redirect("round-environments", round_id)
    before, after = offer(task.environment), offer(wanted)
    judged = Submission.objects.filter(entrant__task=task, state=SubmissionState.SCORED)
    seen = {
        **framed(request, round_, "environments"), "task": task, "name": title_of(task), "before": before,
        "after": after, "differences": differences(before, after), "is_judged": judged.exists(),
        "place": place_of(task),
        "proposal": Proposal.objects.filter(task=task, state__in=OPEN_PROPOSALS).first(),
    }  # fmt: skip
    return render(request, "desk/rounds/environment.html", seen)


def differences(before: Offer, after: Offer) -> list[Difference]:
    """By name, without regard to its case."""
    names = sorted({*before.packages, *after.packages}, key=str.lower)
    found = [Difference(name, before.packages.get(name, ""), after.packages.get(name, "")) for name in names]
    return [one for one in found if one.before != one.after]


def _running(task: Task, title: str, round_: Round) -> Running:
    runs = round_.code != Code.NONE or task.metric in (OWN, PROGRAM)
    return Running(task, title, offer(task.environment), runs)
