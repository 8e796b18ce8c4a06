"""A round judged again, or an entrant disqualified: what becomes of turns, evidence and the gate."""

import io
from datetime import timedelta

import pytest

from dure.challenges.operations import add_organiser
from dure.challenges.operations.applying import apply
from dure.challenges.operations.proposing import Wanted, propose
from dure.challenges.operations.standing import appeal, decide_appeal, disqualify, lift
from dure.core import clock
from dure.core.errors import Refused
from dure.core.text import Text
from dure.jobs.worker import drain
from dure.joints.stages.rejudged import judged_before
from dure.joints.stages.rounds import entrant_of
from dure.programmes.models import Decision, TurnState
from dure.programmes.operations.settling import preview, release, settle
from tests.challenges.conftest import IDS, TRUTH
from tests.joints import test_rounds
from tests.joints.small_programme import make_small
from tests.joints.test_rounds import LATER, SOURCE, START, entered, scored, set_up, shown

pytestmark = pytest.mark.django_db
_standing = test_rounds._standing
WHY = Text(ko="코드를 나누어 썼습니다.", en="Code was shared.")
JOBS = ["challenges.collect", "challenges.rejudge", "challenges.finish-rejudging", "joints.follow-board"]


@pytest.fixture
def programme():
    return make_small("cup-1", SOURCE)


@pytest.fixture
def task(programme):
    return set_up(programme, "image")


def turned() -> Wanted:
    turned = {"yes": "no", "no": "yes"}
    return Wanted(labels=io.BytesIO("".join(["id,label\n", *(f"{i},{turned[TRUTH[i]]}\n" for i in IDS)]).encode()))


def proposed(task, programme):
    proposal = propose(task, turned(), by=programme.made_by, why="labels were swapped")
    drain(JOBS)
    proposal.refresh_from_db()
    return proposal


def out(turn, programme, **known):
    return disqualify(entrant_of(turn), by=programme.made_by, ground="sharing", reason=WHY, **known)


def test_a_proposal_tells_who_would_enter_and_leave_at_the_gate(programme, task):
    right, wrong = entered(programme), entered(programme)
    scored(right)
    scored(wrong, 0, 0)

    proposal = proposed(task, programme)

    told = {row.entrant_id: (row.passed, row.passes) for row in proposal.changes.all()}
    assert told == {entrant_of(right).pk: (True, False), entrant_of(wrong).pk: (False, True)}
    assert (proposal.moved["enters"], proposal.moved["leaves"]) == (1, 1)


def test_evidence_of_turns_that_are_not_judged_yet_follows(programme, task):
    turn = entered(programme)
    scored(turn, 3, 6)

    apply(proposed(task, programme), by=programme.made_by)
    drain(JOBS)

    assert (shown(turn)["public-score"], shown(turn)["attempts"]) == (0.25, 1)


def test_turns_that_were_judged_are_told_and_left(programme, task):
    right, wrong = entered(programme), entered(programme)
    scored(right)
    scored(wrong, 0, 0)
    with clock.at(LATER):
        release(settle(programme, "solve", by=programme.made_by), by=programme.made_by)
        proposal = proposed(task, programme)
        apply(proposal, by=programme.made_by)
        drain(JOBS)

    for turn in (right, wrong):
        turn.refresh_from_db()
    assert (right.state, wrong.state) == (TurnState.PASSED, TurnState.OUT)
    assert set(judged_before(proposal)) == {right, wrong}


def test_settling_waits_while_a_disqualification_may_be_appealed(programme, task):
    first, second = entered(programme), entered(programme)
    scored(first)
    scored(second, 3, 3)
    out(first, programme, appeal_until=LATER + timedelta(days=1))

    with clock.at(LATER), pytest.raises(Refused) as refused:
        settle(programme, "solve", by=programme.made_by)

    assert refused.value.code == "settle.awaited"


def test_who_is_disqualified_is_out_at_the_gate_and_the_next_takes_the_place(programme, task):
    first, second = entered(programme), entered(programme)
    scored(first)
    scored(second, 3, 3)
    out(first, programme, appeal_until=START + timedelta(days=1))

    with clock.at(LATER):
        assert preview(programme, "solve").out == {"disqualified": 1}
        settle(programme, "solve", by=programme.made_by)

    told = {row.turn_id: (row.verdict, row.reason_en) for row in Decision.objects.all()}
    assert told == {first.pk: ("out", "Disqualified: Code was shared."), second.pk: ("passed", "")}


def test_an_appeal_that_is_granted_puts_everything_back(programme, task):
    first, second, other = entered(programme), entered(programme), test_rounds.make_person()
    scored(first)
    scored(second, 3, 3)
    add_organiser(task.round, other)
    made = out(first, programme)
    appeal(made, by=first.turn_members.get().member.person, text="It is our own.")

    decide_appeal(made, by=other, grant=True, answer=WHY)

    with clock.at(LATER):
        settle(programme, "solve", by=programme.made_by)
    assert Decision.objects.get(turn=first).verdict == "passed"


def test_a_disqualified_attempt_gives_way_to_the_next_best_in_the_evidence(programme, task):
    turn = entered(programme)
    scored(turn, 2, 2)
    best = scored(turn, 4, 6)

    made = out(turn, programme, submission=best)

    assert shown(turn)["public-score"] == 0.5
    lift(made, by=programme.made_by)
    assert shown(turn)["public-score"] == 1.0
