"""A competition's pages of text become the programme's, and the programme's a bundle's."""

from dataclasses import asdict
from pathlib import Path

from dure.bundles.findings import NOWHERE, Defect, defect
from dure.bundles.model import Competition
from dure.bundles.pages import PageText, pages_of, pictures, with_pages
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.models import PageRevision, Programme
from dure.programmes.operations.pages import Said, write_page
from dure.programmes.queries.pages import pages_of as pages_now

_PICTURES = Text(ko="페이지에 올린 그림과 파일", en="pictures and files beside pages")


def take_pages(programme: Programme, competition: Competition, *, by: Person) -> None:
    """Write the pages of a competition as those of its programme."""
    for page in pages_of(competition):
        told = asdict(page)
        write_page(programme, name=told.pop("name"), said=Said(**told), by=by)


def paged(competition: Competition, programme: Programme, folder: Path) -> tuple[Competition, tuple[Defect, ...]]:
    """The competition with the pages that the programme shows now, their files below ``folder``; and what is lost."""
    pages = [_told(one) for one in pages_now(programme) if one.page.is_shown]
    beside = any(one.startswith("files/") for page in pages for text in page.texts.values() for one in pictures(text))
    lost = (defect("write.lost", NOWHERE, what=_PICTURES),) if beside else ()
    return with_pages(competition, pages, folder), lost


def _told(revision: PageRevision) -> PageText:
    return PageText(revision.page.name, **asdict(Said.of(revision)))
