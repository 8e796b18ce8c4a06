"""Expressions of measures, duties and expectations (appendix H): a small parser of its own, exact arithmetic.

The same tree counts a rehearsal, a live programme and an agreement: what the functions count, ``Figures`` says.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, isfinite
from operator import eq, ge, gt, le, lt, ne
from typing import Literal, Protocol

from dure.blueprint.model import Blueprint, Measure
from dure.core.errors import Refused
from dure.core.text import Text

Figure = int | float | Fraction | None
Rounded = int | float | None
IT, PARTIES, MEASURE = "it", "parties", "measure"
ARGUMENTS: Mapping[str, int] = {
    **dict.fromkeys(("in", "pass", "out", "people", "late", "days", "hours", "items", "sum_hours"), 1),
    **dict.fromkeys(("options", "per_option", "money", "credential", "privilege", "published", "spawned"), 1),
    **dict.fromkeys(("provided", "uses", "holders", "lines", MEASURE), 1),
    **dict.fromkeys(("sum", "mean", "share"), 2),
}
MOST_LETTERS, MOST_DEPTH = 2000, 40

# --- the tree -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """A measure's id, ``parties`` or ``it``."""

    id: str


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Negative:
    of: "Expression"


@dataclass(frozen=True, slots=True)
class Chain:
    """``first`` and then, left to right, an operator and what it takes: one level of precedence."""

    first: "Expression"
    rest: tuple[tuple[str, "Expression"], ...]


Expression = Number | Name | Call | Negative | Chain
Comparator = Literal["=", "!=", ">", ">=", "<", "<="]


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Expression
    op: Comparator
    right: Expression


class Unreadable(Refused):
    """Not an expression; ``text`` says what is wrong with it."""

    def __init__(self, ko: str, en: str) -> None:
        super().__init__("expression.unreadable", Text.said(ko=ko, en=en))


# --- reading ------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w.])|(?P<name>[a-z][a-z0-9_]*(?:-[a-z0-9]+)*)"
    r"|(?P<sign>!=|>=|<=|[=<>+*/()-]))",
    re.ASCII,
)
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {"=": eq, "!=": ne, ">": gt, ">=": ge, "<": lt, "<=": le}


def parse(text: str) -> Expression | Comparison:
    """The tree of a comparison or a sum; raises ``Unreadable``."""
    return _Parser(text).whole()


def parse_comparison(text: str) -> Comparison:
    """As ``parse``, where only a comparison will do."""
    tree = parse(text)
    if not isinstance(tree, Comparison):
        raise Unreadable("비교식이어야 합니다. 예: pass(apply) >= 10", "Write a comparison, such as pass(apply) >= 10.")
    return tree


def parse_sum(text: str) -> Expression:
    """As ``parse``, where only a number will do."""
    tree = parse(text)
    if isinstance(tree, Comparison):
        raise Unreadable("비교가 아니라 수를 내는 식이어야 합니다.", "Write what gives a number, not a comparison.")
    return tree


class _Parser:
    """Recursive descent over one line; ``at`` is how far it has read."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0
        if len(text) > MOST_LETTERS:
            raise Unreadable("식이 너무 깁니다. 나누어 쓰세요.", "The expression is too long: split it into measures.")

    def whole(self) -> Expression | Comparison:
        left = self.sum()
        op = self.sign(*_COMPARE)
        tree = Comparison(left, op, self.sum()) if op else left  # type: ignore[arg-type] # one of _COMPARE
        if self.text[self.at :].strip():
            raise self.lost()
        return tree

    def sum(self) -> Expression:
        return self.chain(self.product, "+", "-")

    def product(self) -> Expression:
        return self.chain(self.factor, "*", "/")

    def chain(self, part: Callable[[], Expression], *operators: str) -> Expression:
        first, rest = part(), []
        while op := self.sign(*operators):
            rest.append((op, part()))
        return Chain(first, tuple(rest)) if rest else first

    def factor(self) -> Expression:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise Unreadable("괄호가 너무 깊습니다. 나누어 쓰세요.", "The brackets are nested too deep: split it.")
        tree = self.atom()
        self.depth -= 1
        return tree

    def atom(self) -> Expression:
        token = _TOKEN.match(self.text, self.at)
        if not token:
            raise self.lost()
        self.at = token.end()
        if token["number"]:
            return Number(Fraction(token["number"]))
        if token["name"]:
            return self.named(token["name"])
        if token["sign"] == "-":
            return Negative(self.factor())
        if token["sign"] != "(":
            self.at = token.start()
            raise self.lost()
        inner = self.sum()
        if not self.sign(")"):
            raise self.lost()
        return inner

    def named(self, name: str) -> Expression:
        if not self.sign("("):
            return Name(name)
        if name not in ARGUMENTS:
            known = ", ".join(ARGUMENTS)
            raise Unreadable(
                f"‘{name}’(이)라는 함수는 없습니다. 쓸 수 있는 함수: {known}.",
                f"There is no function {name}. Known functions: {known}.",
            )
        arguments = self.arguments(name)
        return Name(arguments[0]) if name == MEASURE else Call(name, arguments)

    def arguments(self, function: str) -> tuple[str, ...]:
        end = self.text.find(")", self.at)
        inside = self.text[self.at : end]
        arguments = tuple(part.strip() for part in inside.split(",", ARGUMENTS[function] - 1))
        if end < 0 or len(arguments) != ARGUMENTS[function] or not all(arguments):
            count = ARGUMENTS[function]
            raise Unreadable(
                f"{function}의 괄호 안에 값 {count}개를 쓰세요. 여럿이면 쉼표로 나눕니다.",
                f"{function} takes {count} argument{'s' if count > 1 else ''} between brackets.",
            )
        self.at = end + 1
        return arguments

    def sign(self, *signs: str) -> str | None:
        token = _TOKEN.match(self.text, self.at)
        if not token or token["sign"] not in signs:
            return None
        self.at = token.end()
        return token["sign"]

    def lost(self) -> Unreadable:
        rest = self.text[self.at :].strip()
        if not rest:
            return Unreadable("식이 끝나지 않았습니다. 나머지를 쓰세요.", "The expression stops short: write the rest.")
        return Unreadable(
            f"‘{rest[:20]}’부터 식으로 읽을 수 없습니다. 이 부분을 고치세요.",
            f"From {rest[:20]!r} on this is not an expression: correct it there.",
        )


# --- counting -----------------------------------------------------------------------------------------------


class Figures(Protocol):
    """What the functions count: a rehearsal, a programme or all that an agreement covers."""

    def call(self, function: str, arguments: tuple[str, ...]) -> Figure: ...

    def parties(self) -> int: ...

    def groups(self, stage: str, field: str, bands: tuple[int | float, ...]) -> Sequence[str]:
        """The values of the field among the stage's turns neither out nor withdrawn; ``..50`` … with bands."""
        ...

    def within(self, stage: str, field: str, value: str, bands: tuple[int | float, ...]) -> "Figures":
        """The same, counting only the turns and gives of the persons or cases with that value."""
        ...


@dataclass(frozen=True, slots=True)
class Checked:
    """A comparison and how it came out, as ``expect`` rows say it."""

    text: str
    left: Rounded
    right: Rounded
    holds: bool

    def as_dict(self) -> dict[str, object]:
        return {"text": self.text, "left": self.left, "right": self.right, "holds": self.holds}


def check(text: str, figures: Figures, measures: Iterable[Measure] = ()) -> Checked:
    """Whether a comparison holds; null on either side: it does not."""
    comparison = parse_comparison(text)
    count = _Count(figures, {measure.id: measure for measure in measures})
    left, right = rounded(count.value(comparison.left)), rounded(count.value(comparison.right))
    return Checked(text, left, right, holds(left, comparison.op, right))


def holds(left: Rounded, op: Comparator, right: Rounded) -> bool:
    """Null on either side: it does not."""
    return left is not None and right is not None and _COMPARE[op](left, right)


def measures_of(blueprint: Blueprint, figures: Figures) -> dict[str, Rounded]:
    """Every measure's value; one with ``by`` has one for each value: ``id[value]``."""
    known = {measure.id: measure for measure in blueprint.measures}
    whole = _Count(figures, known)
    values: dict[str, Rounded] = {}
    for measure in blueprint.measures:
        if measure.by is None:
            values[measure.id] = whole.measure(measure.id)
            continue
        tree, by = parse_sum(measure.expression), (measure.by.stage, measure.by.field)
        for value in figures.groups(*by, measure.bands):
            group = _Count(figures.within(*by, value, measure.bands), known, value, whole)
            values[f"{measure.id}[{value}]"] = rounded(group.value(tree))
    return values


def evaluate(expression: Expression, figures: Figures, measures: Iterable[Measure] = ()) -> Rounded:
    """A sum's value, rounded; null where something is missing or divided by zero."""
    return rounded(_Count(figures, {measure.id: measure for measure in measures}).value(expression))


def rounded(value: Fraction | None) -> Rounded:
    """To 3 decimals, half up; a whole result is an int."""
    if value is None:
        return None
    thousandths = floor(value * 1000 + Fraction(1, 2))
    return thousandths // 1000 if thousandths % 1000 == 0 else thousandths / 1000


class _Count:
    """One evaluation: over which figures, for which value of ``it``. Other measures count over the ``whole``."""

    def __init__(
        self, figures: Figures, measures: Mapping[str, Measure], it: str | None = None, whole: "_Count | None" = None
    ) -> None:
        self.figures, self.measures, self.it, self.whole = figures, measures, it, whole or self
        self.open: set[str] = set()

    def value(self, tree: Expression) -> Fraction | None:
        match tree:
            case Number():
                return tree.value
            case Name():
                return self.name(tree.id)
            case Call():
                arguments = tuple(self.it if self.it and a == IT else a for a in tree.arguments)
                return _exact(self.figures.call(tree.function, arguments))
            case Negative():
                value = self.value(tree.of)
                return None if value is None else -value
            case Chain():
                return self.chain(tree)

    def chain(self, tree: Chain) -> Fraction | None:
        total = self.value(tree.first)
        for op, part in tree.rest:
            value = self.value(part)
            if total is None or value is None or (op == "/" and value == 0):
                return None
            total = _applied(total, op, value)
        return total

    def name(self, id_: str) -> Fraction | None:
        if id_ == PARTIES:
            return Fraction(self.figures.parties())
        if id_ == IT:
            return Fraction(self.it) if self.it and re.fullmatch(r"-?\d+(\.\d+)?", self.it, re.ASCII) else None
        return _exact(self.whole.measure(id_))

    def measure(self, id_: str) -> Rounded:
        """Null where it is split ``by``; also for an id that is unknown or counted from itself, which lint refuses."""
        measure = self.measures.get(id_)
        if id_ in self.open or measure is None or measure.by is not None:
            return None
        self.open.add(id_)
        value = rounded(self.value(parse_sum(measure.expression)))
        self.open.remove(id_)
        return value


def _applied(left: Fraction, op: str, right: Fraction) -> Fraction:
    if op in "+-":
        return left + right if op == "+" else left - right
    return left * right if op == "*" else left / right


def _exact(value: Figure) -> Fraction | None:
    """A float counts as the decimal that it is written as."""
    if isinstance(value, float):
        return Fraction(repr(value)) if isfinite(value) else None
    return None if value is None else Fraction(value)
