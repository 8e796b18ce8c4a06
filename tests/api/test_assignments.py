"""Assignments over HTTP: set, handed in, marked blind, decided, released and asked about."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.learning.models import Regrade, Work
from dure.learning.operations.cohorts import seat_teacher
from tests.api.conftest import Caller
from tests.factories import make_person
from tests.learning.assignments.factories import RUBRIC, make_class
from tests.learning.factories import make_enrolment

pytestmark = [pytest.mark.django_db(transaction=True)]
SET = {"title": {"ko": "보고서", "en": "Report"}, "rubric": RUBRIC, "each": 2}


@pytest.fixture
def callers(settings, tmp_path) -> dict[str, Caller]:
    settings.MEDIA_ROOT = tmp_path
    people = {name: make_person(f"{name}@example.org") for name in ("boss", "one", "two", "three", "learner", "other")}
    cohort = make_class()
    seat_teacher(cohort, person=people["boss"], duty="instructor")
    make_enrolment(cohort, person=people["learner"])
    return {name: Caller(person) for name, person in people.items()} | {"cohort": cohort}


def sent(caller: Caller, path: str, file: SimpleUploadedFile, status: int = 200):
    headers = {"Authorization": f"Bearer {caller.secret}"}
    answer = caller.client.post(f"/api/v1{path}", {"file": file}, headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_an_assignments_whole_way(callers):
    boss, learner, cohort = callers["boss"], callers["learner"], callers["cohort"]
    lesson = str(cohort.course.lessons.get(kind="assignment").pk)
    made = boss.post(f"/learning/cohorts/{cohort.pk}/assignments", {**SET, "lesson": lesson}, status=201)
    own = f"/learning/assignments/{made['id']}"
    hidden = learner.call("get", own).status_code
    boss.post(f"{own}/opening", {})
    boss.put(f"{own}/graders", {"emails": ["one@example.org", "two@example.org"]})
    boss.put(f"/learning/cohorts/{cohort.pk}/grade-scale", {"scale": "P 50 4.5\nF 0 0"})

    draft = learner.put(f"{own}/draft", {"text": "글", "saves": 0})
    behind = learner.call("put", f"{own}/draft", {"text": "딴 글", "saves": 0})
    with_file = sent(learner, f"{own}/files", SimpleUploadedFile("a.py", b"print(1)"), status=201)
    receipt = learner.post(f"{own}/hand-ins", {}, status=201)

    for name, points in (("one", "5"), ("two", "0")):
        waiting = callers[name].get("/me/markings")["items"]
        path = f"/learning/markings/{waiting[0]['id']}"
        callers[name].put(path, {"points": {"c1": points, "c2": points}, "saves": 0, "rubric": 1})
        callers[name].post(f"{path}/sending", {})
    apart = boss.get(f"{own}/works?standing=apart")["items"]
    work = f"/learning/works/{apart[0]['id']}"
    boss.post(f"{work}/third-grader", {"email": "three@example.org"})
    decided = boss.put(f"{work}/mark", {"points": {"c1": "4", "c2": "3.25"}, "remark": "함께 보았습니다"})
    shown = boss.get(f"{own}/release")
    before = learner.get(f"{own}/work")["mark"]
    released = boss.post(f"{own}/release", {})
    after = learner.get(f"{own}/work")["mark"]

    assert (hidden, behind.status_code, behind.json()["facts"]["draft"]) == (404, 409, "글")
    assert (draft["saves"], [file["name"] for file in with_file["files"]]) == (1, ["a.py"])
    assert (receipt["number"], receipt["text"], len(receipt["fingerprint"])) == (1, "글", 64)
    assert decided["mark"]["points"] == "7.25"
    assert (shown["marks"], [(row["before"], row["after"]) for row in shown["grades"]]) == (1, [(None, "4.5")])
    assert (before, released, after["points"], after["remark"]) == (None, {"released": 1}, "7.25", "함께 보았습니다")
    learner.post(f"{own}/regrades", {"text": "다시 봐 주세요"}, status=201)
    regrade = f"/learning/regrades/{Regrade.objects.get().pk}/answer"
    answered = boss.post(regrade, {"answer": "맞습니다", "points": {"c1": "5", "c2": "5"}})
    corrected = boss.post(f"{work}/correction", {"points": {"c1": "1", "c2": "1"}, "why": "합산 오류"})
    assert (answered["state"], answered["after"], corrected["mark"]["points"]) == ("upheld", "10.00", "2.00")


def test_groups_extensions_tables_and_confirmation(callers):
    boss, learner, cohort = callers["boss"], callers["learner"], callers["cohort"]
    told = {**SET, "each": 1, "group_most": 2}
    made = boss.post(f"/learning/cohorts/{cohort.pk}/assignments", told, status=201)
    own = f"/learning/assignments/{made['id']}"
    boss.post(f"{own}/opening", {})
    changed = boss.put(own, {**told, "rubric": RUBRIC + "? More\n= 1 yes\n"})
    formed = boss.put(f"{own}/groups", {"groups": {"해": ["Learner@example.org"]}})
    extended = boss.put(f"{own}/extensions", {"email": "learner@example.org", "until": "2020-01-01T00:00:00Z"})
    late = learner.call("put", f"{own}/draft", {"text": "늦음", "saves": 0}).status_code
    boss.put(f"{own}/extensions", {"email": "learner@example.org"})
    learner.put(f"{own}/draft", {"text": "글", "saves": 0})
    file = sent(learner, f"{own}/files", SimpleUploadedFile("a", b"x"), status=201)["files"][0]
    without = learner.call("delete", f"{own}/files/{file['id']}").json()
    learner.post(f"{own}/hand-ins", {}, status=201)
    boss.put(f"{own}/graders", {"emails": ["one@example.org"]})
    path = f"/learning/markings/{callers['one'].get('/me/markings')['items'][0]['id']}"
    callers["one"].put(path, {"points": {"c1": "1", "c2": "1", "c3": "1"}, "saves": 0, "rubric": 2})
    callers["one"].post(f"{path}/sending", {})
    callers["one"].post(f"{path}/taking-back", {})
    callers["one"].post(f"{path}/sending", {})
    work = Work.objects.get()
    confirmed = boss.post(f"/learning/works/{work.pk}/confirmation", {})
    sheet = b"email,c1,c2,c3\nlearner@example.org,5,5,1\n"
    looked = sent(boss, f"{own}/marks?check_only=true", SimpleUploadedFile("m.csv", sheet))

    assert (changed["rubric"]["number"], formed, extended["name"], late) == (2, {"formed": 1}, "해", 409)
    assert (without["files"], confirmed["mark"]["state"]) == ([], "moderated")
    assert looked == {"rows": 1, "changed": 1, "same": 0}
    assert learner.get("/me/assignments")[0]["id"] == made["id"]


def test_who_may_not(callers):
    boss, cohort = callers["boss"], callers["cohort"]
    made = boss.post(f"/learning/cohorts/{cohort.pk}/assignments", SET, status=201)
    own = f"/learning/assignments/{made['id']}"
    boss.post(f"{own}/opening", {})
    learner, other = callers["learner"], callers["other"]

    assert learner.call("get", own).status_code == 200
    assert [other.call(*call).status_code for call in (
        ("get", own), ("get", f"{own}/work"), ("put", f"{own}/draft", {"text": "", "saves": 0}),
        ("post", f"{own}/hand-ins", {}), ("get", f"{own}/works"), ("post", f"{own}/release", {}),
    )] == [404, 404, 404, 404, 403, 403]  # fmt: skip
    assert learner.call("put", f"{own}/graders", {"emails": ["learner@example.org"]}).status_code == 403
