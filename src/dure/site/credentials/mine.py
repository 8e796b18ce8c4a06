"""What somebody holds: to show, to take along, to keep to themselves."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core.errors import Missing, Refused
from dure.credentials import rules
from dure.credentials.models import Credential
from dure.credentials.operations import ask_renewal, new_link
from dure.credentials.operations import show as show_to
from dure.credentials.queries import held_by, may_be_asked_anew, renewal_of, standing_of
from dure.site import pdf, words
from dure.site.credentials.found import NO_CREDENTIAL
from dure.site.credentials.verify import certificate_of
from dure.site.visitors import person_of

PAGE = 24
LINKEDIN = "https://www.linkedin.com/profile/add"


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everything that one holds or held."""
    page = Paginator(held_by(person_of(request)), PAGE).get_page(request.GET.get("page"))
    rows = [(one, one.version.name_on(localtime(one.issued_at).date()), standing_of(one)) for one in page]
    return render(request, "credentials/mine.html", {"page": page, "rows": rows, "part": "me"})


@login_required
@require_safe
def show(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """One of them: who may see it, its link, its files."""
    credential = _own(request, credential_id)
    certificate = certificate_of(credential)
    seen = {
        **certificate, "linkedin": _linkedin(certificate), "pdf": pdf.here(), "part": "me",
        "renewable": may_be_asked_anew(credential), "renewal": renewal_of(credential),
    }  # fmt: skip
    return render(request, "credentials/held.html", seen)


def _linkedin(shown: Mapping[str, Any]) -> str:
    """The address that adds it to a profile of LinkedIn (its "Add to profile" parameters)."""
    credential: Credential = shown["credential"]
    issued, until = localtime(credential.issued_at), credential.valid_until
    asked = {
        "startTask": "CERTIFICATION_NAME", "name": words.say(shown["name"]),
        "organizationName": words.say(shown["organisation"].title),
        "issueYear": issued.year, "issueMonth": issued.month, "certUrl": shown["address"], "certId": credential.pk,
    }  # fmt: skip
    if until:
        asked |= {"expirationYear": localtime(until).year, "expirationMonth": localtime(until).month}
    return f"{LINKEDIN}?{urlencode(asked)}"


@login_required
@require_POST
def choose_public(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """Everybody may see it, or those alone who have its link."""
    credential = show_to(_own(request, credential_id), public=request.POST.get("public") == "yes")
    said = gettext("Everybody may see it now.") if credential.public else gettext("Only who has its link sees it now.")
    messages.success(request, said)
    return redirect("my-credential", credential.pk)


@login_required
@require_POST
def ask_anew(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """Ask the issuer for another in its place."""
    try:
        ask_renewal(_own(request, credential_id), by=person_of(request))
    except Refused as refused:
        messages.error(request, words.say(refused.text))
    else:
        messages.success(request, gettext("The issuer was asked. You are told when the new one is issued."))
    return redirect("my-credential", credential_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_link(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """What another link does to those given away, and making it."""
    credential = _own(request, credential_id)
    if request.method == "POST":
        new_link(credential)
        messages.success(request, gettext("It has another link now. Certificates printed before lead nowhere."))
        return redirect("my-credential", credential.pk)
    return render(request, "credentials/change_link.html", {**certificate_of(credential), "part": "me"})


def _own(request: HttpRequest, credential_id: UUID) -> Credential:
    person = person_of(request)
    rows = held_by(person).defer(None)
    found = rows.filter(pk=credential_id).first()
    if found is None or not rules.holds(person, found):
        raise Missing("credentials.missing", NO_CREDENTIAL)
    return found
