"""A file's text with its tree over it: where in the text a node, a line or a list's item stands."""

import json
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from dure.blueprint.document import Document, Flaws, Mark, Node, Scalar, Sequence, Table
from dure.blueprint.model import Path
from dure.blueprint.yaml import BREAK, read_document

Plain = str | list["Plain"] | dict[str, "Plain"]
"""What a node says: a scalar's text, a list, or a mapping; no places, no quotes."""
STEP = 2
SMALL = 64 * 1024  # letters of a text that is remembered once read


class Span(NamedTuple):
    """A part of the text, [start, end)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """``starts``: where each line begins."""

    text: str
    document: Document
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Sheet":
        """Raises ``Flaws`` where the text cannot be read (BP0)."""
        return _read_once(text) if len(text) < SMALL else _read(text)

    def at(self, mark: Mark) -> int:
        return self.starts[mark.line - 1] + mark.column - 1

    def span(self, node: Node) -> Span:
        """Where a node stands, without what follows it."""
        start = self.at(node.mark)
        return Span(start, max(start, len(self.text[: self.at(node.end)].rstrip())))

    def key(self, table: Table, name: str) -> Span:
        entry = table.entries[name]
        return Span(self.at(entry.mark), self.at(entry.end))

    def entry(self, table: Table, name: str) -> Span:
        """A key with its value."""
        key, value = self.key(table, name), self.span(table.entries[name].value)
        return Span(key.start, max(key.end, value.end))

    def line_start(self, position: int) -> int:
        return self.starts[bisect_right(self.starts, position) - 1]

    def line_end(self, position: int) -> int:
        """Where the line ends, before its break."""
        found = BREAK.search(self.text, position)
        return found.start() if found else len(self.text)

    def dash(self, items: Sequence, at: int) -> int:
        """Where the dash of a list's item stands."""
        column = items.mark.column
        for line in range(items.items[at].mark.line, 0, -1):
            position = self.starts[line - 1] + column - 1
            if self.text[position : position + 1] == "-" and (at == 0 or self.begins_line(position)):
                return position
        return self.at(items.mark)

    def begins_line(self, position: int) -> bool:
        return not self.text[self.line_start(position) : position].strip()

    def item(self, items: Sequence, at: int) -> Span:
        """An item from its dash to the end of its last line; in brackets, the item alone."""
        own = self.span(items.items[at])
        return own if items.flow else Span(self.dash(items, at), self.line_end(own.end))

    def spliced(self, span: Span, by: str) -> str:
        return f"{self.text[: span.start]}{by}{self.text[span.end :]}"


def _read(text: str) -> Sheet:
    starts = (0, *(found.end() for found in BREAK.finditer(text)))
    return Sheet(text, read_document(text.encode(), "-"), starts)


_read_once = lru_cache(maxsize=32)(_read)  # one change reads the same text several times


def plain(node: Node) -> Plain:
    if isinstance(node, Table):
        return {name: plain(entry.value) for name, entry in node.entries.items()}
    return [plain(item) for item in node.items] if isinstance(node, Sequence) else node.text


def plain_at(text: str, path: Path) -> Plain | None:
    """What stands at ``path``; None where the file says nothing."""
    node = Sheet.of(text).document.find(path)
    return None if node is None else plain(node)


def source_at(text: str, path: Path) -> str:
    """The YAML that stands at ``path``, its lines moved to the left; empty where there is none."""
    return source_on(Sheet.of(text), path)


def source_on(sheet: Sheet, path: Path) -> str:
    """As ``source_at``, of a text that has been read."""
    node = sheet.document.find(path)
    if node is None:
        return ""
    first, *rest = BREAK.split(sheet.text[slice(*sheet.span(node))])
    margin = re.compile(f" {{0,{node.mark.column - 1}}}")
    return "\n".join([first, *(margin.sub("", line, count=1) for line in rest)])


# --- writing ------------------------------------------------------------------------------------------------


def scalar(text: str, *, quoted: bool = False) -> str:
    """``text`` as a scalar: without quotes wherever it reads the same."""
    return text if not quoted and _reads_plain(text) else json.dumps(text, ensure_ascii=False)


def _reads_plain(text: str) -> bool:
    try:
        value = read_document(f"v: [{text}]".encode(), "-").find(("v", 0))
        whole = read_document(f"v: {text}".encode(), "-").find(("v",))
    except Flaws:
        return False
    fits = [node for node in (value, whole) if isinstance(node, Scalar) and node.plain and node.text == text]
    return len(fits) == 2 and fits[0].value is not None


def flow(value: Plain) -> str:
    """On one line."""
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return f"{{{', '.join(f'{scalar(name)}: {flow(one)}' for name, one in value.items())}}}"


def entry(name: str, value: Plain, indent: int) -> str:
    """``name: value`` for a mapping at ``indent``; a list of mappings goes under it, item by item."""
    if isinstance(value, list) and value and any(isinstance(one, dict) for one in value):
        return "\n".join([f"{scalar(name)}:", *(" " * (indent + STEP) + item(one, indent + STEP) for one in value)])
    return f"{scalar(name)}: {flow(value)}"


def item(value: Plain, indent: int) -> str:
    """``- value`` for a list whose dashes stand at ``indent``: a mapping that holds more goes key by key."""
    if isinstance(value, dict) and any(isinstance(one, list | dict) for one in value.values()):
        return f"- {block(value, indent + STEP)}"
    return f"- {flow(value)}"


def block(value: Mapping[str, Plain], indent: int) -> str:
    """A mapping key by key; its first line stands where it is put."""
    return ("\n" + " " * indent).join(entry(name, one, indent) for name, one in value.items())
