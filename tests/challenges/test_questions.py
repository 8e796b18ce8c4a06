"""What a round asks with each submission, and which answers fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.challenges.questions import Question, QuestionKind, check_questions, read_answers, shown
from dure.core.errors import Flawed
from dure.core.text import Text

TITLE = Text(ko="질문", en="Question")
KINDS = st.sampled_from(list(QuestionKind))
WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)


def asked(kind: str, *options: str, required: bool = False) -> Question:
    return Question("q", TITLE, QuestionKind(kind), options, required=required)


@pytest.mark.parametrize(
    ("question", "said", "kept"),
    [
        (asked("text"), " ResNet ", {"q": "ResNet"}),
        (asked("text"), "", {}),
        (asked("text"), "a\0b\ud800", {"q": "ab?"}),
        (asked("yes-no"), "yes", {"q": True}),
        (asked("yes-no"), False, {"q": False}),
        (asked("yes-no"), "아니요", {"q": False}),
        (asked("choice", "cpu", "gpu"), "gpu", {"q": "gpu"}),
        (asked("choices", "a", "b", "c"), ["c", "a"], {"q": ["a", "c"]}),
        (asked("choices", "a", "b"), "a", {"q": ["a"]}),
        (asked("choices", "a", "b"), [], {}),
    ],
)
def test_answers_that_fit_are_kept(question, said, kept):
    assert read_answers([question], {"q": said}) == kept


@pytest.mark.parametrize(
    ("question", "said", "sentence"),
    [
        (asked("text", required=True), {}, "Answer “Question”."),
        (asked("text"), {"q": "x" * 2_001}, "Answer “Question” in at most 2000 characters."),
        (asked("yes-no", required=True), {"q": ""}, "Answer “Question”."),
        (asked("yes-no"), {"q": "maybe"}, "Answer “Question” with yes or no."),
        (asked("choice", "cpu"), {"q": "tpu"}, "Answer “Question” by one of: cpu"),
        (asked("choices", "a", "b"), {"q": ["a", "z"]}, "Answer “Question” by one of: a, b"),
        (asked("text"), {"other": "x"}, "The round asks nothing called other."),
    ],
)
def test_answers_that_do_not_fit_are_told_with_their_question(question, said, sentence):
    with pytest.raises(Flawed) as flawed:
        read_answers([question], said)

    assert flawed.value.text.en == sentence


def test_no_is_an_answer_to_a_question_that_must_be_answered():
    assert read_answers([asked("yes-no", required=True)], {"q": "no"}) == {"q": False}


@pytest.mark.parametrize(
    "questions",
    [
        [asked("text"), asked("yes-no")],
        [asked("choice")],
        [asked("text", "an option")],
        [asked("choice", "a", "a")],
        [Question("", TITLE)],
        [Question("q", Text(ko="", en="Question"))],
        [Question(f"q{n}", TITLE) for n in range(31)],
    ],
)
def test_questions_that_cannot_be_asked_are_refused(questions):
    with pytest.raises(Flawed):
        check_questions(questions)


@given(kind=KINDS, options=st.lists(WORDS, max_size=4, unique=True), flags=st.tuples(st.booleans(), st.booleans()))
def test_a_question_is_kept_as_it_was_asked(kind, options, flags):
    question = Question("q", TITLE, kind, tuple(options), *flags, about=Text(ko="설명", en="About"))

    assert Question.of(question.as_dict()) == question


@given(kind=KINDS, options=st.lists(WORDS, min_size=1, max_size=4, unique=True), data=st.data())
def test_what_was_kept_is_read_the_same_again(kind, options, data):
    question = asked(kind, *(options if kind in ("choice", "choices") else ()))
    said = {
        QuestionKind.TEXT: WORDS,
        QuestionKind.YES_NO: st.booleans(),
        QuestionKind.CHOICE: st.sampled_from(options),
        QuestionKind.CHOICES: st.lists(st.sampled_from(options), unique=True),
    }[kind]

    kept = read_answers([question], {"q": data.draw(said)})

    assert read_answers([question], kept) == kept


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        (True, ("예", "Yes")),
        (False, ("아니요", "No")),
        (["a", "b"], ("a, b",) * 2),
        ("word", ("word",) * 2),
        (None, ("",) * 2),
    ],
)
def test_how_an_answer_is_read(answer, read):
    assert shown(answer) == Text(*read)
