"""How a programme stands, in the shape of a rehearsal's JSON."""

import pytest

from dure.programmes.operations.handing import withdraw
from dure.programmes.operations.settling import undo
from dure.programmes.queries.outcome import outcome
from tests.programmes.build import exam, live

pytestmark = pytest.mark.django_db
PRIZE = ", gives: [{money: {type: prize, ranks: [300], from: host}}, {credential: {name: Medal, type: badge}}]"
ROOM = ", provides: [{type: space, from: host, amount: 2, unit: room, per: unit}]"
EXPECT = """measures: [{id: winners, title: Winners, is: pass(exam)}, {id: gone, title: Gone, is: out(exam)}]
rehearse: {entries: 4, expect: ["winners = 1", "money(prize) > 300"]}"""


@pytest.fixture
def contest():
    """One wins, one is below the cut, one is never opened, one withdraws."""
    found = live(exam("{rank: {by: score, take: 1}}", PRIZE + ROOM + ", options: [red, blue]"), extra=EXPECT)
    for score in (50, 90):
        found.hand_in(found.enter("exam", options=["red"]), score=score)
    found.enter("exam")
    withdraw(found.enter("exam", options=["blue"]))
    return found


def test_an_outcome_has_everything_that_could_be_given_with_nothing_where_nothing_was(contest):
    assert outcome(contest.programme) == {
        "blueprint": "made-up",
        "cases": 4,
        "stages": [{"id": "exam", "kind": "test", "in": 3, "passed": 0, "out": 0, "withdrawn": 1, "reasons": {}}],
        "money": {"prize": 0}, "credentials": {"Medal": 0}, "privileges": {}, "published": {}, "spawned": {},
        "roles": {}, "provided": {"space": 6}, "measures": {"winners": 0, "gone": 0},
        "expect": [
            {"text": "winners = 1", "left": 0, "right": 1, "holds": False},
            {"text": "money(prize) > 300", "left": 0, "right": 300, "holds": False},
        ],
    }  # fmt: skip


def test_an_outcome_counts_what_took_effect(contest):
    undo(contest.settle(), by=contest.operator)
    contest.settle_and_release()

    found = outcome(contest.programme)

    stage = {"passed": 1, "out": 2, "withdrawn": 1, "reasons": {"not-opened": 1, "rank": 1}}
    assert found["stages"] == [{"id": "exam", "kind": "test", "in": 3, **stage}]
    assert (found["money"], found["credentials"], found["measures"]) == (
        {"prize": 300}, {"Medal": 1}, {"winners": 1, "gone": 2},
    )  # fmt: skip
    assert [check["holds"] for check in found["expect"]] == [True, False]


def test_beside_a_rehearsal_only_those_count_who_were_ever_opened(contest):
    contest.settle_and_release()

    found = outcome(contest.programme, as_rehearsed=True)

    stage = {"passed": 1, "out": 1, "withdrawn": 1, "reasons": {"rank": 1}}
    assert found["stages"] == [{"id": "exam", "kind": "test", "in": 3, **stage}]
    assert found["measures"] == {"winners": 1, "gone": 1}
