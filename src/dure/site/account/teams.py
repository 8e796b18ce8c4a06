"""Invitations by letter: to a team, to an organisation."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from dure.core import clock
from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.models import Invitation, InvitationState, Organisation, Team
from dure.people.operations import accept, decline
from dure.people.operations.invitations import ORGANISATION, TEAM
from dure.people.queries import invitation_by, invitations_for
from dure.site import words
from dure.site.visitors import person_of, visitor

NO_INVITATION = Text(
    ko="답을 기다리는 초대가 아닙니다. 이미 답했거나 취소된 초대일 수 있습니다.",
    en="This invitation is not waiting. It may have been answered or taken back.",
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
    return redirect("team", found.subject) if found.purpose == TEAM else redirect("mine")


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
