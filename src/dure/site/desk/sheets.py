"""Spreadsheets at the desk: taken out, filled in, checked, brought back."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.blueprint.model import DecideStep, ExternalStep, PanelStep, Stage
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.joints.models import Batch
from dure.joints.sheets import (
    CONTENT_TYPES,
    SHEETS,
    Imported,
    csv_pieces,
    export_sheet,
    import_sheet,
    read_sent,
    size_of,
)
from dure.joints.sheets import take_out as take_sheet
from dure.joints.sheets.batched import AT_ONCE, ENTERED_AT_ONCE, ask_for_sheet, enter_later
from dure.programmes.models import Programme
from dure.site import words
from dure.site.desk.batches import streamed
from dure.site.desk.stage import head_of, stage_for
from dure.site.visitors import desk_for, person_of
from dure.site.watched import lead

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
    found: Imported | Batch | None = None
    refused: Flawed | None = None
    what = request.POST.get("what", "")
    if request.method == "POST":
        check_only = "enter" not in request.POST
        try:
            found = _sent(request, programme, stage, what, check_only=check_only)
        except Flawed as flawed:
            refused = flawed
        if isinstance(found, Batch):
            return lead(request, reverse("desk-batch", args=[slug, found.pk]))
        if found and not check_only:
            said = ngettext("%(n)d row was entered.", "%(n)d rows were entered.", found.changed)
            messages.success(request, said % {"n": found.changed})
            return redirect("desk-sheets", slug, stage)
    seen = {
        **head_of(programme, written),
        "sheets": sheets_of(written),
        "what": what,
        "found": found,
        "refused": refused,
        "changes": found.changes[:SHOWN] if isinstance(found, Imported) else (),
    }
    return render(request, "desk/sheets.html", seen, status=refused.status if refused else 200)


def _sent(request: HttpRequest, programme: Programme, stage: str, what: str, *, check_only: bool) -> Imported | Batch:
    """What entering the file that was sent did, or would do; of a long one, the work that finds out.

    Raises Flawed with every row that is wrong.
    """
    file = request.FILES.get("file")
    if file is None:
        raise Flawed("sheet.file", NO_FILE)
    table, by, filename = read_sent(file), person_of(request), file.name or ""
    if len(table.rows) <= ENTERED_AT_ONCE:
        return import_sheet(programme, stage, what, table, filename=filename, by=by, check_only=check_only)
    file.seek(0)
    return enter_later(programme, stage, what, file.read(), filename=filename, by=by, check_only=check_only)


@login_required
@require_safe
def take_out(request: HttpRequest, slug: str, stage: str, what: str, format_: str) -> HttpResponseBase:
    """One sheet as a file."""
    return sheet_file(request, desk_for(request, slug), stage, what, format_)


def sheet_file(request: HttpRequest, programme: Programme, stage: str, what: str, format_: str) -> HttpResponseBase:
    """A CSV as it is read; a workbook at once where it is small, else as soon as a worker has written it."""
    by = person_of(request)
    name = "-".join(part for part in (programme.slug, stage, what) if part)
    if format_ == "csv":
        taken = take_sheet(programme, stage, what, by=by)
        return streamed(csv_pieces(taken.header, taken.rows), f"{name}.csv")
    if size_of(programme, stage) > AT_ONCE:
        return redirect("desk-batch", programme.slug, ask_for_sheet(programme, stage, what, by=by).pk)
    data = export_sheet(programme, stage, what, as_=format_, by=by)
    return HttpResponse(
        data, content_type=CONTENT_TYPES[format_],
        headers={"Content-Disposition": f'attachment; filename="{name}.{format_}"'},
    )  # fmt: skip


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
