"""A path is planned anew when a cohort, a level, an item or the week is another one; its person hears of news."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.jobs.worker import drain
from dure.learning.models import LearningPath
from dure.learning.operations.cohorts import change_cohort
from dure.learning.operations.enrolling import withdraw
from dure.learning.operations.forgetting import forget_learning
from dure.learning.operations.items import retire_item
from dure.learning.operations.paths import renew_old, say_done
from dure.learning.operations.progressing import finish_lesson
from dure.learning.queries.briefs import monday
from dure.people.days import today
from dure.skills.models import Skill, Trust
from dure.skills.operations import record, show
from dure.skills.operations.levels import Shown
from tests.factories import make_person
from tests.learning.factories import make_cohort, make_course, make_enrolment
from tests.learning.paths.factories import lacks, make_path, make_role, planned, solved, teaching
from tests.learning.paths.test_planning import weeks_from_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def role():
    return make_role(sql=1)


@pytest.fixture
def course(role):
    return make_course(item=teaching("course", sql=1), lessons=1)


def held(course, *, week: int, **known):
    return make_cohort(course, opens_at=weeks_from_now(week), closes_at=weeks_from_now(week + 0.5), **known)


def worked(path: LearningPath) -> LearningPath:
    drain(["learning.look-at-cohort", "learning.plan-path"])
    return LearningPath.objects.get(pk=path.pk)


def told(path: LearningPath) -> int:
    return path.person.notices.filter(path=f"/learn/paths/{path.pk}/").count()


def test_a_cohort_that_fills_up_sends_the_others_to_the_next_one(role, course):
    first, second = held(course, week=1, capacity=1), held(course, week=4)
    path = worked(make_path(role))
    before = path.steps.get().cohort

    make_enrolment(first)
    path = worked(path)

    assert (before, path.steps.get().cohort) == (first, second)
    assert told(path) == 1


def test_who_has_a_seat_stays_in_a_cohort_that_is_full(role, course):
    first, person = held(course, week=1, capacity=1), make_person()
    held(course, week=4)
    path = worked(make_path(role, person=person))

    make_enrolment(first, person=person)
    path = worked(path)

    assert (path.steps.get().cohort, told(path)) == (first, 0)


def test_a_seat_taken_in_another_cohort_moves_ones_own_path_without_news(role, course):
    held(course, week=1)
    later, person = held(course, week=4), make_person()
    path = worked(make_path(role, person=person))

    make_enrolment(later, person=person)
    path = worked(path)

    assert (path.steps.get().cohort, told(path)) == (later, 0)


def test_a_cohort_that_moves_takes_the_weeks_with_it(role, course):
    cohort = held(course, week=1)
    path = worked(make_path(role))

    change_cohort(cohort, opens_at=weeks_from_now(3), closes_at=weeks_from_now(4.5))
    path = worked(path)

    assert (planned(path), told(path)) == ([("course", 3, 4)], 1)


def test_a_change_that_moves_nothing_asks_nobody(role, course):
    cohort = held(course, week=1)
    path = worked(make_path(role))

    change_cohort(cohort, price=50_000)
    drain(["learning.look-at-cohort"])

    assert not LearningPath.objects.get(pk=path.pk).is_sought


def test_a_new_cohort_closes_what_was_lacking(role, course):
    make_cohort(course, self_service=False)
    path = worked(make_path(role))
    before = lacks(path)

    held(course, week=2)
    path = worked(path)

    assert (before, lacks(path), planned(path)) == ({("sql", 1, "closed")}, set(), [("course", 2, 2)])


def test_a_finished_course_is_done_and_a_retired_item_is_replaced(role, course):
    make_role("other", python=1)
    role.asks.create(skill=Skill.objects.get(code="python"), level=1)
    gone, person = teaching("gone", minutes=10, python=1), make_person()
    teaching("stays", minutes=20, python=1)
    cohort = make_cohort(course)
    path = worked(make_path(role, person=person))

    finish_lesson(make_enrolment(cohort, person=person), course.lessons.get())
    retire_item(gone)
    path = worked(path)

    assert planned(path) == [("stays", 0, 0)]
    assert path.steps.get(item=course.item).done_at is not None


def test_a_level_that_rises_shortens_the_path(role):
    teaching("sql", sql=1)
    path = solved(make_path(role))
    kept = record("test", {}, persons=[path.person], via="recorded", by=None)

    show(kept, skills=[Shown(Skill.objects.get(code="sql"), 2)], trust=Trust.MEASURED)

    assert planned(solved(path)) == []


def test_a_new_week_moves_what_was_not_done(role):
    teaching("sql", sql=1)
    path = solved(make_path(role))
    with clock.at(clock.now() + timedelta(weeks=2)):
        renew_old(on=today())
        path = solved(path)
        again = renew_old(on=today())

    assert planned(path) == [("sql", 0, 0)]
    assert (path.begins_on, again) == (monday(today()) + timedelta(weeks=2), 0)


def test_who_withdraws_frees_a_seat_for_nobodys_path_but_ones_own(role, course):
    cohort = held(course, week=1, capacity=1)
    path = worked(make_path(role))

    withdraw(make_enrolment(cohort, person=path.person))
    path = worked(path)

    assert planned(path) == [("course", 1, 1)]


def test_who_is_forgotten_has_no_paths(role):
    path = make_path(role)
    say_done(path.person, item=teaching("word", sql=1))

    forget_learning(path.person)

    assert not LearningPath.objects.exists()
    assert not path.person.items_said.exists()
