"""Windows in live turns: [opens, closes) to the second, whatever opens or closes them."""

from datetime import timedelta

import pytest

from dure.core import clock
from dure.core.errors import Refused
from dure.joints.stages.recorded import record_evidence
from dure.programmes.operations.handing import hand_in, try_again
from dure.programmes.operations.publishing import set_window
from dure.programmes.operations.ticking import close_stage
from dure.skills.operations import record
from tests.programmes.build import APPLY, at, exam, live

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
DAY_BEFORE = at("2027-03-01T00:00:00+09:00")
OPENS = at("2027-03-02T00:00:00+09:00")
CLOSES = at("2027-04-01T00:00:00+09:00")  # `to: 2027-03-31` runs to its end


@pytest.fixture
def march():
    """An exam in March, entered the day before it opens."""
    clock.set_clock(DAY_BEFORE)
    found = live(exam("{rule: ['score >= 60']}", ", when: {from: 2027-03-02, to: 2027-03-31}"))
    found.exam = found.enter("exam")
    return found


def opened(march):
    clock.set_clock(OPENS)
    march.tick()
    return march.again(march.exam)


# --- from … to ---------------------------------------------------------------------------------------------------


def test_a_turn_waits_until_its_window_opens(march):
    turn = march.again(march.exam)
    assert (turn.state, turn.opens_at) == ("waiting", OPENS)

    clock.set_clock(OPENS - SECOND)
    march.tick()
    assert march.again(march.exam).state == "waiting"

    turn = opened(march)
    assert (turn.state, turn.opened_at, turn.opens_at, turn.closes_at) == ("open", OPENS, OPENS, CLOSES)


def test_a_hand_in_a_second_before_the_close_is_accepted(march):
    turn = opened(march)
    clock.set_clock(CLOSES - SECOND)

    assert march.hand_in(turn, score=60).state == "passed"


def test_a_hand_in_at_the_very_close_is_refused(march):
    turn = opened(march)
    clock.set_clock(CLOSES)

    with pytest.raises(Refused) as refused:
        march.hand_in(turn, score=60)

    assert (refused.value.code, refused.value.facts) == ("turn.closed", {"closes_at": CLOSES})


def test_a_receipt_from_before_the_close_counts_when_it_is_handed_in_later(march):
    turn = opened(march)
    clock.set_clock(CLOSES + SECOND)
    evidence = record("test", {"score": 60}, persons=[], via="recorded", by=march.operator)

    handed_in = hand_in(turn, evidence, at=CLOSES - SECOND)
    march.tick()

    assert (handed_in.handed_in_at, march.again(turn).state) == (CLOSES - SECOND, "passed")


def test_a_receipt_from_before_the_window_opened_is_refused(march):
    turn = opened(march)
    evidence = record("test", {"score": 60}, persons=[], via="recorded", by=march.operator)

    with pytest.raises(Refused) as refused:
        hand_in(turn, evidence, at=OPENS - SECOND)

    assert refused.value.code == "turn.early"


def test_when_the_window_closes_an_open_turn_is_out_and_a_waiting_one_was_not_opened():
    clock.set_clock(OPENS)
    found = live(exam(more=", options: [red, blue], when: {to: 2027-03-31}"))
    found.enter("exam", options=["red"])
    found.enter("exam")

    clock.set_clock(CLOSES)
    found.tick()

    assert found.states("exam") == ["out", "out"]
    assert found.reasons("exam") == ["not-handed-in", "not-opened"]


@pytest.mark.parametrize("kind", ["learn", "project", "work"])
def test_learning_projects_and_work_are_handed_in_with_what_stands(kind):
    clock.set_clock(OPENS)
    do, field = {
        "learn": ("{mode: online, items: [{id: all, type: course}]}", "completion"),
        "project": ("{topic: own, milestones: [end]}", "milestones"),
        "work": ("{type: internship}", "hours"),
    }[kind]
    gate = f"[{{rule: ['{field} >= 1']}}]"
    found = live(f"- {{id: stay, kind: {kind}, entry: open, when: {{to: 2027-03-31}}, do: {do}, gate: {gate}}}")
    kept, nothing = found.enter("stay"), found.enter("stay")
    record_evidence(kept, {field: 1}, by=found.operator, final=False)

    clock.set_clock(CLOSES)
    found.tick()

    assert found.states("stay") == ["passed", "out"]
    assert found.reasons("stay") == ["", f"missing.{field}"]
    assert found.again(nothing).handed_in_at == CLOSES


# --- for, within, with, every, asked -----------------------------------------------------------------------------


def test_within_runs_from_the_turns_own_opening_and_judges_at_hand_in():
    found = live(exam("{rule: ['score >= 60']}", ", when: {within: 1w}"))
    turn = found.enter("exam")

    assert turn.closes_at == turn.opened_at + timedelta(days=7)
    assert found.hand_in(turn, score=70).state == "passed"


def test_for_alone_is_judged_at_its_end():
    clock.set_clock(OPENS)
    found = live(exam("{rule: ['score >= 60']}", ", when: {for: 2d}"))
    turn = found.hand_in(found.enter("exam"), score=70)

    early = turn.state
    clock.set_clock(turn.closes_at)
    found.tick()

    assert (turn.closes_at, early, found.again(turn).state) == (OPENS + timedelta(days=2), "handed-in", "passed")


def test_a_window_that_opens_with_the_turn_does_not_run_while_it_waits():
    clock.set_clock(OPENS)
    found = live(exam(more=", options: [red, blue], when: {within: 1w}"))
    turn = found.enter("exam")

    clock.set_clock(OPENS + timedelta(days=30))
    found.tick()

    assert (found.again(turn).state, found.again(turn).closes_at) == ("waiting", None)


def test_with_is_the_other_stages_window():
    clock.set_clock(OPENS)
    found = live(
        [
            "- {id: apply, kind: form, entry: open, when: {from: 2027-03-02, to: 2027-03-31}}",
            "- {id: talk, kind: event, entry: open, after: [], when: {with: apply}, do: {type: seminar}}",
        ]
    )

    turn = found.enter("talk")

    assert (turn.opens_at, turn.closes_at) == (OPENS, CLOSES)


def test_every_gives_a_turn_the_next_period_that_begins_after_it_arrives():
    clock.set_clock(at("2027-01-10T09:00:00+09:00"))
    found = live(exam(more=", when: {every: 1m, from: 2027-02-01}"))
    early = found.enter("exam")
    clock.set_clock(at("2027-02-10T09:00:00+09:00"))
    late = found.enter("exam")

    months = [at(f"2027-0{month}-01T00:00:00+09:00") for month in (2, 3, 4)]
    assert (early.opens_at, early.closes_at) == (months[0], months[1])
    assert (late.opens_at, late.closes_at) == (months[1], months[2])
    assert early.occurrence != late.occurrence


def test_a_date_that_was_asked_before_closes_the_window():
    clock.set_clock(OPENS)
    found = live(
        [
            "- {id: plan, kind: form, entry: open, do: {ask: [due: date]}}",
            "- {id: work, kind: project, when: {to: plan.due}, do: {topic: own, milestones: [end]}}",
        ]
    )
    turn = found.enter_and_hand_in("plan", due="2027-03-31")

    assert found.turn(turn, "work").closes_at == CLOSES


def test_a_date_that_was_asked_before_opens_the_window_and_not_earlier():
    clock.set_clock(DAY_BEFORE)
    found = live(
        [
            "- {id: plan, kind: form, entry: open, do: {ask: [start: date]}}",
            "- {id: work, kind: project, when: {from: plan.start}, do: {topic: own, milestones: [end]}}",
            "- {id: talk, kind: event, after: [plan], when: {with: work}, do: {type: seminar}}",
        ]
    )
    turn = found.enter_and_hand_in("plan", start="2027-03-02")
    before = [found.turn(turn, stage).state for stage in ("work", "talk")]

    clock.set_clock(OPENS)
    found.tick()

    assert before == ["waiting", "waiting"]
    assert [found.turn(turn, stage).state for stage in ("work", "talk")] == ["open", "open"]


# --- an operator's hand ------------------------------------------------------------------------------------------


def test_another_window_dates_the_turns_that_have_not_ended_anew(march):
    turn = opened(march)

    set_window(march.programme, "exam", {"from": "2027-03-02", "to": "2027-04-30"})
    longer = march.again(turn).closes_at
    set_window(march.programme, "exam", None)

    assert (longer, march.again(turn).closes_at) == (at("2027-05-01T00:00:00+09:00"), CLOSES)


def test_a_shorter_window_ends_turns_at_once(march):
    turn = opened(march)
    clock.set_clock(OPENS + timedelta(days=10))

    set_window(march.programme, "exam", {"from": "2027-03-02", "to": "2027-03-05"})

    assert (march.again(turn).state, march.reasons("exam")) == ("out", ["not-handed-in"])


def test_closing_a_stage_ends_what_is_open_and_nobody_comes_after():
    found = live(exam("{rule: ['score >= 60']}"))
    found.scored(70)
    found.enter("exam")

    close_stage(found.programme, "exam", by=found.operator)

    assert found.states("exam") == ["passed", "out"]
    with pytest.raises(Refused) as refused:
        found.enter("exam")
    assert refused.value.code == "entry.closed"


def test_a_stage_is_closed_once_and_a_set_by_settling_it():
    found = live([exam(), exam("{rank: {by: score, take: 1}}", id_="final", entry="")])
    close_stage(found.programme, "exam", by=found.operator)

    for stage, code in (("exam", "stage.closed"), ("final", "stage.settles")):
        with pytest.raises(Refused) as refused:
            close_stage(found.programme, stage, by=found.operator)
        assert refused.value.code == code


def test_what_is_tried_again_is_tried_before_the_close(march):
    found = live(exam("{rule: ['score >= 60']}", ", when: {to: 2027-03-31}, else: again"))
    turn = found.enter_and_hand_in("exam", score=10)

    tried = try_again(turn).state
    out = found.hand_in(turn, score=20)
    clock.set_clock(CLOSES)

    assert (tried, out.state) == ("open", "out")
    with pytest.raises(Refused) as refused:
        try_again(out)
    assert refused.value.code == "turn.closed"


def test_a_programme_counts_days_in_its_own_zone():
    clock.set_clock(DAY_BEFORE)
    found = live(exam(more=", when: {to: 2027-03-31}"), zone="America/New_York")

    assert found.enter("exam").closes_at == at("2027-04-01T00:00:00-04:00")


def test_entering_an_application_form_keeps_its_date():
    clock.set_clock(OPENS)
    found = live(APPLY[:-1] + ", when: {to: 2027-03-31}}")
    found.enter()
    clock.set_clock(CLOSES)

    with pytest.raises(Refused) as refused:
        found.enter()

    assert refused.value.code == "entry.closed"
