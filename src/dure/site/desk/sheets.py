"""Spreadsheets at the desk: taken out, filled in, checked, brought back."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.blueprint.model import DecideStep, ExternalStep, PanelStep, Stage
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.joints.sheets import CONTENT_TYPES, SHEETS, Imported, export_sheet, import_sheet
from dure.joints.sheets.tables import MOST_BYTES
from dure.programmes.frozen import blueprint_of
from dure.site import words
from dure.site.desk.stage import stage_for
from dure.site.visitors import desk_for, person_of

NO_FILE = Text(ko="올릴 표 파일을 고르세요.", en="Choose the spreadsheet to send.")
SHOWN = 50
ONLY_OUT = frozenset({"cohort", "payments"})


@dataclass(frozen=True)
class Named:
    """A sheet and what it is called."""

    name: str
    title: str

    @property
    def comes_back(self) -> bool:
        return self.name not in ONLY_OUT


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """The stage's sheets. POST checks a file and shows what would change, or (``enter``) enters it."""
    programme = desk_for(request, slug)
    written = stage_for(programme, stage)
    found: Imported | None = None
    what = request.POST.get("what", "")
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            raise Flawed("sheet.file", NO_FILE)
        check_only = "enter" not in request.POST
        data = file.read(MOST_BYTES + 1)  # one more than is taken: enough to be refused
        found = import_sheet(
            programme, stage, what, data, filename=file.name or "", by=person_of(request), check_only=check_only
        )
        if not check_only:
            said = ngettext("%(n)d row was entered.", "%(n)d rows were entered.", found.changed)
            messages.success(request, said % {"n": found.changed})
            return redirect("desk-sheets", slug, stage)
    seen = {
        "programme": programme,
        "stage": written,
        "title": words.word(blueprint_of(programme), stage),
        "sheets": sheets_of(written),
        "what": what,
        "found": found,
        "changes": found.changes[:SHOWN] if found else (),
    }
    return render(request, "desk/sheets.html", seen)


@login_required
@require_safe
def take_out(request: HttpRequest, slug: str, stage: str, what: str, format_: str) -> HttpResponse:
    """One sheet as a file."""
    programme = desk_for(request, slug)
    data = export_sheet(programme, stage, what, format=format_, by=person_of(request))
    name = f"{programme.slug}-{stage}-{what}.{format_}"
    return HttpResponse(
        data, content_type=CONTENT_TYPES[format_], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def sheets_of(stage: Stage) -> list[Named]:
    """The sheets that this stage has something in."""
    asking = {DecideStep: "decisions", PanelStep: "reviews", ExternalStep: "proofs"}
    asked = {asking[type(step)] for step in stage.gate if type(step) in asking}
    wanted = {"evidence", "cohort", *asked}
    if stage.gives:
        wanted |= {"gives", "payments"}
    if stage.provides:
        wanted.add("provided")
    return [Named(name, str(words.SHEETS[name])) for name in SHEETS if name in wanted]
