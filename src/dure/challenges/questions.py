"""What a round asks with each submission: its questions, and answers that fit them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from dure.core.errors import Flawed
from dure.core.text import Text

MOST_QUESTIONS, MOST_OPTIONS = 30, 100
MOST_KEY, MOST_TITLE, MOST_ABOUT, MOST_ANSWER = 100, 300, 2_000, 2_000
_YES, _NO = {"true", "yes", "on", "1", "예", "네"}, {"false", "no", "off", "0", "아니요"}
_NOTHING = Text(ko="", en="")
_MISSING = Text(ko="‘{title}’에 답하세요.", en="Answer “{title}”.")
_YES_NO = Text(ko="‘{title}’에는 yes나 no로 답하세요.", en="Answer “{title}” with yes or no.")
_OPTION = Text(ko="‘{title}’의 답은 다음 중에서 고르세요: {options}", en="Answer “{title}” by one of: {options}")
_LONG = Text(ko="‘{title}’의 답은 {most}자 이내로 쓰세요.", en="Answer “{title}” in at most {most} characters.")
_UNASKED = Text(ko="‘{key}’은(는) 이 라운드에서 묻지 않습니다.", en="The round asks nothing called {key}.")
_ANSWERS = Text(ko="제출할 때 묻는 항목의 답을 고치세요.", en="Correct the answers that come with the submission.")
_AGREES = {True: Text(ko="예", en="Yes"), False: Text(ko="아니요", en="No")}

Answer = str | bool | list[str]


class QuestionKind(StrEnum):
    """How it is answered: in words, by yes or no, by one of its options, by any of them."""

    TEXT = "text"
    YES_NO = "yes-no"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True)
class Question:
    """One question. ``key`` names its answer; ``on_board``: whoever sees the board sees the answers."""

    key: str
    title: Text
    kind: QuestionKind = QuestionKind.TEXT
    options: tuple[str, ...] = ()
    required: bool = False
    on_board: bool = False
    about: Text = field(default=_NOTHING)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """From what ``as_dict`` made."""
        return cls(
            **{
                **told, "title": Text.of(told["title"]), "kind": QuestionKind(told["kind"]),
                "options": tuple(told["options"]), "about": Text.of(told["about"]),
            }
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key, "title": self.title.as_dict(), "kind": self.kind.value, "options": list(self.options),
            "required": self.required, "on_board": self.on_board, "about": self.about.as_dict(),
        }  # fmt: skip

    @property
    def is_chosen(self) -> bool:
        """Whether it is answered out of its options."""
        return self.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)


def check_questions(questions: Sequence[Question]) -> None:
    """Raise Flawed where one could not be asked, or answers could not be told apart."""
    wrong = [text for question in questions for text in _faults(question)]
    keys = [question.key for question in questions]
    if len(set(keys)) < len(keys):
        wrong.append(Text(ko="이름이 같은 질문이 있습니다. 이름을 다르게 쓰세요.", en="Two questions have one name."))
    if len(keys) > MOST_QUESTIONS:
        sentence = Text(ko="질문은 {most}개까지 물을 수 있습니다.", en="At most {most} questions can be asked.")
        wrong.append(sentence.format(most=MOST_QUESTIONS))
    if wrong:
        raise Flawed("challenges.questions", wrong[0], errors=[text.as_dict() for text in wrong])


def _faults(question: Question) -> Iterable[Text]:
    if not 0 < len(question.key) <= MOST_KEY or not question.key.isprintable():
        sentence = Text(ko="질문의 이름을 {most}자 이내로 쓰세요.", en="Name a question in 1 to {most} characters.")
        yield sentence.format(most=MOST_KEY)
    if not question.title.ko or not question.title.en or max(map(len, question.title.as_dict().values())) > MOST_TITLE:
        sentence = Text(
            ko="질문을 한국어와 영어로 {most}자 이내로 쓰세요.",
            en="Write the question in Korean and English, in at most {most} characters.",
        )
        yield sentence.format(most=MOST_TITLE)
    if max(map(len, question.about.as_dict().values())) > MOST_ABOUT:
        sentence = Text(
            ko="질문의 도움말은 {most}자 이내로 쓰세요.", en="Write a question's help in at most {most} characters."
        )
        yield sentence.format(most=MOST_ABOUT)
    if question.is_chosen != bool(question.options) or len(set(question.options)) < len(question.options):
        yield Text(
            ko="고르는 질문에는 서로 다른 보기를 쓰고, 다른 질문에는 쓰지 마세요.",
            en="Give options, each once, to questions that are answered out of them, and to no others.",
        )
    if len(question.options) > MOST_OPTIONS or any(not 0 < len(one) <= MOST_TITLE for one in question.options):
        sentence = Text(
            ko="보기는 {most}개까지, 각각 {long}자 이내로 쓰세요.",
            en="Give at most {most} options of at most {long} characters.",
        )
        yield sentence.format(most=MOST_OPTIONS, long=MOST_TITLE)


def read_answers(questions: Iterable[Question], said: Mapping[str, Any]) -> dict[str, Answer]:
    """What was said, as it is kept: only answers that say something. Raises Flawed, with each fault at its key."""
    asked = {question.key: question for question in questions}
    wrong = [{"field": key, **_UNASKED.format(key=key).as_dict()} for key in said if key not in asked]
    answers: dict[str, Answer] = {}
    for key, question in asked.items():
        fault, answer = _read(question, said.get(key))
        if fault:
            known = {"title": question.title, "options": ", ".join(question.options), "most": MOST_ANSWER}
            wrong.append({"field": key, **fault.format(**known).as_dict()})
        elif answer not in ("", [], None):
            answers[key] = answer
    if wrong:
        raise Flawed("challenges.answers", Text.of(wrong[0]) if len(wrong) == 1 else _ANSWERS, errors=wrong)
    return answers


def _read(question: Question, said: Any) -> tuple[Text | None, Any]:
    """What is wrong with it, and the answer."""
    given = [text for one in (said if isinstance(said, list) else [said]) if (text := _storable(one))]
    if not given:
        return (_MISSING if question.required else None), None
    if question.kind == QuestionKind.CHOICES:
        chosen = [option for option in question.options if option in given]
        return (_OPTION if len(chosen) < len(set(given)) else None), chosen
    text = given[0]
    if question.kind == QuestionKind.YES_NO:
        return (None if text.lower() in _YES | _NO else _YES_NO), text.lower() in _YES
    if question.kind == QuestionKind.CHOICE:
        return (None if text in question.options else _OPTION), text
    return (_LONG if len(text) > MOST_ANSWER else None), text


def _storable(said: Any) -> str:
    """As text, without what a database cannot keep: NUL and halves of surrogate pairs."""
    return "" if said is None else str(said).encode(errors="replace").decode().replace("\0", "").strip()


def shown(answer: Answer | None) -> Text:
    """An answer as people read it; nothing where nobody answered."""
    if isinstance(answer, bool):
        return _AGREES[answer]
    words = ", ".join(answer) if isinstance(answer, list) else answer or ""
    return Text(ko=words, en=words)
