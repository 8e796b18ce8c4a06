"""The desk's page of a test stage's exam, and the way of its people there."""

import pytest

from dure.joints.stages.exams import bind_exam
from tests.assessments.factories import make_bank, make_exam
from tests.programmes.build import exam, holder, live

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}


@pytest.fixture
def bank():
    return make_bank()


def running(client, more=""):
    found = live(exam("{rule: [score >= 60]}", more))
    client.force_login(found.operator)
    return found


def path(found):
    return f"/desk/{found.programme.slug}/stages/exam/exam/"


def test_who_keeps_no_bank_is_told_whom_to_ask(client, bank):
    found = running(client)
    make_exam(bank)

    assert "You are an examiner of no exam" in client.get(path(found), headers=EN).content.decode()


def test_an_own_exam_is_bound_for_an_option_and_others_are_not_found(client, bank):
    found = running(client, ", options: [level-1, level-2], choose: 1")
    own, others = make_exam(bank), make_exam()
    bank.examiners.add(found.operator)

    missing = client.post(path(found), {"exam": others.pk, "option": "level-1"})
    sent = client.post(path(found), {"exam": own.pk, "option": "level-1"})
    page = client.get(path(found), headers=EN).content.decode()

    assert (missing.status_code, sent.status_code) == (404, 302)
    assert [(row.option, row.exam) for row in found.programme.exams.all()] == [("level-1", own)]
    assert page.count(">no exam<") == 1


def test_only_a_test_that_is_sat_has_an_exam(client):
    found = live("- {id: exam, kind: test, entry: open, do: {type: survey, by: judge}}")
    client.force_login(found.operator)

    assert client.get(path(found)).status_code == 404


def test_from_their_work_and_their_turn_people_come_to_the_exam(client, bank):
    found = running(client)
    own = make_exam(bank)
    bank.examiners.add(found.operator)
    bind_exam(found.programme, "exam", exam=own, by=found.operator)
    turn = found.enter("exam")
    client.force_login(holder(turn))

    for page in ("/me/", f"/turns/{turn.pk}/"):
        assert f'href="/exams/{own.pk}/"' in client.get(page).content.decode()
