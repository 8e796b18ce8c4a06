"""Invitations: a letter goes out, its reader answers once."""

from collections.abc import Callable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.events import InvitationAccepted, InvitationDeclined
from dure.people.keys import Issued, new_secret, sha256_of
from dure.people.letters import send_invitation
from dure.people.models import (
    INVITATION_MOVES,
    Invitation,
    InvitationState,
    NoticeKind,
    Organisation,
    Person,
    Role,
    Team,
)
from dure.people.operations.checks import mail_address, once
from dure.people.operations.notices import tell
from dure.people.operations.organisations import join_organisation
from dure.people.operations.teams import join_team
from dure.store.models import move

ORGANISATION, TEAM = "organisation", "team"  # the purposes that this room answers itself
LASTS = timedelta(days=14)


@transaction.atomic
def invite(
    email: str,
    *,
    purpose: str,
    subject: object,
    what: Text,
    by: Person | None,
    role: str = "",
    lasts: timedelta = LASTS,
) -> Issued[Invitation]:
    """Invite an address ``what`` for (a sentence's end: "to the team Alpha") and send the letter.

    ``subject`` is the id of what they are let into; the room that owns ``purpose`` hears InvitationAccepted.
    Raises Flawed("person.email"), Refused("invitation.pending") while the last one waits for its answer.
    """
    secret, now = new_secret(), clock.now()
    waits = Text(
        ko="이미 초대를 보냈고 답을 기다리고 있습니다. 다시 보내려면 먼저 그 초대를 취소하세요.",
        en="An invitation to this address is waiting for its answer. Withdraw it first to send another one.",
    )
    address = mail_address(email)
    _close_expired(address, purpose, str(subject), role)
    with once("invitation.pending", waits):
        invitation = Invitation.objects.create(
            email=address,
            purpose=purpose,
            subject=str(subject),
            role=role,
            secret_sha256=sha256_of(secret),
            invited_by=by,
            invited_at=now,
            expires_at=now + lasts,
        )
    send_invitation(invitation, what=what, secret=secret)
    _tell(invitation, what)
    record(f"{purpose}.invited", invitation, after={"subject": str(subject), "role": role})
    return Issued(invitation, secret)


def _tell(invitation: Invitation, what: Text) -> None:
    """Whoever has an account under the address finds the invitation on their own page as well."""
    inviter = str(invitation.invited_by or "Dure")
    text = Text(ko="{inviter} 님이 초대했습니다: {what}", en="{inviter} invites you {what}.")
    readers = EmailAddress.objects.filter(email=invitation.email, verified=True, user__is_active=True)
    told = text.format(inviter=inviter, what=what)
    tell(readers.values_list("user_id", flat=True), kind=NoticeKind.INVITATION, text=told, path="/me/")


@transaction.atomic
def accept(invitation: Invitation, *, by: Person) -> Invitation:
    """Say yes: whoever owns the purpose lets the person in, in this transaction.

    The caller has made sure that ``by`` read the letter: by its secret, or by a verified address.
    Raises Refused("invitation.answered" or "invitation.expired"), and what letting them in refuses.
    """
    _answer(invitation, InvitationState.ACCEPTED, by)
    if let_in := _LET_IN.get(invitation.purpose):
        let_in(invitation, by)
    record("invitation.accepted", invitation, actor=by)
    publish(
        InvitationAccepted(
            invitation=invitation.pk,
            purpose=invitation.purpose,
            subject=invitation.subject,
            role=invitation.role,
            person=by.pk,
        )
    )
    return invitation


@transaction.atomic
def decline(invitation: Invitation, *, by: Person | None) -> Invitation:
    """Say no; with the letter in hand that needs no account. Refuses as :func:`accept` does."""
    _answer(invitation, InvitationState.DECLINED, by)
    record("invitation.declined", invitation, actor=by)
    publish(InvitationDeclined(invitation.pk, invitation.purpose, invitation.subject))
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation) -> Invitation:
    """Take an unanswered invitation back; its letter opens nothing any more."""
    _check_unanswered(invitation)
    move(invitation, InvitationState.WITHDRAWN, by=INVITATION_MOVES)
    record("invitation.withdrawn", invitation)
    return invitation


def _answer(invitation: Invitation, answer: InvitationState, by: Person | None) -> None:
    _check_unanswered(invitation)
    if invitation.expires_at <= clock.now():
        sentence = Text(
            ko="기한이 지난 초대입니다. 초대한 사람에게 다시 보내 달라고 요청하세요.",
            en="This invitation has expired. Ask whoever invited you to send another one.",
        )
        raise Refused("invitation.expired", sentence, expired=invitation.expires_at)
    move(invitation, answer, by=INVITATION_MOVES, answered_by=by, answered_at=clock.now())


def _check_unanswered(invitation: Invitation) -> None:
    if invitation.state != InvitationState.PENDING:
        sentence = Text(
            ko="이미 답했거나 취소된 초대입니다. 다시 필요하면 초대한 사람에게 요청하세요.",
            en="This invitation was answered or withdrawn. Ask whoever sent it if you need another one.",
        )
        raise Refused("invitation.answered", sentence, state=invitation.state)


def _close_expired(email: str, purpose: str, subject: str, role: str) -> None:
    """One that nobody answered in time does not stand in the way of the next."""
    waiting = Invitation.objects.filter(email=email, purpose=purpose, subject=subject, role=role)
    waiting.filter(state=InvitationState.PENDING, expires_at__lte=clock.now()).update(state=InvitationState.WITHDRAWN)


def _into_organisation(invitation: Invitation, person: Person) -> None:
    organisation = Organisation.objects.get(pk=invitation.subject)
    join_organisation(organisation, person=person, role=invitation.role or Role.MEMBER)


def _into_team(invitation: Invitation, person: Person) -> None:
    join_team(Team.objects.get(pk=invitation.subject), person=person)


_LET_IN: dict[str, Callable[[Invitation, Person], None]] = {ORGANISATION: _into_organisation, TEAM: _into_team}
