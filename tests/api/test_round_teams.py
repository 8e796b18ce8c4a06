"""Rounds that teams enter by themselves, over HTTP."""

import pytest

from dure.challenges.models import Task
from tests.api.conftest import Caller
from tests.challenges.conftest import make_task
from tests.factories import make_operator, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(settings, tmp_path) -> Task:
    settings.MEDIA_ROOT = tmp_path
    return make_task(opens_at=None, closes_at=None)


@pytest.fixture
def root() -> Caller:
    return Caller(make_operator())


def entered(task: Task, captain: Caller, name: str) -> tuple[str, str]:
    team = captain.post("/teams", {"name": name}, 201)["id"]
    return team, captain.post(f"/tasks/{task.pk}/entries", {"team": team}, 201)["id"]


def test_teams_enter_a_round_as_its_organiser_says(task, root):
    ada, bo = Caller(make_person()), Caller(make_person())
    place = f"/rounds/{task.round.pk}/teams"
    team = ada.post("/teams", {"name": "Alpha"}, 201)["id"]

    early = ada.post(f"/tasks/{task.pk}/entries", {"team": team}, 409)["code"]
    refused = ada.call("put", place, {"most": 2}).status_code
    rule = root.put(place, {"most": 2})
    entrant = ada.post(f"/tasks/{task.pk}/entries", {"team": team}, 201)

    assert (early, refused) == ("round.no-teams", 403)
    assert rule == {"round": str(task.round.pk), "least": 1, "most": 2, "locks_at": None}
    assert (entrant["task"], entrant["title"]) == (str(task.pk), "Alpha")
    assert bo.post(f"/tasks/{task.pk}/entries", {"team": team}, 404)["code"] == "team.missing"
    assert ada.get(f"/teams/{team}")["most"] == 2


def test_the_other_team_is_asked_by_its_row_of_the_board(task, root):
    ada, bo = Caller(make_person()), Caller(make_person())
    root.put(f"/rounds/{task.round.pk}/teams", {})
    (mine, _), (_, row) = entered(task, ada, "Alpha"), entered(task, bo, "Beta")

    asked = ada.post(f"/teams/{mine}/merges", {"entrant": row}, 201)

    assert (asked["gone_name"], [shared["task"] for shared in asked["tasks"]]) == ("Beta", [str(task.pk)])


def test_a_hidden_board_names_no_team(task, root):
    task.round.board = "hidden"
    task.round.save()
    ada, bo = Caller(make_person()), Caller(make_person())
    root.put(f"/rounds/{task.round.pk}/teams", {})
    (mine, _), (_, row) = entered(task, ada, "Alpha"), entered(task, bo, "Beta")

    assert ada.post(f"/teams/{mine}/merges", {"entrant": row}, 404)["code"] == "team.missing"
