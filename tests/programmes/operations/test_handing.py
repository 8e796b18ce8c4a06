"""Handing in: what arrives while a turn is open counts, the newest last, once."""

import pytest

from dure.core.errors import Forbidden, Refused
from dure.joints.provides.recorded import confirm_provided
from dure.joints.stages.recorded import confirm_fee, record_evidence
from dure.programmes.models import Decision
from dure.programmes.operations.handing import try_again, verdicts_of
from dure.programmes.operations.publishing import close, run
from dure.programmes.operations.settling import undo
from dure.programmes.queries.outcome import outcome
from dure.skills.models import Evidence
from tests.factories import make_person
from tests.programmes.build import APPLY, booth, exam, holder, live, make_team

pytestmark = pytest.mark.django_db
PASS_60 = "{rule: ['score >= 60']}"


def test_a_newer_hand_in_replaces_the_older_until_the_verdict():
    found = live(exam("{decide: {role: head}}"))
    turn = found.scored(50)[0]
    first = turn.handed_in_at

    found.hand_in(turn, score=70)
    again = found.again(turn)

    assert (again.evidence.values, again.handed_in_at > first) == ({"score": 70}, True)
    assert Evidence.objects.count() == 2


def test_what_was_said_about_the_older_hand_in_says_nothing_about_the_newer():
    found = live(exam("{external: {body: ministry, proof: number}}, {decide: {role: head}}"))
    turn = found.scored(50)[0]
    found.say(turn, yes=True, step=1)
    found.hand_in(turn, score=70)

    said = found.say(turn, yes=False, step=1)

    assert (said.state, turn.says.count()) == ("handed-in", 2)


def test_nothing_is_handed_in_after_a_verdict():
    found = live(exam(PASS_60))
    turn = found.scored(70)[0]

    with pytest.raises(Refused) as refused:
        found.hand_in(turn, score=80)

    assert (refused.value.code, refused.value.facts) == ("turn.not-open", {"state": "passed"})


def test_a_programme_that_runs_still_takes_hand_ins_and_a_closed_one_does_not():
    found = live([exam(), exam(id_="other", entry="entry: open, after: [], ")])
    one, other = found.enter("exam"), found.enter("other")
    run(found.programme)

    passed = found.hand_in(one, score=1).state
    close(found.programme)

    assert (passed, found.again(other).state) == ("passed", "withdrawn")
    with pytest.raises(Refused) as refused:
        found.hand_in(other, score=1)
    assert refused.value.code == "programme.not-live"


def test_a_stage_that_says_out_once_is_not_tried_again():
    found = live(exam(PASS_60))
    turn = found.scored(10)[0]

    with pytest.raises(Refused) as refused:
        try_again(turn)

    assert refused.value.code == "turn.no-again"


def test_the_old_verdict_stays_written_when_a_turn_is_tried_again():
    found = live(exam(PASS_60, ", else: again"))
    turn = found.scored(10)[0]
    try_again(turn)
    found.hand_in(turn, score=20)

    assert [(d.verdict, d.code, d.evidence.values) for d in verdicts_of(turn)] == [
        ("out", "rule.score", {"score": 20}),
        ("out", "rule.score", {"score": 10}),
    ]


def test_a_turn_that_is_tried_again_has_its_provisions_again_and_they_count_once():
    room = ", else: again, provides: [{type: space, from: host, amount: 2, unit: room, per: unit}]"
    found = live(exam(PASS_60, room))
    turn = found.enter("exam")
    confirm_provided(turn.provided.get(), by=found.operator)
    found.hand_in(turn, score=10)
    ended = turn.provided.get()
    try_again(found.again(turn))
    again = turn.provided.get()

    assert (ended.state, ended.closed_at is None) == ("closed", False)
    assert (again.pk, again.state, again.closed_at, again.done_by) == (ended.pk, "due", None, None)
    assert outcome(found.programme)["provided"] == {"space": 2}


def test_a_verdict_that_waits_for_its_release_is_shown_to_nobody():
    found = live(exam("{rank: {by: score, take: 1}}"))
    turn = found.scored(10)[0]
    settlement = found.settle()
    held = verdicts_of(turn)
    undo(settlement, by=found.operator)
    undone = verdicts_of(turn)
    found.settle_and_release()

    assert (held, undone) == ([], [])
    assert [d.verdict for d in verdicts_of(turn)] == ["passed"]
    assert Decision.objects.filter(turn=turn).count() == 2


def test_a_fee_is_paid_before_a_form_is_sent():
    found = live(APPLY[:-1] + ", do: {ask: [why], fee: 30000}}")
    turn = found.enter()

    with pytest.raises(Refused) as refused:
        found.hand_in(turn, why="to learn")
    confirm_fee(turn, by=found.operator, reference="bank 1")

    assert (refused.value.code, refused.value.facts) == ("turn.fee", {"fee": 30000})
    assert found.hand_in(turn, why="to learn").state == "passed"


def test_a_fee_is_confirmed_once_by_an_operator_where_there_is_one():
    found = live([APPLY[:-1] + ", do: {fee: bind}}", "- {id: free, kind: form, after: [], entry: open}"],
                 bind={"fee": 500})  # fmt: skip
    turn = found.enter()
    with pytest.raises(Forbidden):
        confirm_fee(turn, by=holder(turn), reference="bank 1")

    fee = confirm_fee(turn, by=found.seats["clerk"], reference="bank 1")

    assert (fee.amount, fee.confirmed_by) == (500, found.seats["clerk"])
    for asked, code in ((turn, "fee.twice"), (found.enter("free"), "fee.none")):
        with pytest.raises(Refused) as refused:
            confirm_fee(asked, by=found.operator, reference="bank 2")
        assert refused.value.code == code


def test_what_is_kept_is_not_handed_in_and_is_completed_later():
    found = live("- {id: course, kind: learn, entry: open, do: {mode: online, items: [{id: all, type: course}]}}")
    turn = found.enter("course")

    kept = record_evidence(turn, {"completion": 0.5}, by=found.operator, final=False)
    before = kept.state, kept.evidence.values
    found.hand_in(turn, grade=3.5)

    assert before == ("open", {"completion": 0.5})
    assert found.again(turn).evidence.values == {"completion": 0.5, "grade": 3.5}


def test_what_a_team_did_is_evidence_of_each_member():
    found = live(booth(), subject="team")
    captain, mate = make_person(), make_person()
    turn = found.enter("build", team=make_team(2, people=[captain, mate]))

    evidence = found.hand_in(turn, attended=1).evidence

    assert {showing.person for showing in evidence.showings.all()} == {captain, mate}
