"""Questions as tables: a row a question, columns by name, every flaw with its row; what goes out comes in the same.

Choices stand one a line, Korean and English apart; ``answer`` names right choices by their numbers from 1 (1, 3), or is
the number, or the accepted answers, one a line. An ordering question lists its choices in the right order. ``cases`` of
a program are JSON: [{"input": "1 2", "output": "3"}]. Skills are code=level, between commas.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from dure.assessments.content import Case, Content, Kind, flaws_of
from dure.core.errors import Flawed
from dure.core.text import Text

COLUMNS = ("key", "kind", "topic", "difficulty", "text_ko", "text_en", "choices_ko", "choices_en", "answer",
           "tolerance", "units", "cases", "seconds", "memory_mib", "starter", "why_ko", "why_en", "skills")  # fmt: skip
Rows = Sequence[tuple[int, list[str]]]
_FLAWED = Text(
    ko="{n}곳을 고쳐야 합니다. 아무것도 들어가지 않았습니다. 고친 파일을 다시 올리세요.",
    en="{n} places must be corrected. Nothing was taken in: send the corrected file again.",
)
_COLUMN = Text(ko="모르는 열입니다: {name}", en="No such column: {name}")
_LACKS = Text(ko="열이 없습니다: {name}", en="The column is missing: {name}")
_KEY = Text(ko="key를 쓰세요(80자까지).", en="Write a key, of at most 80 letters.")
_TWICE = Text(ko="같은 key가 {row}행에 또 있습니다: {key}", en="Row {row} has the same key: {key}")
_KIND = Text(ko="kind는 {known} 가운데 하나입니다: {given}", en="A kind is one of {known}: {given}")
_TOPIC = Text(ko="topic을 쓰세요(80자까지).", en="Write a topic, of at most 80 letters.")
_DIFFICULTY = Text(ko="difficulty는 1부터 5까지입니다: {given}", en="A difficulty is from 1 to 5: {given}")
_NUMBER = Text(ko="수가 아닙니다: {given}", en="This is no number: {given}")
_PLACES = Text(
    ko="answer는 정답 보기의 번호입니다(예: 1, 3): {given}",
    en="An answer names right choices by their numbers (1, 3): {given}",
)
_UNEVEN = Text(
    ko="choices_ko와 choices_en의 줄 수가 다릅니다.", en="choices_ko and choices_en have different numbers of lines."
)
_CASES = Text(
    ko='cases는 [{{"input": "1 2", "output": "3"}}] 형식입니다.',
    en='Cases are written as [{{"input": "1 2", "output": "3"}}].',
)
_SKILL = Text(
    ko="skills는 ‘코드=수준(1~5)’을 쉼표로 나열합니다: {given}",
    en="Skills are listed as code=level (1 to 5), between commas: {given}",
)


class _Wrong(ValueError):  # noqa: N818 -- a finding, told to whoever wrote it
    """A cell that cannot be read; its sentence."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True)
class Line:
    """One question as written. ``skills``: (code or taxonomy/code, level); None where the table does not say."""

    row: int
    key: str
    topic: str
    difficulty: int
    content: Content
    skills: tuple[tuple[str, int], ...] | None = None


def read_lines(header: Sequence[str], rows: Rows) -> list[Line]:
    """The questions of a table. Raises Flawed with every flaw and its row: all rows are taken in, or none."""
    names = [name.strip().lower() for name in header]
    flaws = list(_head_flaws(names))
    lines: dict[str, Line] = {}
    for number, cells in [] if flaws else rows:
        row = {name: cell.replace("\r\n", "\n") for name, cell in zip(names, cells, strict=False) if name}
        found, line = _read(number, row)
        if line and line.key in lines:
            found = [_TWICE.format(row=lines[line.key].row, key=line.key)]
        flaws += [(number, text) for text in found]
        if line and not found:
            lines[line.key] = line
    raise_flaws(flaws)
    return list(lines.values())


def raise_flaws(flaws: Sequence[tuple[int, Text]]) -> None:
    if flaws:
        errors = [{"row": row, "text": text.as_dict()} for row, text in flaws]
        raise Flawed("table.flawed", _FLAWED.format(n=len(flaws)), errors=errors)


def cells_of(line: Line) -> list[str | int]:
    """The row of a question, as ``read_lines`` reads it back."""
    content = line.content
    numbered = ", ".join(str(place + 1) for place in sorted(content.right))
    answer = {Kind.NUMERIC: _told(content.value), Kind.SHORT: "\n".join(content.accepted)}.get(content.kind, numbered)
    is_code, is_number = content.kind is Kind.CODE, content.kind is Kind.NUMERIC
    cases = json.dumps([{"input": one.input, "output": one.output} for one in content.cases], ensure_ascii=False)
    skills = ", ".join(f"{code}={level}" for code, level in line.skills or ())
    return [
        line.key, content.kind.value, line.topic, line.difficulty, content.text.ko, content.text.en,
        "\n".join(one.ko for one in content.choices), "\n".join(one.en for one in content.choices), answer,
        _told(content.tolerance) if is_number else "", ", ".join(content.units), cases if is_code else "",
        content.seconds if is_code else "", content.mib if is_code else "", content.starter, content.why.ko,
        content.why.en, skills,
    ]  # fmt: skip


def _told(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"


def _head_flaws(names: Sequence[str]) -> Iterator[tuple[int, Text]]:
    yield from ((1, _COLUMN.format(name=name)) for name in names if name and name not in COLUMNS)
    yield from ((1, _LACKS.format(name=name)) for name in ("key", "kind", "topic") if name not in names)


def _read(number: int, row: Mapping[str, str]) -> tuple[list[Text], Line | None]:
    key, kind = row.get("key", "").strip(), row.get("kind", "").strip()
    topic, difficulty = row.get("topic", "").strip(), row.get("difficulty", "").strip() or "3"
    flaws = [] if 0 < len(key) <= 80 else [_KEY]
    flaws += [] if 0 < len(topic) <= 80 else [_TOPIC]
    flaws += [] if difficulty in {"1", "2", "3", "4", "5"} else [_DIFFICULTY.format(given=difficulty)]
    if kind not in set(Kind):
        return [*flaws, _KIND.format(known=", ".join(Kind), given=kind)], None
    try:
        content, skills = content_of(Kind(kind), row), _skills(row.get("skills"))
    except _Wrong as wrong:
        return [*flaws, wrong.text], None
    flaws += flaws_of(content)
    return flaws, None if flaws else Line(number, key, topic, int(difficulty), content, skills)


def content_of(kind: Kind, row: Mapping[str, str]) -> Content:
    """The content that cells, or the fields of a form, write down; what belongs to other sorts is passed over."""
    base = Content(
        kind, Text(ko=row.get("text_ko", "").strip(), en=row.get("text_en", "").strip()),
        why=Text(ko=row.get("why_ko", "").strip(), en=row.get("why_en", "").strip()),
    )  # fmt: skip
    answer = row.get("answer", "")
    if kind.has_choices:
        right = () if kind is Kind.ORDERING else _right(answer)
        return replace(base, choices=_choices(row), right=right)
    if kind is Kind.NUMERIC:
        value, tolerance = _decimal(answer), _decimal(row.get("tolerance", ""))
        return replace(base, value=value, tolerance=tolerance or Decimal(0), units=_listed(row.get("units", "")))
    if kind is Kind.SHORT:
        return replace(base, accepted=_lines(answer))
    seconds, mib = (int(_decimal(row.get(name, "")) or usual) for name, usual in (("seconds", 2), ("memory_mib", 256)))
    starter = row.get("starter", "").strip("\n")
    return replace(base, cases=_cases(row.get("cases", "")), seconds=seconds, mib=mib, starter=starter)


def read_content(kind: Kind, row: Mapping[str, str]) -> Content:
    """``content_of`` for one question alone. Raises Flawed where a field cannot be read."""
    try:
        return content_of(kind, row)
    except _Wrong as wrong:
        raise Flawed("question.flawed", wrong.text, errors=[{"text": wrong.text.as_dict()}]) from None


def _choices(row: Mapping[str, str]) -> tuple[Text, ...]:
    korean, english = _lines(row.get("choices_ko", "")), _lines(row.get("choices_en", ""))
    if korean and english and len(korean) != len(english):
        raise _Wrong(_UNEVEN)
    return tuple(Text(ko=ko, en=en) for ko, en in zip(korean or english, english or korean, strict=True))


def _right(answer: str) -> tuple[int, ...]:
    written = _listed(answer)
    if not all(one.isdecimal() and 0 < int(one) <= 20 for one in written):
        raise _Wrong(_PLACES.format(given=answer[:80]))
    return tuple(sorted({int(one) - 1 for one in written}))


def _decimal(written: str) -> Decimal | None:
    if not written.strip():
        return None
    try:
        number = Decimal(written.strip().replace(",", ""))
    except InvalidOperation:
        raise _Wrong(_NUMBER.format(given=written[:80])) from None
    if not number.is_finite() or abs(number) >= Decimal("1e30") or len(f"{number:f}") > 60:
        raise _Wrong(_NUMBER.format(given=written[:80]))
    return number


def _cases(written: str) -> tuple[Case, ...]:
    try:
        told = json.loads(written) if written.strip() else []
        return tuple(Case(input=str(one["input"]), output=str(one["output"])) for one in told)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _Wrong(_CASES.format()) from None


def _skills(cell: str | None) -> tuple[tuple[str, int], ...] | None:
    if cell is None:
        return None
    found = []
    for written in _listed(cell):
        code, _, level = written.rpartition("=")
        if not code or level not in {"1", "2", "3", "4", "5"}:
            raise _Wrong(_SKILL.format(given=written[:80]))
        found.append((code.strip(), int(level)))
    return tuple(dict(found).items())


def read_skills(cell: str) -> tuple[tuple[str, int], ...]:
    """Skills as a form has them. Raises Flawed."""
    try:
        return _skills(cell) or ()
    except _Wrong as wrong:
        raise Flawed("question.flawed", wrong.text, errors=[{"text": wrong.text.as_dict()}]) from None


def _lines(cell: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in cell.split("\n") if line.strip())


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(",") if part.strip())
