"""Rubrics: written as plain text, read to criteria with their levels, and marks checked against them.

? Idea || 아이디어
= 5 Clear and new || 명확하고 새로움
= 3 Clear || 명확함
= 0 Not to be seen || 보이지 않음

``?`` begins a criterion, ``=`` a level of it with its points first; what stands after ``||`` is the Korean. Any points
up to the highest level may be given, with one decimal: so the mean of two graders is exact with two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from dure.core.errors import Flawed
from dure.core.text import Text

MOST_CRITERIA, MOST_LEVELS, MOST_POINTS = 20, 10, 1000
GIVEN, COUNTED = Decimal("0.1"), Decimal("0.01")  # as fine as graders give points, and as means of them are
_FLAWED = Text(ko="평가표의 {n}곳을 고쳐 주세요.", en="Correct {n} places of the rubric.")
_LINE = Text(ko="{line}행은 ? 또는 =로 시작해야 합니다.", en="Line {line} must begin with ? or =.")
_FIRST = Text(ko="{line}행 앞에 ?로 시작하는 평가 항목이 없습니다.", en="No criterion (?) stands before line {line}.")
_LEVEL = Text(
    ko="{line}행은 ‘= 5 설명’처럼 점수(0~1000, 소수점 첫째 자리까지)를 먼저 쓰세요.",
    en="Line {line} begins with points, as = 5 Clear: from 0 to 1000, with at most one decimal.",
)
_NO_POINTS = Text(
    ko="‘{name}’ 항목에 0점보다 높은 수준이 없습니다.", en="The criterion {name} has no level above 0 points."
)
_EMPTY = Text(ko="평가 항목을 하나 이상 쓰세요.", en="Write one criterion or more.")
_MANY = Text(
    ko="평가 항목은 {criteria}개, 항목마다 수준은 {levels}개까지입니다.",
    en="A rubric has at most {criteria} criteria of {levels} levels.",
)
_WRONG = Text(
    ko="‘{name}’ 점수는 0부터 {most}까지, {step}점 단위입니다.",
    en="{name}: from 0 to {most} points, in steps of {step}.",
)
_MISSING = Text(ko="‘{name}’ 점수를 입력하세요.", en="{name}: give points.")
_MARKS = Text(ko="점수 {n}곳을 고쳐 주세요.", en="Correct {n} of the points.")


@dataclass(frozen=True)
class Level:
    points: Decimal
    text: Text


@dataclass(frozen=True)
class Criterion:
    """``key`` is its place in its rubric: c1, c2 and so on."""

    key: str
    text: Text
    levels: tuple[Level, ...]

    @property
    def most(self) -> Decimal:
        return max(level.points for level in self.levels)


@dataclass(frozen=True)
class Rubric:
    criteria: tuple[Criterion, ...]

    @property
    def most(self) -> Decimal:
        return sum((one.most for one in self.criteria), Decimal(0))


@lru_cache(maxsize=256)
def read_rubric(written: str) -> Rubric:
    """Raises Flawed("rubric.flawed") with every flaw."""
    heads, levels, flaws = list[Text](), list[list[Level]](), list[Text]()
    for number, line in enumerate(written.splitlines(), start=1):
        sign, rest = line.strip()[:1], line.strip()[1:].strip()
        if sign == "?" and rest:
            heads.append(_both(rest))
            levels.append([])
        elif sign == "=" and not heads:
            flaws.append(_FIRST.format(line=number))
        elif sign == "=" and (level := _level(rest)):
            levels[-1].append(level)
        elif sign:
            flaws.append(_LEVEL.format(line=number) if sign == "=" else _LINE.format(line=number))
    flaws += _lacks(heads, levels) if not flaws else []
    if flaws:
        raise _flawed("rubric.flawed", _FLAWED, flaws)
    named = enumerate(zip(heads, levels, strict=True), start=1)
    return Rubric(tuple(Criterion(f"c{at}", text, tuple(found)) for at, (text, found) in named))


def _lacks(heads: Sequence[Text], levels: Sequence[Sequence[Level]]) -> list[Text]:
    if not heads:
        return [_EMPTY]
    if len(heads) > MOST_CRITERIA or any(len(found) > MOST_LEVELS for found in levels):
        return [_MANY.format(criteria=MOST_CRITERIA, levels=MOST_LEVELS)]
    pairs = zip(heads, levels, strict=True)
    return [_NO_POINTS.format(name=name) for name, found in pairs if not any(level.points for level in found)]


def _level(written: str) -> Level | None:
    first, _, rest = written.partition(" ")
    points = points_of(first)
    return Level(points, _both(rest.strip())) if points is not None and points <= MOST_POINTS else None


def _both(written: str) -> Text:
    english, _, korean = (part.strip() for part in written.partition("||"))
    return Text(ko=korean or english, en=english or korean)


def points_of(written: object, *, step: Decimal = GIVEN) -> Decimal | None:
    """Points as somebody wrote them: not negative and in whole steps; None where they are no such number."""
    try:
        found = Decimal(str(written).strip())
        return found if 0 <= found <= MOST_POINTS * MOST_CRITERIA and found == found.quantize(step) else None
    except InvalidOperation:
        return None


def taken(
    rubric: Rubric, given: Mapping[str, object], *, whole: bool = False, step: Decimal = GIVEN
) -> dict[str, Decimal]:
    """Marks as they are kept: points of the rubric's own criteria. ``whole``: none may be missing.

    Raises Flawed("marks.flawed") with every flaw and, as its field, the criterion.
    """
    found, flaws = dict[str, Decimal](), list[tuple[str, Text]]()
    for one in rubric.criteria:
        written = given.get(one.key)
        points = points_of(written, step=step)
        if written is None or written == "":
            flaws += [(one.key, _MISSING.format(name=one.text))] if whole else []
        elif points is None or points > one.most:
            flaws.append((one.key, _WRONG.format(name=one.text, most=f"{one.most.normalize():f}", step=step)))
        else:
            found[one.key] = points
    if flaws:
        errors = [{"field": key, "text": text.as_dict()} for key, text in flaws]
        raise Flawed("marks.flawed", _MARKS.format(n=len(flaws)), errors=errors)
    return found


def _flawed(code: str, text: Text, flaws: Sequence[Text]) -> Flawed:
    return Flawed(code, text.format(n=len(flaws)), errors=[{"text": flaw.as_dict()} for flaw in flaws])
