"""Two graders at 200 hand-ins at the same time: no mark is lost, and none lands with the other."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from dure.core import clock
from dure.core.errors import Refused
from dure.learning.models import Enrolment, HandIn, Mark, Marking, Work, WorkMember
from dure.learning.operations.assignments import keep_marks, seat_graders, send_marks
from dure.learning.queries.assignments import rubric_of
from tests.factories import make_person
from tests.learning.assignments.factories import handed_in, make_task

pytestmark = pytest.mark.django_db(transaction=True)
WORKS = 200


def together(*jobs: Callable[[], None]) -> None:
    """Each job in a thread and on a connection of its own; what fails in one fails the test."""
    failed: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001 -- told to the test's own thread
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_two_graders_of_200_hand_ins_lose_and_bleed_nothing():
    graders = [make_person(), make_person()]
    task = make_task(each=2, gap=Decimal(1), due_at=None)
    _hand_in_many(task)
    seat_graders(task, people=graders)

    def grade(grader, offset: int) -> None:
        rows = Marking.objects.filter(grader=grader).order_by("work" if offset else "-work")
        for at, marking in enumerate(rows):
            idea, craft = _points(at, offset)
            keep_marks(marking, points={"c1": idea}, comment="", saves=0, rubric=1)
            keep_marks(marking, points={"c1": idea, "c2": craft}, comment=f"{offset}:{at}", saves=1, rubric=1)
            send_marks(marking)

    together(lambda: grade(graders[0], 0), lambda: grade(graders[1], 1))

    for offset, grader in enumerate(graders):
        rows = Marking.objects.filter(grader=grader, state="sent").order_by("work" if offset else "-work")
        told = [(row.points["c1"], row.points["c2"], row.comment, row.saves) for row in rows]
        assert told == [(*_points(at, offset), f"{offset}:{at}", 2) for at in range(WORKS)]
    marks = list(Mark.objects.prefetch_related("work__markings"))
    means = [sum((sum(one.read.values()) for one in mark.work.markings.all()), Decimal(0)) / 2 for mark in marks]
    assert len(marks) == WORKS
    assert [mark.raw for mark in marks] == means


def _points(at: int, offset: int) -> tuple[str, str]:
    """Marks that no other hand-in of either grader has in the same way."""
    return f"{(at % 25 + offset) / 10:.1f}", f"{(at // 25 + 10 * offset) / 10:.1f}"


def _hand_in_many(task) -> None:
    people = [make_person() for _ in range(WORKS)]
    enrolments = [Enrolment(cohort=task.cohort, person=person, state="active") for person in people]
    works = [Work(assignment=task, handed_in=1) for _ in people]
    Enrolment.objects.bulk_create(enrolments)
    Work.objects.bulk_create(works)
    members = zip(works, enrolments, strict=True)
    WorkMember.objects.bulk_create(WorkMember(work=one, assignment=task, enrolment=other) for one, other in members)
    told = {"number": 1, "rubric": rubric_of(task), "text": "글", "at": clock.now()}
    HandIn.objects.bulk_create(HandIn(work=work, by=person, **told) for work, person in zip(works, people, strict=True))


def test_of_two_tabs_that_change_the_same_marks_each_save_counts_or_is_told():
    task = make_task(due_at=None, graders=(make_person(),))
    marking = handed_in(task).work.markings.get()
    accepted: list[str] = []
    refused: set[str] = set()

    def tab(name: str) -> None:
        saves, wanted = 0, 0
        while wanted < 10:
            try:
                saves = keep_marks(
                    marking, points={"c1": str(wanted / 10)}, comment=f"{name}{wanted}", saves=saves, rubric=1
                ).saves
                accepted.append(f"{name}{wanted}")
                wanted += 1
            except Refused as elsewhere:
                refused.add(elsewhere.code)
                saves = elsewhere.facts["saves"]

    together(lambda: tab("a"), lambda: tab("b"))

    marking.refresh_from_db()
    assert (marking.saves, len(accepted)) == (20, 20)
    assert refused <= {"marking.elsewhere"}
    assert marking.comment in {"a9", "b9"}
