"""Teams form before they enter a programme."""

from typing import Annotated, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import allow, one, seen_team
from dure.api.people.invitations import InvitationOut
from dure.api.shapes import Email, In, Out, Page, Paging, PersonRef, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.people import operations, rules
from dure.people.models import Invitation, Person, Team
from dure.people.operations.invitations import TEAM
from dure.people.queries import mates_in, teams_of

router = Router(tags=["people"])


class NewTeam(In):
    name: Annotated[str, Field(max_length=120)]


class InviteIn(In):
    email: Email


class MateIn(In):
    """``person``: somebody of the team, by their id."""

    person: UUID


class LeaveIn(In):
    """``person`` left out: oneself."""

    person: UUID | None = None


class TeamOut(Out):
    id: UUID
    name: str
    captain: PersonRef
    members: list[PersonRef]

    @classmethod
    def of(cls, team: Team) -> Self:
        mates = [PersonRef.of(row.person) for row in mates_in(team)]
        return cls(id=team.pk, name=team.name, captain=PersonRef.of(team.captain), members=mates)


@router.get("/me/teams", response=Page[TeamOut])
def mine(request: Asked, paging: Query[Paging]) -> Page[TeamOut]:
    """The teams one is in."""
    rows = teams_of(request.auth).select_related("captain")
    return paged(rows, paging, lambda found: [TeamOut.of(team) for team in found])


@writes(router.post, "/teams", TeamOut, status=201)
def form(request: Asked, body: NewTeam) -> Team:
    """A new team of one; others come by invitation."""
    return operations.form_team(body.name, captain=request.auth)


@router.get("/teams/{uuid:team_id}", response=TeamOut)
def shown(request: Asked, team_id: UUID) -> TeamOut:
    """A team, for those who are in it."""
    return TeamOut.of(seen_team(request.auth, team_id))


@writes(router.post, "/teams/{uuid:team_id}/invitations", InvitationOut, status=201)
def invite(request: Asked, team_id: UUID, body: InviteIn) -> Invitation:
    """Invite an address by a letter, by the captain."""
    team = _led(request, team_id)
    what = Text(ko=f"팀 ‘{team.name}’", en=f"to the team {team.name}")
    return operations.invite(body.email, purpose=TEAM, subject=team.pk, what=what, by=request.auth).row


@writes(router.post, "/teams/{uuid:team_id}/leave", TeamOut)
def leave(request: Asked, team_id: UUID, body: LeaveIn) -> Team:
    """Leave, or (by the captain) dismiss somebody."""
    team = seen_team(request.auth, team_id)
    person = _mate(team, body.person) if body.person else request.auth
    allow(person == request.auth or rules.may_lead(request.auth, team))
    return operations.leave_team(team, person=person)


@writes(router.post, "/teams/{uuid:team_id}/captain", TeamOut)
def hand_over(request: Asked, team_id: UUID, body: MateIn) -> Team:
    """Make another member the captain."""
    team = _led(request, team_id)
    return operations.hand_over(team, to=_mate(team, body.person))


def _led(request: Asked, team_id: UUID) -> Team:
    team = seen_team(request.auth, team_id)
    allow(rules.may_lead(request.auth, team))
    return team


def _mate(team: Team, person: UUID) -> Person:
    mates = Person.objects.filter(team_members__team=team, team_members__left_at=None)
    return one(mates, "team.stranger", Text(ko="팀원", en="member of the team"), pk=person)
