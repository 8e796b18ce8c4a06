"""What graders' points come to, and what marks make of grades; inside their callers' transactions."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from dure.learning.marks import agreed as agreed_of
from dure.learning.marks import counted, late_share, total
from dure.learning.models import SEATED, Assignment, HandIn, Mark, Marking, MarkingState, MarkState, Work
from dure.learning.operations.enrolling import note
from dure.learning.queries.assignments import grades_of, latest


def count_up(work: Work) -> Mark | None:
    """The mark that the graders agree on, as a draft; None while some have not sent theirs, or are too far apart.

    What a moderator has decided stays. The caller holds the work's row.
    """
    there = Mark.objects.filter(work=work).first()
    if there is not None and (there.settled_by_id or there.state != MarkState.DRAFT):
        return there
    hand_in, points = latest(work), agreed(work)
    if hand_in is None or points is None:
        Mark.objects.filter(work=work).delete()
        return None
    told = {"hand_in": hand_in, **columns(work, hand_in, points)}
    return Mark.objects.update_or_create(work=work, defaults=told)[0]


def agreed(work: Work) -> dict[str, Decimal] | None:
    """What all graders of a work come to together, where all have sent and are close enough."""
    rows: list[Marking] = list(work.markings.order_by("place"))
    sent = [row.read for row in rows if row.state == MarkingState.SENT]
    hand_in = latest(work)
    if hand_in is None or len(sent) < max(work.assignment.each, len(rows)):
        return None
    return agreed_of(sent, most=hand_in.rubric.read.most, gap=work.assignment.gap)


def columns(work: Work, hand_in: HandIn, points: Mapping[str, Decimal]) -> dict[str, Any]:
    """What a mark of these points says, less what lateness costs."""
    most, raw, assignment = hand_in.rubric.read.most, total(points), work.assignment
    late = late_share(hand_in.at, due=work.due_at, grace=assignment.grace, per_day=assignment.late_per_day)
    return {
        "by_criterion": {key: str(value) for key, value in points.items()},
        "raw": raw, "most": most, "late": late, "points": counted(raw, most=most, late=late),
    }  # fmt: skip


def recount(mark: Mark) -> None:
    """Count lateness anew."""
    points = {key: Decimal(value) for key, value in mark.by_criterion.items()}
    work = Work.objects.select_related("assignment").get(pk=mark.work_id)
    Mark.objects.filter(pk=mark.pk).update(**columns(work, mark.hand_in, points))


def note_grades(assignment: Assignment) -> int:
    """Write the grades that released marks come to into the enrolments. Returns how many changed."""
    grades, changed = grades_of(assignment.cohort), 0
    rows = assignment.cohort.enrolments.filter(state__in=SEATED).select_related("person", "cohort__course")
    for row in rows:
        if grades[row.pk] is not None and grades[row.pk] != row.grade:
            note(row, attendance=row.attendance, grade=grades[row.pk])
            changed += 1
    return changed
