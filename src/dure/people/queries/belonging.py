"""Who belongs where on a day, and which invitations wait for an answer."""

from datetime import date

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from dure.core import clock
from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.keys import sha256_of
from dure.people.models import (
    Invitation,
    InvitationState,
    Membership,
    MergeState,
    Organisation,
    Person,
    Team,
    TeamMember,
    TeamMerge,
)


def colleagues_of(organisation: Organisation, *, on: date) -> QuerySet[Membership]:
    """Who belongs to an organisation on a day, with their persons."""
    return organisation.memberships.on(on).select_related("person").order_by("person__name", "pk")


def organisations_of(person: Person, *, on: date) -> QuerySet[Organisation]:
    """Where somebody belongs on a day, by name."""
    places = Membership.objects.on(on).filter(person=person).values("organisation")
    return Organisation.objects.filter(pk__in=places).order_by("name_ko", "pk")


def teams_of(person: Person) -> QuerySet[Team]:
    """The teams somebody is in now."""
    return Team.objects.filter(members__person=person, members__left_at=None).order_by("name", "pk")


def mates_in(team: Team) -> QuerySet[TeamMember]:
    """Who is in a team now, in the order in which they joined, with their persons."""
    return team.members.filter(left_at=None).select_related("person").order_by("joined_at", "pk")


def merges_of(team: Team) -> QuerySet[TeamMerge]:
    """What was asked of a team, or by it, and waits for an answer; the oldest first."""
    own = Q(into=team) | Q(gone=team)
    return TeamMerge.objects.filter(own, state=MergeState.ASKED).select_related("into", "gone").order_by("pk")


def verified_emails_of(person: Person) -> set[str]:
    """The addresses that a person has shown to be theirs."""
    return set(EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True))


def invitations_for(person: Person) -> QuerySet[Invitation]:
    """Invitations that wait for this person's answer, by their verified addresses."""
    theirs = EmailAddress.objects.filter(user=person, verified=True).values("email")
    return _waiting().filter(email__in=theirs).order_by("expires_at")


def invitations_to(purpose: str, subject: object) -> QuerySet[Invitation]:
    """Everybody who was ever invited to one thing, the newest first."""
    return Invitation.objects.filter(purpose=purpose, subject=str(subject)).order_by("-invited_at", "-pk")


def invitation_by(secret: str) -> Invitation:
    """The invitation whose letter holds this secret. Raises Missing."""
    found = Invitation.objects.filter(secret_sha256=sha256_of(secret)).first()
    if found is None:
        sentence = Text(
            ko="초대를 찾을 수 없습니다. 받은 메일의 링크를 끝까지 복사했는지 확인하세요.",
            en="There is no such invitation. Check that you copied the whole link from the mail.",
        )
        raise Missing("invitation.missing", sentence)
    return found


def _waiting() -> QuerySet[Invitation]:
    return Invitation.objects.filter(state=InvitationState.PENDING, expires_at__gt=clock.now())
