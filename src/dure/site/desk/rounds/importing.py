"""Competitions of other platforms taken in by page: sent, tried out by workers, mended or moved, made into a draft."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.bundles.drafting import LARGEST_TEAM, USUAL_TEAM
from dure.bundles.findings import Defect
from dure.compute.models import STANDARD
from dure.compute.queries import environment_called, environments, rule_for
from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.jobs.queries import failed_for_good
from dure.joints.importing.sent import make_of, send_bundle, try_again
from dure.joints.models import BundleState, SentBundle
from dure.people.models import Organisation
from dure.people.rules import looked_after_by
from dure.site import words
from dure.site.desk.rounds.door import for_makers
from dure.site.visitors import id_from, person_of
from dure.site.watched import unless_seen

SHOWN = 20
BY_IMAGE = "by-image"
STATES = {
    BundleState.TRYING: _("Being tried"), BundleState.TRIED: _("Tried"), BundleState.MAKING: _("Being made"),
    BundleState.MADE: _("Programme made"), BundleState.FAILED: _("Failed"),
}  # fmt: skip
_NO_FILE = Text(ko="번들 파일을 고르세요.", en="Choose the bundle.")
_NO_BUNDLE = Text(
    ko="그런 번들이 없습니다. 가져오기 페이지에서 다시 찾아보세요.",
    en="There is no such bundle: look for it on the page for imports.",
)


@for_makers
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """What one has sent, and a place to drop the next."""
    person = person_of(request)
    hosts = looked_after_by(person)
    wrong = ""
    if request.method == "POST":
        file: Any = request.FILES.get("bundle")
        if file is not None:
            host: Organisation | None = hosts.filter(pk=id_from(request.POST.get("host"))).first()
            sent = send_bundle(file, by=person, name=file.name or "", host=host)
            return redirect("round-import-bundle", sent.pk)
        wrong = words.say(Flawed("import.file", _NO_FILE).text)
    rows = SentBundle.objects.filter(by=person).select_related("source").order_by("-pk")[:SHOWN]
    seen = {"rows": [(row, STATES[BundleState(row.state)]) for row in rows], "hosts": hosts, "wrong": wrong}
    return render(request, "desk/rounds/imports.html", seen, status=422 if wrong else 200)


@for_makers
@require_safe
def show(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """How far it is, all that was found with its file and line, and what its programs run in."""
    sent = _sent(request, bundle_id)
    return render(request, "desk/rounds/import.html", _seen(sent))


@for_makers
@require_safe
def now(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """The part that changes."""
    sent = _sent(request, bundle_id)
    seen = _seen(sent)
    return unless_seen(
        request, [sent.state, seen["is_stuck"]], lambda: render(request, "desk/rounds/import_part.html", seen)
    )


@for_makers
@require_POST
def again(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """Try it again, in the environment that was chosen."""
    sent = _sent(request, bundle_id)
    name = request.POST.get("environment", BY_IMAGE)
    chosen = name != BY_IMAGE
    try_again(sent, environment=environment_called(name) if chosen else None, chosen=chosen)
    return redirect("round-import-bundle", sent.pk)


@for_makers
@require_POST
def make(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """Make the programme, for persons or for teams."""
    typed = request.POST.get("team_most", "")
    make_of(
        _sent(request, bundle_id),
        case="team" if request.POST.get("case") == "team" else "person",
        team_most=int(typed) if typed.isdecimal() and len(typed) < 4 else USUAL_TEAM,
    )
    messages.success(request, gettext("The programme is being made as a draft."))
    return redirect("round-import-bundle", bundle_id)


def _sent(request: HttpRequest, bundle_id: UUID) -> SentBundle:
    rows = SentBundle.objects.select_related("source", "host", "environment", "programme", "by")
    sent = rows.filter(pk=bundle_id, by=person_of(request)).first()
    if sent is None:
        raise Missing("import.missing", _NO_BUNDLE)
    return sent


def _seen(sent: SentBundle) -> dict[str, Any]:
    rule = rule_for(sent.image) if sent.image else None
    return {
        "sent": sent,
        "state": STATES[BundleState(sent.state)],
        "defects": [Defect.of(told) for told in sent.findings],
        "is_stuck": sent.is_going and failed_for_good({"bundle": str(sent.pk)}),
        "environments": environments(),
        "stands": sent.environment.name if sent.environment else STANDARD,
        "rule": rule,
        "by_image": BY_IMAGE,
        "team": {"usual": USUAL_TEAM, "largest": LARGEST_TEAM},
    }
