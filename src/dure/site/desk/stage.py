"""The stages at the desk: how each stands, and of one its rules, its turns, its reviewers and its end."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.blueprint.model import DecideStep, ExternalStep, PanelStep, Stage
from dure.blueprint.reasons import gate_text
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.awaited import Awaited, awaited_in, reviewers_at
from dure.joints.gates.panel import assign_all
from dure.joints.models import Review, RoundTask
from dure.joints.stages.exams import sits_exams
from dure.joints.stages.interviews import holds_interviews
from dure.joints.stages.surveys import answers_survey
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, TurnState
from dure.programmes.operations.settling import standing_settlement
from dure.programmes.operations.ticking import close_stage
from dure.programmes.queries.health import Health, handed_in, health_of, late_at, states_at
from dure.programmes.windows import dates_of
from dure.site import words
from dure.site.visitors import desk_for, person_of

NO_STAGE = Text(
    ko="그런 단계가 없습니다. 운영 페이지에서 단계를 고르세요.",
    en="There is no such stage. Choose one on the desk.",
)


@dataclass(frozen=True)
class Line:
    """A stage and its dates, as lists of stages show them."""

    stage: Stage
    title: str
    opens: datetime | None
    closes: datetime | None

    @property
    def spell(self) -> str:
        return words.spell_of(self.stage)


def lines_of(programme: Programme) -> list[Line]:
    """The programme's stages in order."""
    blueprint = blueprint_of(programme)
    prefetch_related_objects([programme], "closings")
    return [Line(stage, words.word(blueprint, stage.id), *dates_of(programme, stage)) for stage in blueprint.stages]


@dataclass(frozen=True)
class Row:
    """One stage in the list of all."""

    step: Line
    health: Health
    late: int
    awaited: Awaited


@login_required
@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Every stage: who stands where, what is late, what is awaited, when it ends."""
    programme = desk_for(request, slug)
    health, late = health_of(programme), late_at(programme)
    awaited = awaited_in(programme, handed_in(health))
    rows = [
        Row(line, health[line.stage.id], late[line.stage.id], awaited[line.stage.id]) for line in lines_of(programme)
    ]
    seen = {"programme": programme, "blueprint": blueprint_of(programme), "tab": "stages", "rows": rows}
    return render(request, "desk/stages.html", seen)


@login_required
@require_safe
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """One stage: its rules, who stands where, its panels and reviewers, and how it ends."""
    programme = desk_for(request, slug)
    written = stage_for(programme, stage)
    states = states_at(programme, stage)
    seen = {
        **head_of(programme, written),
        "states": [(name, states[name]) for name in TurnState.values],
        "panels": _panels(programme, written),
        "reviewers": reviewers_at(programme, stage) if _has(written, PanelStep) else [],
        "decides": _has(written, DecideStep),
        "proves": _has(written, ExternalStep),
        "sits": sits_exams(written),
        "surveys": answers_survey(written),
        "interviews": holds_interviews(written),
        "has_tasks": RoundTask.objects.filter(programme=programme, stage=stage).exists(),
        "settlement": standing_settlement(programme, stage) if written.settles_as_set else None,
    }
    return render(request, "desk/stage.html", seen)


def stage_for(programme: Programme, stage: str) -> Stage:
    """The stage of that id. Raises Missing."""
    try:
        return blueprint_of(programme).stage(stage)
    except KeyError:
        raise Missing("stage.missing", NO_STAGE) from None


def head_of(programme: Programme, stage: Stage) -> dict[str, object]:
    """What every page about a stage shows above."""
    blueprint = blueprint_of(programme)
    opens, closes = dates_of(programme, stage)
    return {
        "programme": programme,
        "blueprint": blueprint,
        "tab": "stages",
        "stage": stage,
        "title": words.word(blueprint, stage.id),
        "rules": [words.say(text) for text in gate_text(blueprint, stage)],
        "opens": opens,
        "closes": closes,
        "spell": words.spell_of(stage),
    }


def _has(stage: Stage, sort: type[Any]) -> bool:
    return any(isinstance(step, sort) for step in stage.gate)


def _panels(programme: Programme, stage: Stage) -> list[tuple[int, PanelStep, Counter[str]]]:
    """Each panel of the gate: its step, its rules, and how many reviews stand how."""
    found = []
    for number, step in enumerate(stage.gate):
        if isinstance(step, PanelStep):
            reviews = Review.objects.filter(turn__programme=programme, turn__stage=stage.id, step=number)
            found.append((number, step, Counter(reviews.values_list("state", flat=True))))
    return found


@login_required
@require_POST
def seat_panel(request: HttpRequest, slug: str, stage: str, step: int) -> HttpResponse:
    """Fill every panel of the stage evenly, without conflicts."""
    programme = desk_for(request, slug)
    made = assign_all(programme, stage_for(programme, stage).id, step, by=person_of(request))
    said = ngettext("%(n)d review was assigned.", "%(n)d reviews were assigned.", len(made))
    messages.success(request, said % {"n": len(made)})
    return redirect("desk-stage", slug, stage)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """End a stage's window now, after saying what that means."""
    programme = desk_for(request, slug)
    written = stage_for(programme, stage)
    if request.method == "POST":
        close_stage(programme, stage, by=person_of(request))
        messages.success(request, gettext("The stage is closed."))
        return redirect("desk-stage", slug, stage)
    states = states_at(programme, stage)
    counts = {"handed_in": states[TurnState.HANDED_IN], "open": states[TurnState.OPEN] + states[TurnState.WAITING]}
    return render(request, "desk/close.html", {**head_of(programme, written), **counts})
