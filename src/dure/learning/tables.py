"""Catalogues as tables: a row an item, columns by name, every flaw with its row."""

import json
from collections.abc import Iterator, Mapping, Sequence

from dure.core.errors import Flawed
from dure.core.text import Text
from dure.learning.models import Facet, ItemKind
from dure.learning.records import Flaw, Listing, Record, Taught, Words, address_of, sanitised

FEED = "table"
LANGUAGES = ("ko", "en")
COLUMNS = ("key", "type", "title_ko", "title_en", "summary_ko", "summary_en", "address", "minutes", "version", "levels",
           "roles", "products", "subjects", "skills", "parts", "needs")  # fmt: skip
FACETS = {"levels": Facet.LEVEL, "roles": Facet.ROLE, "products": Facet.PRODUCT, "subjects": Facet.SUBJECT}
_FLAWED = Text(
    ko="{n}곳을 고쳐야 합니다. 아무것도 들어가지 않았습니다. 고친 파일을 다시 올리세요.",
    en="{n} places must be corrected. Nothing was taken in: send the corrected file again.",
)
_COLUMN = Text(ko="모르는 열입니다: {name}", en="No such column: {name}")
_LACKS = Text(ko="열이 없습니다: {name}", en="The column is missing: {name}")
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
    """The records of a packed table. Raises Flawed with every flaw and its row: all rows are taken in, or none."""
    told = json.loads(data)
    header, rows = [name.strip().lower() for name in told["header"]], told["rows"]
    flaws = list(_head_flaws(header))
    records: dict[str, tuple[int, Record]] = {}
    for number, cells in [] if flaws else rows:
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        found = list(_row_flaws(row))
        if row.get("key") in records:
            found.append(_TWICE.format(row=records[row["key"]][0], key=row["key"]))
        flaws += [Flaw(str(number), text) for text in found]
        if not found:
            records[row["key"]] = number, _record(row, number)
    if flaws:
        errors = [{"row": flaw.place, "text": flaw.text.as_dict()} for flaw in flaws]
        raise Flawed("table.flawed", _FLAWED.format(n=len(flaws)), errors=errors)
    return Listing(FEED, [record for _, record in records.values()])


def _head_flaws(header: Sequence[str]) -> Iterator[Flaw]:
    for name in header:
        if name and name not in COLUMNS:
            yield Flaw("1", _COLUMN.format(name=name))
    for name in ("key", "type"):
        if name not in header:
            yield Flaw("1", _LACKS.format(name=name))


def _row_flaws(row: Mapping[str, str]) -> Iterator[Text]:
    if not 0 < len(row["key"]) <= 160:
        yield _KEY
    if row["type"] not in ItemKind.values:
        yield _KIND.format(known=", ".join(ItemKind.values), given=row["type"])
    if not any(row.get(f"title_{language}") for language in LANGUAGES):
        yield _TITLE
    minutes = row.get("minutes", "")
    if minutes and not (minutes.isdecimal() and 0 < int(minutes) < 1_000_000):
        yield _MINUTES.format(given=minutes)
    if row.get("address") and not address_of(row["address"]):
        yield _ADDRESS.format(given=row["address"])
    for written in _listed(row.get("skills", "")):
        code, _, level = written.rpartition("=")
        if not code or level not in {"1", "2", "3", "4", "5"}:
            yield _SKILL.format(given=written)


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
