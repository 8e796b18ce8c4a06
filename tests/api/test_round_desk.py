"""A round as it is run over HTTP: who sees the live picture, who writes, who moderates."""

import pytest

from dure.challenges.models import Task
from dure.challenges.operations import enter
from tests.api.conftest import Caller
from tests.challenges.conftest import make_task
from tests.factories import make_person

pytestmark = [pytest.mark.django_db(transaction=True)]
QUESTION = {"title": "Time zone?", "body": "Which one holds?"}


@pytest.fixture
def task(settings, tmp_path) -> Task:
    settings.MEDIA_ROOT = tmp_path
    return make_task()


@pytest.fixture
def callers(task) -> dict[str, Caller]:
    entrant, stranger = make_person(), make_person()
    enter(task, persons=[entrant])
    return {"organiser": Caller(task.round.organisers.get()), "entrant": Caller(entrant), "stranger": Caller(stranger)}


def _statuses(callers, method: str, path: str, body: object = None) -> dict[str, int]:
    return {name: caller.call(method, path, body).status_code for name, caller in callers.items()}


def test_the_picture_is_for_those_who_run_the_round(task, callers) -> None:
    statuses = _statuses(callers, "get", f"/rounds/{task.round_id}/picture")

    assert statuses == {"organiser": 200, "entrant": 403, "stranger": 404}
    assert callers["organiser"].call("get", f"/rounds/{task.round_id}/picture").json()["entrants"] == 1


def test_who_takes_part_asks_and_who_runs_it_announces(task, callers) -> None:
    path = f"/rounds/{task.round_id}/threads"

    asked = _statuses(callers, "post", path, QUESTION)
    announced = _statuses(callers, "post", path, {**QUESTION, "kind": "announcement"})

    assert asked == {"organiser": 201, "entrant": 201, "stranger": 404}
    assert announced == {"organiser": 201, "entrant": 403, "stranger": 404}
    assert len(callers["entrant"].call("get", path).json()["items"]) == 3


def test_answers_of_organisers_are_marked_and_what_they_hide_is_gone(task, callers) -> None:
    made = callers["entrant"].call("post", f"/rounds/{task.round_id}/threads", QUESTION).json()
    thread = f"/threads/{made['id']}"
    ids = [
        callers[name].call("post", f"{thread}/answers", {"body": name}).json()["id"]
        for name in ("organiser", "entrant")
    ]
    hidden = {"hidden_because": "a secret", "answer": ids[1], "pinned": True, "locked": True}

    moderated = _statuses(callers, "post", f"{thread}/moderation", hidden)

    seen = {
        name: [one["body"] for one in callers[name].call("get", f"{thread}/answers").json()]
        for name in ("organiser", "entrant")
    }
    assert moderated == {"organiser": 200, "entrant": 403, "stranger": 404}
    assert [one["official"] for one in callers["organiser"].call("get", f"{thread}/answers").json()] == [True, False]
    assert seen == {"organiser": ["organiser", "entrant"], "entrant": ["organiser", "entrant"]}
    assert callers["entrant"].call("post", f"{thread}/answers", {"body": "more"}).status_code == 409


def test_sites_that_show_boards_are_named_by_those_who_run_the_round(task, callers) -> None:
    statuses = _statuses(callers, "put", f"/rounds/{task.round_id}/embedding", {"ancestors": ["https://example.org"]})

    assert statuses == {"organiser": 200, "entrant": 403, "stranger": 404}
