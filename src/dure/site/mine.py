"""My page: what waits for me, my turns, what I received; and the page of one turn of mine, with what can be done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.blueprint.model import ExternalStep, Stage, Subject
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.gates.external import enter_proof
from dure.joints.models import Proof
from dure.joints.stages.rounds import entrant_of
from dure.people.models import Person, Team
from dure.people.queries import has_consented, invitations_for, mates_in, teams_of
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, LIVE, Decision, Given, Offer, OfferState, Turn, TurnState, Verdict
from dure.programmes.operations.entering import accept, accept_terms, choose, decline, form_team
from dure.programmes.operations.handing import try_again, verdicts_of, withdraw
from dure.programmes.queries.members import members_of
from dure.programmes.queries.waiting import hindrances_of, terms_scope
from dure.programmes.windows import dates_of, is_over
from dure.site import words
from dure.site.applications import Filling, filling_of
from dure.site.entry import choices_for, entry_from
from dure.site.visitors import NO_TURN, id_from, person_of, turn_for

RECENT = 50
STATES_TO_DO = [TurnState.OPEN, TurnState.WAITING]


@dataclass(frozen=True)
class Row:
    """One turn in my list. ``why``: the reason of a verdict, in words; ``waits``: what holds it back."""

    turn: Turn
    title: str
    why: str
    waits: list[str]


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What waits for me (by deadline), the rest of my turns, and what I received."""
    person = person_of(request)
    turns = Turn.objects.filter(rules.held_by(person)).select_related("programme", "case")
    todo = sorted(rows_of(turns.filter(state__in=STATES_TO_DO, programme__state__in=LIVE)[:RECENT]), key=_by_deadline)
    rest = turns.exclude(state__in=STATES_TO_DO, programme__state__in=LIVE).order_by("-pk")[:RECENT]
    seen = {
        "offers": Offer.objects.filter(person=person, state=OfferState.OFFERED).select_related("programme", "by"),
        "invitations": invitations_for(person),
        "todo": todo,
        "rest": rows_of(rest),
        "received": received_by(person),
    }
    return render(request, "mine/page.html", seen)


def rows_of(turns: "QuerySet[Turn]") -> list[Row]:
    """Turns with what their holder should know; a number of queries that does not grow with them."""
    listed = list(turns)
    reasons = _reasons([turn for turn in listed if turn.state == TurnState.OUT])
    waits = _waits([turn for turn in listed if turn.state == TurnState.WAITING])
    return [Row(turn, title_of(turn), reasons.get(turn.pk, ""), waits.get(turn.pk, [])) for turn in listed]


def title_of(turn: Turn) -> str:
    """The name of the turn's stage."""
    return words.word(blueprint_of(turn.programme), turn.stage)


def received_by(person: Person) -> "QuerySet[Given]":
    """What somebody was given: credentials, privileges and roles of their own, and their turns' money."""
    own = Q(person=person) | Q(kind="money", turn__turn_members__member__person=person)
    found = Given.objects.filter(own).exclude(state="revoked").select_related("programme")
    return found.order_by("-pk").distinct()[:RECENT]


def _by_deadline(row: Row) -> tuple[bool, datetime]:
    turn = row.turn
    return turn.closes_at is None, turn.closes_at or turn.arrived_at


def _reasons(turns: list[Turn]) -> dict[UUID, str]:
    """Why turns are out: each one's latest verdict that has been told."""
    rows = Decision.objects.filter(turn__in=turns, verdict=Verdict.OUT)
    told = rows.filter(Q(settlement__isnull=True) | Q(settlement__state="released")).order_by("pk")
    return {decision.turn_id: words.say(decision.reason) for decision in told}


def _waits(turns: list[Turn]) -> dict[UUID, list[str]]:
    """What holds waiting turns back; asked once a stage."""
    groups: dict[tuple[UUID, str], list[Turn]] = {}
    for turn in turns:
        groups.setdefault((turn.programme_id, turn.stage), []).append(turn)
    found: dict[UUID, list[str]] = {}
    for (_, stage), group in groups.items():
        for pk, texts in hindrances_of(group[0].programme, stage, group).items():
            found[pk] = [words.say(text) for text in texts]
    return found


# --- one turn


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def turn(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """One turn: where it stands and why, and everything that can be done about it; POST: its application."""
    found = turn_for(request, turn_id)
    person = person_of(request)
    holder = rules.holds(person, found)
    filling = filling_of(request, found, person) if holder else None
    if request.method == "POST" and filling is not None and filling.taken():
        messages.success(request, filling.said)
        return redirect("turn", found.pk)
    return render(request, "mine/turn.html", _seen(found, person, holder=holder, filling=filling))


def _seen(found: Turn, person: Person, *, holder: bool, filling: Filling | None) -> dict[str, object]:
    programme = found.programme
    blueprint, stage = blueprint_of(programme), _stage(found)
    waiting = found.state == TurnState.WAITING
    return {
        "turn": found,
        "programme": programme,
        "blueprint": blueprint,
        "stage": stage,
        "title": words.word(blueprint, stage.id),
        "asks": words.asks_of(blueprint, stage),
        "holder": holder,
        "filling": filling,
        "entrant": entrant_of(found) if holder else None,
        "members": [member.person for member in members_of([found]) if member.person],
        "waits": hindrances_of(programme, stage.id, [found])[found.pk] if waiting else [],
        "choices": choices_for(programme, stage, person) if waiting and stage.options is not None else None,
        "terms": words.terms_of(blueprint, stage) if waiting and not _has_accepted(found, stage, person) else [],
        "teams": _teams(stage, blueprint.subject, person) if waiting and found.formed_at is None else None,
        "verdicts": verdicts_of(found),
        "gives": found.gives.exclude(state="revoked").order_by("index", "pk"),
        "provided": found.provided.order_by("index"),
        "attendants": found.attendants.select_related("person"),
        "proofs": _proofs(found, stage) if found.state == TurnState.HANDED_IN else [],
        "can_again": holder and _can_again(found, stage),
        "can_withdraw": holder and found.state in ALIVE,
    }


@dataclass(frozen=True)
class AskedProof:
    """A proof that the gate waits for: step number, who gives it, what it is, and the one that was entered."""

    step: int
    body: str
    what: str
    proof: Proof | None


def _proofs(found: Turn, stage: Stage) -> list[AskedProof]:
    blueprint = blueprint_of(found.programme)
    entered = {proof.step: proof for proof in Proof.objects.filter(turn=found, evidence=found.evidence)}
    return [
        AskedProof(number, words.word(blueprint, step.body), words.word(blueprint, step.proof), entered.get(number))
        for number, step in enumerate(stage.gate)
        if isinstance(step, ExternalStep)
    ]


def _teams(stage: Stage, subject: Subject, person: Person) -> list[tuple[Team, list[Person]]] | None:
    """The person's teams with their members, where the stage forms teams; else None."""
    if stage.team is None or subject is not Subject.PERSON:
        return None
    return [(team, [mate.person for mate in mates_in(team)]) for team in teams_of(person)]


def _has_accepted(found: Turn, stage: Stage, person: Person) -> bool:
    """Whether the person has accepted the terms of everything that the stage provides."""
    scopes = [
        terms_scope(found.programme, stage.id, index)
        for index, provision in enumerate(stage.provides)
        if provision.terms
    ]
    return all(has_consented(person, purpose="terms", scope=scope) for scope in scopes)


def _can_again(found: Turn, stage: Stage) -> bool:
    return stage.again and found.state == TurnState.OUT and found.opened_at is not None and not is_over(found)


def _stage(found: Turn) -> Stage:
    return blueprint_of(found.programme).stage(found.stage)


# --- what a holder does


def _own(request: HttpRequest, turn_id: UUID) -> Turn:
    """A turn of the visitor's own. Raises Missing."""
    found = turn_for(request, turn_id)
    if not rules.holds(person_of(request), found):
        raise Missing("turn.missing", NO_TURN)
    return found


def _choose(request: HttpRequest, found: Turn) -> str:
    choose(found, request.POST.getlist("options"))
    return gettext("Your choice is noted.")


def _accept_terms(request: HttpRequest, found: Turn) -> str:
    accept_terms(found, person=person_of(request))
    return gettext("You have accepted the terms.")


def _enter_team(request: HttpRequest, found: Turn) -> str:
    person = person_of(request)
    team = teams_of(person).filter(pk=id_from(request.POST.get("team"))).first()
    if team is None:
        raise Missing("team.missing", NO_TURN)
    form_team(found.programme, found.stage, team, by=person)
    return gettext("Your team has entered this stage.")


def _again(_request: HttpRequest, found: Turn) -> str:
    try_again(found)
    return gettext("You can try again.")


def _withdraw(_request: HttpRequest, found: Turn) -> str:
    withdraw(found)
    return gettext("You have withdrawn.")


def _enter_proof(request: HttpRequest, found: Turn) -> str:
    step = request.POST.get("step", "")
    enter_proof(found, int(step) if step.isdigit() else -1, by=person_of(request), reference=request.POST["reference"])
    return gettext("The proof is noted. An operator will verify it.")


ACTS: dict[str, Callable[[HttpRequest, Turn], str]] = {
    "options": _choose, "terms": _accept_terms, "team": _enter_team, "again": _again, "withdraw": _withdraw,
    "proof": _enter_proof,
}  # fmt: skip


@login_required
@require_POST
def act(request: HttpRequest, turn_id: UUID, what: str) -> HttpResponse:
    """One of the things a holder does about a turn; the answer is the turn's page."""
    found = _own(request, turn_id)
    messages.success(request, ACTS[what](request, found))
    return redirect("turn", Turn.objects.filter(rules.held_by(person_of(request)), programme=found.programme,
                                                stage=found.stage).values_list("pk", flat=True)[0])  # fmt: skip


@login_required
@require_safe
def confirm_withdrawal(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """What withdrawing means, before it is done."""
    found = _own(request, turn_id)
    title = title_of(found)
    return render(request, "mine/withdraw.html", {"turn": found, "programme": found.programme, "title": title})


# --- offers

NO_OFFER = Text(
    ko="찾으시는 초대가 없습니다. 이미 답했거나 취소된 초대일 수 있습니다. 내 페이지를 확인하세요.",
    en="There is no such invitation. It may have been answered or taken back; see your own page.",
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """An offer to enter a stage: what it is, and yes or no."""
    person = person_of(request)
    made = Offer.objects.filter(pk=offer_id, person=person).select_related("programme", "turn", "by").first()
    if made is None:
        raise Missing("offer.missing", NO_OFFER)
    stage = blueprint_of(made.programme).stage(made.stage)
    if request.method == "POST":
        return _answered(request, made, stage)
    seen = {
        "offer": made,
        "programme": made.programme,
        "title": words.word(blueprint_of(made.programme), stage.id),
        "asked": choices_for(made.programme, stage, person),
        "asks": words.asks_of(blueprint_of(made.programme), stage),
        "closes": dates_of(made.programme, stage)[1],
    }
    return render(request, "mine/offer.html", seen)


def _answered(request: HttpRequest, made: Offer, stage: Stage) -> HttpResponse:
    if request.POST.get("answer") == "no":
        decline(made)
        messages.success(request, gettext("You have declined the invitation."))
        return redirect("mine")
    turn = accept(made, **entry_from(request, made.programme, stage))
    messages.success(request, gettext("You have accepted the invitation. Here is what comes next."))
    return redirect("turn", turn.pk)
