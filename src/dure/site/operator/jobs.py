"""Jobs: what waits, runs and failed, one with all that is known of it, and another try."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.audit.queries import history
from dure.core import clock
from dure.jobs.models import DELIVER, JOB_MOVES, Job, JobState, Message
from dure.jobs.operations import cancel, retry, retry_all
from dure.jobs.queries import failures, standing, why
from dure.jobs.registry import every_task
from dure.site import words
from dure.site.operator.door import operators
from dure.site.operator.events import events_of
from dure.site.operator.lists import newest
from dure.site.visitors import id_from


@operators
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """By state and task, the newest first; above them why jobs failed, cause by cause."""
    asked = {name: request.GET.get(name, "") for name in ("state", "task", "cause")}
    rows = Job.objects.defer("trace", "arguments")
    if asked["state"] in JobState.values:
        rows = rows.filter(state=asked["state"])
    if asked["task"]:
        rows = rows.filter(task=asked["task"])
    if asked["cause"]:
        rows = rows.filter(cause_code=asked["cause"])
    seen = {
        "tab": "jobs",
        "asked": asked,
        "states": words.JOB_STATES.items(),
        "tasks": sorted(every_task()),
        "listed": newest(rows, request.GET),
        "failures": failures(),
        "standing": standing(),
        "now": clock.now(),
    }
    return render(request, "operator/jobs.html", seen)


@operators
@require_safe
def show(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One job: where it is and why, what it was given, what happened to it."""
    job = get_object_or_404(Job, pk=job_id)
    recurring = job.task in every_task() and every_task()[job.task].every is not None
    seen = {
        "tab": "jobs",
        "job": job,
        "why": why(job),
        "recurring": recurring,
        "letter": _letter(job),
        "events": events_of(history(job)[:50]),
        "is_failed": job.state == JobState.FAILED,
        "may_give_up": JobState.CANCELLED in JOB_MOVES.get(JobState(job.state), ()) and not recurring,
    }
    return render(request, "operator/job.html", seen)


def _letter(job: Job) -> Message | None:
    """The letter that the job delivers."""
    if job.task != DELIVER:
        return None
    return Message.objects.defer("content", "text").filter(pk=id_from(job.arguments.get("message"))).first()


@operators
@require_POST
def again(request: HttpRequest, job_id: UUID) -> HttpResponse:
    retry(get_object_or_404(Job, pk=job_id))
    messages.success(request, gettext("The job is tried again."))
    return redirect("operator-job", job_id)


@operators
@require_POST
def all_again(request: HttpRequest) -> HttpResponse:
    """Every failed job of a task and cause, as many as one go takes."""
    fresh, stay = retry_all(task=request.POST.get("task", ""), cause_code=request.POST.get("cause", ""))
    messages.success(
        request, ngettext("%(n)d job is tried again.", "%(n)d jobs are tried again.", fresh) % {"n": fresh}
    )
    if stay:
        text = ngettext(
            "%(n)d job stays: the same work is waiting already.",
            "%(n)d jobs stay: the same work is waiting already.",
            stay,
        )
        messages.warning(request, text % {"n": stay})
    return redirect("operator-jobs")


@operators
@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """What giving a job up means, then giving it up."""
    job = get_object_or_404(Job, pk=job_id)
    if request.method == "POST":
        cancel(job)
        messages.success(request, gettext("The job is given up."))
        return redirect("operator-job", job_id)
    return render(request, "operator/give_up.html", {"tab": "jobs", "job": job})
