"""Invitations by letter, and teams: who is in them, who is invited, who leads."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core import clock
from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.people import rules
from dure.people.models import Invitation, InvitationState, Organisation, Person, Team
from dure.people.operations import accept, decline, form_team, hand_over, invite, leave_team, withdraw
from dure.people.operations.invitations import ORGANISATION, TEAM
from dure.people.queries import invitation_by, invitations_for, invitations_to, mates_in, teams_of
from dure.site import words
from dure.site.visitors import person_of, visitor

NO_TEAM = Text(ko="찾으시는 팀이 없습니다. 내 팀을 확인하세요.", en="There is no such team. See your teams.")
NO_MATE = Text(ko="이 팀의 팀원이 아닙니다. 팀 화면을 새로 고치세요.", en="They are not in this team. Reload the page.")
NO_INVITATION = Text(
    ko="답을 기다리는 초대가 아닙니다. 이미 답했거나 취소된 초대일 수 있습니다.",
    en="This invitation is not waiting. It may have been answered or taken back.",
)
NOT_CAPTAIN = Text(
    ko="팀장만 할 수 있습니다. 팀장에게 요청하세요.", en="Only the captain of the team can do this. Ask them."
)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """The letter's page. To accept one signs in; to decline the letter is enough."""
    found = invitation_by(secret)
    if request.method == "POST":
        return _answered(request, found)
    seen = {"invitation": found, "what": what_of(found), "open": _is_open(found)}
    return render(request, "people/invitation.html", seen)


@login_required
@require_POST
def answer_invitation(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Answer an invitation to one's own verified address without the letter."""
    found = invitations_for(person_of(request)).filter(pk=invitation_id).first()
    if found is None:
        raise Missing("invitation.missing", NO_INVITATION)
    return _answered(request, found)


def _answered(request: HttpRequest, found: Invitation) -> HttpResponse:
    person = visitor(request)
    if request.POST.get("answer") == "no":
        decline(found, by=person)
        messages.success(request, gettext("You have declined the invitation."))
        return redirect("mine" if person else "home")
    if person is None:
        return redirect(f"/accounts/login/?next={request.path}")
    accept(found, by=person)
    messages.success(request, gettext("You have accepted the invitation."))
    return redirect("teams" if found.purpose == TEAM else "mine")


def what_of(found: Invitation) -> str:
    """What an invitation is to, by name."""
    if found.purpose == TEAM:
        return str(Team.objects.filter(pk=found.subject).first() or "")
    if found.purpose == ORGANISATION:
        organisation = Organisation.objects.filter(pk=found.subject).first()
        return "" if organisation is None else words.say(organisation.title)
    return ""


def _is_open(found: Invitation) -> bool:
    return found.state == InvitationState.PENDING and found.expires_at > clock.now()


@dataclass(frozen=True)
class MyTeam:
    """A team that I am in; ``leads``: I am its captain."""

    team: Team
    mates: list[Person]
    invited: list[Invitation]
    leads: bool


@login_required
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """My teams: who is in them and who was invited."""
    person = person_of(request)
    return render(request, "people/teams.html", {"teams": [_my(team, person) for team in teams_of(person)]})


def _my(team: Team, person: Person) -> MyTeam:
    invited = invitations_to(TEAM, team.pk).filter(state=InvitationState.PENDING, expires_at__gt=clock.now())
    return MyTeam(team, [mate.person for mate in mates_in(team)], list(invited), rules.may_lead(person, team))


@login_required
@require_POST
def new_team(request: HttpRequest) -> HttpResponse:
    form_team(request.POST.get("name", ""), captain=person_of(request))
    messages.success(request, gettext("The team is formed. Invite its members."))
    return redirect("teams")


@login_required
@require_POST
def invite_mate(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """The captain invites somebody by mail."""
    team = _led(request, team_id)
    what = Text(ko=f"‘{team}’ 팀에", en=f"to the team {team}")
    invite(request.POST.get("email", ""), purpose=TEAM, subject=team.pk, what=what, by=person_of(request))
    messages.success(request, gettext("The invitation is on its way."))
    return redirect("teams")


@login_required
@require_POST
def take_back(request: HttpRequest, team_id: UUID, invitation_id: UUID) -> HttpResponse:
    """The captain takes an unanswered invitation back."""
    team = _led(request, team_id)
    found = invitations_to(TEAM, team.pk).filter(pk=invitation_id).first()
    if found is None:
        raise Missing("invitation.missing", NO_INVITATION)
    withdraw(found)
    messages.success(request, gettext("The invitation is taken back."))
    return redirect("teams")


@login_required
@require_POST
def make_captain(request: HttpRequest, team_id: UUID, person_id: UUID) -> HttpResponse:
    team = _led(request, team_id)
    hand_over(team, to=_mate(team, person_id))
    messages.success(request, gettext("The team has a new captain."))
    return redirect("teams")


@login_required
@require_POST
def dismiss(request: HttpRequest, team_id: UUID, person_id: UUID) -> HttpResponse:
    """The captain takes somebody out of the team."""
    team = _led(request, team_id)
    leave_team(team, person=_mate(team, person_id))
    messages.success(request, gettext("They are no longer in the team."))
    return redirect("teams")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """What leaving means, then leaving."""
    person, team = person_of(request), _team(request, team_id)
    if request.method == "POST":
        leave_team(team, person=person)
        messages.success(request, gettext("You have left the team."))
        return redirect("teams")
    return render(request, "people/leave.html", {"mine": _my(team, person)})


def _led(request: HttpRequest, team_id: UUID) -> Team:
    """A team of which the visitor is the captain. Raises Missing or Forbidden."""
    team = _team(request, team_id)
    if not rules.may_lead(person_of(request), team):
        raise Forbidden("team.not-captain", NOT_CAPTAIN)
    return team


def _mate(team: Team, person_id: UUID) -> Person:
    mate = mates_in(team).filter(person=person_id).first()
    if mate is None:
        raise Missing("team.stranger", NO_MATE)
    return mate.person


def _team(request: HttpRequest, team_id: UUID) -> Team:
    team = teams_of(person_of(request)).filter(pk=team_id).first()
    if team is None:
        raise Missing("team.missing", NO_TEAM)
    return team
