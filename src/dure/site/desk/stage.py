"""One stage at the desk: its turns, its reviewers, its end – by closing or by settling in three steps."""

from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.blueprint.model import PanelStep, Stage
from dure.blueprint.reasons import gate_text, reason_text
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.gates.panel import assign_all
from dure.joints.models import Review
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, Settlement, Turn, TurnState
from dure.programmes.operations.settling import preview, release, settle, standing_settlement, undo
from dure.programmes.operations.ticking import close_stage
from dure.programmes.queries.members import members_by_turn
from dure.programmes.windows import dates_of
from dure.site import words
from dure.site.middleware import is_part
from dure.site.visitors import desk_for, person_of

PAGE = 50
NO_STAGE = Text(
    ko="그런 단계가 없습니다. 운영 페이지에서 단계를 고르세요.",
    en="There is no such stage. Choose one on the desk.",
)


@login_required
@require_safe
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The stage's turns, by state and option, with what each shows so far."""
    programme = desk_for(request, slug)
    written = stage_for(programme, stage)
    state, option, query = (request.GET.get(name, "").strip() for name in ("state", "option", "q"))
    turns = Turn.objects.filter(programme=programme, stage=stage).select_related("case", "evidence")
    found = _filtered(turns, state, option, query)
    page = Paginator(found.order_by("case__number", "pk"), PAGE).get_page(request.GET.get("page"))
    members = members_by_turn(list(page))
    rows = [(turn, [m.person for m in members[turn.pk] if m.person]) for turn in page]
    seen = {
        **_head(programme, written),
        "rows": rows,
        "page": page,
        "states": TurnState.values,
        "state": state,
        "option": option,
        "q": query,
        "options": _options(programme, written),
        "panels": _panels(programme, written),
        "settlement": standing_settlement(programme, stage) if written.settles_as_set else None,
    }
    template = "desk/turns_part.html" if is_part(request) else "desk/stage.html"
    return render(request, template, seen)


def stage_for(programme: Programme, stage: str) -> Stage:
    """The stage of that id. Raises Missing."""
    try:
        return blueprint_of(programme).stage(stage)
    except KeyError:
        raise Missing("stage.missing", NO_STAGE) from None


def _head(programme: Programme, stage: Stage) -> dict[str, object]:
    blueprint = blueprint_of(programme)
    opens, closes = dates_of(programme, stage)
    return {
        "programme": programme,
        "blueprint": blueprint,
        "stage": stage,
        "title": words.word(blueprint, stage.id),
        "rules": [words.say(text) for text in gate_text(blueprint, stage)],
        "opens": opens,
        "closes": closes,
    }


def _filtered(turns: "QuerySet[Turn]", state: str, option: str, query: str) -> "QuerySet[Turn]":
    if state in TurnState.values:
        turns = turns.filter(state=state)
    if option:
        turns = turns.filter(pk__in=[pk for pk, chosen in turns.values_list("pk", "options") if option in chosen])
    if query:
        named = turns.filter(turn_members__member__person__name__icontains=query).values("pk")
        titled = turns.filter(case__title__icontains=query).values("pk")
        turns = turns.filter(pk__in=named.union(titled))
    return turns


def _options(programme: Programme, stage: Stage) -> list[tuple[str, str]]:
    names = stage.options if isinstance(stage.options, tuple) else ()
    return [(name, words.word(blueprint_of(programme), name)) for name in names]


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
    states = Counter(Turn.objects.filter(programme=programme, stage=stage).values_list("state", flat=True))
    counts = {"handed_in": states[TurnState.HANDED_IN], "open": states[TurnState.OPEN] + states[TurnState.WAITING]}
    return render(request, "desk/close.html", {**_head(programme, written), **counts})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settlement(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Before settling: what it would do. Afterwards: what was confirmed, to undo or to release. POST confirms."""
    programme = desk_for(request, slug)
    written = stage_for(programme, stage)
    occurrence = _occurrence(request, programme, stage)
    if request.method == "POST":
        settle(programme, stage, by=person_of(request), occurrence=occurrence)
        messages.success(request, gettext("The result is confirmed. Nobody has been told yet."))
        return redirect(f"{request.path}?occurrence={occurrence}")
    standing = standing_settlement(programme, stage, occurrence)
    seen = {**_head(programme, written), "occurrence": occurrence, "settlement": standing}
    if standing is None:
        found = preview(programme, stage, occurrence=occurrence)
        blueprint = blueprint_of(programme)
        reasons = [(words.say(reason_text(blueprint, written, code)), n) for code, n in found.out.items()]
        seen |= {"preview": found, "reasons": reasons, "out": sum(found.out.values()), "tied": _tied(found.ties)}
    else:
        decisions = standing.decisions.select_related("turn__case").order_by("place", "pk")
        page = Paginator(decisions, PAGE).get_page(request.GET.get("page"))
        members = members_by_turn([decision.turn for decision in page])
        seen |= {
            "page": page,
            "rows": [(d, [m.person for m in members[d.turn_id] if m.person]) for d in page],
            "tied": _tied(standing.ties),
        }
    return render(request, "desk/settlement.html", seen)


def _occurrence(request: HttpRequest, programme: Programme, stage: str) -> int:
    """The set that is meant: the one named, else the earliest that still has work to judge."""
    named = request.GET.get("occurrence", "")
    if named.isdigit():
        return int(named)
    waiting = Turn.objects.filter(programme=programme, stage=stage, state=TurnState.HANDED_IN).order_by("occurrence")
    first = waiting.values_list("occurrence", flat=True).first()
    if first is not None:
        return first
    last = Settlement.objects.filter(programme=programme, stage=stage).order_by("-pk").first()
    return last.occurrence if last else 0


def _tied(ties: list[dict[str, object]]) -> list[list[Turn]]:
    """The turns of each tie that fell at a cut."""
    ids = {str(pk) for tie in ties for pk in tie["turns"]}  # type: ignore[attr-defined]  # a list of ids
    turns = {str(turn.pk): turn for turn in Turn.objects.filter(pk__in=ids).select_related("case")}
    return [[turns[str(pk)] for pk in tie["turns"] if str(pk) in turns] for tie in ties]  # type: ignore[attr-defined]  # a list of ids


@login_required
@require_POST
def end_settlement(request: HttpRequest, settlement_id: UUID, how: str) -> HttpResponse:
    """Undo a confirmed result, or release it to everybody."""
    found = Settlement.objects.filter(pk=settlement_id).select_related("programme").first()
    if found is None:
        raise Missing("settlement.missing", NO_STAGE)
    programme = desk_for(request, found.programme.slug)
    if how == "release":
        release(found, by=person_of(request))
        messages.success(request, gettext("The result is released. Everybody concerned sees it now."))
    else:
        undo(found, by=person_of(request))
        messages.success(request, gettext("The result was taken back. The stage goes on."))
    return redirect("desk-stage", programme.slug, found.stage)
