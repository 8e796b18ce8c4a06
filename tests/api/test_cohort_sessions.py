"""A cohort's sessions over the API, and which of them hold which lesson."""

from datetime import timedelta

import pytest

from dure.calendar.models import Series
from dure.calendar.operations import plan
from dure.core import clock
from dure.joints.learning.sessions import open_sessions
from dure.learning.operations.cohorts import seat_teacher
from tests.api.conftest import Caller
from tests.factories import make_person
from tests.learning.factories import make_cohort, make_lesson

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_who_teaches_a_cohort_gives_it_sessions():
    cohort, teacher = make_cohort(), make_person()
    seat_teacher(cohort, person=teacher, duty="instructor")
    way = f"/learning/cohorts/{cohort.pk}/sessions"

    before = Caller(teacher).get(way)
    made = Caller(teacher).post(way, status=201)

    assert before == {"series": None, "lessons": []}
    assert made == {"series": str(Series.objects.get().pk), "lessons": []}
    Caller(teacher).post(way, status=409)
    Caller(make_person()).get(way, status=403)


def test_who_teaches_a_cohort_says_which_session_holds_which_lesson():
    cohort, teacher = make_cohort(), make_person()
    seat_teacher(cohort, person=teacher, duty="instructor")
    lesson = make_lesson(cohort.course, kind="session")
    start = clock.now() + timedelta(days=1)
    session = plan(
        open_sessions(cohort), title_ko="실습", title_en="Lab", starts_at=start, ends_at=start + timedelta(hours=1)
    )
    way = f"/learning/cohorts/{cohort.pk}/sessions/lessons"
    one = {"session": str(session.pk), "lesson": str(lesson.pk)}

    held = Caller(teacher).put(way, {"lessons": [one]})
    freed = Caller(teacher).put(way, {"lessons": [{"session": one["session"]}]})

    assert (held["lessons"], freed["lessons"]) == ([one], [])
    Caller(make_person()).put(way, {"lessons": [one]}, status=403)
