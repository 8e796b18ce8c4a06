"""What an answer may be."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.applications.questions import MOST_TEXT, YES_NO, Choice, Question, Wanted, cleaned, judged, typed
from dure.core.errors import Flawed
from dure.core.text import Text

LABEL = Text(ko="질문", en="question")
TRACKS = (Choice("ai", Text(ko="인공지능", en="AI")), Choice("data", Text(ko="데이터", en="Data")))


def ask(type_, **known):
    return Question("it", LABEL, type_, **known)


@pytest.mark.parametrize(
    ("question", "given_", "kept"),
    [
        (ask("text"), " 함께\r\n배우고 ", "함께\n배우고"),
        (ask("text"), 3, "3"),
        (ask("number"), "1,200", 1200),
        (ask("number"), "-3.50", -3.5),
        (ask("number"), 4.0, 4),
        (ask("date"), "2026-05-31", "2026-05-31"),
        (ask("yes-no", choices=YES_NO), True, "yes"),
        (ask("choice", choices=TRACKS), "data", "data"),
        (ask("words"), "python, 통계 ,", ["python", "통계"]),
        (ask("words"), ["a, b", " c "], ["a, b", "c"]),
    ],
)
def test_right_answers_are_kept_typed(question, given_, kept):
    assert typed(question, cleaned(given_)) == kept


@pytest.mark.parametrize(
    ("question", "given_", "code"),
    [
        (ask("number"), "high", "answer.number"),
        (ask("number"), "1_0", "answer.number"),
        (ask("number"), "１２", "answer.number"),
        (ask("number"), "1,2", "answer.number"),
        (ask("number"), "nan", "answer.number"),
        (ask("number"), float("inf"), "answer.number"),
        (ask("date"), "31.5.2026", "answer.date"),
        (ask("date"), "2026-02-30", "answer.date"),
        (ask("yes-no", choices=YES_NO), "maybe", "answer.choice"),
        (ask("choice", choices=TRACKS), "sports", "answer.choice"),
        (ask("choice", choices=TRACKS), ["ai"], "answer.choice"),
        (ask("text"), {"a": 1}, "answer.value"),
        (ask("text"), "x" * (MOST_TEXT + 1), "answer.long"),
        (ask("words"), ["x"] * 101, "answer.many"),
    ],
)
def test_wrong_answers_are_refused(question, given_, code):
    with pytest.raises(Flawed) as refusal:
        typed(question, cleaned(given_))
    assert refusal.value.code == code


def test_a_wrong_choice_reads_the_labels_in_the_readers_language():
    with pytest.raises(Flawed) as refusal:
        typed(ask("choice", choices=TRACKS), "sports")
    assert refusal.value.text == Text(ko="보기 가운데 하나를 고르세요: 인공지능, 데이터", en="Choose one of: AI, Data")


def test_everything_missing_or_wrong_is_listed_and_the_rest_is_typed():
    questions = [
        Question("a", LABEL),
        Question("b", LABEL, "number"),
        Question("c", LABEL, "date"),
        Question("d", LABEL, required=False),
    ]

    right, flaws = judged(questions, {"a": "  ", "b": "7", "c": "soon"})

    assert right == {"b": 7}
    assert [flaw["field"] for flaw in flaws] == ["a", "c"]
    assert all(flaw["ko"] and flaw["en"] for flaw in flaws)


@given(st.text())
def test_every_text_is_kept_storable_and_cleaning_again_changes_nothing(text):
    kept = cleaned(text)

    assert cleaned(kept) == kept
    assert "\x00" not in json.dumps(kept, ensure_ascii=False)
    str(kept).encode()


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**15), 10**15))
def test_every_finite_number_is_kept_as_it_is(number):
    assert typed(ask("number"), cleaned(number)) == number


def test_questions_and_files_are_read_as_they_were_written():
    question, wanted = ask("choice", choices=TRACKS, required=False), Wanted("cv", LABEL)

    assert Question.of(json.loads(json.dumps(question.as_dict()))) == question
    assert Wanted.of(json.loads(json.dumps(wanted.as_dict()))) == wanted
