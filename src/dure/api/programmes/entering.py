"""Coming in: applying, offers and their answers, teams that enter together."""

from collections.abc import Iterable
from functools import partial
from typing import Annotated, Any, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import (
    TURN,
    allow,
    led_team,
    one,
    operated_programme,
    organisation_for,
    organisations_by,
    person_by,
    seen_programme,
    seen_team,
    stage_of,
)
from dure.api.programmes.passages import TurnOut, turn_rows
from dure.api.shapes import Email, In, Line, Moment, Out, Page, Paging, PersonRef, Words, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.joints.stages.forms import enter_at_once
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.models import Offer, OfferState, Turn
from dure.programmes.operations import entering

router = Router(tags=["entering"])
OFFER = Text(ko="초대", en="offer")


class EntryIn(In):
    """What one enters with: ``team`` in a programme for teams, ``organisation`` and ``partners`` where they enter.

    ``case``: the number of the case that one entered at another start of the programme.
    """

    options: list[Line] = Field([], max_length=100)
    team: UUID | None = None
    organisation: Line | None = None
    partners: list[Line] = Field([], max_length=100)
    title: Line = ""
    case: int | None = None


class OfferIn(In):
    """``turn``: the waiting turn of somebody who came through; left out at a start."""

    email: Email
    turn: UUID | None = None
    match: Annotated[float, Field(ge=0, le=1)] | None = None
    note: Annotated[str, Field(max_length=400)] = ""


class TeamIn(In):
    team: UUID


class OfferOut(Out):
    id: UUID
    programme: str
    title: Words
    stage: str
    person: PersonRef
    turn: UUID | None
    match: float | None
    note: str
    state: str
    made_at: Moment
    answered_at: Moment | None

    @classmethod
    def of(cls, offer: Offer) -> Self:
        return cls(
            id=offer.pk,
            programme=offer.programme.slug,
            title=Words.of(offer.programme.title),
            stage=offer.stage,
            person=PersonRef.of(offer.person),
            turn=offer.turn_id,
            match=offer.match,
            note=offer.note,
            state=offer.state,
            made_at=offer.made_at,
            answered_at=offer.answered_at,
        )


def _shaped(offers: Iterable[Offer]) -> list[OfferOut]:
    return [OfferOut.of(offer) for offer in offers]


def _entry(person: Person, body: EntryIn) -> dict[str, Any]:
    """What ``enter`` and ``accept`` take: only a team that one leads, only an organisation that one looks after."""
    return {
        "options": body.options,
        "team": led_team(person, body.team),
        "organisation": organisation_for(person, body.organisation),
        "partners": organisations_by(body.partners),
        "title": body.title,
        "case": body.case,
    }


@writes(
    router.post,
    "/programmes/{slug:slug}/stages/{slug:stage}/entries",
    TurnOut,
    status=201,
)
def enter(request: Asked, slug: str, stage: str, body: EntryIn) -> Turn:
    """Apply at a start, or enter a later stage to which one has come through. Where it asks nothing, that hands it in
    as well."""
    programme, person = seen_programme(request.auth, slug), request.auth
    at = stage_of(programme, stage).id
    return enter_at_once(partial(entering.enter, programme, at, person=person, **_entry(person, body)), by=person)


@router.get("/programmes/{slug:slug}/stages/{slug:stage}/offers", response=Page[OfferOut])
def offered(
    request: Asked, slug: str, stage: str, paging: Query[Paging], state: OfferState | None = None
) -> Page[OfferOut]:
    """Invitations, nominations and matches to a stage."""
    programme = operated_programme(request.auth, slug)
    rows = Offer.objects.filter(programme=programme, stage=stage_of(programme, stage).id)
    rows = rows.select_related("programme", "person")
    return paged(rows.filter(state=state) if state else rows, paging, _shaped)


@writes(
    router.post,
    "/programmes/{slug:slug}/stages/{slug:stage}/offers",
    OfferOut,
    status=201,
)
def offer(request: Asked, slug: str, stage: str, body: OfferIn) -> Offer:
    """Invite, nominate or propose somebody, who then accepts or declines."""
    programme = seen_programme(request.auth, slug)
    allow(rules.operates(request.auth, programme) or rules.may_nominate(request.auth, programme), "entry.not-yours")
    here = Turn.objects.filter(programme=programme)
    return entering.offer(
        programme,
        stage_of(programme, stage).id,
        to=person_by(body.email),
        by=request.auth,
        turn=one(here, "turn.missing", TURN, pk=body.turn) if body.turn else None,
        match=body.match,
        note=body.note,
    )


@router.get("/me/offers", response=Page[OfferOut])
def mine(request: Asked, paging: Query[Paging], state: OfferState | None = None) -> Page[OfferOut]:
    """What one was invited to."""
    rows = Offer.objects.filter(person=request.auth).select_related("programme", "person")
    return paged(rows.filter(state=state) if state else rows, paging, _shaped)


@writes(router.post, "/offers/{uuid:offer_id}/accept", TurnOut, status=201)
def accept(request: Asked, offer_id: UUID, body: EntryIn) -> Turn:
    """Take the offer: at a start this enters, later it opens the way to the waiting turn. Where the stage asks nothing,
    that hands it in as well."""
    offer, person = _offer_to(request.auth, offer_id), request.auth
    turn = enter_at_once(partial(entering.accept, offer, **_entry(person, body)), by=person)
    return turn_rows().get(pk=turn.pk)


@writes(router.post, "/offers/{uuid:offer_id}/decline", OfferOut)
def decline(request: Asked, offer_id: UUID) -> Offer:
    """Say no to an offer."""
    return entering.decline(_offer_to(request.auth, offer_id))


@writes(router.post, "/offers/{uuid:offer_id}/withdraw", OfferOut)
def withdraw(request: Asked, offer_id: UUID) -> Offer:
    """Take an unanswered offer back."""
    found = _offer(request.auth, offer_id)
    allow(found.by_id == request.auth.pk or rules.operates(request.auth, found.programme), "offer.not-yours")
    return entering.withdraw_offer(found)


@writes(
    router.post,
    "/programmes/{slug:slug}/stages/{slug:stage}/teams",
    TurnOut,
    status=201,
)
def form_team(request: Asked, slug: str, stage: str, body: TeamIn) -> Turn:
    """Join the waiting turns of a team's members into the team's one."""
    programme = seen_programme(request.auth, slug)
    team = seen_team(request.auth, body.team)
    return entering.form_team(programme, stage_of(programme, stage).id, team, by=request.auth)


def _offer(person: Person, offer_id: UUID) -> Offer:
    """An offer, for its person, for who made it and for who operates its programme."""
    rows = Offer.objects.select_related("programme", "person", "turn")
    found = one(rows, "offer.missing", OFFER, pk=offer_id)
    if person.pk in {found.person_id, found.by_id} or rules.operates(person, found.programme):
        return found
    return one(rows.none(), "offer.missing", OFFER)


def _offer_to(person: Person, offer_id: UUID) -> Offer:
    found = _offer(person, offer_id)
    allow(found.person_id == person.pk, "offer.not-yours")
    return found
