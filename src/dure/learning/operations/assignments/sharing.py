"""Hand-ins shared out among graders: evenly, each to as many as mark it, nobody's own to themselves."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from dure.learning.models import Assignment, Marking, Work


def share_out(assignment: Assignment, *, works: "Iterable[Work] | None" = None) -> None:
    """Give what was handed in (``works``: of these) to graders, those with the least first.

    In the caller's transaction. Where there are fewer graders than an assignment asks for, works wait for more.
    """
    seats = list(assignment.seats.order_by("person").values_list("person", flat=True))
    rows = assignment.works.filter(handed_in__gt=0)
    if works is not None:
        rows = rows.filter(pk__in=[work.pk for work in works])
    waiting = rows.select_for_update(of=("self",)).order_by("pk")
    counts = Counter(Marking.objects.filter(work__assignment=assignment).values_list("grader", flat=True))
    made = list[Marking]()
    for work in waiting.prefetch_related("markings", "members__enrolment"):
        made += _for(work, seats, assignment.each, counts)
    Marking.objects.bulk_create(made)


def _for(work: Work, seats: list[UUID], each: int, counts: "Counter[UUID]") -> list[Marking]:
    there = list(work.markings.all())
    barred = {row.grader_id for row in there} | {row.enrolment.person_id for row in work.members.all()}
    free = [place for place in range(1, each + 1) if place not in {row.place for row in there}]
    able = sorted((seat for seat in seats if seat not in barred), key=lambda seat: (counts[seat], seat))
    counts.update(able[: len(free)])
    return [Marking(work=work, grader_id=grader, place=place) for grader, place in zip(able, free, strict=False)]
