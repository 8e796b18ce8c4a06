"""Tests over HTTP: an examiner plans an exam, a candidate takes it, the result is read."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.assessments.models import Asked
from dure.assessments.operations.attempts import HAND_IN, MARK
from dure.core import clock
from dure.jobs.worker import drain
from tests.api.conftest import Caller
from tests.assessments.factories import make_bank, make_exam, sit
from tests.factories import make_admin, make_organisation, make_person

pytestmark = [pytest.mark.django_db(transaction=True)]
TABLE = 'key,kind,topic,text_ko,choices_ko,answer\na,single,ml,질문,"가\n나",2\n'.encode()


@pytest.fixture
def callers() -> dict[str, Caller]:
    home = make_organisation("home")
    bank = make_bank(organisation=home)
    people = {"examiner": make_admin(home), "candidate": make_person(), "stranger": make_person(), "nobody": None}
    callers = {name: Caller(person) for name, person in people.items()}
    callers["examiner"].bank = bank
    return callers


def plan(**known) -> dict:
    now = clock.now()
    return {"title": {"ko": "기초", "en": "Basics"}, "lines": [{"count": 1, "points": "2"}], "minutes": 30,
            "opens_at": (now - timedelta(hours=1)).isoformat(), "closes_at": (now + timedelta(days=1)).isoformat(),
            **known}  # fmt: skip


def test_an_exam_is_planned_taken_and_released(callers):
    examiner, candidate = callers["examiner"], callers["candidate"]
    own = f"/banks/{examiner.bank.pk}"
    file = SimpleUploadedFile("q.csv", TABLE)
    taken = examiner.client.post(f"/api/v1{own}/imports", {"file": file},
                                 headers={"Authorization": f"Bearer {examiner.secret}"})  # fmt: skip
    exam = examiner.post(f"{own}/exams", plan(), status=201)
    path = f"/exams/{exam['id']}"
    examiner.post(f"{path}/open")
    examiner.post(f"{path}/candidates", {"emails": [candidate.person.email]})

    paper = candidate.post(f"{path}/attempts", status=201)
    asked = Asked.objects.get()
    attempt = f"/attempts/{paper['id']}"
    saved = candidate.put(f"{attempt}/answers/1", {"answer": [asked.order.index(1)], "saves": 0, "nonce": "a"})
    candidate.post(f"{attempt}/hand-in")
    drain([MARK, HAND_IN])
    before = candidate.get(attempt)
    released = examiner.post(f"{path}/release")
    after = candidate.get(attempt)

    assert taken.json() == {"new": ["a"], "changed": [], "same": []}
    assert (paper["questions"][0]["text"]["ko"], saved["saves"]) == ("질문", 1)
    assert (before["score"], before["questions"], released) == (None, [], {"released": 1})
    assert (after["score"], after["passed"], after["questions"][0]["mark"]) == ("2.0000", True, "2.0000")
    assert examiner.get(f"{path}/attempts")["items"][0]["person"]["id"] == str(candidate.person.pk)
    assert examiner.get(f"{path}/analysis")["questions"][0]["difficulty"] == 1


def test_only_examiners_plan_and_read_and_only_candidates_sit(callers):
    examiner = callers["examiner"]
    own = f"/banks/{examiner.bank.pk}"
    planned = {name: one.call("post", f"{own}/exams", plan()).status_code for name, one in callers.items()}
    read = {name: one.call("get", f"{own}/nothing").status_code for name, one in callers.items()}

    assert planned == {"examiner": 201, "candidate": 403, "stranger": 403, "nobody": 401}
    assert set(read.values()) == {404}


def test_an_attempt_is_its_candidates_own(callers):
    attempt = sit(make_exam(), callers["candidate"].person)
    seen = {name: one.call("get", f"/attempts/{attempt.pk}").status_code for name, one in callers.items()}

    assert seen == {"examiner": 404, "candidate": 200, "stranger": 404, "nobody": 401}
