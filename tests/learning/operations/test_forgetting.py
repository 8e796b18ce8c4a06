"""What stays of somebody who is forgotten: numbers, and nothing that they wrote."""

import pytest

from dure.learning.models import Progress
from dure.learning.operations.cohorts import seat_teacher
from dure.learning.operations.courses import open_course
from dure.learning.operations.forgetting import forget_learning
from dure.learning.operations.progressing import answer
from dure.learning.operations.providers import appoint_curator
from tests.learning.factories import make_cohort, make_course, make_enrolment, make_lesson, make_provider

pytestmark = pytest.mark.django_db


def test_answers_and_seats_go_and_what_was_done_stays_counted():
    course = make_course(lessons=0, opened=False)
    quiz = make_lesson(course, kind="quiz", quiz="? Who\n= Kim")
    enrolment = make_enrolment(make_cohort(open_course(course)))
    person, full, provider = enrolment.person, make_cohort(capacity=1), make_provider()
    answer(enrolment, quiz, answers=[["Kim"]])
    make_enrolment(full)
    waiting = make_enrolment(full, person=person)
    seat_teacher(full, person=person, duty="mentor")
    appoint_curator(provider, person=person)

    forget_learning(person)

    enrolment.refresh_from_db()
    waiting.refresh_from_db()
    row = Progress.objects.get()
    assert (row.answers, row.score, enrolment.state, waiting.state) == ([], 1, "finished", "withdrawn")
    assert not full.seats.exists()
    assert not provider.curators.exists()
