"""The recorded joint: whoever the stage names enters typed evidence, with its proof."""

import pytest

from dure.core.errors import Flawed, Forbidden
from dure.joints.stages.recorded import record_evidence
from tests.factories import make_person
from tests.programmes.build import APPLY, exam, holder, live

pytestmark = pytest.mark.django_db


def test_evidence_says_who_recorded_what_on_which_proof():
    found = live(exam())
    turn = found.enter("exam")

    done = record_evidence(turn, {"score": "87.5"}, by=found.seats["judge"], proof="sheet 3")

    kept = done.evidence
    assert (kept.kind, kept.values, kept.proof, kept.via) == ("test", {"score": 87.5}, "sheet 3", "recorded")
    assert (kept.recorded_by, [s.person for s in kept.showings.all()]) == (found.seats["judge"], [holder(turn)])


def test_the_role_that_the_stage_names_records_and_nobody_else():
    found = live(exam())
    turn = found.enter("exam")

    for person in (holder(turn), found.seats["head"], make_person()):
        with pytest.raises(Forbidden):
            record_evidence(turn, {"score": 1}, by=person)
    assert record_evidence(turn, {"score": 1}, by=found.seats["judge"]).state == "handed-in"


def test_a_form_may_be_recorded_by_its_holder():
    found = live(APPLY[:-1] + ", do: {ask: [why]}}")
    turn = found.enter()

    assert record_evidence(turn, {"why": "to learn"}, by=holder(turn)).evidence.values == {"why": "to learn"}
    with pytest.raises(Forbidden):
        record_evidence(turn, {"why": "to look"}, by=make_person())


def test_what_is_wrong_is_said_of_every_field_and_nothing_is_kept():
    found = live(APPLY[:-1] + ", do: {ask: [why, points: number, start: date]}}")
    turn = found.enter()

    with pytest.raises(Flawed) as flawed:
        record_evidence(turn, {"points": "many", "color": "red"}, by=found.operator)

    told = {flaw["field"]: flaw["en"] for flaw in flawed.value.facts["errors"]}
    assert told == {
        "points": "Enter a number.", "color": "There is no such field here.", "why": "Required.", "start": "Required.",
    }  # fmt: skip
    assert (found.again(turn).state, found.again(turn).evidence) == ("open", None)
