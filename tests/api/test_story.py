"""A programme from its draft to its last gate, every step through the API."""

import pytest

from tests.api.stories import Story, work_off

pytestmark = pytest.mark.django_db


def test_programme_walks_from_draft_to_outcome():
    story = Story.opened()
    story.judged()
    place = f"{story.at}/stages/task/settlement"

    preview = story.clerk.get(place)
    assert (preview["passed"], preview["out"], preview["money"]) == (1, {"panel.full": 1}, {"prize": 500000})
    assert preview["sentence"]["en"] == "1 pass, 1 out, 500,000 won due."

    settled = story.clerk.post(place, status=201)
    assert story.ada.get("/me/turns?state=passed")["items"][0]["stage"] == "apply"  # nobody is told yet
    story.clerk.post(f"/settlements/{settled['id']}/release")

    [won] = [turn for turn in story.ada.get("/me/turns")["items"] if turn["stage"] == "task"]
    assert (won["state"], won["decision"]["verdict"], won["mark"]) == ("passed", "passed", 90.0)
    [lost] = [turn for turn in story.bo.get("/me/turns")["items"] if turn["stage"] == "task"]
    assert lost["decision"]["reason"]["en"] == (
        "The panel's mark is high enough to pass, but this is not among the first 1 person."
    )
    received = {(given["kind"], given["name"]) for given in story.ada.get("/me/gives")["items"]}
    assert received == {("credential", "Small badge"), ("money", "prize")}

    [licence] = story.clerk.get(f"{story.at}/stages/licence/turns")["items"]
    story.clerk.post(f"/turns/{licence['id']}/evidence", {"values": {"attended": 1}}, 201)
    proof = story.ada.post(f"/turns/{licence['id']}/proofs", {"step": 0, "reference": "L-7"}, 201)
    story.clerk.post(f"/proofs/{proof['id']}/verify", {"holds": True})
    work_off()

    counted = {row["id"]: (row["in"], row["passed"], row["out"]) for row in _stages(story)}
    assert counted == {"apply": (2, 2, 0), "task": (2, 1, 1), "licence": (1, 1, 0)}
    story.clerk.post(f"{story.at}/run")
    assert story.clerk.post(f"{story.at}/close")["state"] == "closed"


def _stages(story: Story) -> list[dict]:
    return story.clerk.get(f"{story.at}/outcome")["stages"]
