"""Marks, results, programs that run, questions that were wrong."""

from decimal import Decimal
from fractions import Fraction

import pytest

from dure.assessments.content import Case
from dure.assessments.events import AttemptMarked, ResultChanged, ResultReleased
from dure.assessments.models import AttemptState, RemarkingState, Remedy
from dure.assessments.operations import marking
from dure.assessments.operations.attempts import HAND_IN, MARK, hand_in, save_answer
from dure.assessments.operations.banks import edit_question
from dure.assessments.operations.papers import Draws
from dure.assessments.operations.remarking import answer_appeal, appeal, apply, discard, propose
from dure.assessments.operations.results import note_incident, release, release_results, void
from dure.assessments.queries.remarking import changes
from dure.assessments.running import Outcome, run
from dure.assessments.scores import level_at
from dure.compute.box import Level
from dure.compute.proof import proof
from dure.core import events
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.jobs.worker import drain
from dure.people.models import Notice
from tests.assessments.factories import (
    a_paper,
    adding,
    answer,
    make_bank,
    make_exam,
    make_question,
    make_questions,
    marked,
    single,
    sit,
)
from tests.factories import make_person

pytestmark = [pytest.mark.django_db]
WHY = Text(ko="", en="")


@pytest.fixture
def heard(monkeypatch):
    """What happened, in order."""
    told = []
    kinds = (AttemptMarked, ResultReleased, ResultChanged)
    monkeypatch.setattr(events, "_listeners", {**events._listeners, **{kind: [told.append] for kind in kinds}})
    return told


def four(**known):
    """An exam of four questions, two points each."""
    bank = make_bank()
    make_questions(bank, 4)
    return make_exam(paper=a_paper(bank, Draws(4, points=Decimal(2))), **known)


def test_a_result_is_what_was_right_and_passes_at_the_very_bound(heard):
    attempt = marked(four(pass_share=Decimal("0.5")), right=2)

    assert (attempt.score, attempt.total, attempt.passed) == (4, 8, True)
    assert heard == [AttemptMarked(attempt.pk)]


def test_what_was_not_answered_is_worth_nothing():
    attempt = sit(four())
    hand_in(attempt)
    drain([MARK])

    attempt.refresh_from_db()
    assert (attempt.score, attempt.passed) == (0, False)


def test_levels_go_by_bands():
    bands = [["0.5", "중급", "Middle"], ["0.9", "고급", "High"]]

    assert [level_at(bands, Fraction(share)).en for share in ("0.49", "0.5", "0.89", "0.9")] == [
        "", "Middle", "Middle", "High",
    ]  # fmt: skip


def test_results_wait_for_the_examiner_unless_they_count_at_once(heard):
    waiting, at_once = marked(make_exam()), marked(make_exam(at_once=True))

    assert (waiting.state, at_once.state) == (AttemptState.MARKED, AttemptState.RELEASED)
    assert release_results(waiting.exam) == 1
    assert release_results(waiting.exam) == 0
    assert heard[-1] == ResultReleased(waiting.pk)
    assert Notice.objects.filter(path=f"/exams/attempts/{waiting.pk}/result/").count() == 1


def test_what_an_examiner_takes_out_does_not_count():
    attempt = marked(make_exam())
    note_incident(attempt, by=make_person(), text="Phone in hand")

    with pytest.raises(Flawed):
        void(attempt, why=" ")
    void(attempt, why="A phone was used")

    with pytest.raises(Refused):
        release(attempt)


# --- programs


def coded(program):
    bank = make_bank()
    make_question(bank, adding())
    attempt = sit(make_exam(paper=a_paper(bank, Draws(1, points=Decimal(4)))))
    save_answer(attempt.pk, place=1, answer=program, saves=0, nonce="a")
    hand_in(attempt)
    drain([MARK, HAND_IN])
    return attempt


def test_an_attempt_waits_for_its_programs_and_an_outcome_counts_once(heard):
    attempt = coded("print(3)")
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.SENT

    one = attempt.asked.get()
    marking.keep_outcome(one.pk, Outcome(1, 2, WHY))
    marking.keep_outcome(one.pk, Outcome(2, 2, WHY))

    attempt.refresh_from_db()
    assert (attempt.state, attempt.score, len(heard)) == (AttemptState.MARKED, 2, 1)


@pytest.mark.parametrize(
    ("program", "passed"),
    [
        ("a, b = map(int, input().split())\nprint(a + b)", 2),
        ("print(3)", 1),
        ("import sys\nsys.exit(1)", 0),
        ("while True: pass", 0),
        ("import pathlib\nfor p in pathlib.Path('..').rglob('*'): print(p)", 0),
    ],
)
def test_programs_run_on_hidden_cases_in_the_sandbox(program, passed):
    if proof().level is not Level.FULL:
        pytest.skip("this machine does not reach the full level")

    assert run(adding(), program).passed == passed


def test_a_case_reads_its_input_alone():
    if proof().level is not Level.FULL:
        pytest.skip("this machine does not reach the full level")
    content = single()
    echo = "import sys\nprint(sys.stdin.read())"
    asked = type(content)(kind=adding().kind, text=WHY, cases=(Case("가", "가"), Case("나", "나")), mib=192)

    assert run(asked, echo).passed == 2


# --- questions that were wrong


def released(exam, **known):
    return release(marked(exam, **known))


def test_an_appeal_is_made_once_and_answered(heard):
    attempt = released(four(), right=3)
    asked = attempt.asked.get(place=4)

    made = appeal(asked, text="Both are right")
    with pytest.raises(Refused):
        appeal(asked, text="Again")
    answer_appeal(made, upheld=True, answer="True", by=make_person())

    assert made.state == "upheld"
    with pytest.raises(Refused):
        answer_appeal(made, upheld=False, answer="No", by=make_person())


def test_nobody_appeals_before_marks_are_shown():
    with pytest.raises(Refused):
        appeal(marked(make_exam()).asked.get(), text="Why?")


def test_a_question_that_is_dropped_counts_for_nobody_and_the_proposal_shows_it_first(heard):
    exam = four(pass_share=Decimal("0.8"))
    attempt = released(exam, right=3)
    wrong = attempt.asked.get(place=4).version

    proposal = propose(exam, wrong, remedy=Remedy.DROP, reason="No choice is right", by=make_person())
    shown = [(one.before.score, one.before.total, one.after.score, one.after.total) for one in changes(proposal)]
    attempt.refresh_from_db()
    untouched = attempt.passed
    apply(proposal)

    attempt.refresh_from_db()
    assert (shown, untouched) == ([(6, 8, 6, 6)], False)
    assert (attempt.score, attempt.total, attempt.passed) == (6, 6, True)
    assert heard[-1] == ResultChanged(attempt.pk)


def test_points_that_are_given_to_all_reach_those_who_had_the_question():
    exam = four()
    attempt = released(exam, right=3)
    version = attempt.asked.get(place=4).version

    apply(propose(exam, version, remedy=Remedy.CREDIT, reason="Ambiguous", by=make_person()))

    attempt.refresh_from_db()
    assert (attempt.score, attempt.total) == (8, 8)


def test_answers_are_marked_by_the_corrected_question_later_ones_too():
    exam = make_exam(pass_share=Decimal(1))
    attempt = released(exam, right=0)
    question = attempt.asked.get().version.question
    running = sit(exam)
    answer(running, right=False)

    edit_question(question, single("x", right=1), topic="ml", difficulty=3, by=make_person())
    version = attempt.asked.get().version
    apply(propose(exam, version, remedy=Remedy.CORRECT, reason="The key was wrong", by=make_person()))
    hand_in(running)
    drain([MARK])

    attempt.refresh_from_db()
    running.refresh_from_db()
    assert [(one.score, one.passed) for one in (attempt, running)] == [(1, True), (1, True)]


def test_a_question_that_says_the_same_cannot_be_marked_by_its_correction():
    attempt = released(make_exam())

    with pytest.raises(Refused) as refused:
        propose(attempt.exam, attempt.asked.get().version, remedy=Remedy.CORRECT, reason="?", by=make_person())

    assert refused.value.code == "remarking.same"


def test_a_proposal_that_is_discarded_changes_nothing_and_makes_way():
    attempt = released(make_exam())
    known = {"remedy": Remedy.DROP, "reason": "?", "by": make_person()}
    first = propose(attempt.exam, attempt.asked.get().version, **known)
    with pytest.raises(Refused):
        propose(attempt.exam, attempt.asked.get().version, **known)

    discard(first)

    assert propose(attempt.exam, attempt.asked.get().version, **known).state == RemarkingState.PROPOSED
    attempt.refresh_from_db()
    assert attempt.score == 1
