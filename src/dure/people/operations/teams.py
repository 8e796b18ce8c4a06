"""Teams: people form them, join and leave them, until they are fixed by what they take part in."""

from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.events import TeamChanged, TeamJoined, TeamLeft
from dure.people.models import MergeState, NoticeKind, Person, Team, TeamCode, TeamMember, TeamMerge
from dure.people.operations.checks import once
from dure.people.operations.notices import tell
from dure.people.operations.team_bounds import check_changeable, give_places, take_places
from dure.people.queries import mates_in

LONGEST_NAME = 120


@transaction.atomic
def form_team(name: str, *, captain: Person) -> Team:
    """A new team of one. Others come by invitation (purpose ``team``) or code. Raises Flawed("team.name")."""
    team = Team.objects.create(name=_named(name), captain=captain)
    TeamMember.objects.create(team=team, person=captain)
    record("team.formed", team, after={"name": team.name, "captain": captain.pk}, about=captain)
    return team


@transaction.atomic
def rename_team(team: Team, name: str) -> Team:
    """Call a team otherwise, wherever it takes part. Raises Flawed("team.name"), Refused("team.locked")."""
    check_changeable(team)
    before, team.name = {"name": team.name}, _named(name)
    team.save(update_fields=["name"])
    record("team.renamed", team, before=before, after={"name": team.name})
    publish(TeamChanged(team.pk))
    return team


@transaction.atomic
def join_team(team: Team, *, person: Person) -> Team:
    """Take somebody in, wherever the team takes part as well.

    Raises Refused("team.member") where they are in it, ("team.gone") where all have left, ("team.full", "team.locked"),
    and what it takes part in refuses.
    """
    take_places(team)
    with once("team.member", Text(ko="이미 이 팀의 팀원입니다.", en="You are in this team already.")):
        TeamMember.objects.create(team=team, person=person)
    record("team.joined", team, after={"person": person.pk}, about=person)
    publish(TeamJoined(team.pk, person.pk))
    return team


@transaction.atomic
def leave_team(team: Team, *, person: Person, erased: bool = False) -> Team:
    """Leave. A captain who leaves hands the team to whoever has been in it longest; the last one dissolves it.

    ``erased``: the person is, which no lock keeps. Raises Refused("team.stranger") where they are not in it,
    ("team.locked").
    """
    give_places(team, whatever=erased)
    _end(team, person)
    heir = mates_in(team).first()
    told = {"person": person.pk}
    if heir is None:
        dissolve(team)
    elif Team.objects.filter(pk=team.pk, captain=person).update(captain=heir.person):
        team.captain = heir.person
        told["captain"] = heir.person_id
    record("team.left", team, after=told, about=person)
    publish(TeamLeft(team.pk, person.pk))
    return team


@transaction.atomic
def dismiss(team: Team, *, person: Person) -> Team:
    """Take somebody out of the team, by its captain. Raises as :func:`leave_team`, Refused("team.captain")."""
    check_changeable(team)
    if Team.objects.filter(pk=team.pk, captain=person).exists():
        sentence = Text(
            ko="팀장은 내보낼 수 없습니다. 먼저 다른 팀원에게 팀장을 넘기세요.",
            en="The captain cannot be taken out. Make somebody else captain first.",
        )
        raise Refused("team.captain", sentence)
    leave_team(team, person=person)
    told = Text(ko="팀장이 회원님을 ‘{team}’ 팀에서 내보냈습니다.", en="The captain took you out of the team {team}.")
    tell([person.pk], kind=NoticeKind.INVITATION, text=told.format(team=team.name), path="/me/teams/")
    return team


@transaction.atomic
def hand_over(team: Team, *, to: Person) -> Team:
    """Make another member the captain. Raises Refused("team.stranger") where they are not in the team."""
    check_changeable(team)
    if not team.members.filter(person=to, left_at=None).exists():
        raise _stranger()
    before = {"captain": Team.objects.values_list("captain", flat=True).get(pk=team.pk)}
    Team.objects.filter(pk=team.pk).update(captain=to)
    team.captain = to
    record("team.handed-over", team, before=before, after={"captain": to.pk})
    publish(TeamChanged(team.pk))
    return team


def dissolve(team: Team) -> None:
    """Nobody is in it: no code opens it, and what was asked of it waits no longer."""
    TeamCode.objects.filter(team=team).delete()
    for side in ("into", "gone"):
        asked = TeamMerge.objects.filter(**{side: team}, state=MergeState.ASKED)
        asked.update(state=MergeState.WITHDRAWN, answered_at=clock.now())
    record("team.dissolved", team)


def _end(team: Team, person: Person) -> None:
    if not team.members.filter(person=person, left_at=None).update(left_at=clock.now()):
        raise _stranger()


def _named(name: str) -> str:
    said = " ".join(name.split())
    if not said or len(said) > LONGEST_NAME:
        sentence = Text(
            ko="팀 이름을 {most}자 이내로 입력하세요.", en="Give the team a name of at most {most} characters."
        )
        raise Flawed("team.name", sentence.format(most=LONGEST_NAME))
    return said


def _stranger() -> Refused:
    return Refused(
        "team.stranger",
        Text(
            ko="이 팀의 팀원이 아닙니다. 팀 화면을 새로 고쳐 지금의 팀원을 확인하세요.",
            en="This person is not in the team. Reload the team's page to see who is.",
        ),
    )
