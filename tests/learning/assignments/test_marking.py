"""Graders mark blind to each other; moderators decide, release, and answer who holds a mark wrong."""

from datetime import timedelta
from decimal import Decimal

import pytest

from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import on
from dure.learning.events import MarkReleased
from dure.learning.marks import read_scale
from dure.learning.models import Mark, MarkState
from dure.learning.operations.assignments import (
    answer_note,
    answer_regrade,
    ask_regrade,
    ask_third,
    correct,
    keep_marks,
    moderate,
    moderate_all,
    release,
    send_marks,
    set_scale,
    settle,
    take_back,
    unsettle,
    write_note,
    write_rubric,
)
from dure.learning.operations.progressing import finish_lesson
from dure.learning.queries.assignments import missing, notes_for, preview, standings, to_mark, works_in
from dure.learning.rules import sees_markings
from dure.people.models import Notice
from tests.factories import make_person
from tests.learning.assignments.factories import DAY, RUBRIC, handed_in, make_class, make_task, marked
from tests.learning.factories import make_cohort, make_course, make_enrolment, make_lesson

pytestmark = pytest.mark.django_db
BOSS = {"c1": "5", "c2": "5"}


@pytest.fixture
def graders():
    return make_person(name="하나"), make_person(name="두리")


@pytest.fixture
def over():
    """Due times have passed."""
    with clock.at(clock.now() + 2 * DAY):
        yield


def _code(work) -> str:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.code


def _due_task(cohort=None, **told):
    return make_task(cohort, late_days=9, **told)


def test_before_it_is_due_nothing_is_marked(graders):
    task = make_task(graders=graders)
    work = handed_in(task).work

    assert not to_mark(graders[0]).exists()
    assert _code(lambda: marked(work, graders[0])) == "marking.not-yet"


def test_two_who_are_close_come_to_their_mean(graders):
    task = _due_task(graders=graders, each=2)
    work = handed_in(task).work
    with clock.at(task.due_at):
        marked(work, graders[0], "5", "4")
        alone = Mark.objects.exists()
        marked(work, graders[1], "4.5", "4")

    mark = Mark.objects.get()
    assert not alone
    assert (mark.by_criterion, mark.raw, mark.state) == ({"c1": "4.75", "c2": "4"}, Decimal("8.75"), "draft")
    assert standings(task)["draft"] == 1


def test_two_who_are_far_apart_need_a_third_or_a_moderator(graders):
    third, boss = make_person(), make_person()
    task = _due_task(graders=graders, each=2)
    work = handed_in(task).work
    with clock.at(task.due_at):
        marked(work, graders[0], "5", "5")
        marked(work, graders[1], "1", "1")
        apart = list(works_in(task, standing="apart"))
        barred = _code(lambda: ask_third(work, grader=graders[0], by=boss))
        ask_third(work, grader=third, by=boss)
        waits = standings(task)["marking"]
        marked(work, third, "1", "2")
        agreed = Mark.objects.get().points
        settle(work, points=BOSS, by=boss, remark="둘 다 맞습니다.")

    mark = Mark.objects.get()
    assert (apart, barred, waits, agreed) == ([work], "marking.barred", 1, Decimal("2.50"))
    assert (mark.points, mark.state, mark.settled_by, mark.remark) == (10, "moderated", boss, "둘 다 맞습니다.")
    with clock.at(task.due_at):
        assert _code(lambda: take_back(work.markings.get(place=1))) == "marking.stands"
        unsettle(work, by=boss)
    mark.refresh_from_db()
    assert (mark.points, mark.state, mark.settled_by) == (Decimal("2.50"), "draft", None)


def test_marks_that_were_sent_can_be_taken_back_until_a_moderator_stands_by_them(graders, over):
    task = _due_task(graders=graders[:1], due_at=None)
    work = handed_in(task).work
    sent = marked(work, graders[0])
    assert _code(lambda: send_marks(sent)) == "marking.sent"

    take_back(sent)
    without = Mark.objects.exists()
    marked(work, graders[0], "1", "1")
    moderate(Mark.objects.get(), by=make_person())

    assert not without
    assert _code(lambda: take_back(sent)) == "marking.stands"


def test_a_change_in_another_tab_is_never_lost(graders, over):
    task = _due_task(graders=graders[:1], due_at=None)
    marking = handed_in(task).work.markings.get()

    kept = keep_marks(marking, points={"c1": "3"}, comment="", saves=0, rubric=1)
    again = keep_marks(marking, points={"c1": "3"}, comment="", saves=0, rubric=1)
    with pytest.raises(Refused) as elsewhere:
        keep_marks(marking, points={"c1": "4"}, comment="", saves=0, rubric=1)

    assert (kept.saves, again.saves) == (1, 1)
    assert (elsewhere.value.code, elsewhere.value.facts["points"]) == ("marking.elsewhere", {"c1": "3"})
    assert _code(lambda: keep_marks(marking, points={}, comment="", saves=1, rubric=2)) == "marking.rubric"
    assert _code(lambda: send_marks(marking)) == "marks.flawed"


def test_a_rubric_that_is_edited_later_changes_no_mark_that_was_begun_or_released(graders, over):
    task = _due_task(graders=graders[:1], due_at=None)
    done, begun, fresh = (handed_in(task) for _ in range(3))
    marked(done.work, graders[0])
    moderate_all(task, by=graders[0])
    release(task, by=graders[0])
    keep_marks(begun.work.markings.get(), points={"c1": "3"}, comment="", saves=0, rubric=1)
    before = list(Mark.objects.values())

    made = write_rubric(task, source=RUBRIC.replace("= 5", "= 50"), by=graders[0])
    again = write_rubric(task, source=made.source, by=graders[0])
    marked(begun.work, graders[0], "5", "5")

    numbers = [row.rubric.number for row in (done, begun, fresh) if row.refresh_from_db() is None]
    assert (made.number, again, numbers) == (2, made, [1, 1, 2])
    assert list(Mark.objects.exclude(work=begun.work).values()) == before
    assert Mark.objects.get(work=begun.work).most == 10


def test_released_marks_reach_the_grade_the_lesson_and_their_learners(graders):
    told: list[MarkReleased] = []
    on(MarkReleased)(told.append)
    cohort = make_class()
    task, other = _due_task(cohort, graders=graders[:1]), make_task(cohort, lesson=None, weight=3, graders=graders[:1])
    good, bad, lazy = (make_enrolment(cohort) for _ in range(3))
    for enrolment, points in ((good, "5"), (bad, "1")):
        for one in (task, other):
            handed_in(one, enrolment)
        finish_lesson(enrolment, cohort.course.lessons.first())
        with clock.at(task.due_at + timedelta(minutes=1)):
            marked(enrolment.works.get(assignment=task).work, graders[0], points, points)
    with clock.at(task.due_at + 20 * DAY):
        moderate_all(task, by=graders[0])
        seen = preview(task)
        hidden = list(cohort.enrolments.order_by("pk").values_list("grade", flat=True))
        release(task, by=graders[0])

    rows = {row.pk: row for row in cohort.enrolments.all()}
    assert hidden == [None, None, None]
    assert (seen.marks, seen.fail, seen.behind, seen.none) == (2, 1, 0, 1)
    assert {(row.pk, before, after) for row, before, after in seen.grades} == {
        (good.pk, None, Decimal("4.5")), (bad.pk, None, Decimal(0)), (lazy.pk, None, Decimal(0)),
    }  # fmt: skip
    assert [rows[one.pk].grade for one in (good, bad, lazy)] == [Decimal("4.5"), 0, 0]
    assert [rows[one.pk].state for one in (good, bad, lazy)] == ["finished", "active", "active"]
    assert [len(told), Notice.objects.filter(text_en__startswith="Your mark").count()] == [2, 2]
    assert _code(lambda: release(task, by=graders[0])) == "mark.none"
    with clock.at(task.due_at + 20 * DAY):
        marked(good.works.get(assignment=other).work, graders[0], "0", "0")
        moderate_all(other, by=graders[0])
        set_scale(cohort, cuts=read_scale("A 90 4.5\nB 20 3.1\nF 0 0"))
        release(other, by=graders[0])
    good.refresh_from_db()
    assert good.grade == Decimal("3.1")  # a quarter of all: 1 × 100 % and 3 × 0 %


def test_whoever_came_after_an_assignment_closed_has_no_zero_for_it(graders):
    cohort = make_class()
    task = make_task(cohort, graders=graders[:1])
    handed_in(task)
    with clock.at(task.due_at + DAY):
        late = make_enrolment(cohort)
        marked(task.works.get(), graders[0])
        moderate_all(task, by=graders[0])
        release(task, by=graders[0])
        assert list(missing(task)) == [late]
    late.refresh_from_db()
    assert late.grade is None


def test_passed_or_not_is_no_part_of_the_grade(graders, over):
    task = _due_task(graders=graders[:1], due_at=None, scheme="pass")
    enrolment = make_enrolment(task.cohort)
    marked(handed_in(task, enrolment).work, graders[0])
    moderate_all(task, by=graders[0])
    release(task, by=graders[0])

    enrolment.refresh_from_db()
    assert enrolment.grade is None
    assert enrolment.progress.get(lesson=task.lesson).done_at


def test_an_assignment_of_another_track_is_nothing_to_hand_in(graders):
    course = make_course(lessons=1, options=["vision", "voice"])
    task = make_task(make_cohort(course), graders=graders)

    lesson = make_lesson(course, kind="assignment", for_options=["voice"])
    vision, voice = (make_enrolment(task.cohort, option=option) for option in ("vision", "voice"))
    own = make_task(task.cohort, lesson=lesson)

    assert list(missing(own)) == [voice]
    assert set(missing(task)) == {vision, voice}


def test_a_mark_that_is_out_changes_only_with_a_reason(graders, over):
    task, boss = _due_task(graders=graders[:1], due_at=None), make_person()
    enrolment = make_enrolment(task.cohort)
    marked(handed_in(task, enrolment).work, graders[0], "1", "1")
    mark = moderate(Mark.objects.get(), by=boss)
    assert _code(lambda: correct(mark, points=BOSS, by=boss, why="x")) == "mark.not-out"
    assert _code(lambda: ask_regrade(mark, by=enrolment.person, text="왜?")) == "regrade.late"
    release(task, by=boss)
    mark.refresh_from_db()

    assert _code(lambda: settle(mark.work, points=BOSS, by=boss)) == "mark.out"
    assert _code(lambda: ask_regrade(mark, by=enrolment.person, text=" ")) == "regrade.text"
    asked = ask_regrade(mark, by=enrolment.person, text="두 번째 항목을 다시 봐 주세요.")
    assert _code(lambda: ask_regrade(mark, by=enrolment.person, text="또")) == "regrade.waits"
    answered = answer_regrade(asked, by=boss, answer="맞습니다.", points=BOSS)
    again = answer_regrade(ask_regrade(mark, by=enrolment.person, text="더"), by=boss, answer="아닙니다.")

    mark.refresh_from_db()
    enrolment.refresh_from_db()
    assert (answered.state, answered.before, answered.after, again.state) == ("upheld", 2, 10, "rejected")
    assert (mark.points, mark.state, enrolment.grade) == (10, MarkState.RELEASED, Decimal("4.5"))
    with clock.at(mark.released_at + 8 * DAY):
        assert _code(lambda: ask_regrade(mark, by=enrolment.person, text="늦게")) == "regrade.late"


def test_graders_and_learners_see_notes_only_when_they_may(graders, over):
    task = _due_task(graders=graders, each=2, due_at=None)
    enrolment = make_enrolment(task.cohort)
    made = handed_in(task, enrolment)
    one, other = (write_note(made, by=grader, text="여기", line=2) for grader in graders)
    answer_note(one, by=enrolment.person, text="고치겠습니다.")

    assert list(notes_for(made, reader=graders[0], all_of_them=False)) == [one]
    assert set(notes_for(made, reader=enrolment.person, all_of_them=True)) == {one, other}
    assert Notice.objects.filter(person=graders[0], text_en__contains="was answered").exists()
    assert not sees_markings(graders[0], made.work)
    marked(made.work, graders[0])
    assert sees_markings(graders[0], made.work)
    assert _code(lambda: write_note(made, by=graders[0], text=" ")) == "note.text"


def test_a_page_is_one_of_a_file(graders, over):
    task = _due_task(graders=graders, due_at=None)
    made = handed_in(task, make_enrolment(task.cohort))

    assert _code(lambda: write_note(made, by=graders[0], text="여기", page=3)) == "note.page"
