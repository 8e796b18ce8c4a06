"""Catalogues as tables: a row an item, columns by name, every flaw with its row and column."""

import json
from collections.abc import Iterator, Mapping, Sequence

from dure.core.flaws import Flaw, raise_flaws, read_rows, written_in
from dure.core.text import Text
from dure.learning.models import Facet, ItemKind
from dure.learning.records import Listing, Record, Taught, Words, address_of, sanitised

FEED = "table"
LANGUAGES = ("ko", "en")
COLUMNS = ("key", "type", "title_ko", "title_en", "summary_ko", "summary_en", "address", "minutes", "version", "levels",
           "roles", "products", "subjects", "skills", "parts", "needs")  # fmt: skip
FACETS = {"levels": Facet.LEVEL, "roles": Facet.ROLE, "products": Facet.PRODUCT, "subjects": Facet.SUBJECT}
_KEY = Text(ko="key를 쓰세요(160자까지).", en="Write a key, of at most 160 letters.")
_TWICE = Text(ko="같은 key가 {row}행에 또 있습니다: {key}", en="Row {row} has the same key: {key}")
_KIND = Text(ko="type은 {known} 가운데 하나입니다: {given}", en="A type is one of {known}: {given}")
_TITLE = Text(ko="title_ko나 title_en을 쓰세요.", en="Write title_ko or title_en.")
_MINUTES = Text(ko="minutes는 1 이상의 정수입니다: {given}", en="Minutes are a whole number from 1: {given}")
_SKILL = Text(
    ko="skills는 ‘코드=수준(1~5)’을 쉼표로 나열합니다: {given}",
    en="Skills are listed as code=level (1 to 5), between commas: {given}",
)
_ADDRESS = Text(ko="웹 주소가 아닙니다: {given}", en="This is no web address: {given}")


def packed(header: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> bytes:
    """A table as the shelf keeps it until a worker reads it."""
    return json.dumps({"header": list(header), "rows": rows}, ensure_ascii=False).encode()


def read_table(data: bytes) -> Listing:
    """The records of a packed table. Raises Flawed with every flaw, its row and column: all come in, or none."""
    told = json.loads(data)
    sent = read_rows(told["header"], told["rows"], known=COLUMNS, needed=("key", "type"))
    records, flaws, seen = list[Record](), sent.flaws, dict[str, int]()
    for number, row in sent.rows:
        found = list(_row_flaws(row))
        if row["key"] and seen.setdefault(row["key"], number) != number:
            found.append(("key", _TWICE.format(row=seen[row["key"]], key=row["key"])))
        flaws += [Flaw(number, text, column) for column, text in found]
        if not found:
            records.append(_record(row, number))
    raise_flaws(flaws, code="table.flawed")
    return Listing(FEED, records)


def _row_flaws(row: Mapping[str, str]) -> Iterator[tuple[str, Text]]:
    if not 0 < len(row["key"]) <= 160:
        yield "key", _KEY
    if row["type"] not in ItemKind.values:
        yield "type", _KIND.format(known=", ".join(ItemKind.values), given=row["type"])
    if not any(row.get(f"title_{language}") for language in LANGUAGES):
        yield written_in(row, "title"), _TITLE
    minutes = row.get("minutes", "")
    if minutes and not (minutes.isdecimal() and 0 < int(minutes) < 1_000_000):
        yield "minutes", _MINUTES.format(given=minutes)
    if row.get("address") and not address_of(row["address"]):
        yield "address", _ADDRESS.format(given=row["address"])
    for written in _listed(row.get("skills", "")):
        code, _, level = written.rpartition("=")
        if not code or level not in {"1", "2", "3", "4", "5"}:
            yield "skills", _SKILL.format(given=written)


def _record(row: Mapping[str, str], number: int) -> Record:
    texts = {
        language: Words(title[:300], sanitised(row.get(f"summary_{language}", "")), address_of(row.get("address")))
        for language in LANGUAGES
        if (title := row.get(f"title_{language}", ""))
    }
    tags = [(facet.value, key[:80]) for name, facet in FACETS.items() for key in _listed(row.get(name, ""))]
    skills = [written.rpartition("=") for written in _listed(row.get("skills", ""))]
    return Record(
        key=row["key"],
        kind=row["type"],
        texts=texts,
        minutes=int(row["minutes"]) if row.get("minutes") else None,
        version=row.get("version", "")[:40] or "1",
        tags=tuple(tags),
        parts=tuple(dict.fromkeys(_listed(row.get("parts", "")))),
        needs=tuple(dict.fromkeys(_listed(row.get("needs", "")))),
        skills=tuple(Taught(code.strip(), int(level)) for code, _, level in skills),
        place=str(number),
    )


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",") if part.strip()]
