"""Read a mapping key by key: what is of the wrong sort is found and its default taken, what nobody asks for is told."""

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from dure.bundles.dates import moment
from dure.bundles.findings import Findings, Place
from dure.bundles.nodes import Node
from dure.core.text import Text

_Word = TypeVar("_Word", bound=StrEnum)
_MOST = 2**31 - 1
_YES, _NO = {"true", "yes", "on", "1"}, {"false", "no", "off", "0", ""}
_A_TEXT = Text(ko="글", en="a text")
_A_WHOLE = Text(ko="0 이상의 정수", en="a whole number from 0")
_A_FLAG = Text(ko="true나 false", en="true or false")
_A_LIST = Text(ko="목록", en="a list")
_A_MAPPING = Text(ko="‘키: 값’ 묶음", en="a mapping of keys and values")
_A_MOMENT = Text(ko="2026-12-31 23:59:00 같은 날짜", en="a date such as 2026-12-31 23:59:00")


class Fields:
    """One mapping of a bundle's file. Anything else in its stead is found and read as an empty mapping."""

    def __init__(self, node: Node, findings: Findings) -> None:
        self.findings = findings
        self.place = node.place
        self._values: Mapping[str, Node] = node.value if isinstance(node.value, Mapping) else {}
        self._keys = node.keys or {}
        self._asked: set[str] = set()
        if not isinstance(node.value, Mapping):
            findings.add("value.sort", node.place, key="", sort=_A_MAPPING)

    def __contains__(self, name: str) -> bool:
        """Whether it says anything under that name; null says nothing."""
        self._asked.add(name)
        return name in self._values and self._values[name].value is not None

    def at(self, name: str) -> Place:
        """The place of the value; of the mapping, where there is none."""
        node = self._values.get(name)
        return node.place if node else self.place

    @property
    def placed(self) -> dict[str, Any]:
        """``place`` and ``places`` of the part that is made out of it."""
        said = {name: node.place for name, node in self._values.items() if node.value is not None}
        return {"place": self.place, "places": said}

    def known(self, *names: str) -> None:
        """Keys that mean nothing here and are no mistake."""
        self._asked.update(names)

    def tell_unknown(self) -> None:
        for name in self._values.keys() - self._asked:
            self.findings.add("key.unknown", self._keys.get(name, self.place), key=name)

    def need(self, *names: str) -> None:
        for name in names:
            if name not in self or self._values[name].value == "":
                self.findings.add("key.missing", self.place, key=name)

    def node(self, name: str) -> Node | None:
        return self._values[name] if name in self else None

    def text(self, name: str, default: str = "") -> str:
        """Anything but a list or a mapping, as it is written."""
        node = self.node(name)
        if node is None:
            return default
        if isinstance(node.value, list | Mapping):
            self._wrong(name, _A_TEXT)
            return default
        return node.text.strip()

    def whole(self, name: str, default: int) -> int:
        node = self.node(name)
        if node is None or node.text.strip() == "":
            return default
        number = node.text.strip()
        if not number.isascii() or not number.isdigit() or int(number[:20]) > _MOST:
            self._wrong(name, _A_WHOLE)
            return default
        return int(number)

    def count(self, name: str, default: int | None) -> int | None:
        """A whole number; null is none, and left out is the default."""
        if name in self:
            return self.whole(name, default or 0)
        return None if name in self._values else default

    def flag(self, name: str, default: bool = False) -> bool:
        node = self.node(name)
        if node is None:
            return default
        if node.text.strip().lower() in _YES | _NO:
            return node.text.strip().lower() in _YES
        self._wrong(name, _A_FLAG)
        return default

    def moment(self, name: str) -> dt.datetime | None:
        """In UTC; None where nothing or no date stands."""
        node = self.node(name)
        if node is None or node.text == "":
            return None
        read = moment(node.value)
        if read is None:
            self._wrong(name, _A_MOMENT, code="value.date")
        return read

    def word(self, name: str, words: type[_Word], default: _Word) -> _Word:
        """One of the words of an enumeration, in letters of either size."""
        text = self.text(name).lower()
        if text and text not in {word.value for word in words}:
            self.findings.add("value.word", self.at(name), key=name, value=text, words=", ".join(words))
        return next((word for word in words if word.value == text), default)

    def items(self, name: str) -> list[Node]:
        """A list's items; a scalar is a list of one."""
        node = self.node(name)
        if node is None or node.value == "":
            return []
        if isinstance(node.value, Mapping):
            self._wrong(name, _A_LIST)
            return []
        return node.value if isinstance(node.value, list) else [node]

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(item.text.strip() for item in self.items(name) if not isinstance(item.value, list | Mapping))

    def wholes(self, name: str) -> tuple[int, ...]:
        read = [part.strip() for text in self.texts(name) for part in text.split(",")]
        if any(not text.isascii() or not text.isdigit() or len(text) > 9 for text in read):
            self._wrong(name, _A_WHOLE)
        return tuple(int(text) for text in read if text.isascii() and text.isdigit() and len(text) <= 9)

    def mappings(self, name: str) -> Iterator["Fields"]:
        for item in self.items(name):
            yield Fields(item, self.findings)

    def under(self, name: str) -> Iterator[tuple[str, Node]]:
        """The keys and values of a mapping within."""
        node = self.node(name)
        if node is None:
            return
        if isinstance(node.value, Mapping):
            yield from node.value.items()
        else:
            self._wrong(name, _A_MAPPING)

    def _wrong(self, name: str, sort: Text, code: str = "value.sort") -> None:
        node = self._values[name]
        self.findings.add(code, node.place, key=name, sort=sort, value=node.text)
