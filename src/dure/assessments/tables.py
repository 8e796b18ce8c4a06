"""Questions as tables: a row a question, columns by name, every flaw with its cell; what goes out comes in the same.

Choices stand one a line, Korean and English apart; ``answer`` names right choices by their numbers from 1 (1, 3), or is
the number, or the accepted answers, one a line. An ordering question lists its choices in the right order. ``cases`` of
a program are JSON: [{"input": "1 2", "output": "3"}]. Skills are code=level, between commas.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import zip_longest

from dure.assessments.content import Case, Content, Flaws, Kind, flaws_of
from dure.core.flaws import Flaw, Rows, read_rows, written_in
from dure.core.text import Text

COLUMNS = ("key", "kind", "topic", "difficulty", "text_ko", "text_en", "choices_ko", "choices_en", "answer",
           "tolerance", "units", "cases", "seconds", "memory_mib", "starter", "why_ko", "why_en", "skills")  # fmt: skip
_KEY = Text(ko="key를 쓰세요(80자까지).", en="Write a key, of at most 80 letters.")
_TWICE = Text(ko="같은 key가 {row}행에 또 있습니다: {key}", en="Row {row} has the same key: {key}")
_KIND = Text(ko="kind는 {known} 가운데 하나입니다: {given}", en="A kind is one of {known}: {given}")
_TOPIC = Text(ko="topic을 쓰세요(80자까지).", en="Write a topic, of at most 80 letters.")
_DIFFICULTY = Text(ko="difficulty는 1부터 5까지입니다: {given}", en="A difficulty is from 1 to 5: {given}")
_NUMBER = Text(ko="수가 아닙니다: {given}", en="This is no number: {given}")
_WHOLE = Text(ko="정수를 쓰세요: {given}", en="Write a whole number: {given}")
_PLACES = Text(
    ko="정답 보기를 1부터 세는 번호로 쓰세요(예: 1, 3): {given}",
    en="Name right choices by their numbers, from 1 (1, 3): {given}",
)
_UNEVEN = Text(
    ko="한국어 보기는 {ko}개, 영어 보기는 {en}개입니다. 줄 수를 맞추세요.",
    en="There are {ko} choices in Korean and {en} in English. Write as many lines in both.",
)
_CASES = Text(
    ko='채점 사례를 [{{"input": "1 2", "output": "3"}}] 형식으로 쓰세요.',
    en='Cases are written as [{{"input": "1 2", "output": "3"}}].',
)
_SKILL = Text(
    ko="‘코드=수준(1~5)’을 쉼표로 나열하세요: {given}",
    en="Skills are listed as code=level (1 to 5), between commas: {given}",
)


@dataclass(frozen=True)
class Line:
    """One question as written. ``skills``: (code or taxonomy/code, level); None where the table does not say."""

    row: int
    key: str
    topic: str
    difficulty: int
    content: Content
    skills: tuple[tuple[str, int], ...] | None = None


def read_lines(header: Sequence[str], rows: Rows) -> tuple[list[Line], list[Flaw]]:
    """The questions of a table, and every flaw; of a row with flaws the line says what could be read of it."""
    sent = read_rows(header, rows, known=COLUMNS, needed=("key", "kind", "topic"), strip=False)
    lines, flaws, seen = list[Line](), sent.flaws, dict[str, int]()
    for number, cells in sent.rows:
        line, found = _read(number, cells)
        if seen.setdefault(line.key, number) != number and line.key:
            found = [*found, ("key", _TWICE.format(row=seen[line.key], key=line.key))]
        flaws += [Flaw(number, text, column) for column, text in found]
        lines.append(line)
    return lines, flaws


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


def _read(number: int, row: Mapping[str, str]) -> tuple[Line, Flaws]:
    key, topic = row["key"].strip(), row["topic"].strip()
    kind, difficulty = row["kind"].strip(), row.get("difficulty", "").strip() or "3"
    flaws = [] if 0 < len(key) <= 80 else [("key", _KEY)]
    flaws += [] if 0 < len(topic) <= 80 else [("topic", _TOPIC)]
    if (level := _level(difficulty)) is None:
        flaws.append(("difficulty", _DIFFICULTY.format(given=difficulty[:80])))
    known = kind in set(Kind)
    if not known:
        flaws.append(("kind", _KIND.format(known=", ".join(Kind), given=kind[:80])))
    content, skills, found = read_question(Kind(kind) if known else Kind.SHORT, row)
    flaws += [(column, text) for column, text in found if known or column != "answer"]
    return Line(number, key, topic, level or 3, content, skills if "skills" in row else None), flaws


def read_question(kind: Kind, row: Mapping[str, str]) -> tuple[Content, tuple[tuple[str, int], ...], Flaws]:
    """What cells, or the fields of a form, write down: content and skills, and what is wrong with either.

    What belongs to other kinds is passed over. Where there are flaws, the content is for naming further ones only.
    """
    cells = _Cells(row)
    content, skills = cells.content(kind), cells.skills()
    unread = {column for column, _ in cells.flaws}
    found = [(column, text) for column, text in flaws_of(content) if column not in unread]
    placed = [(written_in(row, column[:-3]) if column.endswith("_ko") else column, text) for column, text in found]
    return content, skills, [*cells.flaws, *placed]


class _Cells:
    """Cells as a question's parts; one that cannot be read is told in ``flaws`` and counts as empty."""

    def __init__(self, row: Mapping[str, str]) -> None:
        self.row = {name: cell.replace("\r\n", "\n") for name, cell in row.items()}
        self.flaws: list[tuple[str, Text]] = []

    def content(self, kind: Kind) -> Content:
        base = Content(kind, self.both("text"), why=self.both("why"))
        if kind.has_choices:
            return replace(base, choices=self.choices(), right=() if kind is Kind.ORDERING else self.right())
        if kind is Kind.NUMERIC:
            tolerance, units = self.number("tolerance") or Decimal(0), _listed(self.cell("units"))
            return replace(base, value=self.number("answer"), tolerance=tolerance, units=units)
        if kind is Kind.SHORT:
            return replace(base, accepted=_lines(self.cell("answer")))
        seconds, mib = self.whole("seconds", 2), self.whole("memory_mib", 256)
        return replace(base, cases=self.cases(), seconds=seconds, mib=mib, starter=self.cell("starter").strip("\n"))

    def cell(self, name: str) -> str:
        return self.row.get(name, "")

    def wrong(self, name: str, text: Text) -> None:
        self.flaws.append((name, text.format(given=self.cell(name).strip()[:80])))

    def both(self, name: str) -> Text:
        return Text(ko=self.cell(f"{name}_ko").strip(), en=self.cell(f"{name}_en").strip())

    def choices(self) -> tuple[Text, ...]:
        korean, english = _lines(self.cell("choices_ko")), _lines(self.cell("choices_en"))
        if korean and english and len(korean) != len(english):
            self.flaws.append(("choices_en", _UNEVEN.format(ko=len(korean), en=len(english))))
        pairs = zip_longest(korean or english, english or korean, fillvalue="")
        return tuple(Text(ko=ko, en=en) for ko, en in pairs)

    def right(self) -> tuple[int, ...]:
        written = _listed(self.cell("answer"))
        if not all(one.isdecimal() and 0 < int(one[:4]) < 1000 for one in written):
            self.wrong("answer", _PLACES)
            return ()
        return tuple(sorted({int(one) - 1 for one in written}))

    def number(self, name: str) -> Decimal | None:
        written = self.cell(name).strip()
        found = _decimal(written)
        if written and found is None:
            self.wrong(name, _NUMBER)
        return found

    def whole(self, name: str, usual: int) -> int:
        found = self.number(name)
        if found is not None and found != int(found):
            self.wrong(name, _WHOLE)
        return usual if found is None else int(found)

    def cases(self) -> tuple[Case, ...]:
        written = self.cell("cases").strip()
        try:
            told = json.loads(written) if written else []
            return tuple(Case(input=str(one["input"]), output=str(one["output"])) for one in told)
        except (ValueError, TypeError, KeyError, RecursionError):
            self.wrong("cases", _CASES)
            return ()

    def skills(self) -> tuple[tuple[str, int], ...]:
        found = dict[str, int]()
        for written in _listed(self.cell("skills")):
            code, _, level = written.rpartition("=")
            if code.strip() and (reached := _level(level.strip())):
                found[code.strip()] = reached
            else:
                self.flaws.append(("skills", _SKILL.format(given=written[:80])))
        return tuple(found.items())


def _decimal(written: str) -> Decimal | None:
    try:
        number = Decimal(written.replace(",", ""))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= Decimal("1e30") or len(f"{number:f}") > 60:
        return None
    return number


def _level(written: str) -> int | None:
    """Of a skill, or a difficulty."""
    return int(written) if written in {"1", "2", "3", "4", "5"} else None


def _lines(cell: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in cell.split("\n") if line.strip())


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(",") if part.strip())
