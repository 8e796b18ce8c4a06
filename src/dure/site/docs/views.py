"""Pages of the documentation: the shelves, one page, and the pictures that a test run made for them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dure.core.errors import Missing
from dure.core.text import Text
from dure.site import words
from dure.site.docs import shelves
from dure.site.docs.shelves import Page

SHELVES: dict[str, tuple[Promise, Promise]] = {
    "tutorial": (_("Tutorial"), _("Learn by doing: from nothing to a result.")),
    "how-to": (_("How to"), _("One task each, step by step.")),
    "reference": (_("Reference"), _("Look it up: the language, the API, the command line, the words.")),
    "explanation": (_("Explanation"), _("Why it is as it is, and what you may rely on.")),
}
NO_PAGE = Text(
    ko="찾으시는 문서가 없습니다. 문서 목록에서 찾아보세요.",
    en="There is no such page. Look in the list of the documentation.",
)
FOUND, AROUND = 30, 90


@dataclass(frozen=True)
class Hit:
    """A page in which the words were found, with some of its text around them."""

    page: Page
    around: str


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The four shelves; with ``q`` what was found in them."""
    query = request.GET.get("q", "").strip()[:200]
    listed = [
        (name, title, about, shelves.shelf_of(name, words.language())) for name, (title, about) in SHELVES.items()
    ]
    seen = {"shelves": listed, "q": query, "hits": hits(query, words.language()) if query else []}
    return render(request, "docs/index.html", seen)


@require_safe
def shelf(request: HttpRequest, shelf: str) -> HttpResponse:
    """One shelf."""
    if shelf not in SHELVES:
        raise Missing("docs.missing", NO_PAGE)
    title, about = SHELVES[shelf]
    seen = {"shelf": shelf, "title": title, "about": about, "pages": shelves.shelf_of(shelf, words.language())}
    return render(request, "docs/shelf.html", seen)


@require_safe
def page(request: HttpRequest, shelf: str, name: str) -> HttpResponse:
    """One page with its contents beside it, and what comes before and after it on its shelf."""
    found = shelves.page_of(shelf, name, words.language())
    if found is None:
        raise Missing("docs.missing", NO_PAGE)
    listed = shelves.shelf_of(shelf, words.language())
    at = next((i for i, one in enumerate(listed) if one.name == name), 0)
    seen = {
        "page": found,
        "title": SHELVES[shelf][0],
        "pages": listed,
        "before": listed[at - 1] if at else None,
        "after": listed[at + 1] if at + 1 < len(listed) else None,
        "foreign": found.language != words.language(),
    }
    return render(request, "docs/page.html", seen)


@require_safe
def screen(_request: HttpRequest, name: str, language: str) -> FileResponse:
    """A picture of a page of the portal."""
    file = shelves.screen_file(name, language)
    if not file.is_file():
        raise Missing("docs.missing", NO_PAGE)
    return FileResponse(file.open("rb"), content_type="image/png", headers={"Cache-Control": "max-age=3600"})


def hits(query: str, language: str) -> list[Hit]:
    """Pages that hold every word of ``query``: those with it in their title first."""
    wanted = query.casefold().split()
    found = [page for page in shelves.pages(language) if _holds(page.text.casefold(), wanted)]
    found.sort(key=lambda page: not _holds(page.title.casefold(), wanted))
    return [Hit(page, _around(page.text, query.split())) for page in found[:FOUND]]


def _holds(text: str, wanted: Sequence[str]) -> bool:
    return all(word in text for word in wanted)


def _around(text: str, sought: Sequence[str]) -> str:
    """Some text around the first word that stands there."""
    flat = re.sub(r"[\s#|*`>-]+", " ", text)
    at = min((place for word in sought if (place := flat.casefold().find(word.casefold())) >= 0), default=0)
    return flat[max(0, at - AROUND) : at + AROUND].strip()
