"""One turn at the desk: everything recorded about it, and everything that can be recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from dure.blueprint.model import DecideStep, ExternalStep, FormDo, PanelStep, Stage, Step
from dure.blueprint.reasons import fact_text
from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.joints.gates.decide import decide
from dure.joints.gates.external import refuse_without_proof, verify_proof
from dure.joints.gates.panel import assign
from dure.joints.models import Fee, Proof, Review, Say
from dure.joints.stages.recorded import confirm_fee, record_evidence
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import LIVE, Attendant, Decision, Given, Seat, Turn, TurnMember, TurnState
from dure.programmes.operations.handing import try_again, withdraw
from dure.programmes.operations.seating import attach, company_of, detach
from dure.programmes.queries.members import members_of
from dure.programmes.queries.roles import seated
from dure.programmes.queries.waiting import hindrances_of
from dure.site import proofs, words
from dure.site.evidence import EvidenceForm, known_values
from dure.site.reading import number_from
from dure.site.visitors import NO_TURN, id_from, person_of, turn_for
from dure.store.worded import found as rows_of

NOT_YOURS = Text(
    ko="이 차례를 관리할 권한이 없습니다. 필요하면 프로그램 운영자에게 요청하세요.",
    en="You may not manage this turn. Ask an operator of the programme if you need to.",
)


@dataclass(frozen=True)
class Asking:
    """A step of the gate that asks somebody, with what was said."""

    number: int
    kind: str
    step: Step
    title: str
    reviews: list[Review]
    candidates: list[Person]
    say: Say | None
    proof: Proof | None
    may_decide: bool


@dataclass(frozen=True)
class Company:
    """A role under ``with``: who of it the turn has, and whom it could have."""

    role: str
    title: str
    most: int
    people: list[Any]
    candidates: list[Person]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """Everything about one turn; POST records its evidence."""
    found = turn_for(request, turn_id)
    person = person_of(request)
    if not rules.may_record(person, found):
        raise Forbidden("turn.not-yours", NOT_YOURS)
    form = _form(request, found)
    if request.method == "POST" and form is not None and _recorded(request, found, form):
        messages.success(request, gettext("Recorded."))
        return redirect("desk-turn", found.pk)
    return render(request, "desk/turn.html", _seen(found, person, form))


def _form(request: HttpRequest, found: Turn) -> EvidenceForm | None:
    if found.state not in {TurnState.OPEN, TurnState.HANDED_IN} or found.programme.state not in LIVE:
        return None
    data = request.POST if request.method == "POST" else None
    blueprint = blueprint_of(found.programme)
    return EvidenceForm(blueprint, _stage(found), data, initial=known_values(found))


def _recorded(request: HttpRequest, found: Turn, form: EvidenceForm) -> bool:
    post = request.POST
    return form.submit(
        lambda values: record_evidence(
            found, values, by=person_of(request), proof=post.get("evidence_proof", ""), final="keep" not in post,
            late="late" in post,
        )
    )  # fmt: skip


def _seen(found: Turn, person: Person, form: EvidenceForm | None) -> dict[str, object]:
    programme, stage = found.programme, _stage(found)
    blueprint = blueprint_of(programme)
    waiting = found.state == TurnState.WAITING
    members = members_of([found])
    fee = stage.do.fee if isinstance(stage.do, FormDo) and isinstance(stage.do.fee, int) else 0
    return {
        "turn": found,
        "programme": programme,
        "blueprint": blueprint,
        "stage": stage,
        "title": words.word(blueprint, stage.id),
        "form": form,
        "operates": rules.operates(person, programme),
        "people": [member.person for member in members if member.person],
        "waits": hindrances_of(programme, stage.id, [found])[found.pk] if waiting else [],
        "shown": _shown(found),
        "decisions": rows_of(_decisions, found.pk),
        "askings": askings_of(found, stage, person),
        "companies": _companies(found),
        "gives": _gives(found),
        "provided": found.provided.order_by("index"),
        "fee": fee,
        "paid": Fee.objects.filter(turn=found).first() if fee else None,
        "path": _path(found),
    }


def _shown(found: Turn) -> list[tuple[str, object]]:
    """The evidence that stands, in words."""
    if found.evidence is None:
        return []
    blueprint = blueprint_of(found.programme)
    return [(words.say(fact_text(blueprint, name)), value) for name, value in found.evidence.values.items()]


def _path(found: Turn) -> list[tuple[Turn, str]]:
    """The other turns of the same members, in order."""
    blueprint = blueprint_of(found.programme)
    return [(turn, words.word(blueprint, turn.stage)) for turn in rows_of(_taken, found.pk)]


def _taken(turn: UUID) -> "QuerySet[Turn]":
    members = TurnMember.objects.filter(turn=turn).values("member_id")
    taken = TurnMember.objects.filter(member_id__in=members).values("turn_id")
    return Turn.objects.filter(pk__in=taken).order_by("pk")


def _decisions(turn: UUID) -> "QuerySet[Decision]":
    return Decision.objects.filter(turn=turn).select_related("by", "settlement").order_by("-pk")


def _gives(found: Turn) -> list[Given]:
    gives = rows_of(_given, found.pk)
    for give in gives:
        give.programme = found.programme
    return gives


def _given(turn: UUID) -> "QuerySet[Given]":
    return Given.objects.filter(turn=turn).select_related("person", "organisation").order_by("index", "pk")


def askings_of(found: Turn, stage: Stage, person: Person) -> list[Asking]:
    """The steps of the gate that ask people or outside bodies about this hand-in."""
    return [
        asking for number, step in enumerate(stage.gate) if (asking := _asking(found, number, step, person)) is not None
    ]


def _asking(found: Turn, number: int, step: Step, person: Person) -> Asking | None:
    blueprint = blueprint_of(found.programme)
    said: dict[str, Any] = {"reviews": [], "candidates": [], "say": None, "proof": None, "may_decide": False}
    match step:
        case PanelStep(roles=roles):
            rows = Review.objects.filter(turn=found, step=number, evidence=found.evidence).select_related("reviewer")
            seats = Seat.objects.filter(programme=found.programme, role__in=roles, ended_at__isnull=True)
            people = {seat.person_id: seat.person for seat in seats.select_related("person")}
            said |= {"reviews": list(rows.order_by("slot")), "candidates": list(people.values())}
            return Asking(number, "panel", step, words.listed(blueprint, roles), **said)
        case DecideStep(role=role):
            rows_said = Say.objects.filter(turn=found, step=number, evidence=found.evidence).select_related("by")
            said |= {"say": rows_said.first(), "may_decide": rules.sits_in(person, found.programme, role)}
            return Asking(number, "decide", step, words.word(blueprint, role), **said)
        case ExternalStep(body=body):
            said["proof"] = Proof.objects.filter(turn=found, step=number, evidence=found.evidence).first()
            return Asking(number, "external", step, words.word(blueprint, body), **said)
    return None


def _companies(found: Turn) -> list[Company]:
    have = rows_of(_attending, found.pk)
    blueprint = blueprint_of(found.programme)
    return [
        Company(
            role, words.word(blueprint, role), most, [a for a in have if a.role == role], seated(found.programme, role)
        )
        for role, most in company_of(found).items()
    ]


def _attending(turn: UUID) -> "QuerySet[Attendant]":
    return Attendant.objects.filter(turn=turn).select_related("person")


def _stage(found: Turn) -> Stage:
    return blueprint_of(found.programme).stage(found.stage)


# --- what is recorded besides evidence


def _attach(request: HttpRequest, found: Turn) -> str:
    _check_operates(request, found)
    attach(found, request.POST["role"], person=_person(request))
    return gettext("Assigned.")


def _detach(request: HttpRequest, found: Turn) -> str:
    _check_operates(request, found)
    held = found.attendants.filter(pk=_number(request, "attendant")).first()
    if held is None:
        raise Missing("attendant.missing", NO_TURN)
    detach(held)
    return gettext("No longer assigned.")


def _assign(request: HttpRequest, found: Turn) -> str:
    assign(found, _number(request, "step"), reviewer=_person(request), by=person_of(request))
    return gettext("Assigned.")


def _decide(request: HttpRequest, found: Turn) -> str:
    post = request.POST
    decide(
        found, _number(request, "step"), by=person_of(request), yes=post.get("answer") == "yes",
        reason=post.get("reason", ""),
    )  # fmt: skip
    return gettext("Your decision is noted.")


def _prove(request: HttpRequest, found: Turn) -> str:
    return proofs.enter(request, found)


def _verify(request: HttpRequest, found: Turn) -> str:
    post, person = request.POST, person_of(request)
    step, note = _number(request, "step"), post.get("note", "")
    proof = Proof.objects.filter(turn=found, step=step, evidence=found.evidence).first()
    if proof is None:
        refuse_without_proof(found, step, by=person, note=note)
    else:
        holds, end = post.get("answer") == "yes", proofs.end_from(request)
        verify_proof(proof, by=person, holds=holds, note=note, valid_until=end)
    return gettext("Your verification is noted.")


def _fee(request: HttpRequest, found: Turn) -> str:
    confirm_fee(found, by=person_of(request), reference=request.POST.get("reference", ""))
    return gettext("The fee is confirmed.")


def _withdraw(request: HttpRequest, found: Turn) -> str:
    _check_operates(request, found)
    withdraw(found)
    return gettext("They are withdrawn from this stage.")


def _again(request: HttpRequest, found: Turn) -> str:
    _check_operates(request, found)
    try_again(found)
    return gettext("The turn is open again.")


ACTS: dict[str, Callable[[HttpRequest, Turn], str]] = {
    "attach": _attach, "detach": _detach, "assign": _assign, "decide": _decide, "prove": _prove, "verify": _verify,
    "fee": _fee, "withdraw": _withdraw, "again": _again,
}  # fmt: skip


@login_required
@require_POST
def act(request: HttpRequest, turn_id: UUID, what: str) -> HttpResponse:
    """Record one thing about a turn; the answer is the page it was recorded on."""
    found = turn_for(request, turn_id)
    messages.success(request, ACTS[what](request, found))
    if rules.operates(person_of(request), found.programme):
        return redirect(_way_on(request, found, what))
    return redirect("desk-turn", found.pk) if rules.may_record(person_of(request), found) else redirect("reviews")


def _way_on(request: HttpRequest, found: Turn, what: str) -> str:
    """The case's page as it was; after a decision, with ``on``, the next that waits for one."""
    if what == "decide" and "on" in request.POST:
        address = reverse("desk-next", args=[found.programme.slug, found.stage])
        return f"{address}?after={found.case.number}"
    here = request.POST.get("here", "")
    ours = here.startswith("/") and url_has_allowed_host_and_scheme(here, None)
    return here if ours else reverse("desk-turn", args=[found.pk])


def _check_operates(request: HttpRequest, found: Turn) -> None:
    if not rules.operates(person_of(request), found.programme):
        raise Forbidden("turn.not-yours", NOT_YOURS)


def _number(request: HttpRequest, name: str) -> int:
    number = number_from(request.POST.get(name))
    return -1 if number is None else number


def _person(request: HttpRequest) -> Person:
    """The person chosen from a list."""
    person = Person.objects.filter(pk=id_from(request.POST.get("person"))).first()
    if person is None:
        raise Missing("person.missing", Text(ko="사람을 고르세요.", en="Choose a person."))
    return person
