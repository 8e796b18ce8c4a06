"""Field trials over HTTP: planned, started, compared, judged; by whom, and what strangers are told."""

import json
from datetime import timedelta

import pytest

from dure.challenges.field.requests import Shadow
from dure.challenges.field.running import Ran
from dure.challenges.field.sources import Read
from dure.challenges.field.tally import Outcome
from dure.challenges.models import FieldTrial
from dure.challenges.operations.fielding import keep_batch
from dure.core import clock
from tests.api.conftest import Caller
from tests.challenges.conftest import START, member
from tests.challenges.field.world import lines, that_counts, told
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standing(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("DURE_ALLOW_CODE_BELOW_FULL", "1")  # no code is run here
    settings.MEDIA_ROOT = tmp_path / "files"
    with clock.at(START):
        yield


class Scene:
    """A round with code that counts, its organiser, a service's owner, the entrant and somebody else."""

    def __init__(self) -> None:
        self.submission = that_counts()
        self.round = self.submission.entrant.task.round
        owner = make_person("owner@example.org")
        self.organiser, self.owner = Caller(self.round.organisers.get()), Caller(owner)
        self.entrant, self.stranger = Caller(member(self.submission.entrant)), Caller(make_person())
        make_organisation("hangang")

    def draft(self, status: int = 201, **known) -> dict:
        now = clock.now()
        said = {
            "submission": str(self.submission.pk), "service_ko": "한강 카페", "service_en": "Hangang Cafe",
            "organisation": "hangang", "owner": "owner@example.org", "starts_at": now.isoformat(),
            "ends_at": (now + timedelta(days=1)).isoformat(), "share": 100, "file": lines(told(1), told(2)), **known,
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {self.organiser.secret}", "Accept-Language": "en"}
        answer = self.organiser.client.post(f"/api/v1/rounds/{self.round.pk}/field-trials", said, headers=headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()


def answered(trial_id: str, *outcomes: Outcome, over: bool = True) -> None:
    """A batch as a worker brings it."""
    trial = FieldTrial.objects.get(pk=trial_id)
    found = Read(tuple(one.shadow for one in outcomes), "9", 0, len(outcomes), over)
    keep_batch(trial.pk, (trial.cursor, trial.skip), found, Ran(outcomes))


def test_from_the_plan_to_the_owners_word():
    scene = Scene()
    made = scene.draft()
    at = f"/field-trials/{made['id']}"

    started = scene.organiser.post(f"{at}/start")
    asked = Shadow("r1", {"text": "hi"}, ("yes",), None, 20)
    answered(made["id"], Outcome(asked, ("no",), 40), Outcome(Shadow("r2", {}, ("no",)), ("no",), 60))
    compared = scene.owner.get(f"{at}/comparison")
    differ = scene.owner.get(f"{at}/differences?limit=1")
    judged = scene.owner.post(f"{at}/judgement", {"adoption": "later", "because": "Too slow yet"}, 201)

    assert (made["state"], started["state"], judged["state"], judged["ending"]) == (
        "draft", "running", "ended", "source",
    )  # fmt: skip
    total = compared["total"]
    assert (total["tried"], total["compared"], total["agreed"], total["ms_p50"], total["ms_p95"]) == (2, 2, 1, 40, 60)
    assert [(row["request"], row["model"], row["service"]) for row in differ["items"]] == [("r1", ["no"], ["yes"])]
    assert (judged["adoption"], judged["statement"]) == ("later", "Too slow yet")
    assert scene.organiser.get(f"/rounds/{scene.round.pk}/field-trials")["items"][0]["id"] == made["id"]


def test_who_is_answered_what():
    scene = Scene()
    at = f"/field-trials/{scene.draft()['id']}"
    everybody = (scene.organiser, scene.owner, scene.entrant, scene.stranger, Caller())

    def statuses(method: str, path: str, body: object = None) -> tuple[int, ...]:
        return tuple(who.call(method, path, body).status_code for who in everybody)

    assert statuses("get", at) == (200, 404, 404, 404, 401)
    scene.organiser.post(f"{at}/start")
    scene.organiser.put(f"{at}/shared", {"shared": True})
    assert statuses("get", at) == (200, 200, 404, 404, 401)
    assert statuses("get", f"{at}/differences") == (200, 200, 404, 404, 401)
    assert statuses("get", f"/rounds/{scene.round.pk}/field-trials") == (200, 404, 404, 404, 401)
    assert statuses("put", f"{at}/shared", {"shared": True}) == (200, 403, 404, 404, 401)
    assert statuses("post", f"{at}/judgement", {"adoption": "not", "because": "No"}) == (403, 409, 404, 404, 401)
    assert statuses("post", f"{at}/stop") == (200, 403, 404, 404, 401)


def test_every_act_of_an_organiser():
    scene = Scene()
    at = f"/field-trials/{scene.draft()['id']}"
    scene.organiser.post(f"{at}/start")

    states = [scene.organiser.post(f"{at}/{what}")["state"] for what in ("pause", "resume", "stop")]

    assert states == ["paused", "running", "stopped"]
    assert scene.organiser.delete(at, 409)["code"] == "field.begun"
    assert scene.organiser.delete(f"/field-trials/{scene.draft()['id']}")["state"] == "draft"
    assert scene.organiser.put(f"{at}/counts", {"stage": "nothing"}, 422)["code"] == "field.plan"


def test_what_is_wrong_with_a_plan_is_told_field_by_field():
    scene = Scene()

    wrong = scene.draft(422, ends_at=clock.now().isoformat(), file_name="ids.csv")
    nobody = scene.draft(422, owner="nobody@example.org")

    assert {error["field"] for error in wrong["facts"]["errors"]} == {"ends_at", "file_name"}
    assert [error["field"] for error in nobody["facts"]["errors"]] == ["owner"]
    assert "token" not in json.dumps(scene.draft())
