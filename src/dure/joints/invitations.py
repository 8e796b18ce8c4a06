"""Invitations by mail that lead into a programme: whoever accepts one for a seat sits in it."""

from django.db import transaction
from django.db.models import Q, QuerySet

from dure.core.errors import Forbidden, Missing
from dure.core.events import on
from dure.core.text import Text
from dure.people.events import InvitationAccepted
from dure.people.models import Invitation, InvitationState, Organisation, Person
from dure.people.operations import invite
from dure.people.operations.invitations import withdraw
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from dure.programmes.operations.seating import seat

SEAT = "seat"


def invite_to_seat(
    programme: Programme, role: str, *, email: str, by: Person, organisation: Organisation | None = None
) -> Invitation:
    """Send somebody, who may have no account yet, a letter that seats them in ``role`` when they accept it."""
    if not rules.operates(by, programme):
        raise Forbidden("seat.not-yours", Text(ko="자리를 줄 권한이 없습니다.", en="You may not seat people here."))
    blueprint = blueprint_of(programme)
    if role not in blueprint.roles:
        sentence = Text(ko="‘{role}’ 역할이 없습니다.", en="There is no role {role}.").format(role=role)
        raise Missing("seat.role", sentence, role=role)
    word, title = blueprint.word(role), programme.title
    what = Text(ko=f"‘{title.ko}’의 {word.ko} 역할", en=f"to be {word.en} of “{title.en}”")
    subject = f"{programme.pk}:{organisation.short}" if organisation else str(programme.pk)
    return invite(email, purpose=SEAT, subject=subject, role=role, what=what, by=by).row


def letters_for_seats(programme: Programme) -> "QuerySet[Invitation]":
    """The letters that invite to the programme's seats and wait for an answer, the newest first."""
    mine = Q(subject=str(programme.pk)) | Q(subject__startswith=f"{programme.pk}:")
    return Invitation.objects.filter(mine, purpose=SEAT, state=InvitationState.PENDING).order_by("-pk")


@transaction.atomic
def invite_again(programme: Programme, sent: Invitation, *, by: Person) -> Invitation:
    """Send a fresh letter in the place of one: its link is new, the old one opens nothing any more."""
    _, _, short = sent.subject.partition(":")
    organisation = Organisation.objects.get(short=short) if short else None
    withdraw(sent)
    return invite_to_seat(programme, sent.role, email=sent.email, by=by, organisation=organisation)


@on(InvitationAccepted)
def take_the_seat(fact: InvitationAccepted) -> None:
    if fact.purpose != SEAT:
        return
    programme_id, _, short = fact.subject.partition(":")
    programme = Programme.objects.get(pk=programme_id)
    organisation = Organisation.objects.get(short=short) if short else None
    seat(programme, fact.role, person=Person.objects.get(pk=fact.person), organisation=organisation)
