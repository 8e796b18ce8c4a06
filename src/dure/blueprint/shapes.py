"""What a value may look like: each shape reads a node, tells its flaws (BP1), and knows its JSON Schema.

A shape that found a flaw returns a placeholder of its type, so that reading goes on and finds the next one;
nothing is built from a file with a BP1 flaw. Dates, durations, rules and spreads are told later (BP4, BP6, BP8).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Protocol

from dure.blueprint.document import Flaw, Mark, Node, Scalar, Sequence, Table
from dure.blueprint.model import BIND
from dure.core.text import Text

Json = dict[str, Any]
NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
RESERVED = frozenset({"parties", "it"})
NOTE = "note"
MOST_LETTERS = 40  # of a word that is compared with the known ones
_SOME_TEXT = Text(ko="글이", en="some text")
NOTE_SCHEMA: Json = {"description": "Shown to people, never computed with.", "type": ["string", "number", "boolean"]}


@dataclass(slots=True)
class Report:
    """Where the flaws of one file are gathered."""

    file: str
    flaws: list[Flaw] = field(default_factory=list)

    def flaw(self, mark: Mark, code: str, *, ko: str, en: str) -> None:
        self.flaws.append(Flaw(self.file, mark.line, mark.column, code, Text.said(ko=ko, en=en)))

    def wrong_type(self, node: Node, *, ko: str, en: str) -> None:
        """BP103: ``ko`` and ``en`` name what is expected."""
        self.flaw(node.mark, "BP103", ko=f"여기에는 {ko} 와야 합니다.", en=f"Write {en} here.")


class Shape(Protocol):
    """One sort of value."""

    def read(self, node: Node, report: Report) -> Any: ...

    def schema(self) -> Json: ...


def nearest(word: str, known: Iterable[str]) -> Text:
    """`` Did you mean x?`` with a leading blank, or nothing."""
    close = get_close_matches(word, list(known), n=1) if len(word) <= MOST_LETTERS else []
    return Text(ko=f" 혹시 ‘{close[0]}’입니까?", en=f" Did you mean {close[0]}?") if close else Text(ko="", en="")


@dataclass(frozen=True, slots=True)
class TextShape:
    """Any scalar but null, as written."""

    pattern: str = ".*"
    about: Text = _SOME_TEXT

    def read(self, node: Node, report: Report) -> str:
        said = isinstance(node, Scalar) and node.value is not None and node.text.strip()
        if isinstance(node, Scalar) and said and re.fullmatch(self.pattern, node.text, re.DOTALL):
            return node.text
        report.wrong_type(node, ko=self.about.ko, en=self.about.en)
        return ""

    def schema(self) -> Json:
        if self.pattern != ".*":
            return {"type": "string", "pattern": f"^(?:{self.pattern})$"}
        return {"type": ["string", "number", "boolean"], "minLength": 1}


@dataclass(frozen=True, slots=True)
class NameShape:
    """Small letters, digits, single hyphens, a letter first (a programme's may begin with a digit)."""

    digit_first: bool = False

    @property
    def pattern(self) -> str:
        return f"[a-z{'0-9' if self.digit_first else ''}][a-z0-9]*(?:-[a-z0-9]+)*"

    def read(self, node: Node, report: Report) -> str:
        if not isinstance(node, Scalar) or node.value is None:
            report.wrong_type(node, ko="이름이", en="a name")
            return ""
        self.check(node.text, node.mark, report)
        return node.text

    def check(self, text: str, mark: Mark, report: Report) -> None:
        if text in RESERVED:
            ko = f"‘{text}’은(는) 식에서 쓰는 낱말이라 이름이 될 수 없습니다. 다른 이름을 쓰세요."
            report.flaw(mark, "BP106", ko=ko, en=f"{text} is a word of expressions: choose another name.")
        elif not re.fullmatch(self.pattern, text):
            report.flaw(
                mark,
                "BP106",
                ko=f"‘{text}’은(는) 이름이 아닙니다. 영문 소문자로 시작해 소문자·숫자·하이픈(-) 하나씩만 쓰세요.",
                en=f"{text!r} is not a name: use small letters, digits and single hyphens, a letter first.",
            )

    def schema(self) -> Json:
        words: Json = {"type": "string", "pattern": f"^{self.pattern}$", "not": {"enum": sorted(RESERVED)}}
        return {"anyOf": [words, {"type": "integer", "minimum": 0}]} if self.digit_first else words


@dataclass(frozen=True, slots=True)
class WordShape:
    """One of the words allowed."""

    words: tuple[str, ...]

    def read(self, node: Node, report: Report) -> str:
        if not isinstance(node, Scalar) or node.value is None:
            report.wrong_type(node, ko=f"{_listed(self.words)} 중 하나가", en=f"one of {_listed(self.words)}")
            return self.words[0]
        if node.text not in self.words:
            hint = nearest(node.text, self.words)
            report.flaw(
                node.mark,
                "BP104",
                ko=f"‘{node.text}’은(는) 쓸 수 없습니다. {_listed(self.words)} 중 하나를 쓰세요.{hint.ko}",
                en=f"{node.text!r} is not allowed here: write one of {_listed(self.words)}.{hint.en}",
            )
        return node.text

    def schema(self) -> Json:
        return {"enum": list(self.words)}


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words)


@dataclass(frozen=True, slots=True)
class NumberShape:
    """A number from ``least`` to ``most``; ``whole`` ones are read as int."""

    whole: bool = True
    least: int | None = 0
    most: int | None = None

    def read(self, node: Node, report: Report) -> int | float:
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, bool) or not isinstance(value, int if self.whole else int | float):
            ko, en = ("정수가", "a whole number") if self.whole else ("숫자가", "a number")
            report.wrong_type(node, ko=ko, en=en)
            return 1
        low, high = self.least is not None and value < self.least, self.most is not None and value > self.most
        if low or high:
            self._out_of_range(node.mark, report)
        return value

    def _out_of_range(self, mark: Mark, report: Report) -> None:
        if self.most is None:
            ko, en = f"{self.least} 이상의", f"{self.least} or more"
        else:
            ko, en = f"{self.least}부터 {self.most}까지의", f"a number from {self.least} to {self.most}"
        report.flaw(mark, "BP105", ko=f"범위를 벗어났습니다. {ko} 수를 쓰세요.", en=f"Out of range: write {en}.")

    def schema(self) -> Json:
        bounds = {"minimum": self.least, "maximum": self.most}
        kind = "integer" if self.whole else "number"
        return {"type": kind, **{key: bound for key, bound in bounds.items() if bound is not None}}


@dataclass(frozen=True, slots=True)
class FlagShape:
    """``true`` or ``false``."""

    def read(self, node: Node, report: Report) -> bool:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        report.wrong_type(node, ko="true나 false가", en="true or false")
        return False

    def schema(self) -> Json:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A scalar with a grammar of its own. ``parse`` gives None for what it does not know: that is ``code``."""

    parse: Callable[[str], Any]
    code: str
    about: Text
    placeholder: Any
    pattern: str = ""

    def read(self, node: Node, report: Report) -> Any:
        if not isinstance(node, Scalar) or node.value is None:
            report.wrong_type(node, ko=self.about.ko, en=self.about.en)
            return self.placeholder
        parsed = self.parse(node.text)
        if parsed is None:
            ko = f"‘{node.text}’을(를) 읽을 수 없습니다. {self.about.ko} 와야 합니다."
            report.flaw(node.mark, self.code, ko=ko, en=f"{node.text!r} cannot be read: write {self.about.en}.")
            return self.placeholder
        return parsed

    def schema(self) -> Json:
        return {"type": ["string", "number"], **({"pattern": f"^(?:{self.pattern})$"} if self.pattern else {})}


@dataclass(frozen=True, slots=True)
class OrBind:
    """The shape, or the word ``bind``."""

    shape: Shape

    def read(self, node: Node, report: Report) -> Any:
        if isinstance(node, Scalar) and node.text == BIND:
            return BIND
        return self.shape.read(node, report)

    def schema(self) -> Json:
        bind: Json = {"const": str(BIND), "description": "The programme fills it in."}
        return {"anyOf": [self.shape.schema(), bind]}


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list of one shape; ``alone``: one may stand without brackets; ``distinct``: none stands twice."""

    of: Shape
    least: int = 0
    alone: bool = False
    distinct: Callable[[Any], Any] | None = None

    def read(self, node: Node, report: Report) -> tuple[Any, ...]:
        if isinstance(node, Sequence):
            return self._several(node, report)
        if self.alone and isinstance(node, Scalar):
            return (self.of.read(node, report),)
        report.wrong_type(node, ko="목록이", en="a list")
        return ()

    def _several(self, node: Sequence, report: Report) -> tuple[Any, ...]:
        if len(node.items) < self.least:
            ko, en = f"목록에 적어도 {self.least}개를 쓰세요.", f"List at least {self.least} here."
            report.flaw(node.mark, "BP105", ko=ko, en=en)
        values = tuple(self.of.read(item, report) for item in node.items)
        if self.distinct:
            self._twice(node, [self.distinct(value) for value in values], report)
        return values

    def _twice(self, node: Sequence, ids: list[Any], report: Report) -> None:
        seen: set[Any] = set()
        for item, id_ in zip(node.items, ids, strict=True):
            if id_ and id_ in seen:
                mark = _id_mark(item)
                ko, en = (
                    f"‘{id_}’이(가) 두 번 나옵니다. 하나를 바꾸거나 지우세요.",
                    f"{id_} stands twice: rename or remove one.",
                )
                report.flaw(mark, "BP107", ko=ko, en=en)
            seen.add(id_)

    def schema(self) -> Json:
        several: Json = {"type": "array", "items": self.of.schema()}
        if self.least:
            several["minItems"] = self.least
        return {"anyOf": [self.of.schema(), several]} if self.alone else several


def _id_mark(item: Node) -> Mark:
    """Where an item of a list says its id: the item itself, or its key ``id``, ``skill`` or only key."""
    if not isinstance(item, Table):
        return item.mark
    for key in ("id", "skill"):
        if key in item.entries:
            return item.entries[key].value.mark
    return item.mark


def itself(value: Any) -> Any:
    """For ``distinct``: a plain value is its own id."""
    return value


def by_key(key: str) -> Callable[[Any], Any]:
    """For ``distinct``: a record's id stands under ``key``."""
    return lambda value: value.get(key)


@dataclass(frozen=True, slots=True)
class TableShape:
    """``{name: value}`` with keys of the author's own; ``key`` None: any text."""

    of: Shape
    key: NameShape | None = None

    def read(self, node: Node, report: Report) -> dict[str, Any]:
        if not isinstance(node, Table):
            report.wrong_type(node, ko="‘이름: 값’ 묶음이", en="a mapping of names to values")
            return {}
        values: dict[str, Any] = {}
        for name, entry in node.entries.items():
            if name == NOTE and isinstance(entry.value, Scalar):
                TextShape().read(entry.value, report)
                continue
            if self.key:
                self.key.check(name, entry.mark, report)
            values[name] = self.of.read(entry.value, report)
        return values

    def schema(self) -> Json:
        names: Json = {"propertyNames": {"pattern": f"^{self.key.pattern}$"}} if self.key else {}
        return {"type": "object", "properties": {NOTE: True}, "additionalProperties": self.of.schema(), **names}
