"""Programmes: the list, the page of one, its figures, and how one applies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.blueprint.expressions import measures_of
from dure.core import clock
from dure.core.errors import Missing
from dure.people.models import Organisation
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import LIVE, Programme, ProgrammeState
from dure.programmes.operations.entering import enter
from dure.programmes.queries.figures import LiveFigures
from dure.site import words
from dure.site.entry import choices_for, entry_from
from dure.site.timeline import Step, dates_of, steps_of
from dure.site.visitors import NO_PROGRAMME, id_from, person_of, programme_for, visitor

PUBLIC = [ProgrammeState.OPEN, ProgrammeState.PUBLISHED, ProgrammeState.RUNNING, ProgrammeState.CLOSED]
PAGE = 24


@dataclass(frozen=True)
class Card:
    """A programme in a list; ``closes``: when its entries do."""

    programme: Programme
    organisations: list[Organisation]
    closes: datetime | None
    kinds: list[str]

    @property
    def takes_entries(self) -> bool:
        return self.programme.state == ProgrammeState.OPEN and (self.closes is None or self.closes > clock.now())


def cards(programmes: "QuerySet[Programme]") -> list[Card]:
    """One card a programme; two queries however many there are."""
    return [_card(programme) for programme in programmes.prefetch_related("parties__organisation", "closings")]


def _card(programme: Programme) -> Card:
    blueprint = blueprint_of(programme)
    starts = [stage for stage in blueprint.stages if stage.entry and not stage.after]
    organisations = list(dict.fromkeys(party.organisation for party in programme.parties.all()))
    kinds = dict.fromkeys(str(words.KINDS[stage.kind]) for stage in blueprint.stages)
    closes = max(filter(None, (dates_of(programme, stage)[1] for stage in starts)), default=None)
    return Card(programme, organisations, closes, list(kinds))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every public programme, the newest first, by state and words of the title."""
    state, query, before = (request.GET.get(name, "").strip() for name in ("state", "q", "before"))
    found = Programme.objects.filter(state__in=[state] if state in PUBLIC else PUBLIC).order_by("-pk")
    if query:
        found = found.filter(Q(title_ko__icontains=query) | Q(title_en__icontains=query))
    if before:
        found = found.filter(pk__lt=id_from(before))
    shown = cards(found[: PAGE + 1])
    following = shown[PAGE - 1].programme.pk if len(shown) > PAGE else None
    return render(
        request,
        "programmes/index.html",
        {"cards": shown[:PAGE], "next": following, "state": state, "q": query, "states": PUBLIC},
    )


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """One programme: what it is, its stages, who runs it, and what the visitor can do now."""
    programme = programme_for(request, slug)
    person = visitor(request)
    blueprint = blueprint_of(programme)
    steps = steps_of(programme, person)
    seen = {
        "programme": programme,
        "blueprint": blueprint,
        "steps": steps,
        "parties": _parties(programme),
        "entries": _entries(programme, steps),
        "mine": [step for step in steps if step.turn],
        "operates": bool(person and rules.operates(person, programme)),
        "has_measures": bool(blueprint.measures),
    }
    return render(request, "programmes/show.html", seen)


@require_safe
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme's measures as they stand."""
    programme = programme_for(request, slug)
    blueprint = blueprint_of(programme)
    values = measures_of(blueprint, LiveFigures(programme))
    titles = {measure.id: words.word(blueprint, measure.title) for measure in blueprint.measures}
    rows = [(_measure(titles, name), value) for name, value in values.items()]
    return render(request, "programmes/figures.html", {"programme": programme, "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The entry act: choices that must be made before a case exists; the form itself comes on the turn's page."""
    programme = programme_for(request, slug)
    step = _step(programme, stage)
    person = person_of(request)
    if request.method == "POST":
        turn = enter(programme, stage, person=person, **entry_from(request, programme, step.stage))
        messages.success(request, gettext("You have entered. Here is what comes next."))
        return redirect("turn", turn.pk)
    asked = choices_for(programme, step.stage, person)
    open_ = programme.state in LIVE if step.stage.after else bool(_entries(programme, [step]))
    seen = {"programme": programme, "step": step, "asked": asked, "open": open_}
    return render(request, "programmes/apply.html", seen)


def _step(programme: Programme, stage: str) -> Step:
    for step in steps_of(programme):
        if step.stage.id == stage:
            return step
    raise Missing("stage.missing", NO_PROGRAMME)


def _entries(programme: Programme, steps: Iterable[Step]) -> list[Step]:
    """The starts at which the visitor may apply now."""
    if programme.state != ProgrammeState.OPEN:
        return []
    return [step for step in steps if step.takes_entries and step.turn is None]


def _parties(programme: Programme) -> list[tuple[str, list[Organisation]]]:
    """What each party is, and the organisations that stand for it."""
    blueprint = blueprint_of(programme)
    bound: dict[str, list[Organisation]] = {}
    for party in programme.parties.select_related("organisation").order_by("pk"):
        bound.setdefault(party.key, []).append(party.organisation)
    return [
        (words.word(blueprint, blueprint.parties[key].title or key), organisations)
        for key, organisations in bound.items()
    ]


def _measure(titles: dict[str, str], name: str) -> str:
    """A measure's title; of one with ``by`` also the value it is for: ``id[value]``."""
    name, _, value = name.partition("[")
    return f"{titles[name]} – {value.rstrip(']')}" if value else titles[name]
