"""A person's path to a job role: planned at once, then as short as can be proven, as the catalogue offers it."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.learning.models import LearningPath
from dure.learning.operations.paths import (
    change_path,
    leave_out,
    leave_path,
    say_done,
    settle,
    take_in_again,
    take_word_back,
)
from dure.learning.operations.paths.planning import plan_at_once
from dure.learning.operations.progressing import finish_lesson
from dure.learning.queries.paths import way_of
from dure.people.days import today
from dure.skills.models import Level, Skill
from tests.factories import make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment, make_lesson, make_provider
from tests.learning.paths.factories import lacks, make_path, make_role, planned, solved, teaching

pytestmark = pytest.mark.django_db


def weeks_from_now(weeks: float):
    """A moment so many weeks after this week began."""
    start = clock.now() - timedelta(days=today().weekday())
    return start + timedelta(weeks=weeks)


def test_a_path_climbs_level_after_level_in_the_hours_that_there_are():
    role = make_role(sql=2)
    teaching("more", minutes=180, sql=2)
    teaching("first", minutes=120, sql=1)

    path = make_path(role)

    assert planned(path) == [("first", 0, 0), ("more", 1, 2)]
    assert path.is_sought
    assert [(climb.skill.code, climb.level) for climb in path.steps.get(item__key="more").climbs.all()] == [("sql", 2)]


def test_a_worker_proves_what_is_shortest():
    role = make_role(sql=1, python=1)
    teaching("both", minutes=100, sql=1, python=1)
    teaching("sql", minutes=40, sql=1)
    teaching("python", minutes=50, python=1)

    path = solved(make_path(role))

    assert {key for key, _, _ in planned(path)} == {"sql", "python"}
    assert (path.is_sought, path.bound) == (False, 90)


def test_levels_that_evidence_shows_are_not_learnt_again():
    role, person = make_role(sql=2), make_person()
    teaching("first", sql=1)
    teaching("more", sql=2)
    Level.objects.create(
        person=person, skill=Skill.objects.get(code="sql"), level=1, points=120, towards=0, as_of=today()
    )

    assert [key for key, _, _ in planned(make_path(role, person=person))] == ["more"]


def test_what_comes_before_an_item_comes_into_the_path_with_its_own_needs():
    role, shelf = make_role(sql=1), make_provider()
    make_role("other", python=2)
    teaching("py1", provider=shelf, python=1)
    teaching("py2", provider=shelf, python=2)
    teaching("first", provider=shelf, after=("py2",), sql=1)

    assert [key for key, _, _ in planned(make_path(role))] == ["py1", "py2", "first"]


def test_what_nothing_teaches_and_what_takes_too_long_is_said():
    role = make_role(sql=1, rust=1, ethics=1)
    teaching("sql", minutes=60, sql=1)
    teaching("ethics", minutes=6000, ethics=1)

    path = make_path(role, weeks=1)

    assert lacks(path) == {("rust", 1, "untaught"), ("ethics", 1, "time")}


def test_levels_that_are_lacking_for_one_reason_are_told_at_once():
    role = make_role(sql=3, rust=2)
    teaching("sql", minutes=6000, sql=1)

    path = make_path(role, weeks=1)

    told = [(one.skill.code, one.first, one.last, one.why) for one in way_of(path).shorts]
    assert told == [("rust", 1, 2, "untaught"), ("sql", 1, 1, "time"), ("sql", 2, 3, "untaught")]


def test_a_course_is_taken_in_a_cohort_that_has_seats_in_its_weeks():
    role = make_role(sql=1)
    course = make_course(item=teaching("course", sql=1))
    make_cohort(course, opens_at=weeks_from_now(1), closes_at=weeks_from_now(2), capacity=0)
    open_ = make_cohort(course, opens_at=weeks_from_now(3), closes_at=weeks_from_now(4.5), capacity=5)
    make_cohort(course, opens_at=weeks_from_now(2), closes_at=weeks_from_now(3), self_service=False)

    path = make_path(role)

    assert planned(path) == [("course", 3, 4)]
    assert path.steps.get().cohort == open_


def test_a_course_that_is_full_or_by_roster_only_is_lacking():
    role = make_role(sql=1)
    course = make_course(item=teaching("course", sql=1))
    make_cohort(course, opens_at=weeks_from_now(1), closes_at=weeks_from_now(2), capacity=0)
    make_cohort(course, self_service=False)

    assert lacks(make_path(role)) == {("sql", 1, "closed")}


def test_whoever_takes_a_course_already_has_only_the_rest_of_it_before_them():
    role, person = make_role(sql=1), make_person()
    course = make_course(item=teaching("course", minutes=400, sql=1), lessons=4)
    cohort = make_cohort(course, capacity=1)
    enrolment = make_enrolment(cohort, person=person)
    finish_lesson(enrolment, course.lessons.first())

    step = make_path(role, person=person).steps.get()

    assert (step.minutes, step.cohort) == (300, cohort)


def test_what_was_done_in_a_course_or_by_ones_own_word_is_done():
    role, person = make_role(sql=1, python=1, ethics=1), make_person()
    course = make_course(item=teaching("course", sql=1), lessons=1)
    other = make_course(lessons=0, opened=False)
    outside = make_lesson(other, item=teaching("lesson", python=1))
    enrolment = make_enrolment(make_cohort(other), person=person)
    finish_lesson(enrolment, outside)
    finish_lesson(make_enrolment(make_cohort(course), person=person), course.lessons.get())
    word = teaching("word", ethics=1)
    path = make_path(role, person=person)
    before = [key for key, _, _ in planned(path)]

    say_done(person, item=word)
    after = planned(LearningPath.objects.get())
    take_word_back(person, item=word)

    assert (before, after) == (["word"], [])
    assert [key for key, _, _ in planned(LearningPath.objects.get())] == ["word"]


def test_an_item_that_is_not_wanted_gives_way_to_another_and_comes_back():
    role = make_role(sql=1)
    short = teaching("short", minutes=30, sql=1)
    teaching("long", minutes=90, sql=1)
    path = make_path(role)

    leave_out(path, item=short)
    without = planned(path)
    take_in_again(path, item=short)

    assert without == [("long", 0, 0)]
    assert planned(path) == [("short", 0, 0)]


def test_another_pace_moves_the_weeks():
    role = make_role(sql=1)
    teaching("course", minutes=240, sql=1)
    path = make_path(role, minutes_a_week=60)
    before = planned(path)

    change_path(path, minutes_a_week=240, until=path.until)

    assert (before, planned(path)) == ([("course", 0, 3)], [("course", 0, 0)])


@pytest.mark.parametrize(
    ("minutes", "days", "code"), [(10, 70, "path.minutes"), (120, -1, "path.until"), (120, 2000, "path.until")]
)
def test_hours_and_days_out_of_bounds_are_refused(minutes, days, code):
    path = make_path(make_role(sql=1))

    with pytest.raises(Flawed) as caught:
        change_path(path, minutes_a_week=minutes, until=today() + timedelta(days=days))

    assert caught.value.code == code


def test_one_path_to_a_role_at_a_time():
    role, person = make_role(sql=1), make_person()
    path = make_path(role, person=person)

    with pytest.raises(Refused) as caught:
        make_path(role, person=person)
    leave_path(path)
    again = make_path(role, person=person)

    assert caught.value.code == "path.there"
    assert again.left_at is None
    with pytest.raises(Refused):
        leave_path(path)


def test_a_role_that_asks_for_nothing_is_refused():
    with pytest.raises(Refused) as caught:
        make_path(make_role())

    assert caught.value.code == "path.role"


def test_a_plan_for_what_is_asked_no_more_is_dropped():
    role = make_role(sql=1)
    teaching("course", minutes=240, sql=1)
    path = make_path(role, minutes_a_week=60)
    old = plan_at_once(path)
    change_path(path, minutes_a_week=240, until=path.until)

    settle(path, *old, asked=path.asked - 1)

    assert planned(path) == [("course", 0, 0)]
    assert LearningPath.objects.get().is_sought
