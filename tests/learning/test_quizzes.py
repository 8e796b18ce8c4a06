"""Quizzes as plain text: read, marked, and refused with the line that is wrong."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.core.errors import Flawed
from dure.core.text import Text
from dure.learning.quizzes import Sort, mark, read_quiz

QUIZ = """
? What is 2 + 2? || 2 더하기 2는?
* 4
- 5 || 오
! Count. || 세어 보세요.

? Which are even? || 짝수는?
* 2
* 4
- 5

? Capital of Korea? || 한국의 수도는?
= Seoul || 서울
"""


def test_a_quiz_is_read_in_both_languages():
    single, several, short = read_quiz(QUIZ)

    assert [one.sort for one in (single, several, short)] == [Sort.SINGLE, Sort.MULTIPLE, Sort.SHORT]
    assert single.text == Text(ko="2 더하기 2는?", en="What is 2 + 2?")
    assert (single.choices[1].ko, single.why) == ("오", Text(ko="세어 보세요.", en="Count."))
    assert short.accepted == ["Seoul", "서울"]


@pytest.mark.parametrize(
    ("answers", "right"),
    [
        ([["0"], ["0", "1"], [" SEOUL "]], [True, True, True]),
        ([["1"], ["0"], ["부산"]], [False, False, False]),
        ([["0"], ["1", "0"], ["서울"]], [True, True, True]),
        ([], [False, False, False]),
    ],
)
def test_answers_are_marked_one_by_one(answers, right):
    marked = mark(read_quiz(QUIZ), answers)
    assert (marked.right, marked.score) == (right, Decimal(sum(right)) / 3 if sum(right) != 0 else Decimal(0))


@pytest.mark.parametrize(
    ("written", "flaws"),
    [
        ("* first", ["No question (?) stands before line 1."]),
        ("? why", ["The question of line 1 has no right answer."]),
        ("? why\n* one", ["The question of line 1 needs two choices or more."]),
        ("? why\n* one\n- two\n= three", ["The question of line 1 has both choices and short answers."]),
        ("? why\nbecause", ["Line 2 must begin with ?, *, -, = or !.", "The question of line 1 has no right answer."]),
    ],
)
def test_what_is_wrong_is_named_by_its_line(written, flaws):
    with pytest.raises(Flawed) as refused:
        read_quiz(written)
    assert [flaw["text"]["en"] for flaw in refused.value.facts["errors"]] == flaws


@given(st.text(max_size=80), st.lists(st.lists(st.text(max_size=5), max_size=3), max_size=4))
def test_whatever_is_written_and_answered_never_fails(written, answers):
    try:
        questions = read_quiz(written)
    except Flawed:
        return
    assert 0 <= mark(questions, answers).score <= 1
