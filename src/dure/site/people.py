"""Invitations by letter, teams, and what one says of oneself."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core import clock
from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.people import rules
from dure.people.days import zone_names
from dure.people.models import Invitation, InvitationState, Organisation, Team
from dure.people.operations import accept, change_person, decline, form_team, invite, leave_team
from dure.people.operations.invitations import ORGANISATION, TEAM
from dure.people.queries import invitation_by, invitations_for, invitations_to, mates_in, teams_of
from dure.site import words
from dure.site.visitors import person_of, visitor

NO_TEAM = Text(ko="찾으시는 팀이 없습니다. 내 팀을 확인하세요.", en="There is no such team. See your teams.")
NOT_CAPTAIN = Text(ko="팀장만 팀원을 초대할 수 있습니다.", en="Only the captain invites to a team.")


class AboutForm(forms.Form):
    """What people say of themselves."""

    name = forms.CharField(label=_("Name"), max_length=120)
    birth_date = forms.DateField(
        label=_("Date of birth"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    zone = forms.CharField(
        label=_("Time zone"), required=False, max_length=64, help_text=_("For example Asia/Seoul. Empty: Asia/Seoul.")
    )

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone and zone not in zone_names():
            raise forms.ValidationError(_("There is no such time zone. Write it as Asia/Seoul or Europe/London."))
        return zone


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest) -> HttpResponse:
    """My account: name, date of birth, time zone; the ways to sign-in and keys."""
    person = person_of(request)
    known = {"name": person.name, "birth_date": person.birth_date, "zone": person.zone}
    form = AboutForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        change_person(person, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("about")
    return render(request, "people/about.html", {"form": form})


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
        sentence = Text(ko="답할 수 있는 초대가 아닙니다.", en="This invitation is not waiting for you.")
        raise Missing("invitation.missing", sentence)
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


@login_required
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """My teams: who is in them and who was invited."""
    person = person_of(request)
    found = [(team, list(mates_in(team)), _invited(team), rules.may_lead(person, team)) for team in teams_of(person)]
    return render(request, "people/teams.html", {"teams": found})


def _invited(team: Team) -> list[Invitation]:
    return list(invitations_to(TEAM, team.pk).filter(state=InvitationState.PENDING))


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
    person, team = person_of(request), _team(request, team_id)
    if not rules.may_lead(person, team):
        raise Forbidden("team.not-captain", NOT_CAPTAIN)
    what = Text(ko=f"‘{team}’ 팀에", en=f"to the team {team}")
    invite(request.POST.get("email", ""), purpose=TEAM, subject=team.pk, what=what, by=person)
    messages.success(request, gettext("The invitation is on its way."))
    return redirect("teams")


@login_required
@require_POST
def leave(request: HttpRequest, team_id: UUID) -> HttpResponse:
    leave_team(_team(request, team_id), person=person_of(request))
    messages.success(request, gettext("You have left the team."))
    return redirect("teams")


def _team(request: HttpRequest, team_id: UUID) -> Team:
    team = teams_of(person_of(request)).filter(pk=team_id).first()
    if team is None:
        raise Missing("team.missing", NO_TEAM)
    return team
