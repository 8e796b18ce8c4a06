"""Taxonomies: which editions were brought in, and a new one checked and brought in."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dure.core.errors import Refused, TooLarge
from dure.core.text import Text
from dure.site.operator.door import operators
from dure.site.visitors import person_of
from dure.skills.importing.sources import SOURCES, source_called
from dure.skills.models import Edition, Taxonomy
from dure.skills.operations import bring_in
from dure.skills.operations.comparing import Changes, Report

MOST_BYTES, SHOWN, FLAWS, NAMES = 50 << 20, 20, 200, 30
LARGE = Text(
    ko="파일이 모두 합쳐 50 MiB를 넘습니다. 명령줄에서 `dure skills import`로 가져오세요.",
    en="The files are over 50 MiB together. Bring them in on the command line with `dure skills import`.",
)


@dataclass(frozen=True)
class Part:
    """One sort of a report: how many of each change, and the first names."""

    name: str
    changes: Changes

    @property
    def names(self) -> list[tuple[str, list[str]]]:
        return [(sort, names[:NAMES]) for sort, names in self.changes.names.items() if names and self.name != "links"]


@operators
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """A check changes nothing and tells what would; bringing in tells what did."""
    report, wrong = None, None
    if request.method == "POST":
        try:
            report = _brought_in(request)
        except Refused as refused:
            wrong = refused
        else:
            if not report.dry and not report.known:
                messages.success(request, gettext("The edition is brought in."))
                return redirect("operator-taxonomies")
    flaws = wrong.facts.get("errors", []) if wrong else []
    seen = {
        "tab": "taxonomies",
        "taxonomies": Taxonomy.objects.order_by("key"),
        "editions": Edition.objects.select_related("taxonomy", "by").order_by("-at", "-pk")[:SHOWN],
        "sources": [(name, source.about.title, source.needs) for name, source in SOURCES.items()],
        "source": request.POST.get("source", ""), "version": request.POST.get("version", ""),
        "report": report, "parts": [Part(*part) for part in report.parts.items()] if report else (),
        "wrong": wrong, "flaws": list(flaws)[:FLAWS] if isinstance(flaws, list) else (),
    }  # fmt: skip
    return render(request, "operator/taxonomies.html", seen, status=wrong.status if wrong else 200)


def _brought_in(request: HttpRequest) -> Report:
    sent = request.FILES.getlist("files")
    if sum(file.size or 0 for file in sent) > MOST_BYTES:
        raise TooLarge("taxonomy.large", LARGE)
    files = {file.name or "": file.read() for file in sent}
    read = source_called(request.POST.get("source", "")).read(files)
    dry = "enter" not in request.POST
    return bring_in(read, version=request.POST.get("version", ""), by=person_of(request), dry_run=dry)
