"""Lessons done in their order, quizzes answered, what is learnt elsewhere proven; what finishing means."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.events import on
from dure.core.ids import uuid7
from dure.learning.events import CourseFinished, ItemFinished
from dure.learning.models import Enrolment, Lesson, Progress
from dure.learning.operations.courses import (
    attach,
    describe_course,
    detach,
    edit_lesson,
    open_course,
    order_lessons,
    retire_lesson,
)  # fmt: skip
from dure.learning.operations.courses import (
    make_course as draft,
)
from dure.learning.operations.progressing import answer, finish_lesson, keep_position, open_lesson, prove, take_back
from dure.learning.steps import next_of, steps, steps_of
from tests.factories import make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment, make_lesson, make_provider

pytestmark = pytest.mark.django_db
QUIZ = "? 2 + 2\n* 4\n- 5\n? 1 + 1\n* 2\n- 3"


def learner(course, **known) -> Enrolment:
    return make_enrolment(make_cohort(course), **known)


def way(enrolment) -> list[str]:
    """Each step as d(one), l(ocked) or o(pen)."""
    return ["d" if step.is_done else "l" if step.locked else "o" for step in steps_of(enrolment)]


def test_the_next_lesson_opens_once_the_one_before_is_done():
    enrolment = learner(make_course(lessons=3))
    first, second, _ = enrolment.cohort.course.lessons.all()

    before = way(enrolment)
    with pytest.raises(Forbidden):
        open_lesson(enrolment, second)
    finish_lesson(enrolment, first)

    assert (before, way(enrolment)) == (["o", "l", "l"], ["d", "o", "l"])
    open_lesson(enrolment, second)


def test_without_an_order_only_what_a_lesson_needs_comes_first():
    course = make_course(lessons=3, in_order=False)
    first, second, third = course.lessons.all()
    edit_lesson(third, needs=[second])

    assert way(learner(course)) == ["o", "o", "l"]
    with pytest.raises(Forbidden):
        finish_lesson(learner(course), third)
    assert first.needs.count() == 0


def test_the_last_required_lesson_finishes_the_course_with_its_credits():
    told: list[object] = []
    on(CourseFinished)(told.append)
    on(ItemFinished)(told.append)
    course = make_course(lessons=1)
    make_lesson(course, required=False)
    enrolment = learner(course)

    finish_lesson(enrolment, course.lessons.first())
    finish_lesson(enrolment, course.lessons.first())

    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.credits, enrolment.completion) == ("finished", 3, 1)
    assert [type(fact) for fact in told] == [ItemFinished, CourseFinished]


def test_nobody_is_asked_for_lessons_of_another_track():
    course = make_course(lessons=0, opened=False, options=["vision", "voice"])
    both, vision, voice = (make_lesson(course, for_options=options) for options in ([], ["vision"], ["voice"]))
    open_course(course)
    enrolment = learner(course, option="voice")

    with pytest.raises(Forbidden):
        open_lesson(enrolment, vision)
    for lesson in (both, voice):
        finish_lesson(enrolment, lesson)

    assert (enrolment.state, enrolment.own, way(enrolment)) == ("finished", 2, ["d", "d"])


def test_it_goes_on_where_one_was_on_another_device():
    enrolment = learner(make_course(lessons=3, in_order=False))
    lessons = list(enrolment.cohort.course.lessons.all())
    open_lesson(enrolment, lessons[1])
    keep_position(enrolment, lessons[1], position=310)

    elsewhere = Enrolment.objects.get(pk=enrolment.pk)
    there = next_of(steps_of(elsewhere), elsewhere.last_id)

    assert (there.lesson, there.progress.position) == (lessons[1], 310)
    finish_lesson(elsewhere, lessons[1])
    assert next_of(steps_of(Enrolment.objects.get(pk=enrolment.pk)), lessons[1].pk).lesson == lessons[0]


def test_a_quiz_is_marked_at_once_and_done_from_its_pass_share_on():
    course = make_course(lessons=0, opened=False)
    quiz = make_lesson(course, kind="quiz", quiz=QUIZ, pass_share=Decimal("0.60"))
    open_course(course)
    enrolment = learner(course)

    half = answer(enrolment, quiz, answers=[["0"], ["1"]])
    between = Enrolment.objects.get(pk=enrolment.pk).state
    whole = answer(enrolment, quiz, answers=[["0"], ["0"]])
    with pytest.raises(Refused):
        finish_lesson(enrolment, quiz)

    row = Progress.objects.get()
    assert ((half.right, half.score), between) == (([True, False], Decimal("0.500")), "active")
    assert (whole.score, row.tries, row.score, row.answers) == (1, 2, 1, [["0"], ["0"]])
    assert Enrolment.objects.get(pk=enrolment.pk).state == "finished"


def test_a_worse_try_takes_nothing_away():
    course = make_course(lessons=1)
    quiz = make_lesson(course, kind="quiz", quiz=QUIZ)
    enrolment = learner(course)
    finish_lesson(enrolment, course.lessons.first())

    answer(enrolment, quiz, answers=[["0"], ["0"]])
    answer(enrolment, quiz, answers=[])

    row = Progress.objects.get(lesson=quiz)
    assert (row.score, row.done_at is not None, row.tries) == (1, True, 2)


def test_what_is_learnt_elsewhere_is_proven_by_somebody_else_and_can_be_taken_back():
    course = make_course(lessons=1)
    outside = make_lesson(course, kind="outside", address="https://learn.example/1")
    enrolment, instructor = learner(course), make_person()
    finish_lesson(enrolment, course.lessons.first())

    with pytest.raises(Refused, match="instructor"):
        finish_lesson(enrolment, outside)
    prove(enrolment, outside, by=instructor, proof="certificate 12")

    assert Enrolment.objects.get(pk=enrolment.pk).state == "finished"
    take_back(enrolment, outside)
    enrolment.refresh_from_db()
    assert (enrolment.done, enrolment.own, enrolment.state) == (1, 2, "finished")


def test_nothing_is_done_outside_ones_time_but_it_may_be_read_again():
    now = clock.now()
    course = make_course()
    over = make_enrolment(make_cohort(course, opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1)))
    lesson = course.lessons.first()

    open_lesson(over, lesson)
    with pytest.raises(Refused) as refused:
        finish_lesson(over, lesson)

    assert refused.value.code == "enrolment.closed"


def test_a_lesson_that_is_taken_out_is_asked_of_nobody():
    course = make_course(lessons=2)
    enrolment = learner(course)
    first, second = course.lessons.all()
    finish_lesson(enrolment, first)

    retire_lesson(second)

    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.own) == ("finished", 1)


def test_a_lesson_that_is_added_is_asked_of_those_who_are_not_finished():
    course = make_course(lessons=1)
    finished, active = learner(course), learner(course)
    finish_lesson(finished, course.lessons.first())

    make_lesson(course)

    assert list(Enrolment.objects.order_by("pk").values_list("own", "done")) == [(1, 1), (2, 0)]
    assert active.cohort.course == course


def test_lessons_are_put_in_order_each_named_once():
    course = make_course(lessons=3)
    ids = [lesson.pk for lesson in course.lessons.all()]

    order_lessons(course, lessons=ids[::-1])

    assert [lesson.pk for lesson in course.lessons.all()] == ids[::-1]
    with pytest.raises(Refused):
        order_lessons(course, lessons=ids[:2])


def test_a_course_opens_once_there_is_something_to_learn():
    course = draft(make_provider(), key="empty", by=make_person(), title_ko="빈", title_en="Empty")
    with pytest.raises(Refused) as refused:
        open_course(course)
    assert refused.value.code == "course.empty"
    with pytest.raises(Refused):
        draft(make_provider(), key="empty", by=make_person(), title_ko="빈", title_en="Empty")


def test_a_track_in_use_cannot_go_and_a_lesson_names_only_tracks_that_there_are():
    course = make_course(options=["vision", "voice"], lessons=1)
    make_lesson(course, for_options=["vision"])
    with pytest.raises(Refused, match="vision"):
        describe_course(course, options=["voice"])
    with pytest.raises(Flawed, match="sound"):
        make_lesson(course, for_options=["sound"])
    assert describe_course(course, options=["vision"], title_en="Anew").title_en == "Anew"


def test_files_lie_beside_a_lesson_once_a_name(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    lesson = make_lesson(make_course())
    file = attach(lesson, [b"slides"], name="../a.pdf")

    assert (file.name, file.size) == ("..a.pdf", 6)
    with pytest.raises(Refused):
        attach(lesson, [b"other"], name="../a.pdf")
    detach(file)
    assert not lesson.files.exists()


@given(st.lists(st.booleans(), min_size=1, max_size=6), st.integers(0, 5))
def test_in_order_everything_after_the_first_undone_required_lesson_is_locked(required, done):
    lessons = [Plain(flag) for flag in required]
    rows = {lesson.pk: Progress(done_at=clock.now()) for lesson in lessons[:done]}

    way = steps(lessons, rows, in_order=True)

    first = next((at for at, step in enumerate(way) if step.lesson.required and not step.is_done), len(way))
    assert [step.locked for step in way] == [at > first and not step.is_done for at, step in enumerate(way)]


@dataclass
class Plain:
    """A lesson that needs no other one, without a database."""

    required: bool
    pk: UUID = field(default_factory=uuid7)

    @property
    def needs(self):
        return Lesson.objects.none()
