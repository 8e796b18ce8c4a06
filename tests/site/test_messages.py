"""The Korean catalogue is whole, and no page has text that was never marked for it."""

import json
import re
import runpy
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import polib
import pytest
from django.contrib.staticfiles import finders

from dure.blueprint.schema import schema_of
from dure.site.interviews.forms import EXAMPLE
from tests.site.conftest import ROOT, client_of, text_of
from tests.site.places import pages
from tests.site.world import SOURCE

TOOL = runpy.run_path(str(ROOT / "tools" / "messages.py"), run_name="messages")
NEVER_MARKED = {
    "CSV", "Excel", "English", "GPU", "AI", "AUC", "KRW", "Asia", "Seoul", "ID", "KB", "GiB", "Dure", "Python",
    "Django", "sqlite", "postgresql", "YAML", "OpenID", "Connect", "SAML", "API", "JSON", "JWT", "LD", "PDF", "PNG",
    "SVG", "SHA", "SQL", "XLSX", "KR", "KST", "LLM", "MLOps", "BI", "NCS", "NET", "ESCO", "Open", "Badges", "Apache",
    "Business", "MB",
}  # fmt: skip
LATIN = re.compile(r"[A-Za-z]{2,}")
AS_IT_STANDS = re.compile(r"<(code|pre|kbd)\b.*?</\1>|<(\w+)\b[^>]*\stranslate=\"no\".*?</\2>", re.DOTALL)


WRITTEN = set(
    LATIN.findall("""
    Person Mate Sorry It is my own Two labels were swapped Solves problems of the shop floor Unreadable Write one JSON
    object a line Hanbit Electronics Field field badge analyst bank paper cohort vision classic standard vm org
    What is this Right Wrong Both It was not me other wayfarer ways together maps stars speech Clouds cert exam badge
    json MS clerk head judge mentor operator Idea Clear Craft Fine Missing Rough Interviewer Room talk
""")
)  # what people of the small world are called and wrote, and what a job of theirs failed of


SAID = {
    "/interviews/": f"{EXAMPLE} Knowledge Talk None Sure",
    "/surveys/": "We ask to make the next cohort better. A scale question?",
}  # in both languages, by whoever holds them


def test_the_catalogue_holds_exactly_what_the_sources_say() -> None:
    assert TOOL["check"]("ko") == []


@pytest.mark.parametrize(
    ("msgstr", "fault"),
    [
        ("", "not translated"),
        ("안녕하세요", "placeholders differ"),
        (" %(name)s 님", "spaces at the ends differ"),
        ("‘%(name)s’은 안녕하세요", "a particle follows what is filled in, and may not fit it"),
    ],
)
def test_a_faulty_translation_is_found(msgstr: str, fault: str) -> None:
    entry = polib.POEntry(msgid="Hello %(name)s", msgstr=msgstr)
    assert fault in list(TOOL["_faults"](entry))


@pytest.fixture
def pseudo(settings, tmp_path: Path) -> None:
    """A language in which every marked message stands in brackets; sentences of blueprints and rooms are Korean."""
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=1; plural=0;"}
    for singular, plural in TOOL["messages"]():
        entry = polib.POEntry(msgid=singular, msgid_plural=plural)
        if plural:
            entry.msgstr_plural = {0: f"⟦{plural}⟧"}
        else:
            entry.msgstr = f"⟦{singular}⟧"
        catalogue.append(entry)
    folder = tmp_path / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue.save_as_mofile(str(folder / "django.mo"))
    settings.LANGUAGES = [("xx", "Pseudo"), ("ko", "Korean")]
    settings.LOCALE_PATHS = [str(tmp_path)]


@pytest.mark.django_db
def test_no_page_has_words_that_were_not_marked(world, pseudo) -> None:
    world.proving()

    found = {path: _unmarked(client_of(person, "xx").get(path)) - _data(path) for path, person in pages(world).items()}

    assert {path: words for path, words in found.items() if words} == {}


def _data(path: str) -> set[str]:
    """Words that pages show as somebody wrote them: what was searched; in the studio, blueprints and their language."""
    written = urlsplit(path).query
    if path.startswith(("/studio/", "/make/")):
        written += _library()
    written += "".join(said for place, said in SAID.items() if path.startswith(place))
    return set(LATIN.findall(written))


@cache
def _library() -> str:
    files = [file for shelf in ("blueprints", "programmes", "agreements") for file in (ROOT / shelf).glob("*.yaml")]
    texts = " ".join(file.read_text(encoding="utf-8") for file in files)
    return f"{SOURCE} {texts} {json.dumps(schema_of('blueprint'))}"


def _unmarked(response) -> set[str]:
    """Latin words outside the brackets, besides addresses, names that are the same in every language, and data."""
    response.content = AS_IT_STANDS.sub(" ", response.content.decode()).encode()
    text = re.sub(r"⟦[^⟦⟧]*⟧", " ", re.sub(r"⟦[^⟦⟧]*⟧", " ", text_of(response)))
    text = re.sub(r"\S+@\S+|(?:https?:/)?/[\w./:-]+|[0-9a-f]{8}-?[0-9a-f-]{23,27}", " ", text)
    return set(LATIN.findall(text)) - NEVER_MARKED - WRITTEN


def test_how_many_there_are_is_told_with_separators() -> None:
    counted = re.compile(r"blocktranslate [^%]*?(\w+)=[\w.]*paginator\.count [^%]*%\}((?:(?!endblock).)*)", re.DOTALL)
    bare = [
        f"{file.name}: {said}"
        for file in (ROOT / "src/dure/site/templates").rglob("*.html")
        for name, said in counted.findall(file.read_text(encoding="utf-8"))
        if f"{{{{ {name} }}}}" in said
    ]

    assert bare == []


def test_every_file_that_a_page_links_is_there() -> None:
    linked = re.compile(r"\{% static \"([^\"]+)\" %\}")
    templates = (ROOT / "src/dure/site/templates").rglob("*.html")
    named = {name for file in templates for name in linked.findall(file.read_text(encoding="utf-8"))}

    assert {name for name in named if not finders.find(name)} == set()
