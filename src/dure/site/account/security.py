"""How one signs in: second factor, devices, and keys for programs."""

from datetime import timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core import clock
from dure.people.operations import end_sessions, issue_token, revoke_token
from dure.people.queries import has_second_factor, tokens_of
from dure.site.account.devices import device_of
from dure.site.visitors import person_of

LASTS = {"30": timedelta(days=30), "90": timedelta(days=90), "365": timedelta(days=365)}


@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The ways in and what guards them."""
    person = person_of(request)
    sessions = [
        (session, device_of(session.user_agent), session.session_key == request.session.session_key)
        for session in UserSession.objects.purge_and_list(person)
    ]
    seen = {"second_factor": has_second_factor(person), "sessions": sessions, "tokens": tokens_of(person).count()}
    return render(request, "people/security.html", seen)


@login_required
@require_POST
def sign_out_others(request: HttpRequest) -> HttpResponse:
    """Every device but this one has to sign in again."""
    end_sessions(person_of(request), but=request.session.session_key or "")
    messages.success(request, gettext("All other devices are signed out."))
    return redirect("security")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Keys for programs. POST issues one, whose secret is shown this once."""
    person = person_of(request)
    secret = ""
    if request.method == "POST":
        lasts = LASTS.get(request.POST.get("lasts", ""))
        expires_at = clock.now() + lasts if lasts else None
        secret = issue_token(person, name=request.POST.get("name", ""), expires_at=expires_at).secret
    answer = render(request, "people/tokens.html", {"tokens": tokens_of(person), "secret": secret})
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    revoke_token(get_object_or_404(tokens_of(person_of(request)), pk=token_id))
    messages.success(request, gettext("The token opens nothing any more."))
    return redirect("tokens")
