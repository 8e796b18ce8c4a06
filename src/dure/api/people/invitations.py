"""Letters that let their readers in: answered by their secret, or by whoever signed in with the address."""

from typing import Annotated, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from dure.api.base import ANYBODY, Asked, AskedByAnybody, caller
from dure.api.find import allow, one
from dure.api.shapes import In, Moment, Out, Page, Paging, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.people import operations, rules
from dure.people.models import Invitation
from dure.people.queries import invitation_by, invitations_for

router = Router(tags=["people"])


class SecretIn(In):
    """``secret``: what stands at the end of the letter's link."""

    secret: Annotated[str, Field(max_length=200)]


class InvitationOut(Out):
    id: UUID
    email: str
    purpose: str
    subject: str
    role: str
    state: str
    invited_at: Moment
    expires_at: Moment
    answered_at: Moment | None

    @classmethod
    def of(cls, invitation: Invitation) -> Self:
        return cls(
            id=invitation.pk,
            email=invitation.email,
            purpose=invitation.purpose,
            subject=invitation.subject,
            role=invitation.role,
            state=invitation.state,
            invited_at=invitation.invited_at,
            expires_at=invitation.expires_at,
            answered_at=invitation.answered_at,
        )


@router.get("/me/invitations", response=Page[InvitationOut])
def mine(request: Asked, paging: Query[Paging]) -> Page[InvitationOut]:
    """Letters to one's verified addresses that wait for an answer."""
    return paged(invitations_for(request.auth), paging, lambda found: [InvitationOut.of(row) for row in found])


@writes(router.post, "/invitations/{uuid:invitation_id}/accept", InvitationOut)
def accept(request: Asked, invitation_id: UUID) -> Invitation:
    """Accept a letter to one's verified address."""
    return operations.accept(_mine(request, invitation_id), by=request.auth)


@writes(router.post, "/invitations/{uuid:invitation_id}/decline", InvitationOut)
def decline(request: Asked, invitation_id: UUID) -> Invitation:
    """Decline a letter to one's verified address."""
    return operations.decline(_mine(request, invitation_id), by=request.auth)


@writes(router.post, "/invitations/{uuid:invitation_id}/withdraw", InvitationOut)
def withdraw(request: Asked, invitation_id: UUID) -> Invitation:
    """Take an unanswered letter back: whoever sent it, or a platform operator."""
    rows = Invitation.objects.all() if rules.is_operator(request.auth) else Invitation.objects.filter(
        invited_by=request.auth
    )  # fmt: skip
    invitation = one(rows, "invitation.missing", INVITATION, pk=invitation_id)
    allow(rules.may_withdraw(request.auth, invitation))
    return operations.withdraw(invitation)


@writes(router.post, "/invitations/accept", InvitationOut)
def accept_by_secret(request: Asked, body: SecretIn) -> Invitation:
    """Accept the letter that one holds, whichever address it went to."""
    return operations.accept(invitation_by(body.secret), by=request.auth)


@writes(router.post, "/invitations/decline", InvitationOut, auth=ANYBODY)
def decline_by_secret(request: AskedByAnybody, body: SecretIn) -> Invitation:
    """Decline the letter that one holds; this needs no account."""
    return operations.decline(invitation_by(body.secret), by=caller(request))


INVITATION = Text(ko="초대", en="invitation")


def _mine(request: Asked, invitation_id: UUID) -> Invitation:
    return one(invitations_for(request.auth), "invitation.missing", INVITATION, pk=invitation_id)
