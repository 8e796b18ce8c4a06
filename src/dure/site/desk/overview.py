"""The desk's first pages: my programmes, one programme's funnel and what to do next, its steps of life."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dure.blueprint.model import Ability
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import (
    PROGRAMME_MOVES,
    GivenState,
    Programme,
    ProgrammeState,
    ProvidedState,
    Seat,
    Settlement,
    SettlementState,
    Turn,
)
from dure.programmes.operations.publishing import close, open_programme, preview_step, publish, run
from dure.programmes.operations.ticking import due_stages
from dure.site.timeline import Step, steps_of
from dure.site.visitors import desk_for, person_of

SHOWN = 200


@dataclass(frozen=True)
class Life:
    """A step of a programme's life as a button."""

    operation: Callable[[Programme], Programme]
    state: ProgrammeState
    label: Promise
    done: Promise


LIVES: dict[str, Life] = {
    "publish": Life(publish, ProgrammeState.PUBLISHED, _("Announce"), _("The programme is announced.")),
    "open": Life(open_programme, ProgrammeState.OPEN, _("Take entries"), _("The programme takes entries.")),
    "run": Life(run, ProgrammeState.RUNNING, _("Stop taking entries"), _("No more entries are taken.")),
    "close": Life(close, ProgrammeState.CLOSED, _("End the programme"), _("The programme has ended.")),
}


@dataclass(frozen=True)
class Funnel:
    """How many stand where at one stage; ``per_cent`` of the largest stage, for its bar."""

    step: Step
    counts: Counter[str]
    largest: int
    due: bool
    confirmed: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values()) - self.counts["waiting"]

    @property
    def handed_in(self) -> int:
        return self.counts["handed-in"]


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The programmes that the visitor operates."""
    found = list(operated_by(person_of(request)).annotate(entered=Count("cases")).order_by("-pk")[:SHOWN])
    return render(request, "desk/index.html", {"programmes": found})


def operated_by(person: Person) -> "QuerySet[Programme]":
    """Programmes at whose desk somebody sits."""
    if rules.is_operator(person):
        return Programme.objects.all()
    seats = Seat.objects.filter(person=person, ended_at__isnull=True).select_related("programme")
    seated = [seat.programme_id for seat in seats if _operates(seat)]
    return Programme.objects.filter(Q(made_by=person) | Q(pk__in=seated))


def _operates(seat: Seat) -> bool:
    role = blueprint_of(seat.programme).roles.get(seat.role)
    return role is not None and Ability.OPERATE in role.can


@login_required
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """One programme: how many stand where, and what to do next."""
    programme = desk_for(request, slug)
    due = programme.gives.filter(state=GivenState.DUE).count()
    seen = {
        "programme": programme,
        "blueprint": blueprint_of(programme),
        "funnels": funnels_of(programme),
        "entered": programme.cases.count(),
        "due_gives": due,
        "due_provided": programme.provided.filter(state=ProvidedState.DUE).count(),
        "lives": [(name, life.label) for name, life in LIVES.items() if _may_become(programme, life.state)],
    }
    return render(request, "desk/show.html", seen)


def funnels_of(programme: Programme) -> list[Funnel]:
    """Every stage's numbers, in three queries."""
    rows = Turn.objects.filter(programme=programme).values_list("stage", "state").annotate(n=Count("pk"))
    counts: dict[str, Counter[str]] = {}
    for stage, state, n in rows:
        counts.setdefault(stage, Counter())[state] = n
    over = set(due_stages([programme]).get(programme.slug, ()))
    confirmed = Settlement.objects.filter(programme=programme, state=SettlementState.CONFIRMED)
    held = set(confirmed.values_list("stage", flat=True))
    largest = max((sum(c.values()) for c in counts.values()), default=0)
    return [
        Funnel(step, counts.get(step.stage.id, Counter()), largest, step.stage.id in over, step.stage.id in held)
        for step in steps_of(programme)
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def life(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """What a step of the programme's life does, and then doing it."""
    programme = desk_for(request, slug)
    seen = preview_step(programme, step)
    chosen = LIVES[step]
    if request.method == "POST":
        chosen.operation(programme)
        messages.success(request, str(chosen.done))
        return redirect("desk", programme.slug)
    context = {"programme": programme, "preview": seen, "label": chosen.label, "final": step in {"publish", "close"}}
    return render(request, "desk/life.html", context)


def _may_become(programme: Programme, state: ProgrammeState) -> bool:
    return state in PROGRAMME_MOVES.get(ProgrammeState(programme.state), frozenset())
