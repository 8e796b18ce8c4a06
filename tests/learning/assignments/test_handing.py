"""Work is drafted, handed in, again until it is due, late at a price; groups hand in together."""

import os
from datetime import timedelta
from decimal import Decimal

import pytest

from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.learning.files import SHELF
from dure.learning.models import HandIn, WorkFile, WorkMember
from dure.learning.operations.assignments import (
    attach,
    begin,
    change_assignment,
    detach,
    extend,
    form_groups,
    hand_in,
    keep_draft,
    seat_graders,
)
from dure.learning.operations.forgetting import forget_learning
from dure.learning.operations.imports import sweep
from dure.learning.operations.progressing import finish_lesson
from dure.people.models import Notice
from tests.factories import make_person
from tests.learning.assignments.factories import DAY, handed_in, make_class, make_task, marked
from tests.learning.factories import make_enrolment, make_lesson

pytestmark = pytest.mark.django_db


def _code(work) -> str:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.code


def test_a_draft_is_kept_once_a_change_and_never_over_somebody_elses():
    task = make_task()
    work = begin(task, enrolment=make_enrolment(task.cohort))

    first = keep_draft(work, text="가", saves=0)
    again = keep_draft(work, text="가", saves=0)
    with pytest.raises(Refused) as elsewhere:
        keep_draft(work, text="나", saves=0)

    assert (first.saves, again.saves) == (1, 1)
    assert (elsewhere.value.code, elsewhere.value.facts) == ("work.elsewhere", {"saves": 1, "draft": "가"})


def test_every_version_stays_as_it_was_handed_in():
    task, person = make_task(), make_person()
    enrolment = make_enrolment(task.cohort, person=person)
    work = begin(task, enrolment=enrolment)
    file = attach(work, [b"one"], name="a.py")

    first = hand_in(work, by=person)
    detach(file)
    attach(work, [b"two"], name="a.py")
    second = hand_in(keep_draft(work, text="글", saves=0), by=person)

    assert [(row.number, row.text) for row in HandIn.objects.order_by("number")] == [(1, ""), (2, "글")]
    assert first.files.get().sha256 != second.files.get().sha256
    assert first.fingerprint != second.fingerprint


def test_nothing_is_not_handed_in():
    task = make_task()
    work = begin(task, enrolment=make_enrolment(task.cohort))

    assert _code(lambda: hand_in(work, by=make_person())) == "work.empty"
    assert _code(lambda: keep_draft(work, text="가" * 100_001, saves=0)) == "work.long"
    attach(work, [b"x"], name="a")
    assert _code(lambda: attach(work, [b"y"], name="a")) == "work.file"


def test_late_work_is_taken_for_its_days_and_more_time_is_for_one_alone():
    task = make_task(late_days=2, grace_minutes=10)
    one, other = make_enrolment(task.cohort), make_enrolment(task.cohort)
    extend(task, enrolment=one, until=task.due_at + 9 * DAY)

    with clock.at(task.due_at + 2 * DAY + timedelta(minutes=10)):
        late = handed_in(task, other)
    with clock.at(task.due_at + 3 * DAY):
        assert _code(lambda: handed_in(task, other)) == "work.closed"
        assert handed_in(task, one).number == 1
    assert late.number == 1
    assert Notice.objects.filter(person=one.person, text_en__contains="more time").count() == 1


def test_more_time_is_never_less():
    task = make_task()
    enrolment = make_enrolment(task.cohort)

    assert _code(lambda: extend(task, enrolment=enrolment, until=task.due_at)) == "work.earlier"


def test_more_time_given_afterwards_takes_the_price_of_lateness_off():
    grader = make_person()
    task = make_task(late_days=5, late_per_day=Decimal("0.1"), graders=(grader,))
    enrolment = make_enrolment(task.cohort)
    with clock.at(task.due_at + DAY + timedelta(hours=1)):
        work = handed_in(task, enrolment).work
        mark = marked(work, grader).work.mark
        before = (mark.raw, mark.late, mark.points)
        extend(task, enrolment=enrolment, until=clock.now())
    with clock.at(task.due_at + 2 * DAY):
        mark.refresh_from_db()

    assert before == (Decimal(9), Decimal("0.2"), Decimal(7))
    assert (mark.late, mark.points) == (0, 9)


def test_what_is_being_marked_is_not_handed_in_again():
    grader = make_person()
    task = make_task(late_days=3, graders=(grader,))
    enrolment = make_enrolment(task.cohort)
    work = handed_in(task, enrolment).work
    with clock.at(task.due_at + DAY):
        marked(work, grader)
        assert _code(lambda: handed_in(task, enrolment)) == "work.begun"


def test_a_group_hands_in_together_with_what_its_members_had_drafted():
    task = make_task(group_most=2)
    people = [make_person(f"{name}@example.org") for name in "abc"]
    one, two, three = (make_enrolment(task.cohort, person=person) for person in people)
    keep_draft(begin(task, enrolment=one), text="하나", saves=0)
    attach(begin(task, enrolment=two), [b"x"], name="x.txt")

    formed = form_groups(task, groups={"해": ["a@example.org", "b@example.org"]})
    work = begin(task, enrolment=two)
    made = hand_in(work, by=people[1])
    with pytest.raises(Flawed) as flawed:
        form_groups(task, groups={"달": ["a@example.org", "c@example.org", "z@example.org"], "별": ["c@example.org"]})

    assert formed == 1
    assert (made.text, [file.name for file in made.files.all()]) == ("하나", ["x.txt"])
    assert begin(task, enrolment=one) == work
    assert begin(task, enrolment=three) != work
    assert [row.person for row in Notice.objects.filter(text_en__startswith="Your group")] == [people[0]]
    assert [error["text"]["en"] for error in flawed.value.facts["errors"]] == [
        "The group 달 has more than 2 members.",
        "a@example.org has handed in already: the group cannot be changed.",
        "Not among those who do this assignment: z@example.org", "In two groups: c@example.org",
    ]  # fmt: skip
    assert _code(lambda: change_assignment(task, group_most=1)) == "assignment.begun"


def test_hand_ins_are_shared_out_evenly_and_nobody_marks_their_own():
    one, two, three = (make_person() for _ in range(3))
    task = make_task(each=2, graders=(one, two, three))
    own = make_enrolment(task.cohort, person=one)
    works = [handed_in(task, own).work, *(handed_in(task).work for _ in range(5))]

    loads = sorted(person.markings.count() for person in (one, two, three))
    assert set(works[0].markings.values_list("grader", flat=True)) == {two.pk, three.pk}
    assert loads == [4, 4, 4]
    seat_graders(task, people=[two, three])
    assert {work.markings.count() for work in works} == {2}
    assert not one.markings.exists()


def test_an_assignment_fills_only_a_lesson_of_its_sort_and_nobody_says_by_themselves_that_it_is_done():
    cohort = make_class()
    task = make_task(cohort)
    page = make_lesson(cohort.course)

    assert _code(lambda: change_assignment(task, lesson=page)) == "assignment.lesson"
    task.refresh_from_db()
    assert _code(lambda: make_task(cohort)) == "assignment.lesson"
    assert _code(lambda: finish_lesson(make_enrolment(cohort), task.lesson)) == "lesson.assignment"


def test_files_of_works_and_lessons_outlive_the_sweep():
    task = make_task()
    file = attach(begin(task, enrolment=make_enrolment(task.cohort)), [b"kept"], name="a")
    path = SHELF.path_of(file.sha256)
    with SHELF.received([b"gone"], most=9) as lost:
        gone = SHELF.keep(lost)

    for one in (path, gone):
        os.utime(one, (0, 0))
    sweep()

    assert (path.exists(), gone.exists()) == (True, False)


def test_who_is_forgotten_leaves_no_text_of_their_own():
    task = make_task(group_most=2)
    people = [make_person(f"{name}@example.org") for name in "ab"]
    for person in people:
        make_enrolment(task.cohort, person=person)
    form_groups(task, groups={"해": [person.email for person in people]})
    alone, other = make_task(task.cohort, lesson=None), WorkMember.objects.first().work
    attach(other, [b"x"], name="x")
    hand_in(other, by=people[0])
    own = handed_in(alone, people[0].enrolments.get())
    attach(own.work, [b"x"], name="x")

    forget_learning(people[0])

    own.refresh_from_db()
    assert (own.text, own.work.files.count()) == ("", 0)
    assert WorkFile.objects.filter(work=other).count() == 2
