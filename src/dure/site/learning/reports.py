"""Reports for who pays: a provider's courses, or an organisation's people; completion, hours, cost, as a file too."""

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dure.audit.operations import record
from dure.joints.sheets import csv_pieces
from dure.joints.sheets.cells import Cell
from dure.learning.models import Enrolment
from dure.learning.queries.reports import Line, report, total
from dure.site import words
from dure.site.charts import Bar, bars
from dure.site.desk.batches import streamed
from dure.site.learning.making import made_by
from dure.site.organisations.pages import frame_of, looked_after
from dure.site.visitors import person_of

SHOWN = 200


@login_required
@require_safe
def of_course(request: HttpRequest, key: str) -> HttpResponseBase:
    """One course, by cohort and organisation."""
    course = made_by(request, key)
    rows = Enrolment.objects.filter(cohort__course=course)
    if "csv" in request.GET:
        record("report.taken", course, about=person_of(request))
        return _file(rows, course.key)
    return render(request, "learning/course_report.html", {"course": course, "tab": "report", **_seen(rows)})


@login_required
@require_safe
def of_organisation(request: HttpRequest, short: str) -> HttpResponseBase:
    """An organisation's own people, in all courses."""
    organisation = looked_after(request, short)
    rows = Enrolment.objects.filter(organisation=organisation)
    if "csv" in request.GET:
        record("report.taken", organisation, about=person_of(request))
        return _file(rows, organisation.short)
    frame = frame_of(person_of(request), organisation, tab="learning")
    return render(request, "learning/organisation_report.html", {**frame, **_seen(rows)})


def _seen(rows: "QuerySet[Enrolment]") -> dict[str, object]:
    lines = report(rows)
    return {"lines": lines[:SHOWN], "more": max(0, len(lines) - SHOWN), "total": total(lines), "bars": _bars(lines)}


def _bars(lines: Sequence[Line]) -> list[Bar]:
    """The mean completion of each cohort, in per cent."""
    shares: dict[str, list[tuple[int, float]]] = {}
    for line in lines:
        shares.setdefault(_called(line), []).append((line.seats, line.completion or 0.0))
    return bars([(name, round(_mean(told) * 100)) for name, told in list(shares.items())[:20]])


def _mean(told: Iterable[tuple[int, float]]) -> float:
    seats = sum(n for n, _ in told)
    return sum(n * share for n, share in told) / seats if seats else 0.0


def _called(line: Line) -> str:
    return f"{words.say(line.cohort.course.title)[:12]} {line.cohort.name}"


def _file(rows: "QuerySet[Enrolment]", name: str) -> HttpResponse | HttpResponseBase:
    header = [gettext("Course"), gettext("Cohort"), gettext("Organisation"), gettext("Seats taken"), gettext("Waiting"),
              gettext("Finished"), gettext("Completion"), gettext("Attendance"), gettext("Grade"), gettext("Hours"),
              gettext("Cost, in won"), gettext("Cost of one who finished")]  # fmt: skip
    return streamed(csv_pieces(header, _cells(rows)), f"{name}-learning.csv")


def _cells(rows: "QuerySet[Enrolment]") -> Iterator[list[Cell]]:
    for line in report(rows):
        yield [
            words.say(line.cohort.course.title), line.cohort.name, line.organisation.short if line.organisation else "",
            line.seats, line.waiting, line.finished, line.completion, line.attendance, line.grade, line.hours,
            line.cost, line.each,
        ]  # fmt: skip
