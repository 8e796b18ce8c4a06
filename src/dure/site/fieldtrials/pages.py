"""The field trials of a round, and one of them: how both sides stand, where they differ, what becomes of it."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dure.challenges.field.answers import measure_of
from dure.challenges.field.sources import host_of
from dure.challenges.models import FieldRequest, FieldState, FieldTrial
from dure.challenges.queries.fieldtrials import SHOWN, briefs_of, differing, total_of
from dure.joints.fieldtrials import stages_after
from dure.joints.models import FieldEvidence
from dure.site.challenges.tasks import title_of
from dure.site.fieldtrials import sides
from dure.site.fieldtrials.door import Visit, at_round, at_trial
from dure.site.fieldtrials.forms import CountsForm, JudgeForm
from dure.site.watched import unless_seen


@login_required
@require_safe
def index(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """All that the visitor may see, the newest first."""
    visit, trials = at_round(request, round_id)
    tasks = {trial.submission.entrant.task_id: trial.submission.entrant.task for trial in trials}
    titles = {key: title_of(task) for key, task in tasks.items()}
    rows = [(trial, titles[trial.submission.entrant.task_id], *state_of(trial)) for trial in trials]
    return render(request, "fieldtrials/index.html", {**visit.seen(request), "rows": rows})


@login_required
@require_safe
def show(request: HttpRequest, round_id: UUID, field_id: UUID) -> HttpResponse:
    """One of them, whole or as its entrant reads it."""
    visit = at_trial(request, round_id, field_id)
    return page(request, visit)


@login_required
@require_safe
def now(request: HttpRequest, round_id: UUID, field_id: UUID) -> HttpResponse:
    """The part that changes while it runs."""
    visit = at_trial(request, round_id, field_id)
    trial = _of(visit)
    version = [trial.state, trial.read, trial.cursor, trial.skip, trial.fault_en]
    draw = {**visit.seen(request), **compared(request, visit)}
    return unless_seen(request, version, lambda: render(request, "fieldtrials/part.html", draw))


def page(
    request: HttpRequest, visit: Visit, *, judging: JudgeForm | None = None, counting: CountsForm | None = None
) -> HttpResponse:
    """The whole page; with a form that was sent wrong it says so."""
    trial = _of(visit)
    stages = stages_after(visit.round) if visit.runs and not trial.adoption else []
    counts = FieldEvidence.objects.filter(trial=trial).first()
    may_judge = visit.owns and trial.is_over and not trial.adoption
    seen = {
        **visit.seen(request), **compared(request, visit),
        "host": host_of(trial.address), "answers_host": host_of(trial.answers_address),
        "judging": (judging or JudgeForm()) if may_judge else None,
        "counting": (counting or CountsForm(visit.round, initial={"stage": counts.stage if counts else ""})) if stages
        else None,
        "stage_word": CountsForm(visit.round).word(counts.stage) if counts and counts.stage else "",
        "task_title": title_of(trial.submission.entrant.task),
    }  # fmt: skip
    wrong = bool(judging and judging.errors) or bool(counting and counting.errors)
    return render(request, "fieldtrials/show.html", seen, status=422 if wrong else 200)


def compared(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """How both sides stand; where they differ only for who may see requests."""
    trial = _of(visit)
    tally, days = total_of(trial), briefs_of(trial)
    spans, is_weekly = sides.spans(days)
    state, tag = state_of(trial)
    examples, older = _examples(request, trial) if visit.sees_all else ([], None)
    return {
        "tally": tally, "state": state, "tag": tag, "ending": sides.ENDINGS.get(trial.ending, ""),
        "adoption": sides.ADOPTIONS.get(trial.adoption, ""), "failures": sides.percent(tally.failures),
        "causes": [(sides.CAUSES.get(cause, cause), many) for cause, many in Counter(tally.causes).most_common()],
        "lines": sides.lines(tally, numeric=measure_of(trial).numeric), "by_truth": bool(tally.judged),
        "quality": sides.pairs(spans, sides.quality), "slowness": sides.pairs(spans, sides.slowness),
        "is_weekly": is_weekly, "examples": examples, "older": older, "newest": "before" not in request.GET,
        "is_going": trial.state == FieldState.RUNNING,
    }  # fmt: skip


def _examples(request: HttpRequest, trial: FieldTrial) -> tuple[list[FieldRequest], int | None]:
    """Requests on which both differ, the newest first, and before which one the next page goes on."""
    before = request.GET.get("before", "")
    rows = differing(trial)
    found = list((rows.filter(pk__lt=int(before)) if before.isdecimal() and len(before) < 19 else rows)[: SHOWN + 1])
    return found[:SHOWN], found[SHOWN - 1].pk if len(found) > SHOWN else None


def state_of(trial: FieldTrial) -> tuple[str, str]:
    """The word for its state, and the tag that shows it."""
    return str(sides.STATES[trial.state]), sides.TAGS[FieldState(trial.state)]


def _of(visit: Visit) -> FieldTrial:
    if visit.trial is None:
        raise AssertionError("this page is about one trial")
    return visit.trial
