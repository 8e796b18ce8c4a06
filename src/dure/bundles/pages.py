"""A competition's pages of text as a programme has them, in two languages, and back again.

A bundle has one language a page. Of ours with two it gets two, ``dure-pages/NAME.en.md`` and ``dure-pages/NAME.ko.md``,
which read back as one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from html import escape
from itertools import groupby
from pathlib import Path

from dure.bundles.findings import Findings, Place
from dure.bundles.model import Competition, Page
from dure.core.text import Text

TERMS, DESCRIPTION, PHASES = "terms", "description", "phases"
MOST = 1_000_000  # letters
USUAL = {
    "overview": Text(ko="개요", en="Overview"),
    "data": Text(ko="데이터", en="Data"),
    "evaluation": Text(ko="평가", en="Evaluation"),
    "submission": Text(ko="제출 방법", en="Submission"),
    "prizes": Text(ko="상금", en="Prizes"),
    "timeline": Text(ko="일정", en="Timeline"),
    "faq": Text(ko="자주 묻는 질문", en="FAQ"),
    "rules": Text(ko="규칙", en="Rules"),
    TERMS: Text(ko="약관", en="Terms"),
    DESCRIPTION: Text(ko="소개", en="Description"),
    PHASES: Text(ko="단계 안내", en="Phases"),
}
_FOLDER = "dure-pages"
_OURS = re.compile(rf"{_FOLDER}/(?P<name>[a-z][a-z0-9-]{{0,59}})(?:\.(?P<language>ko|en))?\.(?:md|html)")
_NO_NAME = re.compile(r"[^a-z0-9]+")
_HANGUL = re.compile(r"[가-힣]")
_PICTURE = re.compile(r"<img\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)|!\[[^\]]*\]\(\s*<?([^)\s>]+)", re.IGNORECASE)


@dataclass(frozen=True)
class PageText:
    """A page in one language or both. ``name`` is its address; ``format``: markdown or html."""

    name: str
    title_ko: str = ""
    title_en: str = ""
    text_ko: str = ""
    text_en: str = ""
    format: str = "markdown"

    @property
    def texts(self) -> Mapping[str, str]:
        """By language, English first."""
        return {language: text for language, text in (("en", self.text_en), ("ko", self.text_ko)) if text}


def pages_of(competition: Competition) -> tuple[PageText, ...]:
    """All texts of it: what it says of itself, its pages, what its phases are, and the terms last."""
    found: dict[str, PageText] = {}
    told = [*_described(competition), *_paired(_own(competition)), *_phases(competition), *_paired(_terms(competition))]
    for one in told:
        name = _free(one.name, found)
        found[name] = replace(one, name=name)
    return tuple(found.values())


def tell_pages(competition: Competition, findings: Findings) -> None:
    """Name the pages that are too long, and pictures that no reader would see here."""
    for page in filter(None, (competition.terms, *competition.pages)):
        place = Place(page.file) if page.file else page.place
        if len(page.text) > MOST:
            findings.add("page.long", place, n=f"{len(page.text):,}", most=f"{MOST:,}")
        away = [one for one in pictures(page.text) if not one.startswith(("data:", "files/"))]
        if away:
            findings.add("page.pictures", place, n=len(away), first=away[0])


def pictures(text: str) -> list[str]:
    """The addresses of the pictures that a text shows, each once."""
    return list(dict.fromkeys(one or other for one, other in _PICTURE.findall(text)))


def with_pages(competition: Competition, pages: Sequence[PageText], folder: Path) -> Competition:
    """The competition with these pages instead; files that they need are written below ``folder``.

    A competition that says the same already stays as it is, in its own files.
    """
    before = pages_of(competition)
    if tuple(pages) == before:
        return competition
    same = {page.name for page in pages if page in before and page.name in (DESCRIPTION, PHASES)}
    files = [file for page in pages if page.name not in same for file in _files(page, folder)]
    terms = next((file for file in files if _name(file) == TERMS), None)
    return replace(
        competition,
        description=competition.description if DESCRIPTION in same else "",
        terms=terms,
        pages=tuple(file for file in files if file is not terms),
    )


# --- from a bundle


def _described(competition: Competition) -> Iterator[PageText]:
    if text := _clean(competition.description) or _clean(competition.short_description):
        yield _of_one(DESCRIPTION, "", text)


def _phases(competition: Competition) -> Iterator[PageText]:
    """What the phases say of themselves, those that nobody may know of aside."""
    told = sorted((one for one in competition.phases if _clean(one.description)), key=lambda one: one.index)
    known = [(" ".join(one.name.split()), _clean(one.description)) for one in told if one.is_public]
    if any(_is_html(text) for _, text in known):
        parts = [f"<h2>{escape(name)}</h2>\n{_as_html(text)}" for name, text in known]
    else:
        parts = [f"## {name}\n\n{text}" for name, text in known]
    if parts:
        yield _of_one(PHASES, "", "\n\n".join(parts))


def _own(competition: Competition) -> list[tuple[str, Page]]:
    """The pages by the names that they will have, but for terms in another language."""
    named = [(_name(page), page) for page in competition.pages]
    return [(name, page) for name, page in named if not (name == TERMS and _OURS.fullmatch(page.file))]


def _terms(competition: Competition) -> list[tuple[str, Page]]:
    rest = [(TERMS, page) for page in competition.pages if _name(page) == TERMS and _OURS.fullmatch(page.file)]
    return [*([(TERMS, competition.terms)] if competition.terms else []), *rest]


def _paired(named: Sequence[tuple[str, Page]]) -> Iterator[PageText]:
    """A page for each name; two of them where they are one of ours in two languages."""
    written = [(name, page) for name, page in named if _clean(page.text)]
    for (_, is_ours), group in groupby(written, key=lambda one: (one[0], bool(_language(one[1])))):
        pages = [_read(name, page) for name, page in group]
        yield from [_joined(pages)] if is_ours else pages


def _joined(pages: Sequence[PageText]) -> PageText:
    """What each of them says, in one."""
    parts = [asdict(page) for page in pages]
    return PageText(**{key: next((part[key] for part in parts if part[key]), "") for key in parts[0]})


def _read(name: str, page: Page) -> PageText:
    return _of_one(name, page.title, page.text, _language(page), is_html=_is_html(page.text, page.file))


def _language(page: Page) -> str:
    told = _OURS.fullmatch(page.file)
    return (told["language"] or "") if told else ""


def _of_one(name: str, title: str, text: str, language: str = "", *, is_html: bool | None = None) -> PageText:
    """A page of one language: the one that it is said to have, else whose letters it has."""
    clean = _clean(text)
    own = language or ("ko" if len(_HANGUL.findall(clean)) * 10 > sum(sign.isalpha() for sign in clean) else "en")
    sort = "html" if (_is_html(clean) if is_html is None else is_html) else "markdown"
    return PageText(name, **_titles(name, title, own), **{f"text_{own}": clean}, format=sort)


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").strip()


def _titles(name: str, title: str, language: str) -> Mapping[str, str]:
    """In both languages where it is a usual one."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in title).split())[:100].strip()
    usual = USUAL.get(name)
    if usual and plain.lower() in ("", name, usual.en.lower(), usual.ko):
        return {"title_ko": usual.ko, "title_en": usual.en}
    return {f"title_{language}": plain or name}


def _name(page: Page) -> str:
    """Its address: of its title, of ours as its file says it."""
    if told := _OURS.fullmatch(page.file):
        return told["name"]
    usual = next((name for name, title in USUAL.items() if page.title.strip() == title.ko), "")
    plain = _NO_NAME.sub("-", page.title.lower()).strip("-")[:50].strip("-")
    return usual or (plain if plain[:1].isalpha() else f"page-{plain}".strip("-"))


def _free(name: str, taken: Mapping[str, object]) -> str:
    names = (name, *(f"{name[:56]}-{n}" for n in range(2, len(taken) + 3)))
    return next(one for one in names if one not in taken)


def _is_html(text: str, file: str = "") -> bool:
    return file.lower().endswith((".html", ".htm")) or (not file and text.lstrip().startswith("<"))


def _as_html(text: str) -> str:
    return text if _is_html(text) else f"<p>{escape(text)}</p>"


# --- into a bundle


def _files(page: PageText, folder: Path) -> Iterator[Page]:
    """A file for each language that it has."""
    (folder / _FOLDER).mkdir(parents=True, exist_ok=True)
    for language, text in page.texts.items():
        path = f"{_FOLDER}/{page.name}.{language}.{'html' if page.format == 'html' else 'md'}"
        (folder / path).write_text(f"{text}\n", encoding="utf-8")
        own = (page.title_ko, page.title_en) if language == "ko" else (page.title_en, page.title_ko)
        yield Page(title=own[0] or own[1], file=path, text=f"{text}\n")
