"""Teams: who is in them, how one joins, until when they change."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import allow, one, seen_team
from dure.api.people.invitations import InvitationOut
from dure.api.shapes import Email, In, Line, Moment, Out, Page, Paging, PersonRef, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.people import operations, rules
from dure.people.models import Invitation, Person, Team, TeamCode
from dure.people.operations.invitations import TEAM
from dure.people.queries import mates_in, teams_of

router = Router(tags=["people"])


class NewTeam(In):
    name: Annotated[str, Field(max_length=120)]


class InviteIn(In):
    email: Email


class CodeIn(In):
    """``code``: as it was told, with or without its hyphen."""

    code: Line


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
    least: int
    most: int | None
    locks_at: Moment | None

    @classmethod
    def of(cls, team: Team) -> Self:
        mates = [PersonRef.of(row.person) for row in mates_in(team)]
        return cls(
            id=team.pk,
            name=team.name,
            captain=PersonRef.of(team.captain),
            members=mates,
            least=team.least,
            most=team.most,
            locks_at=team.locks_at,
        )


class CodeOut(Out):
    """Whoever has it joins until it expires."""

    code: str
    expires_at: Moment

    @classmethod
    def of(cls, code: TeamCode) -> Self:
        return cls(code=str(code), expires_at=code.expires_at)


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
    return operations.invite(body.email, purpose=TEAM, subject=team.pk, what=_what(team), by=request.auth).row


@writes(router.post, "/teams/{uuid:team_id}/invitations/to/{uuid:person_id}", TeamOut)
def invite_known(request: Asked, team_id: UUID, person_id: UUID) -> Team:
    """Invite somebody whom one meets here (a colleague, a team mate) without knowing their address, by the captain."""
    team = _led(request, team_id)
    known = Person.objects.filter(rules.meets(request.auth), is_active=True)
    person = one(known, "person.missing", Text(ko="사람", en="person"), pk=person_id)
    operations.invite(person.email, purpose=TEAM, subject=team.pk, what=_what(team), by=request.auth)
    return team


@writes(router.post, "/teams/{uuid:team_id}/leave", TeamOut)
def leave(request: Asked, team_id: UUID, body: LeaveIn) -> Team:
    """Leave, or (by the captain) take somebody out. Until the team is fixed."""
    team = seen_team(request.auth, team_id)
    if body.person in {None, request.auth.pk}:
        return operations.leave_team(team, person=request.auth)
    allow(rules.may_lead(request.auth, team))
    return operations.dismiss(team, person=_mate(team, body.person))


@writes(router.post, "/teams/{uuid:team_id}/captain", TeamOut)
def hand_over(request: Asked, team_id: UUID, body: MateIn) -> Team:
    """Make another member the captain."""
    team = _led(request, team_id)
    return operations.hand_over(team, to=_mate(team, body.person))


@writes(router.patch, "/teams/{uuid:team_id}", TeamOut)
def rename(request: Asked, team_id: UUID, body: NewTeam) -> Team:
    """Call the team otherwise, wherever it takes part."""
    return operations.rename_team(_led(request, team_id), body.name)


@writes(router.post, "/teams/{uuid:team_id}/code", CodeOut, status=201)
def new_code(request: Asked, team_id: UUID) -> TeamCode:
    """A code by which people join, in the place of the one before."""
    return operations.issue_code(_led(request, team_id))


@router.get("/teams/{uuid:team_id}/code", response=CodeOut)
def code(request: Asked, team_id: UUID) -> CodeOut:
    """The team's code, for its captain."""
    return CodeOut.of(one(TeamCode.objects.all(), "team.code", CODE, team=_led(request, team_id)))


@writes(router.delete, "/teams/{uuid:team_id}/code", TeamOut)
def end_code(request: Asked, team_id: UUID) -> Team:
    """Nobody joins by the code any more."""
    team = _led(request, team_id)
    operations.revoke_code(team)
    return team


@contextmanager
def _tried(request: Asked, body: CodeIn) -> Iterator[tuple[str, Person]]:
    """A try that is refused stays counted, so it is taken outside the transaction."""
    operations.take_try(request.auth)
    yield body.code, request.auth


@writes(router.post, "/teams/join", TeamOut, before=_tried)
def join(_request: Asked, tried: tuple[str, Person]) -> Team:
    """Join the team whose code one was told. Ten tries an hour, right or wrong."""
    typed, person = tried
    return operations.join_by_code(typed, person=person)


CODE = Text(ko="팀 코드", en="code of this team")


def _what(team: Team) -> Text:
    return Text(ko=f"‘{team.name}’ 팀에", en=f"to the team {team.name}")


def _led(request: Asked, team_id: UUID) -> Team:
    team = seen_team(request.auth, team_id)
    allow(rules.may_lead(request.auth, team))
    return team


def _mate(team: Team, person: UUID | None) -> Person:
    mates = Person.objects.filter(team_members__team=team, team_members__left_at=None)
    return one(mates, "team.stranger", Text(ko="팀원", en="member of the team"), pk=person)
