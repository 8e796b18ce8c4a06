"""The participants: a table over all cases with the columns and the filter that somebody chose, on the page and as a
file."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dure.audit.operations import record
from dure.joints.batches import begin
from dure.joints.models import BatchKind
from dure.joints.sheets import CONTENT_TYPES, csv_pieces, write
from dure.joints.sheets.batched import AT_ONCE
from dure.joints.sheets.cells import Cell
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Case, Programme
from dure.programmes.queries.cohort import cases_in, count_in, page_in
from dure.site import words
from dure.site.desk.acts import acts_at
from dure.site.desk.batches import PARTICIPANTS, streamed
from dure.site.desk.columns import Column, Shown, columns_of, glimpses_of, offered
from dure.site.desk.filters import Asked, asked_of, choices_of
from dure.site.drawing import drawn
from dure.site.reading import number_from
from dure.site.visitors import desk_for, person_of

PAGE = 50
PIECE = 1_000
WRITE = "site.write-participants"  # the task that writes a long workbook


_LINE = (
    '<tr><td><input type="checkbox" name="case" value="{0}" data-each aria-label="{1}"></td>'
    '<td class="right num">{0}</td><th scope="row"><a href="{2}">{1}</a></th>%s</tr>'
)


@dataclass(frozen=True)
class Row:
    """One case of the table; ``url`` leads to its page, which knows the list it came from."""

    case: Case
    who: str
    url: str
    cells: list[Shown]

    @property
    def html(self) -> str:
        """The line on the page: there are fifty, and a template takes three times as long for each."""
        cells = "".join(f"<td>{{{at}}}</td>" for at in range(3, 3 + len(self.cells)))
        return drawn(_LINE % cells, self.case.number, self.who, self.url, *(cell.html for cell in self.cells))


@login_required
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The table: filtered, sorted, in the columns of the address."""
    programme = desk_for(request, slug)
    asked = asked_of(programme, request.GET)
    number = max(1, number_from(request.GET.get("page")) or 1)
    cases, count = page_in(programme, asked.group, order=asked.order, start=(number - 1) * PAGE, size=PAGE)
    columns = columns_of(programme, asked)
    seen = {
        "programme": programme,
        "blueprint": blueprint_of(programme),
        "tab": "participants",
        "asked": asked,
        "columns": columns,
        "rows": _rows(programme, asked, columns, cases),
        "page": Paginator(range(count), PAGE).get_page(number),
        "count": count,
        "sorts": {name: f"-{name}" if asked.sort == name else name for name in ("number", "name")},
        "acts": acts_at(programme, asked.group),
        **choices_of(programme, asked),
        "offered": offered(programme, asked, columns),
    }
    return render(request, "desk/cohort.html", seen)


def _rows(programme: Programme, asked: Asked, columns: list[Column], cases: list[Case]) -> list[Row]:
    address = asked.case_addresses(programme)
    return [
        Row(p.case, p.who, address(p.case.number), [column.cell(p) for column in columns])
        for p in glimpses_of(cases, columns)
    ]


@login_required
@require_safe
def export(request: HttpRequest, slug: str, format_: str) -> HttpResponseBase:
    """The same table, every row of it, as a file: a long workbook as soon as a worker has written it."""
    programme, by = desk_for(request, slug), person_of(request)
    asked = asked_of(programme, request.GET)
    count = count_in(programme, asked.group)
    if format_ == "xlsx" and count > AT_ONCE:
        told = {"what": PARTICIPANTS, "query": request.GET.urlencode()}
        made = begin(programme, BatchKind.OUT, WRITE, asked=told, by=by, of=count, language=words.language())
        return redirect("desk-batch", slug, made.pk)
    header, rows = table_of(programme, asked)
    record("cohort.exported", programme, after={"group": asked.group.as_dict()}, about=by)
    name = f"{programme.slug}-participants.{format_}"
    if format_ == "csv":
        return streamed(csv_pieces(header, rows), name)
    return HttpResponse(
        write(header, rows, format=format_),
        content_type=CONTENT_TYPES[format_],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def table_of(programme: Programme, asked: Asked) -> tuple[list[str], Iterator[list[Cell]]]:
    """The heading and every row, read as they are asked for."""
    columns = columns_of(programme, asked)
    header = [gettext("No."), gettext("Who"), *(column.title for column in columns)]
    return header, _lines(programme, asked, columns)


def _lines(programme: Programme, asked: Asked, columns: list[Column]) -> Iterator[list[Cell]]:
    cases = (
        cases_in(programme, asked.group).order_by(asked.order, "number").select_related("organisation", "entered_by")
    )
    found = list(cases)
    for start in range(0, len(found), PIECE):
        for passage in glimpses_of(found[start : start + PIECE], columns):
            yield [passage.case.number, passage.who, *(column.cell(passage).text for column in columns)]
