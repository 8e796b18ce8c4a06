"""What a taxonomy's files say, whatever their shape; rows are read with their number, so that flaws name them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from dure.core.errors import Flawed, Missing
from dure.core.text import Text

Files = Mapping[str, bytes]
LONGEST_CODE, LONGEST_NAME = 80, 200
_NO_FILE = Text(
    ko="‘{name}’ 파일이 없습니다. 추가한 뒤 다시 시도하세요.", en="{name} is missing. Add it and try again."
)
_UTF8 = Text(
    ko="‘{name}’을(를) UTF-8로 읽을 수 없습니다. UTF-8 CSV로 저장해 다시 올리세요.",
    en="{name} is not UTF-8. Save it as CSV in UTF-8 and send it again.",
)
_COLUMN = Text(ko="‘{column}’ 열이 없습니다.", en="The column {column} is missing.")
_EMPTY = Text(ko="‘{column}’을(를) 채우세요.", en="Fill in {column}.")
_LONG = Text(ko="‘{column}’은(는) {most}자까지입니다.", en="{column} has at most {most} letters.")
_TWICE = Text(ko="같은 코드가 {row}행에도 있습니다: {code}", en="Row {row} has the same code: {code}")
_UNKNOWN = Text(ko="목록에 없는 코드입니다: {code}", en="There is no such code: {code}")
_RANGE = Text(
    ko="‘{column}’은(는) {low}에서 {high}까지의 수여야 합니다: {given}",
    en="{column} is a number from {low} to {high}: {given}",
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong in a row of a file (row 1 is its header)."""

    file: str
    row: int
    text: Text

    def as_dict(self) -> dict[str, object]:
        return {"file": self.file, "row": self.row, **self.text.as_dict()}


@dataclass(frozen=True, slots=True)
class About:
    """The taxonomy itself: its key, its title and licence, and the line that is shown with its words."""

    key: str
    title: Text
    licence: str = ""
    attribution: Text = field(default_factory=lambda: Text(ko="", en=""))
    address: str = ""


@dataclass(frozen=True, slots=True)
class SkillRecord:
    """``broader`` is the code of the group; ``levels`` say what somebody does at 1 to 5, in both languages."""

    code: str
    name: Text
    description: Text = field(default_factory=lambda: Text(ko="", en=""))
    kind: str = "skill"
    broader: str = ""
    uri: str = ""
    levels: Mapping[int, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoleRecord:
    """``titles``: other names, one a line."""

    code: str
    name: Text
    description: Text = field(default_factory=lambda: Text(ko="", en=""))
    uri: str = ""
    titles: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """That a role asks for a skill, by their codes."""

    role: str
    skill: str
    level: int
    weight: int


@dataclass
class Read:
    """Everything that one edition says. ``flaws`` lists what cannot be taken in; ``sha256`` is that of all files."""

    about: About
    sha256: str
    skills: dict[str, SkillRecord] = field(default_factory=dict)
    roles: dict[str, RoleRecord] = field(default_factory=dict)
    asks: dict[tuple[str, str], Ask] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file; ``[column]`` is its text without space around it."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


class Reader:
    """One file of an edition: its rows, and the flaws that are found in them."""

    def __init__(self, read: Read, files: Files, name: str, columns: Sequence[str]) -> None:
        if name not in files:
            raise Missing("taxonomy.file", _NO_FILE.format(name=name))
        self.flaws, self.name = read.flaws, name
        self._first: dict[str, int] = {}
        try:
            text = files[name].decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Flawed("taxonomy.encoding", _UTF8.format(name=name)) from None
        self._rows = csv.DictReader(io.StringIO(text, newline=""), restval="")
        missing = [column for column in columns if column not in (self._rows.fieldnames or ())]
        for column in missing:
            self.flaw(1, _COLUMN.format(column=column))
        self._sound = not missing

    def __iter__(self) -> Iterator[Row]:
        if not self._sound:
            return
        for number, cells in enumerate(self._rows, start=2):
            told = {name: (text or "").strip() for name, text in cells.items() if name is not None}
            if any(told.values()):
                yield Row(number, told)

    def flaw(self, row: int, text: Text) -> None:
        self.flaws.append(Flaw(self.name, row, text))

    def is_named(self, row: Row, code: str, *names: str) -> bool:
        """Whether a row has a code of its own and a name, neither too long; what is not so is a flaw."""
        given = row[code]
        wrong = _lacks(row, code, names) or _too_long(row, code, names)
        if not wrong and given in self._first:
            wrong = _TWICE.format(row=self._first[given], code=given)
        if wrong:
            self.flaw(row.number, wrong)
            return False
        self._first[given] = row.number
        return True

    def knows(self, row: Row, column: str, known: Mapping[str, object]) -> bool:
        if row[column] in known:
            return True
        self.flaw(row.number, _UNKNOWN.format(code=row[column]))
        return False

    def number(self, row: Row, column: str, *, low: int, high: int) -> float | None:
        """The number of a column, or None with a flaw."""
        try:
            given = float(row[column])
        except ValueError:
            given = float("nan")
        if low <= given <= high:
            return given
        self.flaw(row.number, _RANGE.format(column=column, low=low, high=high, given=row[column] or "–"))
        return None


def _lacks(row: Row, code: str, names: Sequence[str]) -> Text | None:
    if not row[code]:
        return _EMPTY.format(column=code)
    return None if any(row[name] for name in names) else _EMPTY.format(column=names[0])


def _too_long(row: Row, code: str, names: Sequence[str]) -> Text | None:
    if len(row[code]) > LONGEST_CODE:
        return _LONG.format(column=code, most=LONGEST_CODE)
    return next((_LONG.format(column=name, most=LONGEST_NAME) for name in names if len(row[name]) > LONGEST_NAME), None)


def hash_of(files: Files) -> str:
    """Of all files by name: the same files give the same, whatever folder they lie in."""
    told = sha256()
    for name in sorted(files):
        told.update(f"{name}\0{len(files[name])}\0".encode())
        told.update(files[name])
    return told.hexdigest()


def files_in(folder: Path) -> dict[str, bytes]:
    """The CSV and JSON files of a folder by name. Raises Missing where it is none."""
    if not folder.is_dir():
        raise Missing("taxonomy.folder", _NO_FILE.format(name=folder))
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in {".csv", ".json"}}
