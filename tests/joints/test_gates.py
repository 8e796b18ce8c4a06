"""What people say at a gate alone: a decider's yes or no, proofs from outside."""

import pytest

from dure.core.errors import Flawed, Forbidden, Refused
from dure.jobs.worker import drain
from dure.joints.gates.decide import decide
from dure.joints.gates.external import enter_proof, refuse_without_proof, verify_proof
from dure.joints.models import Say
from dure.programmes.models import Decision
from tests.factories import make_person
from tests.programmes.build import exam, holder, live

pytestmark = pytest.mark.django_db


def refusal(act, *given, **known):
    with pytest.raises(Refused) as refused:
        act(*given, **known)
    return refused.value.code


# --- a decision --------------------------------------------------------------------------------------------------


def test_a_no_has_a_reason_that_the_applicant_may_read():
    found = live(exam("{decide: {role: head}}"))
    turn = found.scored(1)[0]

    with pytest.raises(Flawed):
        decide(turn, 0, by=found.seats["head"], yes=False, reason="  ")
    said = found.say(turn, yes=False, reason="Not this year")

    assert (said.state, found.reasons("exam")) == ("out", ["decide"])
    assert Say.objects.get().reason == "Not this year"
    assert "Not this year" in Decision.objects.get().reason_ko


def test_a_reason_can_be_given_in_both_languages():
    found = live(exam("{decide: {role: head}}"))
    turn = found.scored(1)[0]

    decide(turn, 0, by=found.seats["head"], yes=False, reason="올해는 어렵습니다", reason_en="Not this year")
    drain()

    reason = Decision.objects.get().reason
    assert [("올해는" in text, "Not this" in text) for text in (reason.ko, reason.en)] == [(True, False), (False, True)]


def test_a_yes_needs_a_reason_only_where_the_gate_asks_for_it():
    free = live(exam("{decide: {role: head}}"))
    asked = live(exam("{decide: {role: head, reason: required}}"))

    assert decide(free.scored(1)[0], 0, by=free.seats["head"], yes=True).yes
    with pytest.raises(Flawed):
        decide(asked.scored(1)[0], 0, by=asked.seats["head"], yes=True)


def test_only_the_role_decides():
    found = live(exam("{decide: {role: head}}"))
    turn = found.scored(1)[0]

    with pytest.raises(Forbidden):
        decide(turn, 0, by=found.operator, yes=True)


def test_what_was_decided_is_not_decided_again():
    found = live(exam("{decide: {role: head}}, {external: {body: board, proof: number}}"))
    turn = found.scored(1)[0]
    found.say(turn, yes=True)

    assert refusal(decide, turn, 0, by=found.seats["head"], yes=False, reason="changed") == "decide.twice"


def test_one_decides_on_what_was_handed_in():
    found = live(exam("{decide: {role: head}}"))

    assert refusal(decide, found.enter("exam"), 0, by=found.seats["head"], yes=True) == "decide.nothing"


def test_more_yes_than_places_take_the_first_in_order_and_say_so_to_the_rest():
    found = live(exam("{decide: {role: head, take: 1}}"))
    for turn in found.scored(1, 1):
        found.say(turn, yes=True)

    found.settle_and_release()

    assert (found.states("exam"), found.reasons("exam")) == (["passed", "out"], ["", "decide.full"])


def test_a_yes_among_few_places_may_be_changed_until_the_stage_is_settled():
    found = live(exam("{decide: {role: head, take: 1}}"))
    first, second = found.scored(1, 1)
    found.say(first, yes=True)
    found.say(second, yes=True)
    found.say(first, yes=False)
    found.settle()

    assert found.reasons("exam") == ["decide", ""]
    assert refusal(decide, second, 0, by=found.seats["head"], yes=False, reason="late") == "decide.settled"


# --- a proof from outside ----------------------------------------------------------------------------------------


@pytest.fixture
def licence():
    found = live(exam("{external: {body: ministry, proof: licence number}}"))
    found.waiting = found.scored(1)[0]
    return found


@pytest.mark.parametrize(("holds", "state", "codes"), [(True, "passed", [""]), (False, "out", ["external"])])
def test_a_proof_is_entered_by_its_holder_and_verified_by_an_operator(licence, holds, state, codes):
    proof = enter_proof(licence.waiting, 0, by=holder(licence.waiting), reference=" A-1 ")
    drain()
    entered = licence.again(licence.waiting).state

    verify_proof(proof, by=licence.seats["clerk"], holds=holds, note="looked up")
    drain()

    assert (proof.reference, entered) == ("A-1", "handed-in")
    assert (licence.again(licence.waiting).state, licence.reasons("exam")) == (state, codes)


def test_no_proof_ends_the_wait():
    found = live(exam("{external: {body: ministry, proof: licence number}}"))
    turn = found.scored(1)[0]

    refuse_without_proof(turn, 0, by=found.operator, note="never came")
    drain()

    assert found.states("exam") == ["out"]


def test_a_proof_is_entered_once_and_is_not_empty(licence):
    turn = licence.waiting
    assert refusal(enter_proof, turn, 0, by=holder(turn), reference=" ") == "proof.empty"
    enter_proof(turn, 0, by=holder(turn), reference="A-1")

    assert refusal(enter_proof, turn, 0, by=holder(turn), reference="A-2") == "proof.twice"


def test_strangers_enter_no_proofs_and_holders_verify_none(licence):
    turn = licence.waiting
    assert refusal(enter_proof, turn, 0, by=make_person(), reference="A-1") == "proof.not-yours"
    proof = enter_proof(turn, 0, by=holder(turn), reference="A-1")

    assert refusal(verify_proof, proof, by=holder(turn), holds=True) == "proof.not-operator"
    assert refusal(refuse_without_proof, turn, 0, by=holder(turn), note="") == "proof.not-operator"


def test_a_proof_is_verified_once(licence):
    proof = enter_proof(licence.waiting, 0, by=licence.operator, reference="A-1")
    verify_proof(proof, by=licence.operator, holds=True)

    assert refusal(verify_proof, proof, by=licence.operator, holds=False, note="late") == "state.move"
