"""A strict reader: YAML's own parser, but no tabs, anchors, aliases, tags, merge keys, second keys or documents.

Only the parser's events are used; what a word means is the language's business (``document.Scalar``).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Protocol

import yaml
from yaml import events

from dure.blueprint.document import Document, Entry, Flaw, Flaws, Mark, Node, Scalar, Sequence, Table, in_order
from dure.core.text import Text

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 20
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_NOT_UTF8 = Text(
    ko="UTF-8이 아닌 글자가 있습니다. 파일을 UTF-8로 저장하세요.", en="This is not UTF-8: save the file as UTF-8."
)
_UNREADABLE = Text(ko="보이지 않는 제어 문자가 있습니다. 지우세요.", en="There is a control character here: remove it.")
_NOT_YAML = Text(
    ko="YAML로 읽을 수 없습니다. 이 자리 앞뒤의 들여쓰기·따옴표·괄호를 확인하세요.",
    en="This cannot be read as YAML ({why}): check indentation, quotes and brackets.",
)
_NOT_MAPPING = Text(
    ko="파일 전체가 ‘키: 값’ 묶음 하나여야 합니다. 예: blueprint: 이름",
    en="The file must be one mapping of keys and values: begin with a line such as blueprint: NAME.",
)
_SECOND_DOCUMENT = Text(
    ko="한 파일에는 문서 하나만 둡니다. 여기부터는 다른 파일로 옮기세요.",
    en="A file holds one document: move what follows into a file of its own.",
)
_KEY_NOT_TEXT = Text(
    ko="키는 낱말이어야 합니다. 목록이나 묶음은 키가 될 수 없습니다.",
    en="A key must be a word, not a list or a mapping.",
)
_TWICE = Text(
    ko="‘{key}’ 키가 같은 묶음에 두 번 나옵니다. 하나만 남기세요.",
    en="The key {key} stands twice in this mapping: keep one.",
)
_TAB = Text(ko="탭 문자가 있습니다. 빈칸으로 바꾸세요.", en="There is a tab here: use spaces.")
_ANCHOR = Text(
    ko="앵커(&)·별칭(*)·병합 키(<<)·태그(!)는 쓸 수 없습니다. 값을 그대로 쓰거나 따옴표로 감싸세요.",
    en="Anchors (&), aliases (*), merge keys (<<) and tags (!) are not used: write the value out, or quote it.",
)
_TOO_LARGE = Text(ko="파일이 1 MiB를 넘습니다. 나누어 쓰세요.", en="The file is over 1 MiB: split it.")
_TOO_DEEP = Text(
    ko="묶음이 20단계보다 깊습니다. 덜 깊게 쓰세요.", en="This is nested deeper than 20: write it flatter."
)


def read_document(source: bytes, file: str) -> Document:
    """The one mapping that ``source`` holds; raises ``Flaws`` with every BP0 flaw that can be told."""
    reading = _Reading(file)
    document = reading.document(source)
    if reading.flaws or document is None:
        raise Flaws(in_order(reading.flaws))
    return document


class _Stop(Exception):  # noqa: N818 -- not a fault: reading on would tell nothing more
    """Reading ends here; the flaw is already noted."""


class _Reading:
    """One pass over one file's events."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.flaws: list[Flaw] = []
        self.closed = Mark(1, 1)  # where the last list or mapping that was read ends

    def flaw(self, mark: Mark, code: str, text: Text) -> None:
        self.flaws.append(Flaw(self.file, mark.line, mark.column, code, text))

    def document(self, source: bytes) -> Document | None:
        if len(source) > MOST_BYTES:
            self.flaw(Mark(1, 1), "BP005", _TOO_LARGE)
            return None
        text = self.decoded(source)
        if text is None:
            return None
        tabs = _marks_at(text, [found.start() for found in re.finditer(r"\t+", text)])
        for mark in tabs:
            self.flaw(mark, "BP003", _TAB)
        try:
            root = self.root(yaml.parse(text.replace("\t", " "), Loader=_PARSER))
        except _Stop:
            return None
        except yaml.MarkedYAMLError as fault:
            if not tabs:  # a tab turned into a space may break the indentation: the tab is what to tell
                self.flaw(_mark(fault.problem_mark), "BP001", _NOT_YAML.format(why=fault.problem or fault.context))
            return None
        return Document(self.file, root)

    def decoded(self, source: bytes) -> str | None:
        try:
            text = source.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as fault:
            before = source[: fault.start].decode("utf-8").removeprefix("\ufeff")
            self.flaw(_mark_at(before, len(before)), "BP001", _NOT_UTF8)
            return None
        if found := _UNPRINTABLE.search(text):
            self.flaw(_mark_at(text, found.start()), "BP001", _UNREADABLE)
            return None
        return text

    def root(self, stream: Iterator[events.Event]) -> Table:
        next(stream)
        if not isinstance(next(stream), events.DocumentStartEvent):
            self.flaw(Mark(1, 1), "BP001", _NOT_MAPPING)
            raise _Stop
        node = self.node(next(stream), stream, 1)
        if not isinstance(node, Table):
            self.flaw(node.mark, "BP001", _NOT_MAPPING)
            raise _Stop
        next(stream)
        after = next(stream)
        if isinstance(after, events.DocumentStartEvent):
            self.flaw(_mark(after.start_mark), "BP001", _SECOND_DOCUMENT)
        return node

    def node(self, event: events.Event, stream: Iterator[events.Event], depth: int) -> Node:
        mark = _mark(event.start_mark)
        if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
            self.flaw(mark, "BP004", _ANCHOR)
        if isinstance(event, events.ScalarEvent):
            return Scalar(event.value, not event.style, mark, _mark(event.end_mark))
        if isinstance(event, events.AliasEvent):
            return Scalar("", plain=True, mark=mark, end=_mark(event.end_mark))
        if depth > MOST_DEPTH:
            self.flaw(mark, "BP005", _TOO_DEEP)
            raise _Stop
        flow = bool(getattr(event, "flow_style", None))
        if isinstance(event, events.SequenceStartEvent):
            items = tuple(self.items(stream, depth))
            return Sequence(items, mark, self.closed if flow else items[-1].end, flow)
        entries = self.entries(stream, depth)
        end = self.closed if flow or not entries else [*entries.values()][-1].value.end
        return Table(entries, mark, end, flow)

    def items(self, stream: Iterator[events.Event], depth: int) -> Iterator[Node]:
        while not isinstance(event := next(stream), events.SequenceEndEvent):
            yield self.node(event, stream, depth + 1)
        self.closed = _mark(event.end_mark)

    def entries(self, stream: Iterator[events.Event], depth: int) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(stream), events.MappingEndEvent):
            key = self.node(event, stream, depth + 1)
            value = self.node(next(stream), stream, depth + 1)
            if not isinstance(key, Scalar):
                self.flaw(key.mark, "BP001", _KEY_NOT_TEXT)
            elif key.plain and key.text == "<<":
                self.flaw(key.mark, "BP004", _ANCHOR)
            elif key.text in entries:
                self.flaw(key.mark, "BP002", _TWICE.format(key=key.text))
            else:
                entries[key.text] = Entry(key.mark, value, key.end)
        self.closed = _mark(event.end_mark)
        return entries


class _Counted(Protocol):
    """The parser's own mark, counted from 0."""

    line: int
    column: int


def _mark(mark: _Counted | None) -> Mark:
    return Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)


def _mark_at(text: str, position: int) -> Mark:
    (mark,) = _marks_at(text, [position])
    return mark


def _marks_at(text: str, positions: list[int]) -> list[Mark]:
    """Lines and columns of positions in the text, counted as the parser counts them."""
    starts = [0, *(found.end() for found in BREAK.finditer(text))]
    lines = [bisect_right(starts, position) for position in positions]
    return [Mark(line, position - starts[line - 1] + 1) for line, position in zip(lines, positions, strict=True)]
