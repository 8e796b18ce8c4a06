"""Who acts in which role of a programme."""

from collections.abc import Iterable
from typing import Self
from uuid import UUID

from ninja import Query, Router

from dure.api.base import Asked
from dure.api.find import one, operated_programme, organisation_by, person_by, staffed_programme
from dure.api.people.invitations import InvitationOut
from dure.api.shapes import Email, In, Line, Moment, OrganisationRef, Out, Page, Paging, PersonRef, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.joints.invitations import invite_again, invite_to_seat, letters_for_seats
from dure.people.models import Invitation
from dure.programmes.models import Seat
from dure.programmes.operations import seating

router = Router(tags=["programmes"])


class NewSeat(In):
    """``organisation`` is needed where the role sits for several parties."""

    role: Line
    email: Email
    organisation: Line | None = None


class SeatOut(Out):
    id: UUID
    role: str
    person: PersonRef
    organisation: OrganisationRef | None
    since: Moment
    ended_at: Moment | None

    @classmethod
    def of(cls, seat: Seat) -> Self:
        place = seat.organisation
        return cls(
            id=seat.pk,
            role=seat.role,
            person=PersonRef.of(seat.person),
            organisation=OrganisationRef.of(place) if place else None,
            since=seat.since,
            ended_at=seat.ended_at,
        )


def _shaped(seats: Iterable[Seat]) -> list[SeatOut]:
    return [SeatOut.of(seat) for seat in seats]


@router.get("/programmes/{slug:slug}/seats", response=Page[SeatOut])
def listed(request: Asked, slug: str, paging: Query[Paging], role: Line = "") -> Page[SeatOut]:
    """Who sits now, for those who have a part in running it."""
    programme = staffed_programme(request.auth, slug)
    rows = Seat.objects.filter(programme=programme, ended_at__isnull=True).select_related("person", "organisation")
    return paged(rows.filter(role=role) if role else rows, paging, _shaped)


@writes(router.post, "/programmes/{slug:slug}/seats", SeatOut, status=201)
def take(request: Asked, slug: str, body: NewSeat) -> Seat:
    """Seat somebody in a role."""
    programme = operated_programme(request.auth, slug)
    place = organisation_by(body.organisation) if body.organisation else None
    return seating.seat(programme, body.role, person=person_by(body.email), organisation=place)


@writes(router.post, "/programmes/{slug:slug}/seats/invitations", InvitationOut, status=201)
def invite(request: Asked, slug: str, body: NewSeat) -> Invitation:
    """Send a letter to somebody who may have no account yet; accepting it seats them."""
    programme = operated_programme(request.auth, slug)
    place = organisation_by(body.organisation) if body.organisation else None
    return invite_to_seat(programme, body.role, email=body.email, by=request.auth, organisation=place)


@writes(router.post, "/programmes/{slug:slug}/seats/invitations/{uuid:invitation}/again", InvitationOut, status=201)
def invite_anew(request: Asked, slug: str, invitation: UUID) -> Invitation:
    """Send a fresh letter in the place of one, whose link opens nothing any more."""
    programme = operated_programme(request.auth, slug)
    sent = one(letters_for_seats(programme), "invitation.missing", Text(ko="초대", en="invitation"), pk=invitation)
    return invite_again(programme, sent, by=request.auth)


@writes(router.delete, "/programmes/{slug:slug}/seats/{uuid:seat}", SeatOut)
def end(request: Asked, slug: str, seat: UUID) -> Seat:
    """End a seat; what was done from it stays."""
    programme = operated_programme(request.auth, slug)
    rows = Seat.objects.filter(programme=programme).select_related("person", "organisation")
    return seating.unseat(one(rows, "seat.missing", Text(ko="자리", en="seat"), pk=seat))
