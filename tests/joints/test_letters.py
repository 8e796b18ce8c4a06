"""What people are told by mail, and in which language."""

import pytest

from dure.jobs.models import Message
from dure.jobs.worker import drain
from dure.joints.stages.recorded import record_evidence
from dure.people.operations import choose_mail
from dure.people.queries import notices_of
from dure.programmes.operations.entering import enter, offer
from dure.programmes.operations.publishing import make_programme, open_programme, publish
from tests.factories import make_operator, make_organisation, make_person

pytestmark = pytest.mark.django_db(transaction=True)

SOURCE = """
blueprint: told
title: {en: Told, ko: 알림}
subject: person
parties:
  host: {kind: company}
stages:
  - id: apply
    kind: form
    entry: open
    do: {ask: [{years: number}]}
    gate: [{rule: ["years >= 2"]}]
  - id: talk
    kind: event
    entry: invite
    do: {type: seminar}
words:
  apply: {en: Application, ko: 지원}
"""


@pytest.fixture
def programme():
    make_organisation("host")
    draft = make_programme(SOURCE, slug="told", by=make_operator())
    publish(draft)
    return open_programme(draft)


def _apply(programme, person, years):
    turn = enter(programme, "apply", person=person)
    record_evidence(turn, {"years": years}, by=person)
    drain()


def test_result_is_told_in_the_language_of_its_reader(programme):
    _apply(programme, make_person("en@example.org", language="en"), 5)
    _apply(programme, make_person("ko@example.org", language="ko"), 1)

    subjects = {tuple(m.to): m.subject for m in Message.objects.all()}

    assert subjects == {
        ("en@example.org",): "[Dure] Told: result of “Application”",
        ("ko@example.org",): "[두레] 알림: ‘지원’ 결과",
    }
    assert "2" in Message.objects.get(subject__startswith="[두레]").text


def test_offer_is_told_with_the_page_that_answers_it(programme):
    person = make_person("guest@example.org", language="en")
    _apply(programme, person, 5)
    turn = person.memberships_in_cases.get().turn_members.get(stage="talk").turn

    made = offer(programme, "talk", to=person, by=programme.made_by, turn=turn)

    letter = Message.objects.get(subject="[Dure] Told: you are invited")
    assert f"/offers/{made.pk}/" in letter.text


def test_a_result_is_a_notice_as_well_and_leads_to_its_turn(programme):
    person = make_person()
    _apply(programme, person, 1)
    turn = person.memberships_in_cases.get().turn_members.get().turn

    told = [(n.kind, n.text.ko, n.path) for n in notices_of(person)]

    assert told == [("result", "알림: ‘지원’ 단계를 통과하지 못했습니다.", f"/turns/{turn.pk}/")]


OPENING = SOURCE.replace("    entry: invite\n", "    when: {to: 2099-12-31}\n")


def test_a_stage_that_opens_by_itself_is_told_with_its_deadline():
    make_organisation("host")
    draft = make_programme(OPENING, slug="opening", by=make_operator())
    publish(draft)
    person = make_person()

    _apply(open_programme(draft), person, 5)

    assert "알림: ‘talk’ 단계가 열렸습니다. 마감: 2099년 12월 31일(목) 24:00" in [n.text.ko for n in notices_of(person)]
    assert Message.objects.filter(subject__contains="열렸습니다").count() == 1


def test_what_opens_by_ones_own_act_is_no_news(programme):
    person = make_person()
    enter(programme, "apply", person=person)
    drain()
    assert notices_of(person).count() == 0


def test_a_kind_that_was_switched_off_is_a_notice_and_no_mail():
    make_organisation("host")
    draft = make_programme(OPENING, slug="opening", by=make_operator())
    publish(draft)
    person = make_person()
    choose_mail(person, kinds=["receipt", "payment", "announcement"])

    _apply(open_programme(draft), person, 5)

    assert [n.kind for n in notices_of(person)] == ["result", "opened"]
    assert [m.subject for m in Message.objects.all()] == ["[두레] 알림: ‘지원’ 결과"]


def test_scratch_database_writes_to_nobody(programme, settings):
    settings.SCRATCH = True

    person = make_person()
    _apply(programme, person, 5)

    assert (Message.objects.count(), notices_of(person).count()) == (0, 0)
