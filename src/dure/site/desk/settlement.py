"""Settling a stage in three steps: what it would do, what was confirmed and may be undone, what was released."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from dure.blueprint.model import Stage
from dure.blueprint.reasons import reason_text
from dure.core.errors import Missing
from dure.joints.paying import Standing, funds_of
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, Settlement, Turn, TurnState, Verdict
from dure.programmes.operations.edges import Edge
from dure.programmes.operations.settling import Preview, preview, release, settle, standing_settlement, undo
from dure.programmes.queries.members import members_by_turn
from dure.site import words
from dure.site.desk.stage import NO_STAGE, head_of, stage_for
from dure.site.reading import number_from
from dure.site.visitors import desk_for, person_of

PAGE = 50


@dataclass(frozen=True)
class Near:
    """Somebody at the edge of the cut, by name."""

    edge: Edge
    turn: Turn
    who: str
    option: str


@dataclass(frozen=True)
class DueMoney:
    """What a type of money comes to and the fund that it is paid from (None: paid outside)."""

    name: str
    amount: int
    fund: Standing | None

    @property
    def short(self) -> int:
        return max(0, self.amount - self.fund.left) if self.fund else 0


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Before settling: what it would do. Afterwards: what was confirmed, to undo or to release. POST confirms."""
    programme = desk_for(request, slug)
    written = stage_for(programme, stage)
    occurrence = _occurrence(request, programme, stage)
    if request.method == "POST":
        settle(programme, stage, by=person_of(request), occurrence=occurrence)
        messages.success(request, gettext("The result is confirmed. Nobody has been told yet."))
        return redirect(f"{request.path}?occurrence={occurrence}")
    standing = standing_settlement(programme, stage, occurrence)
    seen = {**head_of(programme, written), "occurrence": occurrence, "settlement": standing}
    if standing is None or standing.state == "confirmed":
        seen |= _previewed(programme, written, occurrence)
    if standing is not None:
        seen |= _decided(request, standing)
    return render(request, "desk/settlement.html", seen)


def _previewed(programme: Programme, stage: Stage, occurrence: int) -> dict[str, Any]:
    """The numbers that a settlement comes to: now, or still while it waits to be released."""
    found = preview(programme, stage.id, occurrence=occurrence)
    blueprint = blueprint_of(programme)
    reasons = [(words.say(reason_text(blueprint, stage, code)), n) for code, n in found.out.items() if n]
    return {
        "preview": found,
        "reasons": sorted(reasons, key=lambda reason: -reason[1]),
        "out": sum(found.out.values()),
        "told": found.passed + sum(found.out.values()),
        "money": _money(programme, found),
        "near": _near(programme, found.edges),
        "tied": _tied(found.ties),
    }


def _money(programme: Programme, found: Preview) -> list[DueMoney]:
    funds = {standing.money: standing for standing in funds_of(programme)} if found.money else {}
    return [DueMoney(name, amount, funds.get(name)) for name, amount in found.money.items()]


def _near(programme: Programme, edges: list[Edge]) -> list[Near]:
    turns = Turn.objects.select_related("case").in_bulk([edge.turn.pk for edge in edges])
    members = members_by_turn(list(turns.values()))
    blueprint = blueprint_of(programme)

    def who(turn: Turn) -> str:
        people = ", ".join(str(member.person) for member in members[turn.pk] if member.person)
        return turn.title or turn.case.title or people or str(turn.case)

    return [
        Near(
            edge,
            turns[edge.turn.pk],
            who(turns[edge.turn.pk]),
            words.word(blueprint, edge.option) if edge.option else "",
        )
        for edge in edges
    ]


def _decided(request: HttpRequest, standing: Settlement) -> dict[str, Any]:
    """What was confirmed, place by place."""
    decisions = standing.decisions.select_related("turn__case").order_by("-verdict", "place", "pk")
    page = Paginator(decisions, PAGE).get_page(request.GET.get("page"))
    members = members_by_turn([decision.turn for decision in page])
    return {
        "page": page,
        "rows": [(d, [m.person for m in members[d.turn_id] if m.person]) for d in page],
        "passed": standing.decisions.filter(verdict=Verdict.PASSED).count(),
        "tied": _tied(standing.ties),
    }


def _occurrence(request: HttpRequest, programme: Programme, stage: str) -> int:
    """The set that is meant: the one named, else the earliest that still has work to judge."""
    named = number_from(request.GET.get("occurrence"))
    if named is not None:
        return named
    waiting = Turn.objects.filter(programme=programme, stage=stage, state=TurnState.HANDED_IN).order_by("occurrence")
    first = waiting.values_list("occurrence", flat=True).first()
    if first is not None:
        return first
    last = Settlement.objects.filter(programme=programme, stage=stage).order_by("-pk").first()
    return last.occurrence if last else 0


def _tied(ties: list[dict[str, Any]]) -> list[list[Turn]]:
    """The turns of each tie that fell at a cut."""
    ids = {str(pk) for tie in ties for pk in tie["turns"]}
    turns = {str(turn.pk): turn for turn in Turn.objects.filter(pk__in=ids).select_related("case")}
    return [[turns[str(pk)] for pk in tie["turns"] if str(pk) in turns] for tie in ties]


@login_required
@require_POST
def end(request: HttpRequest, settlement_id: UUID, how: str) -> HttpResponse:
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
