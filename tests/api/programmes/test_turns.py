"""Coming in, handing in, being judged: what each answer holds."""

from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.core import clock
from dure.programmes.models import Offer, Turn
from dure.skills.models import Evidence
from tests.api.conftest import Caller
from tests.api.stories import SMALL, Story, work_off
from tests.factories import make_person

pytestmark = pytest.mark.django_db


class TestReceipt:
    def test_tells_what_was_received_when_and_for_which_deadline(self):
        story = Story.opened()
        story.clerk.put(f"{story.at}/stages/apply/when", {"when": {"to": "2099-12-31"}})
        turn = story.ada.post(f"{story.at}/stages/apply/entries", {}, 201)

        receipt = story.ada.post(f"/turns/{turn['id']}/evidence", {"values": {"motive": "배우려고", "years": 2}}, 201)

        evidence = Evidence.objects.get()
        assert receipt == {
            "id": str(evidence.pk),
            "turn": turn["id"],
            "state": "handed-in",
            "received_at": receipt["received_at"],
            "stage": "apply",
            "deadline": "2100-01-01T00:00:00+09:00",
            "quota": None,
            "sha256": sha256('{"proof":"","values":{"motive":"배우려고","years":2}}'.encode()).hexdigest(),
        }

    def test_names_every_wrong_field(self):
        story = Story.opened()
        turn = story.ada.post(f"{story.at}/stages/apply/entries", {}, 201)

        problem = story.ada.post(f"/turns/{turn['id']}/evidence", {"values": {"years": "many", "shoes": 1}}, 422)

        assert {flaw["field"] for flaw in problem["facts"]["errors"]} == {"motive", "years", "shoes"}

    def test_kept_evidence_is_not_handed_in(self):
        story = Story.opened()
        turn = story.ada.post(f"{story.at}/stages/apply/entries", {}, 201)

        kept = {"values": {"motive": "so far"}, "final": False}

        assert story.ada.post(f"/turns/{turn['id']}/evidence", kept, 201)["state"] == "open"

    def test_nothing_is_received_after_the_deadline(self):
        story = Story.opened()
        turn = story.ada.post(f"{story.at}/stages/apply/entries", {}, 201)
        story.clerk.put(f"{story.at}/stages/apply/when", {"when": {"to": "2099-12-31"}})

        with clock.at(Turn.objects.get().closes_at):
            problem = story.ada.post(f"/turns/{turn['id']}/evidence", {"values": {"motive": "x", "years": 2}}, 409)

        assert problem["code"] == "turn.closed"

    def test_only_those_who_record_for_others_say_that_it_is_late(self):
        story = Story.opened()
        mine = story.apply(story.ada)
        handed = {"values": {"motive": "x", "years": 2}, "late": True}

        story.ada.post(f"/turns/{mine['id']}/evidence", handed, 201)
        theirs = story.bo.post(f"{story.at}/stages/apply/entries", {}, 201)
        story.clerk.post(f"/turns/{theirs['id']}/evidence", handed, 201)

        assert [story.clerk.get(f"/turns/{turn['id']}")["late"] for turn in (mine, theirs)] == [False, True]


def test_waiting_turn_tells_what_it_waits_for():
    story = Story.opened()
    turn = story.apply(story.ada)
    story.clerk.post(f"/turns/{turn['id']}/says", {"step": 1, "yes": True}, 201)
    work_off()

    [task] = story.ada.get("/me/turns?state=waiting")["items"]

    assert [text["en"] for text in task["waits_for"]] == ["Choose an option.", "Accept the terms of use: no mining"]


def test_refused_turn_tells_why_in_both_languages_and_may_be_tried_again():
    story = Story.opened()
    turn = story.apply(story.ada, years=0)

    out = story.ada.get(f"/turns/{turn['id']}")
    again = story.ada.post(f"/turns/{turn['id']}/again")

    assert (out["state"], out["decision"]["code"]) == ("out", "rule.years")
    assert out["decision"]["reason"] == {
        "ko": "years: 1 이상이어야 하는데 0입니다.",
        "en": "Years must be at least 1, but is 0.",
    }
    assert again["state"] == "open"


def test_holder_withdraws():
    story = Story.opened()
    turn = story.apply(story.ada)

    assert story.ada.post(f"/turns/{turn['id']}/withdraw")["state"] == "withdrawn"


def test_offer_is_accepted_declined_or_taken_back():
    invited = SMALL.replace("entry: open", "entry: invite")
    story = Story.begin()
    story.root.post("/programmes", {"slug": "club", "source": invited}, 201)
    for step in ("publish", "open"):
        story.root.post(f"/programmes/club/{step}")
    people = (story.ada, story.bo, story.stranger)
    offers = [
        story.root.post("/programmes/club/stages/apply/offers", {"email": who.person.email, "note": "welcome"}, 201)
        for who in people
    ]

    turn = story.ada.post(f"/offers/{offers[0]['id']}/accept", {}, 201)
    story.bo.post(f"/offers/{offers[1]['id']}/decline")
    story.root.post(f"/offers/{offers[2]['id']}/withdraw")
    foreign = story.ada.post(f"/offers/{offers[1]['id']}/decline", status=404)

    assert (turn["state"], foreign["code"]) == ("open", "offer.missing")
    assert list(Offer.objects.order_by("pk").values_list("state", flat=True)) == ["accepted", "declined", "withdrawn"]
    assert [row["note"] for row in story.bo.get("/me/offers")["items"]] == ["welcome"]
    assert len(story.root.get("/programmes/club/stages/apply/offers?state=accepted")["items"]) == 1


def test_team_of_persons_who_came_through_takes_one_turn():
    paired = SMALL.replace(
        "  - id: task\n    kind: test\n", "  - id: task\n    kind: test\n    team: {min: 2, max: 2}\n"
    )
    story = Story.begin()
    story.root.post("/programmes", {"slug": "pairs", "source": paired}, 201)
    for role, who in (("clerk", story.clerk), ("judge", story.judge)):
        story.root.post("/programmes/pairs/seats", {"role": role, "email": who.person.email}, 201)
    for step in ("publish", "open"):
        story.root.post(f"/programmes/pairs/{step}")
    story.slug = "pairs"
    for who in (story.ada, story.bo):
        turn = story.apply(who)
        story.clerk.post(f"/turns/{turn['id']}/says", {"step": 1, "yes": True}, 201)
    work_off()
    team = story.ada.post("/teams", {"name": "Alpha"}, 201)
    story.ada.post(f"/teams/{team['id']}/invitations", {"email": story.bo.person.email}, 201)
    [letter] = story.bo.get("/me/invitations")["items"]
    story.bo.post(f"/invitations/{letter['id']}/accept")

    stranger = story.stranger.post("/programmes/pairs/stages/task/teams", {"team": team["id"]}, 404)
    formed = story.bo.post("/programmes/pairs/stages/task/teams", {"team": team["id"]}, 201)

    assert stranger["code"] == "team.missing"
    assert (formed["title"], [member["name"] for member in formed["members"]]) == ("Alpha", ["Ada", "Bo"])


def test_reviewer_with_a_conflict_steps_back():
    story = Story.opened()
    turn = story.hand_in(story.ada, 80)
    story.clerk.post(f"/turns/{turn['id']}/reviews", {"step": 0, "email": story.judge.person.email}, 201)
    [review] = story.judge.get("/me/reviews")["items"]

    declined = story.judge.post(f"/reviews/{review['id']}/conflict", {"why": "my cousin"})

    assert (review["rubric"], review["evidence"]) == ({"idea": 40, "work": 60}, {"score": 80})
    assert (declined["state"], declined["conflict"]) == ("declined", "my cousin")


def test_settlement_is_undone_before_it_is_released():
    story = Story.opened()
    story.judged()
    place = f"{story.at}/stages/task/settlement"

    settled = story.clerk.post(place, status=201)
    twice = story.clerk.post(place, status=409)
    undone = story.clerk.post(f"/settlements/{settled['id']}/undo")
    late = story.clerk.post(f"/settlements/{settled['id']}/release", status=409)

    assert (twice["code"], undone["state"], late["code"]) == ("settle.twice", "undone", "state.move")
    assert story.clerk.get(place)["standing"] is None


def test_settling_waits_for_what_is_awaited():
    story = Story.opened()
    story.hand_in(story.ada, 80)

    preview = story.clerk.get(f"{story.at}/stages/task/settlement")
    refused = story.clerk.post(f"{story.at}/stages/task/settlement", status=409)

    assert (preview["awaited"], preview["refusal"]["code"], refused["facts"]) == (1, "settle.awaited", {"awaited": 1})


def test_queue_of_a_step_holds_those_who_came_as_far():
    story = Story.opened()
    story.apply(story.ada, years=5)
    story.apply(story.bo, years=0)

    waiting = story.clerk.get(f"{story.at}/stages/apply/steps/1/turns")["items"]

    assert [turn["members"][0]["name"] for turn in waiting] == ["Ada"]


def test_provision_and_give_are_confirmed():
    story = Story.opened()
    story.judged()
    provided = story.clerk.get(f"{story.at}/provided")["items"]
    opened = story.clerk.post(f"/provided/{provided[0]['id']}/confirm")
    settled = story.clerk.post(f"{story.at}/stages/task/settlement", status=201)
    story.clerk.post(f"/settlements/{settled['id']}/release")
    [badge] = story.clerk.get(f"{story.at}/gives?kind=credential")["items"]

    done = story.clerk.post(f"/gives/{badge['id']}/confirm", {"note": "sent"})
    revoked = story.clerk.post(f"/gives/{badge['id']}/revoke", {"reason": "by mistake"})

    assert (opened["amount"], opened["state"], len(provided)) == (3.0, "open", 2)
    assert (done["state"], revoked["state"], revoked["details"]["revoked"]) == ("done", "revoked", "by mistake")


class TestRows:
    def test_are_received_all_or_none_with_the_number_of_each_flawed_row(self):
        story = Story.opened()
        turns = [who.post(f"{story.at}/stages/apply/entries", {}, 201)["id"] for who in (story.ada, story.bo)]
        good = {"turn": turns[0], "values": {"motive": "x", "years": 2}}
        place = f"{story.at}/stages/apply/evidence"

        problem = story.clerk.post(
            place, {"rows": [good, {"turn": turns[1], "values": {"years": "?"}}, {**good, "turn": _other()}]}, 422
        )
        before = Evidence.objects.count()
        received = story.clerk.post(place, {"rows": [good, {**good, "turn": turns[1]}]}, 201)["items"]

        assert [(flaw["row"], flaw["code"]) for flaw in problem["facts"]["errors"]] == [
            (2, "evidence.values"),
            (3, "turn.missing"),
        ]
        assert (before, [receipt["turn"] for receipt in received]) == (0, turns)

    def test_are_decided_together(self):
        story = Story.opened()
        turns = [story.apply(who)["id"] for who in (story.ada, story.bo)]

        said = story.clerk.post(
            f"{story.at}/stages/apply/says",
            {
                "rows": [
                    {"turn": turns[0], "step": 1, "yes": True},
                    {"turn": turns[1], "step": 1, "yes": False, "reason": "full"},
                ]
            },
            201,
        )["items"]
        work_off()

        assert [(say["turn"], say["yes"]) for say in said] == [(turns[0], True), (turns[1], False)]
        assert [story.clerk.get(f"/turns/{turn}")["state"] for turn in turns] == ["passed", "out"]


def test_lists_take_no_more_queries_for_more_turns():
    story = Story.opened()
    place = f"{story.at}/stages/apply/turns"

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            story.clerk.get(place)
        return len(seen)

    story.apply(story.ada)
    few = queries()
    for who in (story.bo, story.stranger, *(Caller(make_person()) for _ in range(5))):
        story.apply(who)

    assert (queries(), len(story.clerk.get(place)["items"])) == (few, 8)
    assert few <= 12


def _other() -> str:
    return "01a201e7-a293-7000-8459-d62167f53ac0"
