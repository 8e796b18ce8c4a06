"""What a question asks and what is right, as one version of it says; pure.

Sorts of questions and what their answers look like:

single, multiple    places of the choices that were made, ``[0, 2]``
ordering            the places of ``choices``, which stand in the right order, as they were put: ``[2, 0, 1]``
numeric             what was typed: ``"3.14 m"``
short               what was typed
code                the program: it reads the standard input and writes the standard output
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from dure.core.errors import Flawed
from dure.core.text import Text

MOST_CHOICES, MOST_CASES, MOST_TEXT = 20, 50, 20_000
MOST_SECONDS, MOST_MIB = 30, 1024
_FLAWED = Text(ko="문항의 {n}곳을 고쳐 주세요.", en="Correct {n} places of the question.")
_NO_TEXT = Text(ko="질문을 쓰세요.", en="Write the question.")
_LONG = Text(ko="글은 {most}자까지입니다.", en="A text has at most {most} characters.")
_CHOICES = Text(ko="보기는 2개에서 {most}개까지 필요합니다.", en="It needs 2 to {most} choices.")
_SAME = Text(ko="{one}번과 {other}번 보기가 같습니다.", en="Choices {one} and {other} are the same.")
_NO_CHOICE = Text(
    ko="{number}번 보기가 없습니다. 보기는 {n}개입니다.", en="There is no choice {number}: the last one is {n}."
)
_ONE_RIGHT = Text(
    ko="정답 보기를 하나만 고르세요. 지금은 {n}개입니다.", en="Mark one choice as the right one; {n} are marked now."
)
_SOME_RIGHT = Text(ko="정답 보기를 하나 이상 고르세요.", en="Mark at least one choice as right.")
_NO_VALUE = Text(ko="정답인 수를 쓰세요.", en="Write the right number.")
_TOLERANCE = Text(ko="허용 오차는 0 이상입니다.", en="A tolerance is 0 or more.")
_ACCEPTED = Text(ko="정답으로 인정할 답을 하나 이상 쓰세요.", en="Write at least one accepted answer.")
_CASES = Text(ko="채점 사례가 1개에서 {most}개까지 필요합니다.", en="It needs 1 to {most} cases.")
_SECONDS = Text(ko="사례마다 시간은 1~{most}초입니다.", en="A case has 1 to {most} seconds.")
_MIB = Text(ko="메모리는 64~{most}MiB입니다.", en="Memory is 64 to {most} MiB.")
Flaws = Sequence[tuple[str, Text]]  # the column of a table, or field of a form, and what is wrong there


class Kind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMERIC = "numeric"
    SHORT = "short"
    ORDERING = "ordering"
    CODE = "code"

    @property
    def has_choices(self) -> bool:
        return self in {Kind.SINGLE, Kind.MULTIPLE, Kind.ORDERING}


@dataclass(frozen=True)
class Case:
    """What a program is given on its standard input, and what it must write."""

    input: str
    output: str


@dataclass(frozen=True)
class Content:
    """One version of a question. ``text`` and ``why`` (shown afterwards) are Markdown.

    ``right`` are the places of right choices. ``units``: of which one must stand behind the number (none: no unit).
    ``seconds`` are for each case, ``mib`` is the memory of them all; ``starter`` is what a candidate begins with.
    """

    kind: Kind
    text: Text
    choices: tuple[Text, ...] = ()
    right: tuple[int, ...] = ()
    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    units: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    seconds: int = 2
    mib: int = 256
    starter: str = ""
    why: Text = field(default_factory=lambda: Text(ko="", en=""))

    @property
    def fingerprint(self) -> str:
        return sha256(json.dumps(self.as_dict(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """As JSON keeps it; ``of`` reads it back. What says nothing is left out."""
        told = {**asdict(self), "kind": self.kind.value, "value": None if self.value is None else f"{self.value:f}"}
        told["tolerance"] = f"{self.tolerance:f}"
        return {name: value for name, value in told.items() if value not in ((), "", None)}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Content":
        value = told.get("value")
        return cls(
            kind=Kind(told["kind"]), text=Text.of(told["text"]),
            choices=tuple(Text.of(one) for one in told.get("choices", ())), right=tuple(told.get("right", ())),
            value=None if value is None else Decimal(value), tolerance=Decimal(told.get("tolerance", "0")),
            units=tuple(told.get("units", ())), accepted=tuple(told.get("accepted", ())),
            cases=tuple(Case(**one) for one in told.get("cases", ())),
            seconds=told.get("seconds", 2), mib=told.get("mib", 256), starter=told.get("starter", ""),
            why=Text.of(told["why"]),
        )  # fmt: skip


def check(content: Content) -> Content:
    """The same. Raises Flawed with all that is wrong with it."""
    raise_flaws(list(flaws_of(content)))
    return content


def raise_flaws(flaws: Flaws) -> None:
    """Raise Flawed("question.flawed") with every flaw of one question and its field, where there is any."""
    if flaws:
        errors = [{"field": field, "text": text.as_dict()} for field, text in flaws]
        raise Flawed("question.flawed", _FLAWED.format(n=len(flaws)), errors=errors)


def flaws_of(content: Content) -> Iterator[tuple[str, Text]]:
    """What is wrong with a question, each after the name of what holds it in a table or a form."""
    if not content.text.ko.strip() and not content.text.en.strip():
        yield "text_ko", _NO_TEXT
    yield from _long_ones(content)
    if content.kind.has_choices:
        yield from _choice_flaws(content)
    elif content.kind is Kind.NUMERIC:
        if content.value is None:
            yield "answer", _NO_VALUE
        if content.tolerance < 0:
            yield "tolerance", _TOLERANCE
    elif content.kind is Kind.SHORT and not any(one.strip() for one in content.accepted):
        yield "answer", _ACCEPTED
    elif content.kind is Kind.CODE:
        yield from _code_flaws(content)


def _long_ones(content: Content) -> Iterator[tuple[str, Text]]:
    for name, texts in (("text", [content.text]), ("choices", content.choices), ("why", [content.why])):
        for language in ("ko", "en"):
            if any(len(text[language]) > MOST_TEXT for text in texts):
                yield f"{name}_{language}", _LONG.format(most=MOST_TEXT)


def _choice_flaws(content: Content) -> Iterator[tuple[str, Text]]:
    choices, right = content.choices, sorted(set(content.right))
    if not 2 <= len(choices) <= MOST_CHOICES:
        yield "choices_ko", _CHOICES.format(most=MOST_CHOICES)
    for place, choice in enumerate(choices):
        if (first := choices.index(choice)) < place:
            yield "choices_ko", _SAME.format(one=first + 1, other=place + 1)
    for place in right if choices else ():
        if not 0 <= place < len(choices):
            yield "answer", _NO_CHOICE.format(number=place + 1, n=len(choices))
    if content.kind is Kind.SINGLE and len(right) != 1:
        yield "answer", _ONE_RIGHT.format(n=len(right))
    elif content.kind is Kind.MULTIPLE and not right:
        yield "answer", _SOME_RIGHT


def _code_flaws(content: Content) -> Iterator[tuple[str, Text]]:
    if not 1 <= len(content.cases) <= MOST_CASES:
        yield "cases", _CASES.format(most=MOST_CASES)
    if not 1 <= content.seconds <= MOST_SECONDS:
        yield "seconds", _SECONDS.format(most=MOST_SECONDS)
    if not 64 <= content.mib <= MOST_MIB:
        yield "memory_mib", _MIB.format(most=MOST_MIB)
