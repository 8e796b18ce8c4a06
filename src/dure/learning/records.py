"""A learning item as somebody describes it: what an importer read, or a curator wrote, before it is a row."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from html import unescape
from urllib.parse import urlsplit

import nh3

from dure.core.text import Text

_TAGS = {"p", "br", "ul", "ol", "li", "em", "strong", "b", "i", "code", "pre", "a", "h3", "h4", "h5", "blockquote"}
MOST_SUMMARY = 20_000


@dataclass(frozen=True)
class Words:
    """An item in one language. ``outline``: the titles and minutes of what stands in it."""

    title: str
    summary: str = ""
    address: str = ""
    outline: tuple[tuple[str, int], ...] = ()

    @property
    def fingerprint(self) -> str:
        return _hash(asdict(self))


@dataclass(frozen=True)
class Taught:
    """A skill by its ``code`` (``taxonomy/code`` where two have it), and the level that is reached, 1 to 5."""

    code: str
    level: int


@dataclass(frozen=True)
class Record:
    """One item. ``tags`` are (facet, key); ``parts`` and ``needs`` are keys of the same provider, in order.

    ``place`` is where it stood in what was read, for those who have to find it again.
    """

    key: str
    kind: str
    texts: Mapping[str, Words]
    minutes: int | None = None
    version: str = "1"
    tags: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    skills: tuple[Taught, ...] = ()
    place: str = ""

    @property
    def fingerprint(self) -> str:
        """Of what the item itself says; its texts, and the other items that it names, are compared for themselves."""
        taught = sorted((one.code, one.level) for one in self.skills)
        return _hash([self.kind, self.version, self.minutes, sorted(self.tags), taught])


@dataclass(frozen=True)
class Flaw:
    """Something that could not be taken in, and where it stands: ``column`` in a table."""

    place: str
    text: Text
    column: str = ""

    def as_dict(self) -> dict[str, object]:
        return {"place": self.place, "column": self.column, "text": self.text.as_dict()}


@dataclass(frozen=True)
class Listing:
    """A whole catalogue as read. ``feed`` names it, so that what it no longer lists can be told from other items;
    ``names`` are the words of its tags: (facet, key, language) to name."""

    feed: str
    records: Sequence[Record]
    names: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    flaws: Sequence[Flaw] = ()


def _hash(told: object) -> str:
    return sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def language_of(locale: str) -> str:
    """``ko`` of ``ko-kr``; Chinese keeps its script or country."""
    whole = locale.strip().lower().replace("_", "-")
    first = whole.partition("-")[0]
    return whole[:10] if first == "zh" else first[:10]


def sanitised(html: str) -> str:
    """HTML that somebody else wrote, with nothing in it but text, lists and links that lead away safely."""
    return nh3.clean(html[:MOST_SUMMARY], tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"})


def plain(html: str) -> str:
    """The text of sanitised HTML."""
    return unescape(nh3.clean(html.replace("<", " <"), tags=set())).strip()


def address_of(written: object) -> str:
    """A web address, or nothing where it is none."""
    text = str(written or "").strip()
    parts = urlsplit(text) if text.startswith(("https://", "http://")) and len(text) <= 500 else None
    return text if parts and parts.hostname else ""
