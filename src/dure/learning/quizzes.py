"""Quizzes inside courses: written as plain text, read to questions, answered with what is right at once.

? What does a validation set tell? || 검증 데이터로 무엇을 알 수 있습니까?
* How well the model does on data it has not seen || 처음 보는 데이터에서의 성능
- How long training took || 학습에 걸린 시간
! It was kept out of training. || 학습에 쓰지 않았기 때문입니다.

``?`` begins a question; ``*`` is a right choice and ``-`` a wrong one (several right ones: all of them are asked for);
``=`` instead is an accepted short answer; ``!`` explains. What stands after ``||`` is the Korean of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from dure.core.errors import Flawed
from dure.core.text import Text

MOST_QUESTIONS = 50
_FLAWED = Text(ko="퀴즈의 {n}곳을 고쳐 주세요.", en="Correct {n} places of the quiz.")
_LINE = Text(
    ko="{line}행은 ?, *, -, =, ! 가운데 하나로 시작해야 합니다.", en="Line {line} must begin with ?, *, -, = or !."
)
_FIRST = Text(ko="{line}행 앞에 ?로 시작하는 질문이 없습니다.", en="No question (?) stands before line {line}.")
_NO_RIGHT = Text(
    ko="{line}행의 질문에 정답(* 또는 =)이 없습니다.", en="The question of line {line} has no right answer."
)
_ONE_CHOICE = Text(
    ko="{line}행의 질문에는 보기가 두 개 이상 필요합니다.", en="The question of line {line} needs two choices or more."
)
_BOTH = Text(
    ko="{line}행의 질문에 보기와 주관식 답(=)이 섞여 있습니다.",
    en="The question of line {line} has both choices and short answers.",
)
_MANY = Text(ko="질문은 {most}개까지입니다.", en="A quiz has at most {most} questions.")


class Sort(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    SHORT = "short"


@dataclass
class Question:
    """One question. ``right`` are the places of right choices; ``accepted`` the short answers that count."""

    line: int
    text: Text
    choices: list[Text] = field(default_factory=list)
    right: set[int] = field(default_factory=set)
    accepted: list[str] = field(default_factory=list)
    why: Text | None = None

    @property
    def sort(self) -> Sort:
        if self.accepted:
            return Sort.SHORT
        return Sort.MULTIPLE if len(self.right) > 1 else Sort.SINGLE

    def is_right(self, answer: Sequence[str]) -> bool:
        """``answer``: the places of the choices that were made, or the one text that was written."""
        if self.sort == Sort.SHORT:
            return _plain(answer[0] if answer else "") in {_plain(one) for one in self.accepted}
        return {int(place) for place in answer if place.isdecimal()} == self.right


@dataclass(frozen=True)
class Marked:
    """What somebody answered: each question's verdict, and the share that is right."""

    right: list[bool]

    @property
    def score(self) -> Decimal:
        return round(Decimal(sum(self.right)) / len(self.right), 3) if self.right else Decimal(1)


def read_quiz(written: str) -> list[Question]:
    """The questions of a quiz. Raises Flawed with every line that is not right."""
    questions: list[Question] = []
    flaws: list[Text] = []
    for number, line in enumerate(written.splitlines(), start=1):
        if line.strip():
            flaws += _taken(line.strip(), number, questions)
    flaws += [flaw for question in questions for flaw in _flaws_of(question)]
    if len(questions) > MOST_QUESTIONS:
        flaws.append(_MANY.format(most=MOST_QUESTIONS))
    if flaws:
        raise Flawed("quiz.flawed", _FLAWED.format(n=len(flaws)), errors=[{"text": flaw.as_dict()} for flaw in flaws])
    return questions


def _taken(line: str, number: int, questions: list[Question]) -> Iterator[Text]:
    """Take one line in; what is wrong with it."""
    sign, text = line[0], _both(line[1:])
    if sign not in "?*-=!":
        yield _LINE.format(line=number)
    elif sign == "?":
        questions.append(Question(number, text))
    elif not questions:
        yield _FIRST.format(line=number)
    elif sign == "=":
        questions[-1].accepted += [one for one in dict.fromkeys((text.en, text.ko)) if one]
    elif sign == "!":
        questions[-1].why = text
    else:
        if sign == "*":
            questions[-1].right.add(len(questions[-1].choices))
        questions[-1].choices.append(text)


def _flaws_of(question: Question) -> Iterator[Text]:
    if question.accepted and question.choices:
        yield _BOTH.format(line=question.line)
    elif not question.accepted and not question.right:
        yield _NO_RIGHT.format(line=question.line)
    elif not question.accepted and len(question.choices) < 2:
        yield _ONE_CHOICE.format(line=question.line)


def _both(text: str) -> Text:
    english, _sign, korean = (part.strip() for part in text.partition("||"))
    return Text(ko=korean or english, en=english or korean)


def mark(questions: Sequence[Question], answers: Sequence[Sequence[str]]) -> Marked:
    """Mark the answers, one for each question in order; what is left out is wrong."""
    given = [*answers, *([[]] * len(questions))][: len(questions)]
    return Marked([question.is_right(answer) for question, answer in zip(questions, given, strict=True)])


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
