"""A test stage whose people are asked to an interview: the released result is their evidence."""

from datetime import timedelta

import pytest

from dure.assessments.models import Interviewee
from dure.assessments.operations.interviews import (
    note_absence,
    offer_times,
    pick,
    release,
    reopen,
    take_back_scores,
)
from dure.assessments.queries.interviews import booking_of
from dure.calendar.models import GRID
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.jobs.worker import drain
from dure.joints.exports import PARTS
from dure.joints.models import InterviewTurn
from dure.joints.stages.interviews import bind_interview, interview_of, interviews_to_bind
from dure.people.models import Notice
from dure.programmes.models import Turn
from tests.assessments.interviews import give, make_interview, scoring_of
from tests.factories import make_person
from tests.programmes.build import Live, holder, live

pytestmark = pytest.mark.django_db
PASS = "{rule: [score >= 60]}"
RANKED = "{rank: {by: score, take: 1}}"


def stage(gate: str = PASS, more: str = "", minutes: str = "") -> str:
    return f"- {{id: talk, kind: test, entry: open, do: {{type: interview, by: judge{minutes}}}, gate: [{gate}]{more}}}"


@pytest.fixture
def kim():
    return make_person()


@pytest.fixture(autouse=True)
def running_clock():
    yield
    clock.set_clock(None)


def bound(kim, gate: str = PASS, more: str = ""):
    found = live(stage(gate, more))
    interview = make_interview(kim, by=found.operator)
    bind_interview(found.programme, "talk", interview=interview, by=found.operator)
    return found, interview


def interviewee_of(turn: Turn) -> Interviewee:
    rows = Interviewee.objects.select_related("interview__series", "person")
    return rows.get(turns__turn=turn)


def met(turn: Turn, kim) -> Interviewee:
    """Their time, tomorrow, has come."""
    row = interviewee_of(turn)
    at = clock.now() + timedelta(days=1)
    at -= (at - at.replace(minute=0, second=0, microsecond=0)) % GRID
    pick(row, slot=offer_times(row.interview, interviewers=[kim], starts_at=at, ends_at=at + timedelta(hours=1))[0])
    clock.set_clock(at + timedelta(minutes=1))
    return row


def decided(turn: Turn, kim, points: int) -> Interviewee:
    row = met(turn, kim)
    give(row, kim, points, 0)
    row.refresh_from_db()
    return row


def after(found: Live, turn: Turn) -> Turn:
    drain()
    return found.again(turn)


def test_a_turn_that_opens_is_asked_and_the_released_result_hands_it_in(kim):
    found, interview = bound(kim, RANKED)
    turn = found.enter("talk")
    row = decided(turn, kim, 45)
    before = found.again(turn).state

    release(row)

    turn = found.again(turn)
    assert (interview_of(turn), before, turn.evidence.via) == (interview, "open", "interview")
    assert (turn.evidence.values, turn.evidence.proof) == ({"score": 45.0}, f"interview {row.pk}")


@pytest.mark.parametrize(("points", "state"), [(60, "passed"), (50, "out")])
def test_the_gate_judges_the_score(kim, points, state):
    found, _ = bound(kim)
    turn = found.enter("talk")

    release(decided(turn, kim, points))

    assert after(found, turn).state == state


def test_whose_turn_is_open_already_is_asked_when_the_interview_is_bound_and_it_is_not_exchanged(kim):
    found = live(stage())
    turn = found.enter("talk")
    one, other = make_interview(kim, by=found.operator), make_interview(by=found.operator)
    bind_interview(found.programme, "talk", interview=one, by=found.operator)

    with pytest.raises(Refused) as refused:
        bind_interview(found.programme, "talk", interview=other, by=found.operator)

    assert (interview_of(turn), refused.value.code) == (one, "interview.bound")


def test_who_does_not_look_after_it_binds_nothing_and_finds_nothing(kim):
    found, interview = live(stage()), make_interview(kim)

    with pytest.raises(Forbidden):
        bind_interview(found.programme, "talk", interview=interview, by=found.operator)

    assert list(interviews_to_bind(found.operator)) == []


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("- {id: talk, kind: test, entry: open, do: {type: exam, by: judge}}", "interview.kind"),
        (stage(minutes=", minutes: 60"), "interview.minutes"),
    ],
)
def test_an_interview_fits_its_stage(kim, written, code):
    found = live(written)

    with pytest.raises(Refused) as refused:
        bind_interview(found.programme, "talk", interview=make_interview(kim, by=found.operator), by=found.operator)

    assert refused.value.code == code


def test_unbound_it_stays_recorded():
    found = live(stage())

    turn = found.enter_and_hand_in("talk", score=80)

    assert (turn.state, turn.evidence.via, InterviewTurn.objects.count()) == ("passed", "recorded", 0)


def test_an_interviewer_whose_own_turn_it_is_stays_recorded(kim):
    found, _ = bound(kim)

    turn = found.enter("talk", by=kim)

    assert (holder(turn), interview_of(turn)) == (kim, None)


def test_who_holds_a_time_before_the_close_is_waited_for_and_who_has_none_is_out(kim):
    found, _ = bound(kim, more=", when: {within: 10d}")
    there, nowhere = found.enter("talk"), found.enter("talk")
    row = met(there, kim)
    clock.set_clock(clock.now() + timedelta(days=11))
    found.tick()
    waits = [found.again(turn).state for turn in (there, nowhere)]

    give(row, kim, 60, 40)
    row.refresh_from_db()
    release(row)

    assert waits == ["open", "out"]
    assert after(found, there).state == "passed"


def test_who_did_not_come_hands_nothing_in(kim):
    found, _ = bound(kim)
    turn = found.enter("talk")

    release(note_absence(met(turn, kim)))

    assert after(found, turn).evidence is None


def test_a_result_that_is_opened_again_before_the_verdict_counts_no_more_until_there_is_another(kim):
    found, _ = bound(kim, RANKED)
    turn = found.enter("talk")
    row = release(decided(turn, kim, 45))
    reopen(row, why="points of somebody else")
    between = found.again(turn).evidence.values

    take_back_scores(scoring_of(row, kim))
    give(row, kim, 60, 0)
    row.refresh_from_db()
    release(row)

    assert (between, found.again(turn).evidence.values) == ({}, {"score": 60.0})


def test_people_take_along_what_they_are_shown_and_what_they_gave(kim):
    found, _ = bound(kim, RANKED)
    row = decided(found.enter("talk"), kim, 45)
    before = PARTS["interviews"](row.person)["interviewed"]

    release(row)

    told = PARTS["interviews"](row.person)["interviewed"]
    assert [(one["passed"], one["score"]) for one in before] == [(None, None)]
    assert [(one["passed"], one["score"]) for one in told] == [(False, 45)]
    assert [one["points"] for one in PARTS["interviews"](kim)["scored"]] == [{"c1": "45", "c2": "0"}]


# --- again


AGAIN = ", else: again, when: {within: 10d}"


def test_who_is_out_where_one_may_try_again_chooses_a_time_for_another_interview(kim):
    found, _ = bound(kim, more=AGAIN)
    turn = found.enter("talk")
    row = decided(turn, kim, 50)
    release(row)
    out = after(found, turn).state
    waits, held = interviewee_of(turn), booking_of(row)
    second = met(turn, kim)
    give(second, kim, 60, 10)
    second.refresh_from_db()
    release(second)

    assert (out, waits.state, waits.score, held) == ("out", "waiting", None, None)
    assert [(one["score"], one["passed"]) for one in waits.earlier] == [("50.0000", False)]
    turn = after(found, turn)
    assert (turn.state, turn.evidence.values) == ("passed", {"score": 70.0})
    assert Notice.objects.filter(person=row.person, text_en__startswith="You may be interviewed again").count() == 1


def test_once_the_stage_is_over_nobody_is_asked_again(kim):
    found, _ = bound(kim, more=AGAIN)
    turn = found.enter("talk")
    row = decided(turn, kim, 50)
    clock.set_clock(clock.now() + timedelta(days=11))

    release(row)

    assert (after(found, turn).state, interviewee_of(turn).state) == ("out", "released")
