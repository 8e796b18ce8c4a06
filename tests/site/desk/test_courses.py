"""The desk's page of a learn stage's course."""

import pytest

from dure.learning.operations.cohorts import seat_teacher
from tests.learning.factories import make_cohort
from tests.programmes.build import exam, live

pytestmark = pytest.mark.django_db
STUDY = "- {id: study, kind: learn, entry: open, do: {mode: online, items: [{id: basics, type: course}]}}"


@pytest.fixture
def running(client):
    found = live(STUDY)
    client.force_login(found.operator)
    return found


def path(found):
    return f"/desk/{found.programme.slug}/stages/study/course/"


def test_who_runs_no_cohort_is_told_whom_to_ask(client, running):
    make_cohort()

    assert "You run no cohort" in client.get(path(running), headers={"accept-language": "en"}).content.decode()


def test_a_cohort_that_one_runs_is_bound_and_others_are_not_found(client, running):
    own, others = make_cohort(), make_cohort()
    seat_teacher(own, person=running.operator, duty="instructor")

    missing = client.post(path(running), {"cohort": others.pk})
    sent = client.post(path(running), {"cohort": own.pk})

    assert (missing.status_code, sent.status_code) == (404, 302)
    assert running.programme.cohorts.get().cohort == own
    assert own.name in client.get(path(running)).content.decode()


def test_only_a_stage_of_learning_has_a_course(client):
    found = live(exam())
    client.force_login(found.operator)

    assert client.get(f"/desk/{found.programme.slug}/stages/exam/course/").status_code == 404
