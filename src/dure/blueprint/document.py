"""What a file says, with the place of every word: the tree between YAML and models, and the flaws found in it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dure.blueprint.model import Path
from dure.core.errors import Flawed
from dure.core.text import Text

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,30}")
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a file, counted from 1."""

    line: int
    column: int


_NOWHERE = Mark(0, 0)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One word or sentence: ``text`` as written, ``value`` as the language reads it. It stands in [mark, end)."""

    text: str
    plain: bool
    mark: Mark
    end: Mark = field(default=_NOWHERE, compare=False)

    @property
    def value(self) -> str | int | float | bool | None:
        """Quoted is text; only true, false, null, ~, whole numbers and decimals are anything else."""
        if not self.plain:
            return self.text
        if self.text in _WORDS:
            return _WORDS[self.text]
        if _WHOLE.fullmatch(self.text):
            return int(self.text)
        return float(self.text) if _DECIMAL.fullmatch(self.text) else self.text


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list; ``flow``: written in brackets."""

    items: tuple["Node", ...]
    mark: Mark
    end: Mark = field(default=_NOWHERE, compare=False)
    flow: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping, with the key's own place [mark, end)."""

    mark: Mark
    value: "Node"
    end: Mark = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping as written; keys are text whatever they look like. ``flow``: written in braces."""

    entries: Mapping[str, Entry]
    mark: Mark
    end: Mark = field(default=_NOWHERE, compare=False)
    flow: bool = field(default=False, compare=False)


Node = Scalar | Sequence | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is one mapping. A path is keys and list positions: ``("stages", 2, "gate")``."""

    file: str
    root: Table

    def find(self, path: Path) -> Node | None:
        """What stands at ``path``; None where the file says nothing."""
        node: Node | None = self.root
        for step in path:
            node = _step(node, step)
        return node

    def place(self, path: Path) -> Mark:
        """Where the value stands; for what is left out, the nearest mapping or list that lacks it."""
        for length in range(len(path), -1, -1):
            node = self.find(path[:length])
            if node is not None:
                return node.mark
        raise AssertionError("the root always stands")

    def key(self, path: Path) -> Mark:
        """Where the key itself stands; for what has no key, as ``place``."""
        holder = self.find(path[:-1])
        if isinstance(holder, Table) and path[-1] in holder.entries:
            return holder.entries[str(path[-1])].mark
        return self.place(path)


def _step(node: Node | None, step: str | int) -> Node | None:
    if isinstance(node, Table) and isinstance(step, str):
        entry = node.entries.get(step)
        return entry.value if entry else None
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong, where, and what to do about it. Columns are counted in characters."""

    file: str
    line: int
    column: int
    code: str
    text: Text

    def __str__(self) -> str:
        return self.say("en")

    def say(self, language: str) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.code}: {self.text[language]}"

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        return (self.file, self.line, self.column, self.code, self.text.en)

    def as_dict(self) -> dict[str, object]:
        place = {"file": self.file, "line": self.line, "column": self.column, "code": self.code}
        return {**place, "text": self.text.as_dict()}


def in_order(flaws: Iterable[Flaw]) -> list[Flaw]:
    """By place; the same thing said twice is said once."""
    return sorted(set(flaws), key=lambda flaw: flaw.order)


class Flaws(Flawed):
    """A file that is not sound; ``flaws`` are all of them, in order."""

    def __init__(self, flaws: list[Flaw]) -> None:
        self.flaws = flaws
        sentence = Text(
            ko="파일에 고칠 곳이 있습니다. 표시된 곳을 고친 뒤 다시 올리세요.\n"
            + "\n".join(f.say("ko") for f in flaws),
            en="The file is not sound. Correct these places and try again.\n" + "\n".join(f.say("en") for f in flaws),
        )
        super().__init__("blueprint.flawed", sentence, errors=[flaw.as_dict() for flaw in flaws])
