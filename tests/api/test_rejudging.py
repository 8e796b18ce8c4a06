"""Judging a round again, and who is out of it, over HTTP."""

import pytest

from dure.challenges.models import Task
from dure.jobs.worker import drain
from tests.api.conftest import Caller
from tests.api.test_rounds import sent
from tests.challenges.conftest import IDS, TRUTH, make_entrant, make_task, member, scored
from tests.factories import make_person

pytestmark = pytest.mark.django_db
TURNED = "id,label\n" + "".join(f"{one},{'no' if TRUTH[one] == 'yes' else 'yes'}\n" for one in IDS)
WHY = {"ground": "sharing", "reason": {"ko": "코드를 나누어 썼습니다.", "en": "Code was shared."}}


@pytest.fixture
def task(settings, tmp_path) -> Task:
    settings.MEDIA_ROOT = tmp_path
    made = make_task(opens_at=None, closes_at=None)
    scored(make_entrant(made, title="right"))
    return made


@pytest.fixture
def organiser(task) -> Caller:
    return Caller(task.round.organisers.get())


@pytest.fixture
def holder(task) -> Caller:
    return Caller(member(task.entrants.get()))


def proposed(task: Task, organiser: Caller) -> str:
    answer = sent(organiser, f"/tasks/{task.pk}/proposals", {"labels": TURNED.encode()}, why="labels were swapped")
    assert answer.status_code == 201, answer.content
    drain()
    return answer.json()["id"]


def test_a_proposal_is_made_read_and_applied(task, organiser):
    place = f"/proposals/{proposed(task, organiser)}"

    shown, told = organiser.get(place), organiser.get(f"{place}/changes")
    applied = organiser.post(f"{place}/apply", {}, 200)

    assert (shown["state"], shown["collected"], shown["judged"], shown["version"]) == ("ready", 1, 1, 2)
    assert [(row["title"], row["old_final_score"], row["final_score"]) for row in told["items"]] == [
        ("right", 1.0, 0.0)
    ]
    assert applied["state"] == "applied"
    assert organiser.post(f"{place}/back", {}, 201)["version"] == 1
    assert len(organiser.get(f"/tasks/{task.pk}/proposals")["items"]) == 2


def test_those_who_take_part_know_nothing_of_proposals(task, organiser, holder):
    place = f"/proposals/{proposed(task, organiser)}"

    told = {holder.call("get", path).status_code for path in (place, f"{place}/changes")}

    assert told == {404}
    assert holder.call("post", f"{place}/apply", {}).status_code == 404
    assert holder.call("get", f"/tasks/{task.pk}/proposals").status_code == 403


def test_an_entrant_is_disqualified_appeals_and_is_answered(task, organiser, holder):
    entrant = task.entrants.get()
    out = organiser.post(f"/entrants/{entrant.pk}/disqualify", WHY, 201)
    place = f"/disqualifications/{out['id']}"

    assert holder.get(place)["reason"]["en"] == "Code was shared."
    assert holder.post(f"{place}/appeal", {"text": "It is our own."}, 200)["state"] == "appealed"
    assert Caller(make_person()).call("get", place).status_code == 404
    assert holder.call("post", f"{place}/lift", {}).status_code == 403
    said = {"grant": True, "answer": {"ko": "확인했습니다.", "en": "We looked."}}
    assert organiser.post(f"{place}/answer", said, 200)["state"] == "lifted"


def test_a_ban_is_made_and_lifted(task, organiser, holder):
    person = member(task.entrants.get())

    made = organiser.post(f"/rounds/{task.round.pk}/bans", {**WHY, "email": person.email}, 201)

    assert made["person"] == str(person.pk)
    assert holder.call("post", f"/bans/{made['id']}/lift", {}).status_code == 403
    assert organiser.post(f"/bans/{made['id']}/lift", {}, 200)["lifted_at"]


def test_the_banned_appeal_and_are_answered(task, organiser, holder):
    person = member(task.entrants.get())
    made = organiser.post(f"/rounds/{task.round.pk}/bans", {**WHY, "email": person.email}, 201)
    place = f"/bans/{made['id']}"

    assert holder.get(place)["reason"]["en"] == "Code was shared."
    assert holder.post(f"{place}/appeal", {"text": "It was not me."}, 200)["state"] == "appealed"
    assert Caller(make_person()).call("get", place).status_code == 404
    assert organiser.call("post", f"{place}/lift", {}).status_code == 409
    said = {"grant": True, "answer": {"ko": "확인했습니다.", "en": "We looked."}}
    told = organiser.post(f"{place}/answer", said, 200)
    assert (told["state"], told["answer"]["en"], bool(told["lifted_at"])) == ("lifted", "We looked.", True)
