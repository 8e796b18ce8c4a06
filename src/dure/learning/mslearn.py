"""Catalogues in the shape of Microsoft Learn's Catalog API, read to records.

https://learn.microsoft.com/training/support/catalog-api-developer-reference: one JSON object with lists of modules,
units, learning paths and courses, and the names of roles, levels, products and subjects.
"""

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dure.core.errors import Flawed
from dure.core.text import Text
from dure.learning.models import Facet, ItemKind
from dure.learning.records import Flaw, Listing, Record, Words, address_of, language_of, sanitised

Entry = Mapping[str, Any]
MOST_BYTES = 100 << 20
KINDS = {"modules": ItemKind.MODULE, "learningPaths": ItemKind.PATH, "courses": ItemKind.COURSE}
FACETS = {"roles": Facet.ROLE, "levels": Facet.LEVEL, "products": Facet.PRODUCT, "subjects": Facet.SUBJECT}
FALLBACK = "en"
_NO_CATALOGUE = Text(
    ko="카탈로그 파일이 아닙니다. Catalog API 형식의 JSON(또는 그것을 gzip으로 압축한 것)을 올리세요.",
    en="This is no catalogue. Send JSON in the shape of the Catalog API, as it is or compressed with gzip.",
)
_NO_KEY = Text(ko="uid가 없거나 너무 깁니다.", en="It has no uid, or one that is too long.")
_NO_TITLE = Text(ko="제목이 없습니다.", en="It has no title.")
_TWICE = Text(ko="같은 uid가 앞에 또 있습니다: {key}", en="The same uid stands further up: {key}")


def read_catalogue(data: bytes) -> Listing:
    """The catalogue in a file, packed or not. Raises Flawed where it is none."""
    try:
        told = json.loads(_unpacked(data))
    except (ValueError, OSError, EOFError, zlib.error, RecursionError):
        raise Flawed("catalogue.unreadable", _NO_CATALOGUE) from None
    if not isinstance(told, dict) or not any(isinstance(told.get(name), list) for name in KINDS):
        raise Flawed("catalogue.unreadable", _NO_CATALOGUE)
    return listing_of(told)


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    plain = reader.decompress(data, MOST_BYTES)
    if reader.unconsumed_tail:
        raise gzip.BadGzipFile("too large")
    return plain


def listing_of(told: Mapping[str, Any], *, feed: str = "") -> Listing:
    """The records of a catalogue; what has no uid or no title is left out and listed as a flaw.

    ``feed`` is the locale that was asked for (left out: the one that most entries are in).
    """
    feed = feed or _feed_of(told)
    units = {str(unit.get("uid")): unit for _, unit in _entries(told, "units")}
    records: dict[str, Record] = {}
    flaws: list[Flaw] = []
    for name in KINDS:
        for place, entry in _entries(told, name):
            found = _record(entry, name, place, units, records)
            if isinstance(found, Flaw):
                flaws.append(found)
            else:
                records[found.key] = found
    return Listing(feed, list(records.values()), dict(_names(told, feed)), flaws)


def _entries(told: Mapping[str, Any], name: str) -> Iterator[tuple[str, Entry]]:
    listed = told.get(name)
    for at, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield f"{name}[{at}]", entry


def _feed_of(told: Mapping[str, Any]) -> str:
    """The locale of a catalogue: what most of its entries say."""
    said = Counter(str(entry["locale"]) for name in KINDS for _, entry in _entries(told, name) if entry.get("locale"))
    return said.most_common(1)[0][0].lower()[:10] if said else "en-us"


def _record(
    entry: Entry, name: str, place: str, units: Mapping[str, Entry], before: Mapping[str, Record]
) -> Record | Flaw:
    key, title = str(entry.get("uid") or "").strip(), str(entry.get("title") or "").strip()
    if not key or len(key) > 160:
        return Flaw(place, _NO_KEY)
    if key in before:
        return Flaw(place, _TWICE.format(key=key))
    if not title:
        return Flaw(f"{place} {key}", _NO_TITLE)
    words = Words(
        title[:300],
        sanitised(str(entry.get("summary") or "")),
        address_of(entry.get("url")),
        tuple(_outline(entry, units)),
    )
    return Record(
        key=key,
        kind=KINDS[name].value,
        texts={language_of(str(entry.get("locale") or FALLBACK)): words},
        minutes=_minutes(entry),
        version=str(entry.get("last_modified") or "1")[:10],
        tags=tuple(_tags(entry)),
        parts=tuple(dict.fromkeys(_parts(entry))),
        place=place,
    )


def _minutes(entry: Entry) -> int | None:
    minutes, hours = entry.get("duration_in_minutes"), entry.get("duration_in_hours")
    if isinstance(minutes, int | float) and 0 < minutes < 1e6:
        return int(minutes)
    return int(hours * 60) if isinstance(hours, int | float) and 0 < hours < 1e5 else None


def _tags(entry: Entry) -> Iterator[tuple[str, str]]:
    for name, facet in FACETS.items():
        for key in _list(entry.get(name)):
            yield facet.value, str(key)[:80]


def _parts(entry: Entry) -> Iterator[str]:
    """A path names its modules, a course the modules and paths of its study guide."""
    for key in _list(entry.get("modules")):
        yield str(key)
    for guide in _list(entry.get("study_guide")):
        if isinstance(guide, dict) and guide.get("uid"):
            yield str(guide["uid"])


def _outline(entry: Entry, units: Mapping[str, Entry]) -> Iterator[tuple[str, int]]:
    for key in _list(entry.get("units")):
        unit = units.get(str(key))
        if unit and unit.get("title"):
            yield str(unit["title"])[:300], _minutes(unit) or 0


def _names(told: Mapping[str, Any], feed: str) -> Iterator[tuple[tuple[str, str, str], str]]:
    for name, facet in FACETS.items():
        for _, entry in _entries(told, name):
            if entry.get("id") and entry.get("name"):
                yield (
                    (facet.value, str(entry["id"])[:80], _language_of_name(str(entry["name"]), feed)),
                    str(entry["name"])[:160],
                )


def _language_of_name(name: str, feed: str) -> str:
    """Names of taxonomies are often left in English whatever the catalogue's language."""
    return FALLBACK if name.isascii() else language_of(feed)


def _list(value: object) -> Iterable[Any]:
    return value if isinstance(value, list) else ()
