"""The four shelves: which pages there are, in which order, and what stands in them.

A shelf is a folder of Markdown; its README lists its pages in order. English lies in ``docs/SHELF/``, Korean in
``docs/ko/SHELF/``; a page that has no Korean yet is shown in English, and says so.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin

ROOT = Path(settings.LIBRARY) / "docs"
SHELVES = ("tutorial", "how-to", "reference", "explanation")
LOOSE = {"words": "reference", "house": "explanation"}  # pages beside the shelves, and where they are shown
_LINK = re.compile(r"\]\(([^)#\s]+)\.md(?:#[^)]*)?\)")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_SIGNS = re.compile(r"[`*_]")


@dataclass(frozen=True)
class Heading:
    """A heading of a page and the mark by which it is linked; ``level`` 2 or 3."""

    level: int
    mark: str
    text: str


@dataclass(frozen=True)
class Page:
    """One page as read from its file. ``language``: the one that it is written in."""

    shelf: str
    name: str
    language: str
    title: str
    about: str
    html: str
    headings: tuple[Heading, ...]
    text: str


def shelf_of(name: str, language: str) -> list[Page]:
    """The pages of a shelf in its own order, in ``language`` where they are written in it."""
    return [page for entry in _order(name) if (page := page_of(name, entry, language))]


def page_of(shelf: str, name: str, language: str) -> Page | None:
    """One page, in ``language`` or else in English; None where there is none of that name."""
    if shelf not in SHELVES or not _NAME.fullmatch(name):
        return None
    for written in dict.fromkeys((language, "en")):
        file = _file(shelf, name, written)
        if file.is_file():
            return _read(file, shelf, name, written, file.stat().st_mtime_ns)
    return None


def pages(language: str) -> Iterator[Page]:
    for shelf in SHELVES:
        yield from shelf_of(shelf, language)


def _file(shelf: str, name: str, language: str) -> Path:
    folder = ROOT if language == "en" else ROOT / language
    return folder / f"{name}.md" if LOOSE.get(name) == shelf else folder / shelf / f"{name}.md"


def _order(shelf: str) -> list[str]:
    """Names of the shelf's pages: as its README lists them, then those that it does not."""
    readme = ROOT / shelf / "README.md"
    listed = _LINK.findall(readme.read_text(encoding="utf-8")) if readme.is_file() else []
    own = [posixpath.basename(link) for link in listed if _is_of(shelf, link)]
    there = sorted(path.stem for path in (ROOT / shelf).glob("*.md") if path.name != "README.md")
    loose = [name for name, where in LOOSE.items() if where == shelf]
    return list(dict.fromkeys([*own, *there, *loose]))


def _is_of(shelf: str, link: str) -> bool:
    there = posixpath.normpath(posixpath.join(shelf, link))
    return there.startswith(f"{shelf}/") or LOOSE.get(there) == shelf


@lru_cache(maxsize=512)
def _read(file: Path, shelf: str, name: str, language: str, _changed: int) -> Page:
    source = file.read_text(encoding="utf-8")
    here = LOOSE.get(name) == shelf
    tokens = _markdown().parse(source, {"at": "" if here else shelf, "language": language})
    headings = tuple(_headings(tokens))
    title = next((_plain(tokens[i + 1].content) for i, t in enumerate(tokens) if _opens(t, "h1")), name)
    about = next((_plain(tokens[i + 1].content) for i, t in enumerate(tokens) if t.type == "paragraph_open"), "")
    body = _without_title(tokens)
    html = _markdown().renderer.render(body, _markdown().options, {})
    return Page(shelf, name, language, title, about, html, headings, source)


def _opens(token: Token, tag: str) -> bool:
    return token.type == "heading_open" and token.tag == tag


def _without_title(tokens: list[Token]) -> list[Token]:
    """The page's head shows the title itself."""
    start = next((i for i, token in enumerate(tokens) if _opens(token, "h1")), None)
    return tokens if start is None else tokens[:start] + tokens[start + 3 :]


def _headings(tokens: list[Token]) -> Iterator[Heading]:
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag in {"h2", "h3"}:
            yield Heading(int(token.tag[1]), str(token.attrGet("id")), _plain(tokens[at + 1].content))


def _plain(text: str) -> str:
    """Markdown of one line without its signs."""
    return _SIGNS.sub("", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)).strip()


# --- Markdown


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    """CommonMark with tables; no HTML of one's own. Links between pages become addresses."""
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.use(anchors_plugin, max_level=4, slug_func=mark_of)
    made.core.ruler.push("addresses", _set_addresses)
    made.core.ruler.push("names", _name_tables)
    made.add_render_rule("table_open", _table_open)
    made.add_render_rule("table_close", lambda *_: "</table></div>\n")
    made.add_render_rule("fence", _code)
    made.add_render_rule("code_block", _code)
    return made


def mark_of(title: str) -> str:
    """The mark of a heading, as GitHub makes it, so that links in the files work there as well."""
    kept = "".join(sign for sign in title.strip().lower() if sign.isalnum() or sign in " -_")
    return kept.replace(" ", "-")


def _set_addresses(state: object) -> None:
    tokens, env = state.tokens, state.env  # type: ignore[attr-defined]  # StateCore is not exported
    for token in tokens:
        if token.type == "inline":
            token.children = list(_addressed(token.children or [], env))


def _addressed(tokens: list[Token], env: dict[str, str]) -> Iterator[Token]:
    """The tokens of a line: links lead to addresses here; what leads nowhere here keeps only its words."""
    leads = True
    for token in tokens:
        if token.type == "link_open":
            token.attrSet("href", address(str(token.attrGet("href")), env.get("at", "")))
            leads = bool(token.attrGet("href"))
        if token.type == "image":
            token.attrSet("src", screen(str(token.attrGet("src")), env.get("language", "en")))
            token.attrSet("loading", "lazy")
        if (leads or token.type not in {"link_open", "link_close"}) and (token.type != "image" or token.attrGet("src")):
            yield token


def address(link: str, shelf: str) -> str:
    """Where a link of a page leads: other pages by their address here, other sites as written, files nowhere."""
    path, _, mark = link.partition("#")
    if not path or path.startswith("/") or "://" in path:
        return link
    there = posixpath.normpath(posixpath.join(shelf, path)).removeprefix("ko/").removesuffix(".md")
    where, _, name = there.rpartition("/")
    if name == "README" and where in SHELVES:
        found = f"/docs/{where}/"
    elif where in SHELVES or there in LOOSE:
        found = f"/docs/{where or LOOSE[there]}/{name}/"
    else:
        return ""
    return f"{found}#{mark}" if mark else found


def screen(source: str, language: str) -> str:
    """The address of a picture of a page, where one was made; else nothing."""
    name = posixpath.basename(source).removesuffix(".png")
    return f"/docs/screens/{name}-{language}.png" if screen_file(name, language).is_file() else ""


def screen_file(name: str, language: str) -> Path:
    return Path(settings.LIBRARY) / "build" / "screens" / f"{name}-{language}.png"


def _name_tables(state: object) -> None:
    """Each table is named after the heading above it, so that those who hear the page can tell them apart."""
    tokens: list[Token] = state.tokens  # type: ignore[attr-defined]  # StateCore is not exported
    heading, seen = "", Counter[str]()
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = _plain(tokens[at + 1].content)
        elif token.type == "table_open":
            seen[heading] += 1
            token.meta["name"] = heading if seen[heading] == 1 else f"{heading} {seen[heading]}"


def _table_open(_renderer: object, tokens: list[Token], at: int, *_: object) -> str:
    name = escape(tokens[at].meta.get("name", ""))
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table>\n'


def _code(_renderer: object, tokens: list[Token], at: int, *_: object) -> str:
    return f'<pre tabindex="0"><code>{escape(tokens[at].content)}</code></pre>\n'
