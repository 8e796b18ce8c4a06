"""The desk's page of a test stage's interview, and the way of its people there."""

import pytest

from dure.joints.stages.interviews import bind_interview
from tests.assessments.interviews import make_interview
from tests.factories import make_person
from tests.programmes.build import holder, live

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}
STAGE = "- {{id: talk, kind: test, entry: open, do: {{type: {type}, by: judge}}{more}}}"


def running(client, more="", sort="interview"):
    found = live(STAGE.format(type=sort, more=more))
    client.force_login(found.operator)
    return found


def path(found):
    return f"/desk/{found.programme.slug}/stages/talk/interview/"


def test_who_looks_after_none_is_told_whom_to_ask(client):
    found = running(client)
    make_interview()

    assert "You look after no interview" in client.get(path(found), headers=EN).content.decode()


def test_an_own_interview_is_bound_for_an_option_and_others_are_not_found(client):
    found = running(client, ", options: [vision, speech], choose: 1")
    own, others = make_interview(by=found.operator), make_interview()

    missing = client.post(path(found), {"interview": others.pk, "option": "vision"})
    sent = client.post(path(found), {"interview": own.pk, "option": "vision"})
    page = client.get(path(found), headers=EN).content.decode()

    assert (missing.status_code, sent.status_code) == (404, 302)
    assert [(row.option, row.interview) for row in found.programme.interviews.all()] == [("vision", own)]
    assert page.count(">no interview<") == 1


def test_an_exam_is_no_interview(client):
    found = running(client, sort="exam")

    assert client.get(path(found)).status_code == 404


def test_from_their_work_and_their_turn_people_come_to_choose_a_time(client):
    found = running(client)
    own = make_interview(make_person(), by=found.operator)
    bind_interview(found.programme, "talk", interview=own, by=found.operator)
    turn = found.enter("talk")
    client.force_login(holder(turn))

    for page in ("/me/", f"/turns/{turn.pk}/"):
        assert f'href="/interviews/{own.pk}/"' in client.get(page).content.decode()
