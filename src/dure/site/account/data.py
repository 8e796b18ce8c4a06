"""What one agreed to, and everything Dure keeps about one, to take along."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dure.people.models import Consent
from dure.people.operations import ask_for_export, note_download, withdraw_consent
from dure.people.queries import consents_of, exports_of
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from dure.site import words
from dure.site.visitors import person_of


@login_required
@require_safe
def consents(request: HttpRequest) -> HttpResponse:
    """Everything I agreed to or refused: what for, since when; what still stands can be taken back."""
    found = [(consent, _about(consent)) for consent in consents_of(person_of(request))]
    return render(request, "people/consents.html", {"consents": found})


@login_required
@require_POST
def withdraw(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    person = person_of(request)
    consent = get_object_or_404(person.consents, pk=consent_id, withdrawn_at=None)
    withdraw_consent(person, purpose=consent.purpose, scope=consent.scope)
    messages.success(request, gettext("Your consent is withdrawn from now on."))
    return redirect("consents")


def _about(consent: Consent) -> str:
    """The programme, and its stage, that a consent is about, in words."""
    slug, _, rest = consent.scope.partition("/")
    programme = Programme.objects.filter(slug=slug).first()
    if programme is None:
        return consent.scope
    stage = rest.partition("/")[0]
    title = words.say(programme.title)
    return f"{title} · {words.word(blueprint_of(programme), stage)}" if stage else title


@login_required
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """What was asked for, how far it is, and the file for as long as it is there."""
    found = exports_of(person_of(request))[:5]
    template = "people/exports_part.html" if getattr(request, "htmx", False) else "people/exports.html"
    return render(request, template, {"exports": found})


@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    ask_for_export(person_of(request))
    messages.success(request, gettext("Your data is being gathered. You will be told when it is ready."))
    return redirect("exports")


@login_required
@require_safe
def download(request: HttpRequest, export_id: UUID) -> FileResponse:
    """The file, for its person alone."""
    export = get_object_or_404(person_of(request).exports, pk=export_id)
    note_download(export)
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=f"dure-{export.asked_at:%Y-%m-%d}.zip")
