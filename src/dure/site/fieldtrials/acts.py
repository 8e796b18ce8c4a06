"""What is done with a field trial: planned, started, paused, stopped, shared, counted, judged."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from dure.challenges.models import Adoption, FieldTrial
from dure.challenges.operations.fieldtrials import (
    check_source,
    discard_field_trial,
    draft_field_trial,
    judge_field_trial,
    pause_field_trial,
    resume_field_trial,
    share_field_trial,
    start_field_trial,
    stop_field_trial,
)
from dure.joints.fieldtrials import count_at
from dure.joints.running import let_organise
from dure.site.desk.rounds.framed import framed, round_for
from dure.site.fieldtrials.door import Visit, owned_by, run_by
from dure.site.fieldtrials.forms import CountsForm, JudgeForm, PlanForm
from dure.site.fieldtrials.pages import page
from dure.site.visitors import person_of


def _share(trial: FieldTrial) -> FieldTrial:
    return share_field_trial(trial, shared=True)


def _unshare(trial: FieldTrial) -> FieldTrial:
    return share_field_trial(trial, shared=False)


def _start(trial: FieldTrial) -> FieldTrial:
    check_source(trial)
    return start_field_trial(trial)


ACTS: dict[str, tuple[Callable[[FieldTrial], FieldTrial], Promise]] = {
    "start": (_start, _("It is started, and the service's owner is told.")),
    "pause": (pause_field_trial, _("It is paused. Nothing more is asked until you resume it.")),
    "resume": (resume_field_trial, _("It goes on where it stood.")),
    "share": (_share, _("Those whose model it is may read the summary now.")),
    "unshare": (_unshare, _("Only you and the service's owner see it now.")),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """A plan; nothing is asked before it is started."""
    round_, person = round_for(request, round_id), person_of(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PlanForm(round_, person, *sent)
    made: list[FieldTrial] = []
    if request.method == "POST":
        let_organise(person, round_)
        if form.submit(lambda _said: made.append(draft_field_trial(round_, form.plan(), by=person))):
            messages.success(request, gettext("The field trial is planned. Look it over, then start it."))
            return redirect("field-trial", round_id, made[0].pk)
    seen = {**framed(request, round_, "field"), "form": form}
    return render(request, "fieldtrials/new.html", seen, status=422 if form.errors else 200)


@login_required
@require_POST
def act(request: HttpRequest, round_id: UUID, field_id: UUID, what: str) -> HttpResponse:
    """Start, pause, resume, let the entrant read it or no more."""
    operation, said = ACTS[what]
    operation(run_by(request, round_id, field_id))
    messages.success(request, str(said))
    return redirect("field-trial", round_id, field_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, round_id: UUID, field_id: UUID, what: str) -> HttpResponse:
    """What stopping it, or discarding a draft, means; then doing it."""
    trial = run_by(request, round_id, field_id)
    if request.method != "POST":
        seen = {**framed(request, trial.round, "field"), "trial": trial, "what": what}
        return render(request, "fieldtrials/end.html", seen)
    if what == "discard":
        discard_field_trial(trial)
        messages.success(request, gettext("The plan is discarded."))
        return redirect("field-trials", round_id)
    stop_field_trial(trial)
    messages.success(request, gettext("It is stopped, and the service's owner is asked what becomes of the model."))
    return redirect("field-trial", round_id, field_id)


@login_required
@require_POST
def judge(request: HttpRequest, round_id: UUID, field_id: UUID) -> HttpResponse:
    """The owner's word."""
    trial, form = owned_by(request, round_id, field_id), JudgeForm(request.POST)
    if form.submit(lambda said: judge_field_trial(trial, Adoption(said["adoption"]), because=said["because"])):
        messages.success(request, gettext("Your word is recorded. The comparison is evidence from now on."))
        return redirect("field-trial", round_id, field_id)
    return page(request, Visit(person_of(request), trial.round, False, trial, owns=True), judging=form)


@login_required
@require_POST
def counts(request: HttpRequest, round_id: UUID, field_id: UUID) -> HttpResponse:
    """Which later stage takes the result."""
    trial = run_by(request, round_id, field_id)
    form = CountsForm(trial.round, request.POST)
    if form.submit(lambda said: count_at(trial, said["stage"])):
        messages.success(request, gettext("Saved."))
        return redirect("field-trial", round_id, field_id)
    return page(request, Visit(person_of(request), trial.round, True, trial), counting=form)
