"""A test stage whose people sit an exam: the released result is their evidence, and sitting again is trying again."""

from datetime import timedelta

import pytest

from dure.assessments.models import Attempt, AttemptState
from dure.assessments.operations.attempts import start
from dure.assessments.operations.results import release, void
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.jobs.worker import drain
from dure.joints.models import ExamTurn
from dure.joints.stages.exams import bind_exam, exam_of, exams_to_bind
from dure.people.models import Person
from dure.programmes.models import Turn
from tests.assessments.factories import Draws, a_paper, make_bank, make_exam, make_questions, marked
from tests.factories import make_person
from tests.programmes.build import exam as exam_stage
from tests.programmes.build import holder, live

pytestmark = pytest.mark.django_db
PASS = "{rule: [score >= 60]}"
RANKED = "{rank: {by: score, take: 1}}"
AGAIN = ", else: again"


@pytest.fixture
def bank():
    made = make_bank()
    make_questions(made, 4)
    return made


def an_exam(bank, **known):
    """Four questions of a point each."""
    told = {"wait_hours": 0, "at_once": True, **known}
    return make_exam(paper=a_paper(bank, Draws(4)), **told)


def examiner(found, bank) -> Person:
    """Whoever operates the programme looks after the bank as well."""
    bank.examiners.add(found.operator)
    return found.operator


def bound(bank, gate: str = PASS, more: str = "", **known):
    found, exam = live(exam_stage(gate, more)), an_exam(bank, **known)
    bind_exam(found.programme, "exam", exam=exam, by=examiner(found, bank))
    return found, exam


def sat(turn: Turn, *, right: int) -> Attempt:
    """The holder sits their exam with so many right answers; it is marked."""
    exam = exam_of(turn)
    assert exam is not None
    attempt = marked(exam, holder(turn), right=right)
    drain()
    return attempt


def test_a_turn_that_opens_has_a_seat_and_the_released_result_hands_it_in(bank):
    found, exam = bound(bank, at_once=False, bands=[["0.7", "고급", "Advanced"]])
    turn = found.enter("exam")
    attempt = sat(turn, right=3)
    before = found.again(turn).state

    release(attempt)

    turn = found.again(turn)
    assert (exam_of(turn), before, turn.evidence.via) == (exam, "open", "exam")
    assert turn.evidence.values == {"score": 75.0, "proof": "고급 (Advanced)"}
    assert turn.evidence.proof == f"attempt {attempt.pk}"
    assert turn.handed_in_at == attempt.sent_at


def test_below_the_pass_mark_it_is_out_and_nobody_sits_again_where_the_blueprint_does_not_say_so(bank):
    found, _ = bound(bank)
    turn = found.enter("exam")

    sat(turn, right=2)

    assert (found.again(turn).state, found.reasons("exam")) == ("out", ["rule.score"])
    with pytest.raises(Refused, match="1"):
        start(exam_of(turn), person=holder(turn))


def test_sitting_again_is_trying_again_where_the_blueprint_says_so(bank):
    found, _ = bound(bank, more=AGAIN, most_attempts=2)
    turn = found.enter("exam")
    sat(turn, right=1)
    first = found.again(turn).state

    sat(turn, right=4)

    assert (first, found.again(turn).state) == ("out", "passed")
    assert found.again(turn).evidence.values == {"score": 100.0}


def test_an_exam_with_re_sits_is_not_bound_where_the_blueprint_allows_none(bank):
    found, exam = live(exam_stage(PASS)), an_exam(bank, most_attempts=2)

    with pytest.raises(Refused) as refused:
        bind_exam(found.programme, "exam", exam=exam, by=examiner(found, bank))

    assert refused.value.code == "exam.re-sits"


def test_an_exam_lasts_as_long_as_the_blueprint_says(bank):
    stage = "- {id: exam, kind: test, entry: open, do: {type: exam, by: judge, minutes: 90}}"
    found, exam = live(stage), an_exam(bank)

    with pytest.raises(Refused) as refused:
        bind_exam(found.programme, "exam", exam=exam, by=examiner(found, bank))

    assert refused.value.facts == {"asked": 90}


def test_everybody_sits_the_exam_of_their_option(bank):
    found = live(exam_stage(PASS, ", options: [level-1, level-2], choose: 1"))
    by = examiner(found, bank)
    exams = {option: an_exam(bank) for option in ("level-1", "level-2")}
    for option, exam in exams.items():
        bind_exam(found.programme, "exam", exam=exam, by=by, option=option)

    turns = {option: found.enter("exam", options=[option]) for option in exams}

    assert {option: exam_of(turn) for option, turn in turns.items()} == exams


def test_an_option_that_the_stage_does_not_have_is_refused(bank):
    found, exam = live(exam_stage(PASS)), an_exam(bank)

    with pytest.raises(Refused) as refused:
        bind_exam(found.programme, "exam", exam=exam, by=examiner(found, bank), option="level-9")

    assert refused.value.code == "exam.option"


def test_who_is_no_examiner_binds_nothing_and_finds_nothing(bank):
    found, exam = live(exam_stage(PASS)), an_exam(bank)
    assert list(exams_to_bind(found.operator)) == []

    with pytest.raises(Forbidden):
        bind_exam(found.programme, "exam", exam=exam, by=found.operator)

    assert list(exams_to_bind(examiner(found, bank))) == [exam]


def test_an_interview_takes_no_exam(bank):
    found = live("- {id: exam, kind: test, entry: open, do: {type: interview, by: judge}}")

    with pytest.raises(Refused) as refused:
        bind_exam(found.programme, "exam", exam=an_exam(bank), by=examiner(found, bank))

    assert refused.value.code == "exam.kind"


def test_whose_turn_is_open_already_gets_a_seat_when_the_exam_is_bound_and_it_is_not_exchanged(bank):
    found, exam = live(exam_stage(PASS)), an_exam(bank)
    turn = found.enter("exam")
    by = examiner(found, bank)
    bind_exam(found.programme, "exam", exam=exam, by=by)

    with pytest.raises(Refused) as refused:
        bind_exam(found.programme, "exam", exam=an_exam(bank), by=by)

    assert (exam_of(turn), refused.value.code) == (exam, "exam.begun")


def test_unbound_it_stays_recorded():
    found = live(exam_stage(PASS))

    turn = found.enter_and_hand_in("exam", score=80)

    assert (turn.state, turn.evidence.via, ExamTurn.objects.count()) == ("passed", "recorded", 0)


def test_what_was_sat_before_the_turn_opened_is_not_its_result(bank):
    found, exam = live(exam_stage(PASS)), an_exam(bank)
    person = make_person()
    marked(exam, person, right=4)
    turn = found.enter("exam", by=person)

    bind_exam(found.programme, "exam", exam=exam, by=examiner(found, bank))
    drain()

    assert found.again(turn).state == "open"


def test_a_result_that_is_released_after_the_close_counts_for_who_handed_in_before(bank):
    found, _ = bound(bank, more=", when: {within: 10d}", at_once=False)
    there, absent = found.enter("exam"), found.enter("exam")
    attempt = sat(there, right=4)
    clock.set_clock(clock.now() + timedelta(days=11))
    found.tick()
    waits = [found.again(turn).state for turn in (there, absent)]

    release(attempt)
    drain()

    assert waits == ["open", "out"]
    assert found.again(there).state == "passed"


def test_a_re_sit_that_is_released_after_the_close_counts_as_well(bank):
    found, _ = bound(bank, more=f", when: {{within: 10d}}{AGAIN}", at_once=False, most_attempts=2)
    turn = found.enter("exam")
    release(sat(turn, right=1))
    drain()
    second = sat(turn, right=4)
    clock.set_clock(clock.now() + timedelta(days=11))
    found.tick()

    release(second)
    drain()

    assert found.again(turn).state == "passed"


def test_of_two_results_before_the_verdict_the_later_attempt_counts_in_whatever_order_they_are_released(bank):
    found, _ = bound(bank, RANKED, AGAIN, at_once=False, most_attempts=2)
    turn = found.enter("exam")
    first, second = sat(turn, right=4), sat(turn, right=2)

    for attempt in (second, first):
        release(Attempt.objects.get(pk=attempt.pk))

    assert found.again(turn).evidence.proof == f"attempt {second.pk}"


def test_what_is_taken_out_before_the_verdict_counts_no_more(bank):
    found, _ = bound(bank, RANKED)
    turn = found.enter("exam")
    attempt = sat(turn, right=4)

    void(Attempt.objects.get(pk=attempt.pk), why="somebody else sat it")

    assert found.again(turn).evidence.values == {}


def test_after_the_verdict_a_voided_attempt_undoes_nothing(bank):
    found, _ = bound(bank)
    turn = found.enter("exam")
    attempt = sat(turn, right=4)

    void(Attempt.objects.get(pk=attempt.pk), why="somebody else sat it")
    drain()

    assert (found.again(turn).state, Attempt.objects.get().state) == ("passed", AttemptState.VOID)


def test_a_settled_stage_takes_nothing_and_the_result_stands_in_the_exam(bank):
    found, _ = bound(bank, RANKED, at_once=False)
    ready, late = found.enter("exam"), found.enter("exam")
    release(sat(ready, right=2))
    found.settle()

    attempt = release(sat(late, right=4))

    assert (attempt.state, found.again(late).state) == ("released", "open")


def test_a_re_sit_that_is_taken_out_leaves_the_verdict_on_the_first_alone(bank):
    found, _ = bound(bank, more=AGAIN, at_once=False, most_attempts=2)
    turn = found.enter("exam")
    release(sat(turn, right=1))
    drain()

    void(Attempt.objects.get(pk=sat(turn, right=4).pk), why="somebody else sat it")
    drain()

    assert found.again(turn).state == "out"
