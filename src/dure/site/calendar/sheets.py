"""Attendance taken out as a spreadsheet, and brought back: looked at first, then entered."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dure.calendar.operations import take_marks
from dure.calendar.operations.sheets import COLUMNS, Sheet
from dure.calendar.queries import rows_of_sheet
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.joints.sheets import CONTENT_TYPES, read_sent, write
from dure.site.calendar.finding import frame_of, run_series
from dure.site.visitors import person_of

NO_FILE = Text(ko="올릴 파일을 고르세요.", en="Choose the file to send.")
SHOWN = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Send a table, to be looked at (``check``) or entered."""
    series = run_series(request, series_id)
    found: Sheet | None = None
    wrong: Refused | None = None
    if request.method == "POST":
        enter = "enter" in request.POST
        try:
            file = request.FILES.get("file")
            if file is None:
                raise Flawed("sheet.missing", NO_FILE)
            table = read_sent(file)
            found = take_marks(
                series, header=table.header, rows=table.rows, by=person_of(request), check_only=not enter
            )
        except Refused as refused:
            wrong = refused
        else:
            if enter:
                count = len(found.changed)
                text = ngettext("%(n)s mark was changed.", "%(n)s marks were changed.", count) % {"n": count}
                messages.success(request, text)
                return redirect("series-sheet", series.pk)
    seen = {
        **frame_of(request, series, tab="sheet"), "found": found, "refused": wrong, "columns": COLUMNS,
        "changed": found.changed[:SHOWN] if found else [],
    }  # fmt: skip
    return render(request, "calendar/sheet.html", seen, status=wrong.status if wrong else 200)


@login_required
@require_safe
def export(request: HttpRequest, series_id: UUID, kind: str) -> HttpResponse:
    """Every mark, as the sheet that comes back."""
    series = run_series(request, series_id)
    response = HttpResponse(write(COLUMNS, rows_of_sheet(series), format=kind), content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="attendance.{kind}"'
    return response
