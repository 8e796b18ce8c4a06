"""What a survey asks, and what an answer to it looks like; pure.

Sorts of questions, and how an answer is kept:

scale       1 to 5; its ends may have words
single      the place of the choice that was made, from 0
multiple    the places of the choices that were made, in order
number      what was typed, as a plain decimal: ``"3.5"``
text        what was written
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from dure.core.errors import Flawed
from dure.core.text import Text

STEPS = 5  # of a scale
MOST_QUESTIONS, MOST_CHOICES, MOST_ASKED, MOST_TEXT, MOST_DIGITS = 60, 20, 1_000, 4_000, 15
NOTHING = Text(ko="", en="")
Answers = Mapping[str, Any]

_ASKED = Text(
    ko="질문을 한국어와 영어로 쓰세요({most}자까지).",
    en="Write the question in Korean and English, up to {most} letters.",
)
_CHOICES = Text(
    ko="보기는 2개에서 {most}개까지, 한국어와 영어로 모두 쓰세요.",
    en="Write 2 to {most} choices, in Korean and English.",
)
_SAME = Text(ko="같은 보기가 두 번 있습니다.", en="Two choices are the same.")
_MANY = Text(ko="질문은 1개에서 {most}개까지입니다.", en="A survey asks 1 to {most} questions.")
_KEYS = Text(ko="키는 질문마다 달라야 합니다.", en="Every question has a key of its own.")
_WRONG = Text(ko="질문의 {n}곳을 고쳐 주세요.", en="Correct {n} places of the questions.")
_NEEDED = Text(ko="꼭 답해야 하는 질문입니다.", en="This question must be answered.")
_SHAPE = Text(
    ko="이 질문에 맞는 답이 아닙니다. 다시 답해 주세요.", en="This is no answer to the question. Answer it again."
)
_NUMBER = Text(ko="수로 답하세요. 예: 12 또는 3.5", en="Answer with a number, such as 12 or 3.5.")
_LONG = Text(ko="{most}자까지 쓸 수 있습니다.", en="Write at most {most} letters.")
_UNKNOWN = Text(ko="이 설문에 없는 질문입니다.", en="The survey has no such question.")
_INCOMPLETE = Text(
    ko="아직 보내지 않았습니다. {n}개 질문의 답을 확인하고 다시 보내세요.",
    en="Nothing was sent yet. See to {n} answers, then send again.",
)


class Sort(StrEnum):
    SCALE = "scale"
    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    TEXT = "text"

    @property
    def has_choices(self) -> bool:
        return self in {Sort.SINGLE, Sort.MULTIPLE}


@dataclass(frozen=True)
class Question:
    """``key`` names it in tables and across editions; ``low`` and ``high`` are the words at the ends of a scale."""

    key: str
    sort: Sort
    text: Text
    choices: tuple[Text, ...] = ()
    required: bool = True
    low: Text = NOTHING
    high: Text = NOTHING

    def as_dict(self) -> dict[str, Any]:
        """As JSON keeps it; ``of`` reads it back."""
        return {
            "key": self.key, "sort": self.sort.value, "text": self.text.as_dict(), "required": self.required,
            "choices": [one.as_dict() for one in self.choices], "low": self.low.as_dict(), "high": self.high.as_dict(),
        }  # fmt: skip

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Question":
        return cls(
            key=told["key"], sort=Sort(told["sort"]), text=Text.of(told["text"]), required=told["required"],
            choices=tuple(Text.of(one) for one in told["choices"]),
            low=Text.of(told["low"]), high=Text.of(told["high"]),
        )  # fmt: skip


def check_questions(questions: Sequence[Question]) -> None:
    """Raises Flawed("survey.questions") with all that is wrong, each with the question's place from 1."""
    flaws = [(place, text) for place, one in enumerate(questions, start=1) for text in _flaws(one)]
    if len({one.key for one in questions}) < len(questions):
        flaws.append((0, _KEYS))
    if len(questions) > MOST_QUESTIONS:
        flaws.append((0, _MANY.format(most=MOST_QUESTIONS)))
    if flaws:
        errors = [{"place": place, "text": text.as_dict()} for place, text in flaws]
        raise Flawed("survey.questions", _WRONG.format(n=len(flaws)), errors=errors)


def _flaws(one: Question) -> Iterator[Text]:
    said = (one.text, *one.choices, one.low, one.high)
    if not (one.text.ko.strip() and one.text.en.strip()) or any(_is_long(text) for text in said):
        yield _ASKED.format(most=MOST_ASKED)
    if one.sort.has_choices:
        if not 2 <= len(one.choices) <= MOST_CHOICES or not all(c.ko.strip() and c.en.strip() for c in one.choices):
            yield _CHOICES.format(most=MOST_CHOICES)
        if any(len({c[language] for c in one.choices}) < len(one.choices) for language in ("ko", "en")):
            yield _SAME


def _is_long(text: Text) -> bool:
    return max(len(text.ko), len(text.en)) > MOST_ASKED


def taken(questions: Sequence[Question], given: Answers) -> dict[str, Any]:
    """The answers as they are kept; what is left open is left out.

    Raises Flawed("survey.answers") whose errors name each question (``key``) that is not answered well.
    """
    flaws = [(key, _UNKNOWN) for key in set(given) - {one.key for one in questions}]
    kept: dict[str, Any] = {}
    for one in questions:
        try:
            answer = _taken(one, given.get(one.key))
        except _WrongError as wrong:
            flaws.append((one.key, wrong.text))
            continue
        if answer is not None:
            kept[one.key] = answer
        elif one.required:
            flaws.append((one.key, _NEEDED))
    if flaws:
        errors = [{"key": key, "text": text.as_dict()} for key, text in flaws]
        raise Flawed("survey.answers", _INCOMPLETE.format(n=len(flaws)), errors=errors)
    return kept


class _WrongError(ValueError):
    """An answer that cannot be taken, and why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def _taken(one: Question, given: Any) -> Any:
    if given is None or given in ("", []):
        return None
    match one.sort:
        case Sort.SCALE:
            return _place(given, range(1, STEPS + 1))
        case Sort.SINGLE:
            return _place(given, range(len(one.choices)))
        case Sort.MULTIPLE:
            places = given if isinstance(given, list) else [given]
            return sorted({_place(place, range(len(one.choices))) for place in places})
        case Sort.NUMBER:
            return _number(given)
    return _text(given)


def _place(given: Any, known: range) -> int:
    whole = isinstance(given, int) and not isinstance(given, bool)
    if not whole and not (isinstance(given, str) and given.isascii() and given.isdecimal() and len(given) < 3):
        raise _WrongError(_SHAPE)
    if int(given) not in known:
        raise _WrongError(_SHAPE)
    return int(given)


def _number(given: Any) -> str:
    try:
        number = Decimal(str(given).strip().replace(",", ""))
    except InvalidOperation:
        raise _WrongError(_NUMBER) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** MOST_DIGITS or isinstance(given, bool):
        raise _WrongError(_NUMBER)
    return f"{number.quantize(Decimal('0.000001')).normalize():f}"


def _text(given: Any) -> str | None:
    if not isinstance(given, str):
        raise _WrongError(_SHAPE)
    if len(given) > MOST_TEXT:
        raise _WrongError(_LONG.format(most=MOST_TEXT))
    return given.replace("\r\n", "\n").strip() or None
