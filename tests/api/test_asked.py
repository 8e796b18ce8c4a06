"""What a round asks, whose submissions it takes and which are public, over HTTP."""

import json

import pytest

from dure.challenges.models import Submission, Task
from tests.api.conftest import Caller
from tests.api.test_rounds import sent
from tests.challenges.conftest import judge, make_entrant, make_task, member, predictions
from tests.factories import make_operator, make_person

pytestmark = pytest.mark.django_db
QUESTION = {
    "key": "model", "title": {"ko": "모델", "en": "Model"}, "kind": "text", "options": [], "required": True,
    "on_board": True, "about": {"ko": "", "en": ""},
}  # fmt: skip
RULES = {
    "board": "public", "boards": "both", "own_scores": True, "own_logs": True, "scores_wait": False, "select_most": 1,
    "verify_first": 0, "tolerance": "0", "ratio_to": "none", "shows_seconds": False, "at_once": 2, "monthly": None,
    "file_types": [], "sharing": "none", "is_public": True, "is_active": True,
}  # fmt: skip


@pytest.fixture
def task(settings, tmp_path) -> Task:
    settings.MEDIA_ROOT = tmp_path
    return make_task(opens_at=None, closes_at=None)


@pytest.fixture
def root() -> Caller:
    return Caller(make_operator())


def test_questions_are_set_and_answered(task, root):
    place, ada = f"/rounds/{task.round.pk}/questions", Caller(member(make_entrant(task)))

    assert root.put(place, {"questions": [QUESTION]}) == {"questions": [QUESTION]}
    assert ada.call("get", place).status_code == 403
    assert ada.get("/rounds")["items"][0]["questions"] == [QUESTION]


def test_a_list_is_set_and_only_organisers_read_it(task, root):
    place, ada = f"/rounds/{task.round.pk}/allowed", Caller(member(make_entrant(task)))

    assert root.put(place, {"emails": ["B@x.org", "a@x.org"]}) == {"emails": ["a@x.org", "b@x.org"]}
    assert ada.call("get", place).status_code == 403
    assert root.put(place, {"emails": None}) == {"emails": None}


def test_rules_tell_what_is_taken_and_shared(task, root):
    place = f"/rounds/{task.round.pk}/rules"

    kept = root.put(place, {**RULES, "monthly": 5, "file_types": ["csv"], "sharing": "open", "is_active": False})

    assert (kept["monthly"], kept["file_types"], kept["sharing"]) == (5, [".csv"], "open")
    assert (kept["is_public"], kept["is_active"]) == (True, False)
    assert root.put(place, RULES)["monthly"] is None


def test_rules_that_lack_one_are_refused_and_change_nothing(task, root):
    place = f"/rounds/{task.round.pk}/rules"
    root.put(place, {**RULES, "monthly": 5})

    answer = root.call("put", place, {name: RULES[name] for name in RULES if name != "monthly"})

    assert (answer.status_code, b"monthly" in answer.content) == (422, True)
    assert root.get(place)["monthly"] == 5


def test_a_rule_is_changed_alone_and_the_others_stay(task, root):
    place = f"/rounds/{task.round.pk}/rules"
    before = root.put(place, {**RULES, "monthly": 5, "sharing": "open", "is_public": False})

    assert root.call("patch", place, {"board": "entrants", "sharing": None}).json() == {**before, "board": "entrants"}
    assert root.call("patch", place, {"monthly": None}).json()["monthly"] is None
    assert root.call("patch", place, {"monthly": 0}).status_code == 422


def test_public_submissions_are_listed_with_what_stands_on_the_board(task, root):
    ada, stranger = Caller(member(make_entrant(task))), Caller(make_person())
    root.put(f"/rounds/{task.round.pk}/questions", {"questions": [QUESTION]})
    root.put(f"/rounds/{task.round.pk}/rules", {**RULES, "sharing": "chosen"})
    assert stranger.get(f"/tasks/{task.pk}/shared")["items"] == []
    submitted(task, ada)
    submission = Submission.objects.get()
    place = f"/submissions/{submission.pk}/public"

    assert ada.put(place, {"public": True}) == {"id": str(submission.pk), "public": True}
    assert stranger.call("put", place, {"public": False}).status_code == 403
    [row] = stranger.get(f"/tasks/{task.pk}/shared")["items"]
    assert (row["id"], row["answers"], row["name"]) == (str(submission.pk), {"model": "ResNet"}, "file.csv")
    assert stranger.get(f"/tasks/{task.pk}/board")["items"][0]["answers"] == {"model": {"ko": "ResNet", "en": "ResNet"}}
    board = b"".join(stranger.call("get", f"/tasks/{task.pk}/board.csv")).decode()
    assert [line.split(",")[-1] for line in board.splitlines()] == ["Model", "ResNet"]
    file = stranger.call("get", f"/submissions/{submission.pk}/file")
    assert b"".join(file.streaming_content) == predictions().getvalue()
    ada.put(place, {"public": False})
    assert stranger.call("get", f"/submissions/{submission.pk}/file").status_code == 404


def submitted(task: Task, caller: Caller) -> None:
    answers = json.dumps({"model": "ResNet"})
    answer = sent(caller, f"/tasks/{task.pk}/submissions", {"file": predictions().getvalue()}, answers=answers)
    assert answer.status_code == 201, answer.content
    judge(Submission.objects.get())


@pytest.mark.parametrize("answers", ["{", "[]", "1"])
def test_answers_are_one_json_object(task, answers):
    ada = Caller(member(make_entrant(task)))

    answer = sent(ada, f"/tasks/{task.pk}/submissions", {"file": predictions().getvalue()}, answers=answers)

    assert (answer.status_code, answer.json()["code"]) == (422, "submission.answers")
