"""What the engine does by itself, in the log: a row for a set, and a row for a thing that is alone."""

import json
from datetime import timedelta

import pytest

from dure.audit.models import AuditRow
from dure.core import clock
from dure.joints.gates.decide import decide
from dure.programmes.models import Given
from dure.programmes.operations.ticking import close_stage
from tests.programmes.build import APPLY, at, draft, exam, live

pytestmark = pytest.mark.django_db
PASS_60 = "{rule: ['score >= 60']}"
BADGE = ", gives: [{credential: {name: Medal, type: badge}}]"


def rows(action):
    """(object's kind, object's id, what the row tells) of every row of that action."""
    found = AuditRow.objects.filter(action=action).select_related("text").order_by("pk")
    return [(row.object_kind, row.object_id, json.loads(row.text.after)) for row in found]


def ids(things):
    return [str(thing.pk) for thing in things]


def of_programme(found, **told):
    slug = found.programme.slug
    return ("programmes.programme", str(found.programme.pk), {"programme": slug, **told})


def test_turns_that_open_together_are_one_row():
    clock.set_clock(at("2027-02-01T09:00:00+09:00"))
    found = live(exam(more=", when: {from: 2027-03-02, to: 2027-03-31}"))
    turns = found.enter_many(3, "exam")
    clock.set_clock(at("2027-03-02T09:00:00+09:00"))
    found.tick()

    assert rows("turn.opened") == [of_programme(found, stage="exam", opened=ids(turns))]


def test_a_tick_that_finds_nothing_due_leaves_no_row():
    found = live(exam(PASS_60))
    found.enter("exam")
    earlier = AuditRow.objects.count()

    found.tick()

    assert AuditRow.objects.count() == earlier


def test_the_verdict_about_one_stands_in_its_own_history():
    found = live(exam(PASS_60, BADGE))
    turn = found.scored(70)[0]
    slug, given = found.programme.slug, Given.objects.get()

    told = {"programme": slug, "stage": "exam", "passed": [str(turn.pk)]}
    assert rows("turn.judged") == [("programmes.turn", str(turn.pk), told)]
    told = {"programme": slug, "stage": "exam", "given": [str(given.pk)]}
    assert rows("give.made") == [("programmes.given", str(given.pk), told)]


def test_a_window_that_closes_is_one_row_for_those_it_hands_in_and_one_for_their_verdicts():
    clock.set_clock(at("2027-03-02T09:00:00+09:00"))
    course = "- {id: course, kind: learn, entry: open, do: {mode: online, items: [{id: a, type: lab}]}"
    found = live(course + ", when: {to: 2027-03-31}, gate: [{rule: ['completion >= 0.5']}]}")
    turns = found.enter_many(2, "course")
    clock.pass_time(timedelta(days=60))
    found.tick()

    assert rows("turn.closed") == [of_programme(found, stage="course", handed_in=ids(turns))]
    assert rows("turn.judged") == [of_programme(found, stage="course", out=ids(turns))]


def test_a_settlement_is_one_row_that_names_everybody_as_the_gate_left_them():
    found = live(exam("{rank: {by: score, take: 2}}", BADGE))
    low, high, middle = found.scored(50, 90, 70)
    absent = found.enter("exam")
    settlement = found.settle_and_release()

    told = {"programme": found.programme.slug, "stage": "exam", "occurrence": 0}
    one = ("programmes.settlement", str(settlement.pk))
    assert rows("settlement.confirmed") == [(*one, {**told, "passed": ids([high, middle]), "out": ids([low, absent])})]
    assert rows("settlement.released") == [(*one, told)]
    assert rows("turn.judged") == []
    assert [told["given"] for *_, told in rows("give.made")] == [ids(Given.objects.order_by("pk"))]


def test_closing_a_stage_tells_who_closed_it_and_what_came_of_it():
    found = live(exam(PASS_60))
    turn = found.enter("exam")

    close_stage(found.programme, "exam", by=found.operator)

    assert rows("stage.closed") == [("programmes.programme", str(found.programme.pk), {"stage": "exam"})]
    assert [told["out"] for *_, told in rows("turn.judged")] == [[str(turn.pk)]]


def test_a_newer_hand_in_and_a_changed_decision_tell_what_stood_before():
    found = live(exam("{decide: {role: head, take: 1}}"))
    turn = found.scored(50)[0]
    first = found.again(turn).evidence
    found.hand_in(turn, score=60)
    for yes in (True, False):
        decide(found.again(turn), 0, by=found.seats["head"], yes=yes, reason="because")

    _, newer = AuditRow.objects.filter(action="turn.evidence").order_by("pk")
    told = {"evidence": str(first.pk), "sha256": first.sha256, "via": "recorded"}
    assert json.loads(newer.text.before) == told
    _, changed = AuditRow.objects.filter(action="turn.said").order_by("pk")
    assert [json.loads(text)["yes"] for text in (changed.text.before, changed.text.after)] == [True, False]


def test_a_programme_that_is_made_is_one_row_with_its_parties():
    found = draft(APPLY)

    (made,) = AuditRow.objects.filter(object_kind="programmes.programme")
    assert (made.action, json.loads(made.text.after)["parties"]) == (
        "programme.made",
        {key: [party.short] for key, party in found.parties.items()},
    )
