"""What a degree asks for, written as YAML, read strictly: whatever is not right is named with its line.

degree: {ko: 인공지능 공동 석사, en: Joint master in AI}
credits: 24
areas:
  - {id: majors, title: {ko: 전공, en: Majors}, credits: 12, courses: [ml-1, ml-2]}
core:
  - {title: {ko: 필수, en: Required}, courses: [ml-1, ethics, stats], take: 2}
grade: 3.0
partners: [mysuni, microsoft]
residency: 12
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any

from dure.blueprint.document import Document, Flaw, Flaws, Mark, Scalar, Sequence, Table, in_order
from dure.blueprint.model import Path
from dure.blueprint.yaml import read_document
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.match.audits import BEST, Area, Core, Recognition, Requirement

FILE = "requirement.yaml"
MOST_CREDITS, MOST_LISTED, MOST_PARTS, MOST_YEARS = Decimal(999), 200, 20, 50
NOTHING = Text(ko="", en="")
_FLAWED = Text(
    ko="{n}곳을 고쳐야 합니다. 표시된 줄을 고친 뒤 다시 저장하세요.",
    en="{n} places must be corrected. Correct the lines that are named and save again.",
)
_UNKNOWN = Text(
    ko="모르는 항목입니다: {name}. 쓸 수 있는 항목: {known}", en="There is no {name} here. There are: {known}"
)
_LACKS = Text(ko="‘{name}’ 항목이 없습니다.", en="{name} is missing.")
_NUMBER = Text(
    ko="{low}부터 {high}까지, 소수점 아래 {places}자리까지인 수를 쓰세요.",
    en="Write a number from {low} to {high} with at most {places} decimals.",
)
_BOTH = Text(ko="{{ko: …, en: …}}처럼 두 언어로 쓰세요.", en="Write it in both languages: {{ko: …, en: …}}.")
_WORD = Text(
    ko="영문 소문자, 숫자, 하이픈으로 된 이름을 쓰세요.", en="Write a name of small letters, digits and hyphens."
)
_LIST = Text(ko="[가, 나]처럼 목록으로 쓰세요({most}개까지).", en="Write a list like [a, b], of at most {most}.")
_TABLE = Text(ko="‘항목: 값’의 묶음으로 쓰세요.", en="Write it as keys with values.")
_DAY = Text(ko="날짜는 2026-08-24처럼 씁니다.", en="A day is written as 2026-08-24.")
_YES = Text(ko="true나 false를 쓰세요.", en="Write true or false.")
_TWICE = Text(ko="같은 이름이 또 있습니다: {name}", en="{name} stands here twice.")
_TOO_MUCH = Text(
    ko="영역 학점의 합({areas})이 총 학점({credits})보다 많습니다. 어느 한쪽을 고치세요.",
    en="The areas ask for {areas} credits, the whole for {credits}. Correct one of them.",
)
_ABOVE = Text(ko="총 학점({credits})보다 많습니다.", en="It is more than the {credits} credits of the whole.")
_TAKE = Text(ko="목록에는 {n}과목뿐입니다.", en="The list has {n} courses only.")
_FROM = Text(
    ko="인정하는 기관(from)이 없습니다. 기관의 짧은 이름을 쓰세요.",
    en="Say from which institutions (from), by their short names.",
)
_BEFORE = Text(
    ko="인정 시작일이 있으면 그 전의 이름(before)도 쓰세요.",
    en="With a day, say what it is called before (before).",
)


@dataclass(frozen=True)
class Track:
    """One way through the degree; what it does not say is the degree's."""

    key: str
    title: Text
    requirement: Requirement


@dataclass(frozen=True)
class Degree:
    """A requirement as written, and its tracks (none: there is one way)."""

    requirement: Requirement
    tracks: tuple[Track, ...] = ()

    def on_track(self, key: str) -> Requirement:
        """What is asked of somebody on that track."""
        return next((track.requirement for track in self.tracks if track.key == key), self.requirement)

    @property
    def every(self) -> tuple[Requirement, ...]:
        return tuple(track.requirement for track in self.tracks) or (self.requirement,)


@lru_cache(maxsize=256)
def read_requirement(source: str, *, home: str) -> Degree:
    """What the text asks for at ``home``. Raises Flawed with every flaw: ``errors`` have line, column and text."""
    try:
        document = read_document(source.encode(), FILE)
    except Flaws as flaws:
        raise _flawed(flaws.flaws) from None
    reading = _Reading(document, home)
    found = reading.degree()
    if reading.flaws:
        raise _flawed(in_order(reading.flaws))
    return found


def _flawed(flaws: list[Flaw]) -> Flawed:
    errors = [{"line": flaw.line, "column": flaw.column, "text": flaw.text.as_dict()} for flaw in flaws]
    return Flawed("requirement.flawed", _FLAWED.format(n=len(flaws)), errors=errors)


class _Reading:
    """One pass over one document. What is flawed reads as nothing, so that the rest is read too."""

    def __init__(self, document: Document, home: str) -> None:
        self.document, self.home = document, home
        self.flaws: list[Flaw] = []

    def degree(self) -> Degree:
        told = self.table((), _ROOT)
        for name in ("degree", "credits"):
            if self.document.find((name,)) is None:
                self.flaw(Mark(1, 1), _LACKS.format(name=name))
        base = Requirement(NOTHING, self.home, Decimal(0))
        whole = replace(base, **{**told.pop("transfer", {}), **_fields(told)})
        tracks = [self.track(told_track, whole) for told_track in told.get("tracks", ())]
        if not tracks:
            self.check((), whole)
        self.once([(track.key, ("tracks", at)) for at, track in enumerate(tracks)])
        return Degree(whole, tuple(tracks))

    def track(self, told: tuple[Path, Mapping[str, Any]], whole: Requirement) -> Track:
        path, found = told
        own = replace(whole, **{**found.get("transfer", {}), **_fields(found)})
        self.check(path, own)
        return Track(found.get("id", ""), found.get("title", NOTHING), own)

    # --- what does not fit together

    def check(self, path: Path, found: Requirement) -> None:
        """What is asked for can be had; what a track leaves to the degree is flawed where the degree says it."""

        def place(name: str) -> Path:
            return (*path, name) if self.document.find((*path, name)) else (name,)

        total = sum((area.credits for area in found.areas), Decimal(0))
        if total > found.credits:
            self.flaw_at(place("credits"), _TOO_MUCH.format(areas=total, credits=found.credits))
        for name in ("residency", "transfer"):
            if getattr(found, name) > found.credits:
                self.flaw_at(place(name), _ABOVE.format(credits=found.credits))
        self.once([(area.key, (*place("areas"), at)) for at, area in enumerate(found.areas)])

    def once(self, named: list[tuple[str, Path]]) -> None:
        seen = set[str]()
        for name, path in named:
            if name in seen:
                self.flaw_at(path, _TWICE.format(name=name))
            seen.add(name)

    # --- pieces

    def table(self, path: Path, fields: Mapping[str, "Reader"]) -> dict[str, Any]:
        """The entries that are there and sound."""
        node = self.document.find(path)
        if not isinstance(node, Table):
            self.flaw_at(path, _TABLE)
            return {}
        found = {}
        for name, entry in node.entries.items():
            if name not in fields:
                self.flaw(entry.mark, _UNKNOWN.format(name=name, known=", ".join(fields)))
            elif (value := fields[name](self, (*path, name))) is not None:
                found[name] = value
        return found

    def need(self, path: Path, told: Mapping[str, Any], *names: str) -> bool:
        """Whether all of them are there; what is written and flawed was told already."""
        node = self.document.find(path)
        written = node.entries if isinstance(node, Table) else {}
        for name in names:
            if name not in written:
                self.flaw_at(path, _LACKS.format(name=name))
        return all(name in told for name in names)

    def scalar(self, path: Path, sentence: Text) -> str | None:
        node = self.document.find(path)
        if isinstance(node, Scalar) and node.text.strip():
            return node.text.strip()
        self.flaw_at(path, sentence)
        return None

    def listed(self, path: Path, most: int) -> Iterator[Path]:
        """The places of a list's items."""
        node = self.document.find(path)
        if not isinstance(node, Sequence) or len(node.items) > most:
            self.flaw_at(path, _LIST.format(most=most))
        else:
            yield from ((*path, at) for at in range(len(node.items)))

    def flaw_at(self, path: Path, text: Text) -> None:
        self.flaw(self.document.place(path), text)

    def flaw(self, mark: Mark, text: Text) -> None:
        self.flaws.append(Flaw(FILE, mark.line, mark.column, "requirement", text))


Reader = Callable[[_Reading, Path], Any]


def _number(low: str, high: Decimal, places: int) -> Reader:
    least = Decimal(low)

    def read(reading: _Reading, path: Path) -> Decimal | None:
        sentence = _NUMBER.format(low=least, high=high, places=places)
        written = reading.scalar(path, sentence)
        whole, _, rest = (written or "").partition(".")
        if written is not None and whole.isdecimal() and (rest.isdecimal() or not rest) and len(rest) <= places:
            found = Decimal(written)
            if least <= found <= high:
                return found
        if written is not None:
            reading.flaw_at(path, sentence)
        return None

    return read


def _both(reading: _Reading, path: Path) -> Text | None:
    if not isinstance(reading.document.find(path), Table):
        reading.flaw_at(path, _BOTH.format())
        return None
    told = reading.table(path, {"ko": _line, "en": _line})
    return Text(**told) if reading.need(path, told, "ko", "en") else None


def _line(reading: _Reading, path: Path) -> str | None:
    return reading.scalar(path, _BOTH.format())


def _word(reading: _Reading, path: Path) -> str | None:
    written = reading.scalar(path, _WORD)
    if written is None or (len(written) <= 60 and all(letter in _LETTERS for letter in written)):
        return written
    reading.flaw_at(path, _WORD)
    return None


_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def _flag(reading: _Reading, path: Path) -> bool | None:
    written = reading.scalar(path, _YES)
    if written is not None and written not in {"true", "false"}:
        reading.flaw_at(path, _YES)
    return {"true": True, "false": False}.get(written or "")


def _day(reading: _Reading, path: Path) -> date | None:
    written = reading.scalar(path, _DAY)
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        reading.flaw_at(path, _DAY)
        return None


def _names(reading: _Reading, path: Path) -> tuple[str, ...]:
    sentence = _LIST.format(most=MOST_LISTED)
    found = [(reading.scalar(at, sentence), at) for at in reading.listed(path, MOST_LISTED)]
    named = [(name, at) for name, at in found if name is not None]
    reading.once(named)
    return tuple(name for name, _ in named)


def _area(reading: _Reading, path: Path) -> Area | None:
    told = reading.table(path, {"id": _word, "title": _both, "credits": _CREDITS, "courses": _names})
    if not reading.need(path, told, "id", "title", "credits"):
        return None
    return Area(told["id"], told["title"], told["credits"], frozenset(told.get("courses", ())))


def _core(reading: _Reading, path: Path) -> Core | None:
    told = reading.table(path, {"title": _both, "courses": _names, "take": _number("1", Decimal(MOST_LISTED), 0)})
    if not reading.need(path, told, "title", "courses"):
        return None
    courses = told["courses"]
    take = int(told.get("take", len(courses)))
    if take > len(courses):
        reading.flaw_at((*path, "take"), _TAKE.format(n=len(courses)))
    return Core(told["title"], courses, take)


def _parts(read: Reader) -> Reader:
    def read_all(reading: _Reading, path: Path) -> tuple[Any, ...]:
        found = [read(reading, at) for at in reading.listed(path, MOST_PARTS)]
        return tuple(one for one in found if one is not None)

    return read_all


def _transfer(reading: _Reading, path: Path) -> dict[str, Any]:
    told = reading.table(path, {"most": _CREDITS, "from": _names})
    if reading.need(path, told, "most") and not told.get("from"):
        reading.flaw_at(path, _FROM)
    return {"transfer": told.get("most", Decimal(0)), "recognised": frozenset(told.get("from", ()))}


def _recognition(reading: _Reading, path: Path) -> Recognition | None:
    told = reading.table(path, {"by": _both, "from": _day, "before": _both})
    reading.need(path, told, "by")
    if "from" in told and "before" not in told:
        reading.flaw_at(path, _BEFORE)
    return Recognition(told.get("by", NOTHING), told.get("from"), told.get("before", NOTHING))


def _track(reading: _Reading, path: Path) -> tuple[Path, dict[str, Any]]:
    told = reading.table(path, {"id": _word, "title": _both, **_OWN})
    reading.need(path, told, "id", "title")
    return path, told


_CREDITS = _number("0", MOST_CREDITS, 1)
_OWN: Mapping[str, Reader] = {
    "degree": _both, "award": _word, "credits": _number("0.5", MOST_CREDITS, 1), "areas": _parts(_area),
    "core": _parts(_core), "grade": _number("0", BEST, 2), "passes-from": _number("0", BEST, 2),
    "attendance": _number("0", Decimal(1), 3), "thesis": _flag, "residency": _CREDITS, "partners": _names,
    "transfer": _transfer, "valid-years": _number("1", Decimal(MOST_YEARS), 0), "recognised": _recognition,
}  # fmt: skip
_ROOT: Mapping[str, Reader] = {**_OWN, "tracks": _parts(_track)}
_FIELDS = {"degree": "title", "passes-from": "passes_from", "valid-years": "years", "recognised": "recognition"}
_PLAIN = ("degree", "award", "credits", "areas", "core", "grade", "passes-from", "attendance", "thesis", "residency",
          "recognised")  # fmt: skip


def _fields(told: Mapping[str, Any]) -> dict[str, Any]:
    """What was read, as fields of a requirement."""
    plain = {_FIELDS.get(name, name): told[name] for name in _PLAIN if name in told}
    partners = {"partners": frozenset(told["partners"])} if "partners" in told else {}
    years = {"years": int(told["valid-years"])} if "valid-years" in told else {}
    return dict(chain(plain.items(), partners.items(), years.items()))
