"""Courses over HTTP: made, joined, learnt, taught and reported."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dure.learning.operations.providers import appoint_curator
from tests.api.conftest import Caller
from tests.factories import make_person
from tests.learning.factories import make_provider

pytestmark = [pytest.mark.django_db(transaction=True)]
COURSE = {"key": "basics", "title": {"ko": "기초", "en": "Basics"}, "credits": 3, "hours": 12}
PAGE = {"title": {"ko": "읽기", "en": "Read"}}
QUIZ = {"kind": "quiz", "title": {"ko": "퀴즈", "en": "Quiz"}, "quiz": "? 2 + 2\n* 4\n- 5"}
OUTSIDE = {"kind": "outside", "title": {"ko": "바깥", "en": "Outside"}}


@pytest.fixture
def callers(settings, tmp_path) -> dict[str, Caller]:
    settings.MEDIA_ROOT = tmp_path
    provider, curator = make_provider("shelf"), make_person()
    appoint_curator(provider, person=curator)
    return {"curator": Caller(curator), "learner": Caller(make_person("l@example.org")), "other": Caller(make_person())}


@pytest.fixture
def cohort(callers) -> dict:
    curator = callers["curator"]
    curator.post("/learning/providers/shelf/courses", COURSE, status=201)
    for lesson in (PAGE, QUIZ, OUTSIDE):
        curator.post("/learning/courses/basics/lessons", lesson, status=201)
    curator.post("/learning/courses/basics/opening", {})
    return curator.post("/learning/courses/basics/cohorts", {"name": "1", "capacity": 1, "price": 100}, status=201)


def test_a_learners_whole_way(callers, cohort):
    learner, curator = callers["learner"], callers["curator"]
    assert [one["key"] for one in Caller().get("/learning/courses")["items"]] == ["basics"]

    made = learner.post(f"/learning/cohorts/{cohort['id']}/join", {}, status=201)
    path = f"/learning/enrolments/{made['id']}"
    page, quiz, outside = (f"{path}/lessons/{step['lesson']}" for step in made["steps"])
    asked_early = learner.call("get", f"{quiz}/questions").status_code
    learner.post(f"{page}/done", {})
    questions = learner.get(f"{quiz}/questions")
    marked = learner.post(f"{quiz}/answers", {"answers": [["0"]]})
    refused = learner.call("post", f"{outside}/done", {}).status_code
    whole = curator.put(f"{outside}/proof", {"proof": "cert"})

    assert [(step["done"], step["locked"]) for step in made["steps"]] == [(False, False), (False, True), (False, True)]
    assert (asked_early, refused) == (403, 409)
    assert questions == [
        {"text": {"ko": "2 + 2", "en": "2 + 2"}, "sort": "single",
         "choices": [{"ko": "4", "en": "4"}, {"ko": "5", "en": "5"}]}
    ]  # fmt: skip
    assert marked == {"right": [True], "score": 1.0, "passed": True}
    assert (whole["state"], whole["evidence"]) == ("finished", {"completion": 1, "credits": 3, "hours": 12})
    assert [row["state"] for row in learner.get("/me/courses")["items"]] == ["finished"]


def test_who_waits_moves_up_when_somebody_leaves(callers, cohort):
    first = callers["learner"].post(f"/learning/cohorts/{cohort['id']}/join", {}, status=201)
    second = callers["other"].post(f"/learning/cohorts/{cohort['id']}/join", {}, status=201)

    callers["learner"].post(f"/learning/enrolments/{first['id']}/withdrawal", {})

    assert (second["state"], callers["other"].get(f"/learning/enrolments/{second['id']}")["state"]) == (
        "waiting", "active",
    )  # fmt: skip
    assert callers["learner"].call("get", f"/learning/enrolments/{second['id']}").status_code == 403


def test_instructors_run_their_cohort_and_nobody_else_does(callers, cohort):
    path, teacher = f"/learning/cohorts/{cohort['id']}", Caller(make_person("t@example.org"))
    callers["curator"].post(f"{path}/teachers", {"email": "t@example.org"}, status=201)

    made = teacher.post(f"{path}/enrolments", {"email": "l@example.org"}, status=201)
    noted = teacher.put(f"/learning/enrolments/{made['id']}/notes", {"attendance": 0.5, "grade": 4.5})
    rolls = teacher.get(f"{path}/enrolments?q=l@ex")["items"]
    report = callers["curator"].get("/learning/courses/basics/report")

    assert noted["evidence"] == {"completion": 0, "attendance": 0.5, "grade": 4.5, "credits": 0}
    assert [row["id"] for row in rolls] == [made["id"]]
    assert [(line["seats"], line["cost"], line["each"]) for line in report] == [(1, 100, None)]
    for caller in (callers["learner"], callers["other"]):
        assert caller.call("get", f"{path}/enrolments").status_code == 403
        assert caller.call("post", f"{path}/enrolments", {"email": "l@example.org"}).status_code == 403
        assert caller.call("put", path, {"name": "2"}).status_code == 403
    assert callers["curator"].put(path, {"name": "2", "capacity": 3})["capacity"] == 3


def test_rosters_and_proofs_come_as_files(callers, cohort):
    caller, path = callers["curator"], f"/api/v1/learning/cohorts/{cohort['id']}"

    def send(what: str, data: bytes, check: str = "false"):
        return caller.client.post(
            f"{path}/{what}?check_only={check}", {"file": SimpleUploadedFile("f.csv", data)},
            headers={"Authorization": f"Bearer {caller.secret}"},
        )  # fmt: skip

    checked = send("roster", b"email\nl@example.org\n", "true").json()
    first = send("roster", b"email\nl@example.org\n").json()
    again = send("roster", b"email\nl@example.org\n").json()
    proven = send("proofs", "email,item\nl@example.org,바깥\n".encode()).json()

    assert (checked["new"], first["new"], again["new"], again["same"]) == (1, 1, 0, 1)
    assert proven == {"rows": 1, "new": 1}
    assert send("roster", b"email\nx@example.org\n").status_code == 422
