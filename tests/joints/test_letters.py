"""What people are told by mail, and in which language."""

import pytest

from dure.jobs.models import Message
from dure.jobs.worker import drain
from dure.joints.stages.recorded import record_evidence
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


def test_scratch_database_writes_to_nobody(programme, settings):
    settings.SCRATCH = True

    _apply(programme, make_person(), 5)

    assert Message.objects.count() == 0
