"""Assignments as pages and endpoints ask for them: what waits for whom, what became of it, what grades come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from dure.core import clock
from dure.learning.marks import Compared, compared, grade_of, mean_share, total
from dure.learning.models import (
    SEATED,
    Assignment,
    AssignmentState,
    Cohort,
    Enrolment,
    HandIn,
    MarginNote,
    Mark,
    Marking,
    MarkingState,
    MarkState,
    Regrade,
    RegradeState,
    RubricVersion,
    Scheme,
    Work,
    WorkMember,
    scale_of,
)
from dure.people.models import Person


def rubric_of(assignment: Assignment) -> RubricVersion:
    """The version in force."""
    return assignment.rubrics.latest("number")


def latest(work: Work) -> HandIn | None:
    """What was handed in last."""
    return work.hand_ins.select_related("rubric", "by").filter(number=work.handed_in).first()


# --- whose turn it is


def assignments_of(person: Person, *, most: int = 100) -> list[Assignment]:
    """What somebody has to hand in where they have a seat, of their own track, the latest due first."""
    options = dict(person.enrolments.filter(state__in=SEATED).values_list("cohort", "option"))
    rows = Assignment.objects.filter(cohort__in=options, state=AssignmentState.OPEN)
    rows = rows.select_related("cohort__course", "lesson").order_by(F("due_at").desc(nulls_first=True), "-pk")
    return [row for row in rows[:most] if row.lesson is None or row.lesson.is_for(options[row.cohort_id])]


def works_of(person: Person, assignments: Sequence[Assignment]) -> dict[UUID, Work]:
    """Somebody's work on each of them, where they have begun one."""
    rows = WorkMember.objects.filter(assignment__in=assignments, enrolment__person=person)
    return {row.assignment_id: row.work for row in rows.select_related("work__assignment", "work__mark")}


def expected(assignment: Assignment) -> "QuerySet[Enrolment]":
    """Who has to hand it in: those with a seat whose track it is."""
    rows = assignment.cohort.enrolments.filter(state__in=SEATED)
    lesson = assignment.lesson
    return rows.filter(option__in=lesson.for_options) if lesson and lesson.for_options else rows


def missing(assignment: Assignment) -> "QuerySet[Enrolment]":
    """Those of them who have handed nothing in, by name."""
    handed = WorkMember.objects.filter(enrolment=OuterRef("pk"), assignment=assignment, work__handed_in__gt=0)
    rows = expected(assignment).filter(~Exists(handed)).select_related("person")
    return rows.order_by("person__name_key", "pk")


def to_mark(person: Person) -> "QuerySet[Marking]":
    """What waits for a grader's marks and may be marked by now."""
    rows = Marking.objects.filter(_due(), grader=person, state=MarkingState.DRAFT, work__handed_in__gt=0)
    return rows.order_by("work__assignment", "work")


def markings_of(person: Person, assignment: Assignment) -> "QuerySet[Marking]":
    """Everything that a grader marks of one assignment, in an order that stays."""
    rows = Marking.objects.filter(grader=person, work__assignment=assignment, work__handed_in__gt=0)
    return rows.select_related("work__assignment__cohort__course").order_by("work")


def graded_by(person: Person) -> "QuerySet[Assignment]":
    """Assignments at which somebody has a grader's seat, with how much waits for them, the newest first."""
    waits = Count("works__markings", filter=_due("works__") & Q(
        works__markings__grader=person, works__markings__state=MarkingState.DRAFT, works__handed_in__gt=0
    ))  # fmt: skip
    rows = Assignment.objects.filter(seats__person=person).select_related("cohort__course")
    return rows.annotate(waits=waits).order_by("-pk")


def _due(work: str = "work__") -> Q:
    """That its own due time has passed; ``work`` leads there."""
    own, common = f"{work}extended_until", "due_at" if work == "works__" else f"{work}assignment__due_at"
    now = clock.now()
    passed = Q(**{f"{common}__isnull": True}) | Q(**{f"{common}__lte": now})
    return (Q(**{f"{own}__isnull": True}) & passed) | Q(**{f"{own}__lte": now})


# --- what became of it


def works_in(assignment: Assignment, *, standing: str = "") -> "QuerySet[Work]":
    """What was handed in, with whose it is and how many graders have sent marks (``sent`` of ``shared``)."""
    members = WorkMember.objects.select_related("enrolment__person").order_by("enrolment__person__name_key", "pk")
    rows = _counted(assignment)
    rows = rows.filter(_standing(standing, assignment.each)) if standing else rows
    return rows.select_related("mark", "assignment").prefetch_related(Prefetch("members", members)).order_by("pk")


def _counted(assignment: Assignment) -> "QuerySet[Work]":
    asked = Regrade.objects.filter(mark__work=OuterRef("pk"), state=RegradeState.WAITING)
    rows: QuerySet[Work] = assignment.works.filter(handed_in__gt=0)
    counts: dict[str, Any] = {
        "shared": Count("markings"),
        "sent": Count("markings", filter=Q(markings__state=MarkingState.SENT)),
        "asked": Exists(asked),
    }
    return rows.annotate(**counts)


def _standing(standing: str, each: int) -> Q:
    """Those that are ``marking``, ``apart`` (all graders have sent, and a moderator decides), ``regrade``, or whose
    mark is in that state."""
    if standing == "regrade":
        return Q(asked=True)
    if standing not in {"marking", "apart"}:
        return Q(mark__state=standing)
    through = Q(sent__gte=each, sent=F("shared"))
    return Q(through if standing == "apart" else ~through, mark=None)


def standings(assignment: Assignment) -> dict[str, int]:
    """How many works stand where."""
    columns, each = ("mark__state", "shared", "sent", "asked"), assignment.each
    found = dict.fromkeys(("marking", "apart", *MarkState.values, "regrade"), 0)
    for state, shared, sent, asked in _counted(assignment).values_list(*columns):
        found[state or ("apart" if sent >= each and sent == shared else "marking")] += 1
        found["regrade"] += asked
    return found


def notes_for(hand_in: HandIn, *, reader: Person, all_of_them: bool) -> "QuerySet[MarginNote]":
    """What is said of a hand-in, with its answers; ``all_of_them``, or only what the reader said."""
    rows = hand_in.notes.filter(answers=None) if all_of_them else hand_in.notes.filter(answers=None, by=reader)
    return rows.select_related("by", "file").prefetch_related(
        Prefetch("thread", MarginNote.objects.select_related("by"))
    )


# --- grades


def grades_of(cohort: Cohort, *, coming: Assignment | None = None) -> dict[UUID, Decimal | None]:
    """The grade, 0 to 4.5, that released marks come to, by enrolment; ``coming``: with its moderated marks as well.

    It is the weighted mean of all assignments whose marks are out, on the cohort's scale. Whoever let one pass without
    handing in has 0 there; what is still being marked, and what closed before they came, is left out.
    """
    out = Q(released_at__isnull=False) | Q(pk=coming.pk if coming else None)
    assignments = list(cohort.assignments.filter(out, scheme=Scheme.SCALE).select_related("lesson"))
    enrolments = cohort.enrolments.filter(state__in=SEATED)
    members = WorkMember.objects.filter(assignment__in=assignments).select_related("work__assignment", "work__mark")
    works = {(row.enrolment_id, row.assignment_id): row.work for row in members}
    scale = scale_of(cohort)
    found = dict[UUID, Decimal | None]()
    for enrolment in enrolments:
        parts = [
            (one.weight, share)
            for one in assignments
            if (share := _share(one, enrolment, works.get((enrolment.pk, one.pk)), coming)) is not None
        ]
        mean = mean_share(parts)
        found[enrolment.pk] = None if mean is None else grade_of(mean, scale).points
    return found


def _share(one: Assignment, enrolment: Enrolment, work: Work | None, coming: Assignment | None) -> Decimal | None:
    if one.lesson and not one.lesson.is_for(enrolment.option):
        return None
    if work is not None and work.handed_in:
        mark: Mark | None = getattr(work, "mark", None)
        counts = {MarkState.RELEASED, *([MarkState.MODERATED] if coming and coming.pk == one.pk else [])}
        return mark.share if mark and mark.state in counts else None
    closes = (work or Work(assignment=one)).closes_at
    was_there = closes is not None and enrolment.asked_at <= closes < clock.now()
    return Decimal(0) if was_there else None


@dataclass(frozen=True)
class Preview:
    """What a release would do: marks that come out (``fail`` of them do not pass), works that stay behind, learners
    who handed nothing in and count as 0, and grades that change: (enrolment, before, after)."""

    marks: int
    fail: int
    behind: int
    none: int
    grades: list[tuple[Enrolment, Decimal | None, Decimal | None]]


def preview(assignment: Assignment) -> Preview:
    marks = list(_moderated(assignment))
    stand = standings(assignment)
    after = grades_of(assignment.cohort, coming=assignment)
    enrolments = assignment.cohort.enrolments.filter(state__in=SEATED).select_related("person")
    rows = enrolments.order_by("person__name_key", "pk")
    return Preview(
        marks=len(marks),
        fail=sum(not mark.passed for mark in marks),
        behind=stand["marking"] + stand["apart"] + stand["draft"],
        none=missing(assignment).count(),
        grades=[(row, row.grade, after[row.pk]) for row in rows if after[row.pk] not in {None, row.grade}],
    )


def _moderated(assignment: Assignment) -> "QuerySet[Mark]":
    rows = Mark.objects.filter(work__assignment=assignment, state=MarkState.MODERATED)
    return rows.select_related("work__assignment")


def takes_regrades(mark: Mark) -> bool:
    """Whether its learners may ask for another look now."""
    days = timedelta(days=mark.work.assignment.regrade_days)
    return mark.state == MarkState.RELEASED and mark.released_at is not None and mark.released_at + days > clock.now()


def graders_compared(assignment: Assignment) -> list[tuple[Person, Compared]]:
    """How each grader marks beside the others, whoever gives most first."""
    sent = Marking.objects.filter(work__assignment=assignment, state=MarkingState.SENT).only("grader", "work", "points")
    found = compared((row.grader_id, row.work_id, total(row.read)) for row in sent)
    persons = Person.objects.in_bulk(found)
    told = [(persons[pk], line) for pk, line in found.items()]
    return sorted(told, key=lambda one: (one[1].drift is None, -(one[1].drift or 0), one[0].name))
