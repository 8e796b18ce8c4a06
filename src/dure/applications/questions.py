"""What a form asks, and what an answer to it may be: pure, so that drafts, pages and joints judge alike."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, Literal

from dure.core.errors import Flawed
from dure.core.text import Text

Type = Literal["text", "number", "date", "yes-no", "words", "choice"]
Answer = str | int | float | list[str]
Answers = Mapping[str, Any]
Flaw = dict[str, Any]  # {"field": …, "ko": …, "en": …}

MOST_TEXT = 20_000  # characters: ten pages, and within what a spreadsheet's cell holds
MOST_WORDS = 100
_NUMBER = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,10})?", re.ASCII)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

REQUIRED = Text(ko="필수 항목입니다. 답해 주세요.", en="Required. Please answer it.")
NO_FILE = Text(ko="파일을 첨부해 주세요.", en="Attach the file.")
UNKNOWN = Text(ko="이 신청서에 없는 항목입니다.", en="The form does not ask this.")
NO_NUMBER = Text(ko="숫자로 입력하세요. 예: 1200, 3.5", en="Enter a number such as 1200 or 3.5.")
NO_DATE = Text(ko="2026-05-31과 같은 형식으로 날짜를 입력하세요.", en="Enter a date such as 2026-05-31.")
NO_CHOICE = Text(ko="보기 가운데 하나를 고르세요: {listed}", en="Choose one of: {listed}")
TOO_LONG = Text(ko="{most:,}자 이내로 줄여 주세요.", en="Shorten it to {most:,} characters.")
TOO_MANY = Text(ko="{most}개까지만 적어 주세요.", en="At most {most} of them.")
NO_ANSWER = Text(ko="글, 숫자 또는 목록으로 답하세요.", en="Answer with a text, a number or a list.")
YES, NO = Text(ko="예", en="Yes"), Text(ko="아니요", en="No")


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Text


YES_NO = (Choice("yes", YES), Choice("no", NO))


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked; ``choices`` for ``choice`` and ``yes-no``."""

    name: str
    label: Text
    type: Type = "text"
    choices: tuple[Choice, ...] = ()
    required: bool = True

    def as_dict(self) -> dict[str, Any]:
        choices = [{"value": choice.value, "label": choice.label.as_dict()} for choice in self.choices]
        return {"name": self.name, "label": self.label.as_dict(), "type": self.type, "choices": choices,
                "required": self.required}  # fmt: skip

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Question":
        choices = tuple(Choice(choice["value"], Text.of(choice["label"])) for choice in stored["choices"])
        return cls(stored["name"], Text.of(stored["label"]), stored["type"], choices, stored["required"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is to be attached."""

    name: str
    label: Text
    required: bool = True

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "label": self.label.as_dict(), "required": self.required}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Wanted":
        return cls(stored["name"], Text.of(stored["label"]), stored["required"])


def cleaned(value: object) -> Answer:
    """An answer as a draft keeps it, right or wrong: composed letters, one sort of line end, nothing unseen.

    Raises Flawed where it is no answer at all, or too long to be kept.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        return _cleaned_text(value)
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return _cleaned_words(value)
    raise Flawed("answer.value", NO_ANSWER)


def _cleaned_text(text: str) -> str:
    if len(text) > MOST_TEXT:
        raise Flawed("answer.long", TOO_LONG.format(most=MOST_TEXT), most=MOST_TEXT)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNSEEN.sub("", lines)).strip()


def _cleaned_words(words: Sequence[str]) -> list[str]:
    if len(words) > MOST_WORDS:
        raise Flawed("answer.many", TOO_MANY.format(most=MOST_WORDS), most=MOST_WORDS)
    return [word for word in map(_cleaned_text, words) if word]


def typed(question: Question, value: Answer) -> Answer:
    """A cleaned answer as its question's type says: words as a list, dates as ISO text. Raises Flawed."""
    match question.type:
        case "number":
            return _number(value)
        case "date":
            return _date(value)
        case "words":
            return value if isinstance(value, list) else _cleaned_words(str(value).split(","))
        case "choice" | "yes-no":
            return _choice(question, value)
    return ", ".join(value) if isinstance(value, list) else str(value)


def _number(value: Answer) -> int | float:
    if isinstance(value, int | float):
        number = float(value)
    elif isinstance(value, str) and _NUMBER.fullmatch(value):
        number = float(value.replace(",", ""))
    else:
        raise Flawed("answer.number", NO_NUMBER)
    if not isfinite(number):
        raise Flawed("answer.number", NO_NUMBER)
    return int(number) if number.is_integer() else number


def _date(value: Answer) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise Flawed("answer.date", NO_DATE) from None


def _choice(question: Question, value: Answer) -> str:
    if value not in [choice.value for choice in question.choices]:
        labels = [choice.label for choice in question.choices]
        listed = Text(ko=", ".join(t.ko for t in labels), en=", ".join(t.en for t in labels))
        raise Flawed("answer.choice", NO_CHOICE.format(listed=listed))
    return str(value)


def is_blank(value: object) -> bool:
    return value is None or value in ("", [])


def judged(questions: Sequence[Question], answers: Answers) -> tuple[dict[str, Answer], list[Flaw]]:
    """The answers that are right, typed, and a line for each that is wrong or missing."""
    right: dict[str, Answer] = {}
    flaws: list[Flaw] = []
    for question in questions:
        said = answers.get(question.name)
        try:
            value = "" if said is None else cleaned(said)
            if not is_blank(value):
                right[question.name] = typed(question, value)
            elif question.required:
                flaws.append(flaw(question.name, REQUIRED))
        except Flawed as wrong:
            flaws.append(flaw(question.name, wrong.text))
    return right, flaws


def flaw(field: str, text: Text) -> Flaw:
    return {"field": field, **text.as_dict()}
