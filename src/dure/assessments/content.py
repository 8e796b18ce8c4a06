"""What a question asks and what is right, as one version of it says; pure.

Sorts of questions and what their answers look like:

single, multiple    places of the choices that were made, ``[0, 2]``
ordering            the places of ``choices``, which stand in the right order, as they were put: ``[2, 0, 1]``
numeric             what was typed: ``"3.14 m"``
short               what was typed
code                the program: it reads the standard input and writes the standard output
"""

import json
from collections.abc import Iterator, Mapping
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
_SAME = Text(ko="같은 보기가 두 번 있습니다.", en="Two choices are the same.")
_ONE_RIGHT = Text(ko="정답 보기를 하나만 고르세요.", en="Mark one choice as the right one.")
_SOME_RIGHT = Text(ko="정답 보기를 하나 이상 고르세요.", en="Mark at least one choice as right.")
_NO_VALUE = Text(ko="정답인 수를 쓰세요.", en="Write the right number.")
_TOLERANCE = Text(ko="허용 오차는 0 이상입니다.", en="A tolerance is 0 or more.")
_ACCEPTED = Text(ko="정답으로 인정할 답을 하나 이상 쓰세요.", en="Write at least one accepted answer.")
_CASES = Text(ko="채점 사례가 1개에서 {most}개까지 필요합니다.", en="It needs 1 to {most} cases.")
_LIMITS = Text(
    ko="사례마다 시간은 1~{seconds}초, 메모리는 64~{mib}MiB입니다.",
    en="A case has 1 to {seconds} seconds; memory is 64 to {mib} MiB.",
)


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
    flaws = list(flaws_of(content))
    if flaws:
        errors = [{"text": flaw.as_dict()} for flaw in flaws]
        raise Flawed("question.flawed", _FLAWED.format(n=len(flaws)), errors=errors)
    return content


def flaws_of(content: Content) -> Iterator[Text]:
    if not content.text.ko.strip() and not content.text.en.strip():
        yield _NO_TEXT
    texts = [content.text, content.why, *content.choices]
    if any(len(one) > MOST_TEXT for text in texts for one in (text.ko, text.en)):
        yield _LONG.format(most=MOST_TEXT)
    if content.kind.has_choices:
        yield from _choice_flaws(content)
    elif content.kind is Kind.NUMERIC:
        if content.value is None:
            yield _NO_VALUE
        if content.tolerance < 0:
            yield _TOLERANCE
    elif content.kind is Kind.SHORT and not any(one.strip() for one in content.accepted):
        yield _ACCEPTED
    elif content.kind is Kind.CODE:
        yield from _code_flaws(content)


def _choice_flaws(content: Content) -> Iterator[Text]:
    if not 2 <= len(content.choices) <= MOST_CHOICES:
        yield _CHOICES.format(most=MOST_CHOICES)
    if len(set(content.choices)) < len(content.choices):
        yield _SAME
    right = [place for place in set(content.right) if 0 <= place < len(content.choices)]
    if content.kind is Kind.SINGLE and len(right) != 1:
        yield _ONE_RIGHT
    elif content.kind is Kind.MULTIPLE and not right:
        yield _SOME_RIGHT


def _code_flaws(content: Content) -> Iterator[Text]:
    if not 1 <= len(content.cases) <= MOST_CASES:
        yield _CASES.format(most=MOST_CASES)
    if not (1 <= content.seconds <= MOST_SECONDS and 64 <= content.mib <= MOST_MIB):
        yield _LIMITS.format(seconds=MOST_SECONDS, mib=MOST_MIB)
