"""Environments at the operator's: what each holds, how it was built, which images it stands for; new ones."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from dure.challenges.queries.programs import Use, uses_of_environments
from dure.compute.models import STANDARD, Environment, EnvironmentState
from dure.compute.operations import add_environment, ask_to_build, use_for_images
from dure.compute.queries import Offer, environment_called, environments, image_rules
from dure.core.errors import Flawed
from dure.site import words
from dure.site.operator.door import operators

STATES = {
    EnvironmentState.PLANNED: _("Not built yet"), EnvironmentState.BUILDING: _("Being built"),
    EnvironmentState.READY: _("Ready to use"), EnvironmentState.FAILED: _("Could not be built"),
}  # fmt: skip


class EnvironmentForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Small letters, digits, dots and hyphens."))
    python = forms.CharField(
        label=_("Python"), required=False, max_length=200, help_text=_("A version; left empty, the platform's own.")
    )
    requirements = forms.CharField(
        label=_("Lock file"), widget=forms.Textarea({"rows": 8}),
        help_text=_("Every package pinned and with its hashes, as pip-compile --generate-hashes writes them."),
    )  # fmt: skip


@operators
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """All of them, and forms for another one and for which image stands for which. POST adds one and builds it."""
    form = EnvironmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _added(form):
        messages.success(request, gettext("It is added and being built."))
        return redirect("operator-environments")
    offers, uses = environments(), uses_of_environments()
    seen = {
        "tab": "environments", "form": form, "rules": image_rules(), "standard": STANDARD,
        "rows": [_row(offer, uses) for offer in offers],
        "building": any(offer.state == EnvironmentState.BUILDING for offer in offers),
    }  # fmt: skip
    return render(request, "operator/environments.html", seen, status=422 if form.errors else 200)


@operators
@require_POST
def build(request: HttpRequest, environment_id: UUID) -> HttpResponse:
    """Build it, or try that again."""
    ask_to_build(get_object_or_404(Environment, pk=environment_id))
    messages.success(request, gettext("It is being built. That takes minutes."))
    return redirect("operator-environments")


@operators
@require_POST
def rule(request: HttpRequest) -> HttpResponse:
    """Which environment stands for images of a name."""
    environment = environment_called(request.POST.get("environment", STANDARD))
    try:
        use_for_images(request.POST.get("pattern", "").strip(), environment)
        messages.success(request, gettext("Saved."))
    except Flawed as flawed:
        messages.error(request, words.say(flawed.text))
    return redirect("operator-environments")


def _row(offer: Offer, uses: dict[UUID | None, Use]) -> tuple[Offer, object, Use | None, list[tuple[UUID, str]]]:
    """An environment, how far it is, how much it is used, and the newest tasks that run in it."""
    use = uses.get(offer.row.pk if offer.row else None)
    newest = [(task.pk, f"{words.say(task.round.title)} {task.option}".strip()) for task in use.newest] if use else []
    return offer, STATES[EnvironmentState(offer.state)], use, newest


def _added(form: EnvironmentForm) -> bool:
    """Whether it could be added; what is wrong with it is told above the form."""
    said: dict[str, Any] = form.cleaned_data
    try:
        ask_to_build(add_environment(**said))
    except Flawed as flawed:
        form.add_error(None, words.say(flawed.text))
        return False
    return True
