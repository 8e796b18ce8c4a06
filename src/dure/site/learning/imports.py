"""Catalogues brought in at a provider's page: sent, looked at, done."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dure.core.errors import Flawed, Missing, Refused
from dure.core.text import Text
from dure.jobs.queries import failed_for_good
from dure.joints.sheets import read_sent
from dure.learning.models import Connection, Format, Import, ImportState, Provider
from dure.learning.operations.imports import ask_platform, bring_in, carry_on
from dure.learning.tables import COLUMNS, packed
from dure.people.models import Person
from dure.site.learning.providers import frame_of, provider_for
from dure.site.visitors import person_of
from dure.site.watched import lead, unless_seen

LISTED, DANGLING = 100, 500
SHEETS = (".csv", ".xlsx", ".xls")
NO_FILE = Text(ko="올릴 파일을 고르세요.", en="Choose the file to send.")
NO_IMPORT = Text(
    ko="찾으시는 가져오기 기록이 없습니다. 제공 기관 페이지에서 확인하세요.",
    en="There is no such import. Look on the provider's page.",
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, key: str) -> HttpResponse:
    """Send a file, or ask the live catalogue; either only to look first (``check``) or for good."""
    provider, wrong = provider_for(request, key), None
    if request.method == "POST":
        try:
            made = _begun(request, provider)
            return lead(request, reverse("import", args=[made.pk]))
        except Refused as refused:
            wrong = refused
    seen = {
        **frame_of(request, provider, tab="import"),
        "connected": Connection.objects.filter(provider=provider).exists(),
        "columns": COLUMNS,
        "wrong": wrong,
    }
    return render(request, "learning/import_new.html", seen, status=wrong.status if wrong else 200)


def _begun(request: HttpRequest, provider: Provider) -> Import:
    by, check = person_of(request), "enter" not in request.POST
    if "platform" in request.POST:
        return ask_platform(provider, by=by, checks_only=check)
    file = request.FILES.get("file")
    if file is None:
        raise Flawed("import.file", NO_FILE)
    return bring_in_file(provider, file, by=by, check=check)


def bring_in_file(provider: Provider, file: "UploadedFile[Any]", *, by: Person, check: bool) -> Import:
    """A spreadsheet by its name's ending, anything else as a catalogue. Raises as ``read_sent`` and ``bring_in``."""
    name = file.name or ""
    if name.lower().endswith(SHEETS):
        table = read_sent(file)
        content = [packed(table.header, table.rows)]
        return bring_in(provider, content, by=by, format=Format.TABLE, name=name, checks_only=check)
    return bring_in(provider, file.chunks(), by=by, name=name, checks_only=check)


@login_required
@require_safe
def show(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How far it is; then what it changed, or would."""
    made, provider = _found(request, import_id)
    return render(request, "learning/import.html", {**frame_of(request, provider, tab="import"), **_seen(made)})


@login_required
@require_safe
def now(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The part that changes."""
    made, _provider = _found(request, import_id)
    told = [made.state, made.done, made.of]
    return unless_seen(request, told, lambda: render(request, "learning/import_part.html", _seen(made)))


@login_required
@require_POST
def enter(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Do what a check looked at."""
    made, _provider = _found(request, import_id)
    begun = carry_on(made, by=person_of(request)) if made.checks_only else made
    messages.success(request, gettext("It is being brought in."))
    return redirect("import", begun.pk)


def _seen(made: Import) -> dict[str, object]:
    report = made.report
    return {
        "made": made,
        "counts": report.get("counts", {}),
        "lists": [(name, report[name][:LISTED]) for name in ("new", "changed", "retired") if report.get(name)],
        "dangling": report.get("dangling", [])[:DANGLING],
        "flaws": report.get("flaws", []),
        "stuck": made.state == ImportState.WAITING and failed_for_good({"made": str(made.pk)}),
    }


def _found(request: HttpRequest, import_id: UUID) -> tuple[Import, Provider]:
    made = Import.objects.select_related("provider", "by").filter(pk=import_id).first()
    if made is None:
        raise Missing("import.missing", NO_IMPORT)
    return made, provider_for(request, made.provider.key)
