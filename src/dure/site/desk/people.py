"""Who takes part in running a programme, and whom it invites."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.blueprint.model import Entry
from dure.core.errors import Missing
from dure.core.text import Text
from dure.joints.invitations import invite_again, invite_to_seat, letters_for_seats
from dure.people.models import Organisation, Person
from dure.people.operations.invitations import withdraw
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Offer, OfferState, Programme, Seat, Turn, TurnState
from dure.programmes.operations.entering import offer, withdraw_offer
from dure.programmes.operations.seating import seat, unseat
from dure.site import words
from dure.site.visitors import desk_for, id_from, person_of, programme_for

NOBODY = Text(
    ko="이 이메일로 가입한 사람이 없습니다. 먼저 두레에 가입하도록 안내한 뒤 다시 시도하세요.",
    en="Nobody has signed up with this address. Ask them to sign up to Dure first, then try again.",
)
GONE = Text(ko="찾으시는 항목이 없습니다. 페이지를 새로 고치세요.", en="It is not there any more. Reload the page.")
SHOWN = 50


@login_required
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme's seats by role, and its invitations."""
    programme = desk_for(request, slug)
    blueprint = blueprint_of(programme)
    seats = list(programme.seats.filter(ended_at__isnull=True).select_related("person", "organisation").order_by("pk"))
    roles = [
        (name, words.word(blueprint, name), [held for held in seats if held.role == name]) for name in blueprint.roles
    ]
    invited = programme.offers.select_related("person").order_by("-pk")[:SHOWN]
    seen = {
        "programme": programme,
        "blueprint": blueprint,
        "roles": roles,
        "organisations": Organisation.objects.filter(pk__in=programme.parties.values("organisation")),
        "offers": invited,
        "stages": [(s.id, words.word(blueprint, s.id)) for s in blueprint.stages if _invites(s.entry)],
        "waiting": _waiting(programme),
        "tab": "people",
        "parties": programme.parties.select_related("organisation").order_by("key", "pk"),
        "letters": letters_for_seats(programme),
        "nominates": [(s.id, words.word(blueprint, s.id)) for s in blueprint.stages if s.entry is Entry.NOMINATE],
    }
    return render(request, "desk/people.html", seen)


def _invites(entry: Entry | None) -> bool:
    return entry is not None and entry is not Entry.OPEN


def _waiting(programme: Programme) -> list[tuple[Turn, str]]:
    """Turns of later stages that wait for an invitation, to be offered."""
    blueprint = blueprint_of(programme)
    stages = [stage.id for stage in blueprint.stages if _invites(stage.entry) and stage.after]
    turns = Turn.objects.filter(
        programme=programme, stage__in=stages, state=TurnState.WAITING, entered_at__isnull=True
    ).select_related("case__entered_by")
    return [(turn, words.word(blueprint, turn.stage)) for turn in turns.exclude(offers__state="offered")[:SHOWN]]


@login_required
@require_POST
def take_seat(request: HttpRequest, slug: str) -> HttpResponse:
    """Seat somebody in a role; who has no account yet gets a letter that seats them when they accept it."""
    programme = desk_for(request, slug)
    chosen = request.POST.get("organisation", "")
    organisation = Organisation.objects.filter(short=chosen).first() if chosen else None
    email, role = request.POST.get("email", "").strip().lower(), request.POST.get("role", "")
    person = Person.objects.filter(email=email, is_active=True).first()
    if person is None:
        invite_to_seat(programme, role, email=email, by=person_of(request), organisation=organisation)
        messages.success(request, gettext("They have no account yet: a letter invites them to the seat."))
    else:
        seat(programme, role, person=person, organisation=organisation)
        messages.success(request, gettext("They have the seat now."))
    return redirect("desk-people", slug)


@login_required
@require_POST
def act_on_invitation(request: HttpRequest, slug: str, invitation_id: UUID, what: str) -> HttpResponse:
    """Take a letter for a seat back, or send it again: the old one then opens nothing any more."""
    programme = desk_for(request, slug)
    sent = letters_for_seats(programme).filter(pk=invitation_id).first()
    if sent is None:
        raise Missing("invitation.missing", GONE)
    if what == "resend":
        invite_again(programme, sent, by=person_of(request))
        messages.success(request, gettext("A new letter is on its way."))
    else:
        withdraw(sent)
        messages.success(request, gettext("The invitation was taken back."))
    return redirect("desk-people", slug)


@login_required
@require_POST
def leave_seat(request: HttpRequest, seat_id: UUID) -> HttpResponse:
    held = Seat.objects.filter(pk=seat_id).select_related("programme").first()
    if held is None:
        raise Missing("seat.missing", GONE)
    programme = desk_for(request, held.programme.slug)
    unseat(held)
    messages.success(request, gettext("The seat has ended. What was done from it stays."))
    return redirect("desk-people", programme.slug)


@login_required
@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer somebody a start, or a waiting turn its entry. Nominators may do so without operating."""
    programme = programme_for(request, slug)
    waiting = Turn.objects.filter(pk=id_from(request.POST.get("turn")), programme=programme).first()
    to = waiting.case.entered_by if waiting else _by_email(request)
    stage = waiting.stage if waiting else request.POST.get("stage", "")
    offer(programme, stage, to=to, by=person_of(request), turn=waiting, note=request.POST.get("note", ""))
    messages.success(request, gettext("The invitation is on its way."))
    return redirect("desk-people" if rules.operates(person_of(request), programme) else "programme", slug)


@login_required
@require_POST
def take_back(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    made = Offer.objects.filter(pk=offer_id, state=OfferState.OFFERED).select_related("programme").first()
    if made is None:
        raise Missing("offer.missing", GONE)
    programme = desk_for(request, made.programme.slug)
    withdraw_offer(made)
    messages.success(request, gettext("The invitation was taken back."))
    return redirect("desk-people", programme.slug)


def _by_email(request: HttpRequest) -> Person:
    """Whoever signs in with the address that was typed in. Raises Missing."""
    found = Person.objects.filter(email=request.POST.get("email", "").strip().lower(), is_active=True).first()
    if found is None:
        raise Missing("person.missing", NOBODY)
    return found
