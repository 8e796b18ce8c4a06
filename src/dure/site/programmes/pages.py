"""A programme's pages of text and their files, for whoever sees the programme."""

from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dure.core.errors import Missing
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.files import SHELF
from dure.programmes.models import TERMS, PageRevision, Programme
from dure.programmes.queries.pages import page_of, titles_of
from dure.site import words
from dure.site.markdown import page_html
from dure.site.sending import sent
from dure.site.visitors import programme_for, visitor

_GONE = Text(
    ko="이 페이지를 찾을 수 없습니다. 프로그램의 다른 페이지를 보세요.",
    en="This page is not there. See the programme's other pages.",
)


@require_safe
def show(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One page, in the visitor's language where it is written in it."""
    programme = programme_for(request, slug)
    operates = _operates(visitor(request), programme)
    said = page_of(programme, name)
    if said is None or not (said.page.is_shown or operates):
        raise Missing("page.missing", _GONE)
    seen = {
        "programme": programme, "said": said, "html": html_of(programme, said), "spoken": said.spoken(words.language()),
        "pages": titles_of(programme, everything=operates), "operates": operates,
    }  # fmt: skip
    return render(request, "programmes/text.html", seen)


@require_safe
def file(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """A picture or file of the pages."""
    found = programme_for(request, slug).page_files.filter(name=name).first()
    if found is None:
        raise Missing("page.missing", _GONE)
    return sent(request, found, shelf=SHELF)


def terms_of(programme: Programme) -> PageRevision | None:
    """The terms that whoever enters is shown."""
    return next((one for one in titles_of(programme, everything=False) if one.page.name == TERMS), None)


def files_at(programme: Programme) -> str:
    """Below which address the files of its pages are."""
    return reverse("page-file", args=[programme.slug, "-"]).removesuffix("-")


def html_of(programme: Programme, said: PageRevision) -> SafeString:
    """What a revision says, for the visitor's language."""
    language = words.language()
    return _drawn(_Drawing(said.pk, language, files_at(programme), said.text[language], said.format))


@dataclass(frozen=True)
class _Drawing:
    """A revision never changes, so its id, a language and an address say all of what is drawn."""

    revision: UUID
    language: str
    files: str
    text: str = field(compare=False)
    format: str = field(compare=False)


@lru_cache(maxsize=128)
def _drawn(of: _Drawing) -> SafeString:
    return page_html(of.text, of.format, files=of.files)


def _operates(person: Person | None, programme: Programme) -> bool:
    return bool(person and rules.operates(person, programme))
