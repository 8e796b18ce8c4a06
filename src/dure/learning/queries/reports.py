"""Reports for who pays: completion, hours and cost, by organisation and cohort, counted by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Case, Count, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from dure.learning.models import SEATED, Cohort, Enrolment, EnrolmentState
from dure.people.models import Organisation


@dataclass(frozen=True)
class Line:
    """One organisation in one cohort. ``completion`` is the mean of those with a seat, 0 to 1; ``hours`` what those
    who finished have learnt; ``cost`` the price of all seats; ``each`` what one who finished has cost."""

    cohort: Cohort
    organisation: Organisation | None
    seats: int
    waiting: int
    finished: int
    completion: float | None
    attendance: float | None
    grade: float | None
    hours: Decimal
    cost: int

    @property
    def each(self) -> int | None:
        """Won for each one who finished, rounded up."""
        return -(-self.cost // self.finished) if self.finished else None


def report(enrolments: "QuerySet[Enrolment]") -> list[Line]:
    """A line for each organisation and cohort among the enrolments, by course, cohort and organisation."""
    seated, finished = Q(state__in=SEATED), Q(state=EnrolmentState.FINISHED)
    share = Case(
        When(own=0, then=Value(1.0)), default=Cast(F("done"), FloatField()) / F("own"), output_field=FloatField()
    )
    rows = (
        enrolments.order_by()
        .values("cohort", "organisation")
        .annotate(
            seats=Count("pk", filter=seated),
            waiting=Count("pk", filter=Q(state=EnrolmentState.WAITING)),
            finished=Count("pk", filter=finished),
            mean_completion=Avg(share, filter=seated),
            mean_attendance=Avg(Cast("attendance", FloatField()), filter=seated),
            mean_grade=Avg(Cast("grade", FloatField()), filter=seated),
        )
    )
    counted = list(rows)
    cohorts = Cohort.objects.select_related("course").in_bulk({row["cohort"] for row in counted})
    organisations = Organisation.objects.in_bulk({row["organisation"] for row in counted if row["organisation"]})
    lines = [_line(dict(row), cohorts[row["cohort"]], organisations.get(row["organisation"])) for row in counted]
    return sorted(lines, key=_order)


def _line(row: dict[str, Any], cohort: Cohort, organisation: Organisation | None) -> Line:
    means = {name: row[f"mean_{name}"] for name in ("completion", "attendance", "grade")}
    counts = {name: row[name] for name in ("seats", "waiting", "finished")}
    hours, cost = cohort.course.hours * row["finished"], cohort.price * row["seats"]
    return Line(cohort=cohort, organisation=organisation, hours=hours, cost=cost, **counts, **means)


def _order(line: Line) -> tuple[str, str, str]:
    return line.cohort.course.key, line.cohort.name, line.organisation.short if line.organisation else ""


@dataclass(frozen=True)
class Total:
    """All lines together."""

    seats: int
    finished: int
    hours: Decimal
    cost: int

    @property
    def each(self) -> int | None:
        return -(-self.cost // self.finished) if self.finished else None


def total(lines: Sequence[Line]) -> Total:
    return Total(
        seats=sum(line.seats for line in lines),
        finished=sum(line.finished for line in lines),
        hours=sum((line.hours for line in lines), Decimal(0)),
        cost=sum(line.cost for line in lines),
    )
