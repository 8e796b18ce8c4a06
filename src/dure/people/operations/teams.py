"""Teams form before they enter: the captain invites, people accept, decline or leave."""

from uuid import UUID

from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.events import TeamChanged
from dure.people.models import Person, Team, TeamMember
from dure.people.operations.checks import once
from dure.people.queries import mates_in


@transaction.atomic
def form_team(name: str, *, captain: Person) -> Team:
    """A new team of one. Others come by invitation (purpose ``team``). Raises Flawed("team.name")."""
    if not name.strip():
        raise Flawed("team.name", Text(ko="팀 이름을 입력하세요.", en="Give the team a name."))
    team = Team.objects.create(name=name.strip(), captain=captain)
    _join(team, captain)
    record("team.formed", team, after={"name": team.name, "captain": captain.pk}, about=captain)
    return team


@transaction.atomic
def join_team(team: Team, *, person: Person) -> Team:
    """Take somebody in. Raises Refused("team.member") where they are in it, ("team.gone") where all have left."""
    locked = _locked(team)
    if person.pk != locked.captain_id and not _is_in(locked, locked.captain_id):
        sentence = Text(
            ko="모두 나간 팀입니다. 새 팀을 만들거나 다른 팀의 초대를 받으세요.",
            en="Everybody has left this team. Form a new one, or ask another team to invite you.",
        )
        raise Refused("team.gone", sentence)
    _join(team, person)
    record("team.joined", team, after={"person": person.pk}, about=person)
    return team


def _join(team: Team, person: Person) -> None:
    with once("team.member", Text(ko="이미 이 팀의 팀원입니다.", en="You are in this team already.")):
        TeamMember.objects.create(team=team, person=person)
    publish(TeamChanged(team.pk))


@transaction.atomic
def leave_team(team: Team, *, person: Person) -> Team:
    """Leave, or be dismissed. A captain who leaves hands the team to whoever has been in it longest.

    Raises Refused("team.stranger") where they are not in it.
    """
    locked = _locked(team)
    if not locked.members.filter(person=person, left_at=None).update(left_at=clock.now()):
        raise _stranger()
    heir = mates_in(locked).first()
    told = {"person": person.pk}
    if heir and locked.captain_id == person.pk:
        _crown(team, heir.person)
        told["captain"] = heir.person_id
    record("team.left", team, after=told, about=person)
    publish(TeamChanged(team.pk))
    return team


@transaction.atomic
def hand_over(team: Team, *, to: Person) -> Team:
    """Make another member the captain. Raises Refused("team.stranger") where they are not in the team."""
    locked = _locked(team)
    if not _is_in(locked, to.pk):
        raise _stranger()
    _crown(team, to)
    record("team.handed-over", team, before={"captain": locked.captain_id}, after={"captain": to.pk})
    publish(TeamChanged(team.pk))
    return team


def _locked(team: Team) -> Team:
    """The team as it is now; who joins, leaves or hands over waits for whoever does so at this moment."""
    return Team.objects.select_for_update().get(pk=team.pk)


def _crown(team: Team, captain: Person) -> None:
    Team.objects.filter(pk=team.pk).update(captain=captain)
    team.captain = captain


def _is_in(team: Team, person: UUID) -> bool:
    return team.members.filter(person=person, left_at=None).exists()


def _stranger() -> Refused:
    return Refused(
        "team.stranger",
        Text(
            ko="이 팀의 팀원이 아닙니다. 팀 화면을 새로 고쳐 지금의 팀원을 확인하세요.",
            en="This person is not in the team. Reload the team's page to see who is.",
        ),
    )
