"""A programme's pages of text: read by whoever sees it, written by those who run it, with all that they ever said."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Annotated, Literal, Self
from urllib.parse import quote
from uuid import UUID

from django.db.models import QuerySet
from ninja import File, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from dure.api.base import ANYBODY, Asked, AskedByAnybody, caller
from dure.api.find import one, operated_programme, seen_programme
from dure.api.shapes import In, Moment, Name, Out, Page, Paging, PersonRef, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.files import MOST_FILE, SHELF
from dure.programmes.models import PageRevision, Programme, ProgrammeFile, ProgrammePage
from dure.programmes.operations import pages as operations
from dure.programmes.operations.pages import MOST_TEXT, MOST_TITLE, Said
from dure.programmes.queries.pages import current, files_of, pages_of
from dure.store.shelves import Received

router = Router(tags=["pages"])
PAGE = Text(ko="페이지", en="page")
FILE = Text(ko="파일", en="file")
Title = Annotated[str, Field(max_length=MOST_TITLE)]
Written = Annotated[str, Field(max_length=MOST_TEXT)]


class PageTextIn(In):
    """What a page says, in one language at least. ``format``: markdown, in which HTML may stand, or html."""

    title_ko: Title = ""
    title_en: Title = ""
    text_ko: Written = ""
    text_en: Written = ""
    format: Literal["markdown", "html"] = "markdown"

    def said(self) -> Said:
        return Said(**self.model_dump(include=set(Said.__dataclass_fields__)))


class PageIn(PageTextIn):
    """``name`` is its address; the page ``terms`` is shown to whoever enters."""

    name: Name
    is_shown: bool = True


class RewrittenIn(PageTextIn):
    """``after``: the revision that it takes the place of. ``is_shown`` left out stays as it is."""

    after: Annotated[int, Field(ge=1, le=2**31 - 1)]
    is_shown: bool | None = None


class OrderIn(In):
    """Each of the pages once."""

    pages: Annotated[list[Name], Field(max_length=1000)]


class PageTextOut(Out):
    """What a page says: ``text`` as it was written, in each language that it has; pages are shown cleaned."""

    format: str
    title_ko: str
    title_en: str
    text_ko: str
    text_en: str
    written_at: Moment


class PageOut(PageTextOut):
    """Whoever reads the language that it lacks gets what there is."""

    id: UUID
    name: str
    is_shown: bool
    revision: int

    @classmethod
    def of(cls, said: PageRevision) -> Self:
        page = said.page
        return cls(
            id=page.pk, name=page.name, is_shown=page.is_shown, revision=said.number, written_at=said.written_at,
            **asdict(Said.of(said)),
        )  # fmt: skip


class PageRevisionOut(PageTextOut):
    """What a page said, and whose words they are."""

    number: int
    written_by: PersonRef

    @classmethod
    def of(cls, said: PageRevision) -> Self:
        by = PersonRef.of(said.written_by)
        return cls(number=said.number, written_by=by, written_at=said.written_at, **asdict(Said.of(said)))


class PageFileOut(Out):
    """A picture or file: ``files/NAME`` in the pages, ``address`` for browsers."""

    id: UUID
    name: str
    size: int
    sha256: str
    address: str

    @classmethod
    def of(cls, file: ProgrammeFile) -> Self:
        address = f"/programmes/{file.programme.slug}/files/{quote(file.name)}"
        return cls(id=file.pk, name=file.name, size=file.size, sha256=file.sha256, address=address)


class Gone(Out):
    id: UUID

    @classmethod
    def of(cls, made: UUID) -> Self:
        return cls(id=made)


class Ordered(Out):
    pages: list[str]

    @classmethod
    def of(cls, names: list[str]) -> Self:
        return cls(pages=names)


@router.get("/programmes/{slug:slug}/pages", response=list[PageOut], auth=ANYBODY)
def listed(request: AskedByAnybody, slug: str) -> list[PageOut]:
    """What the pages say now, in their order; what is not shown is for those who run the programme."""
    person = caller(request)
    programme = seen_programme(person, slug)
    operates = person is not None and rules.operates(person, programme)
    return [PageOut.of(said) for said in pages_of(programme) if operates or said.page.is_shown]


@writes(router.post, "/programmes/{slug:slug}/pages", PageOut, status=201)
def write(request: Asked, slug: str, body: PageIn) -> PageRevision:
    """Write a page behind those there are."""
    programme = operated_programme(request.auth, slug)
    return operations.write_page(programme, name=body.name, said=body.said(), by=request.auth, is_shown=body.is_shown)


@writes(router.put, "/programmes/{slug:slug}/pages", Ordered)
def order(request: Asked, slug: str, body: OrderIn) -> list[str]:
    """Put the pages into this order."""
    programme = operated_programme(request.auth, slug)
    operations.order_pages(programme, names=body.pages, by=request.auth)
    return body.pages


@writes(router.put, "/pages/{uuid:page_id}", PageOut)
def rewrite(request: Asked, page_id: UUID, body: RewrittenIn) -> PageRevision:
    """A new revision behind the one named; refused where somebody wrote another one meanwhile."""
    page = _page(request.auth, page_id)
    operations.rewrite_page(page, said=body.said(), by=request.auth, after=body.after)
    if body.is_shown is not None:
        operations.show_page(page, shown=body.is_shown, by=request.auth)
    return _now(page)


@writes(router.delete, "/pages/{uuid:page_id}", Gone)
def remove(request: Asked, page_id: UUID) -> UUID:
    """Take a page from the programme; ``restore`` brings it back."""
    operations.remove_page(_page(request.auth, page_id), by=request.auth)
    return page_id


@writes(router.post, "/pages/{uuid:page_id}/restore", PageOut)
def restore(request: Asked, page_id: UUID) -> PageRevision:
    """Bring a removed page back as it was."""
    return _now(operations.restore_page(_page(request.auth, page_id), by=request.auth))


@router.get("/pages/{uuid:page_id}/revisions", response=Page[PageRevisionOut])
def revisions(request: Asked, page_id: UUID, paging: Query[Paging]) -> Page[PageRevisionOut]:
    """All that a page ever said, for those who run the programme."""
    rows = _page(request.auth, page_id).revisions.select_related("written_by")
    return paged(rows, paging, lambda found: [PageRevisionOut.of(said) for said in found])


@router.get("/programmes/{slug:slug}/files", response=list[PageFileOut], auth=ANYBODY)
def files(request: AskedByAnybody, slug: str) -> list[PageFileOut]:
    """Pictures and files of the pages."""
    return [PageFileOut.of(file) for file in files_of(seen_programme(caller(request), slug))]


@dataclass(frozen=True)
class Sent:
    """A file as it came in."""

    programme: Programme
    file: Received
    name: str


@contextmanager
def _sent(request: Asked, slug: str, file: File[UploadedFile]) -> Iterator[Sent]:
    programme = operated_programme(request.auth, slug)
    with SHELF.received(file.chunks(), most=MOST_FILE) as received:
        yield Sent(programme, received, file.name or "")


@writes(router.post, "/programmes/{slug:slug}/files", PageFileOut, status=201, before=_sent)
def attach(request: Asked, sent: Sent) -> ProgrammeFile:
    """Add a picture or file, of at most 32 MiB."""
    return operations.keep_page_file(sent.programme, sent.file, name=sent.name, by=request.auth)


@writes(router.delete, "/page-files/{uuid:file_id}", Gone)
def detach(request: Asked, file_id: UUID) -> UUID:
    """Take a picture or file away."""
    rows = ProgrammeFile.objects.select_related("programme")
    file = one(rows, "file.missing", FILE, pk=file_id)
    operated_programme(request.auth, file.programme.slug)
    operations.detach_page_file(file, by=request.auth)
    return file_id


def _page(person: Person, page_id: UUID) -> ProgrammePage:
    """The page, for those who run its programme; others need not know of it."""
    rows: QuerySet[ProgrammePage] = ProgrammePage.objects.select_related("programme")
    page = one(rows, "page.missing", PAGE, pk=page_id)
    if not rules.operates(person, page.programme):
        return one(rows.none(), "page.missing", PAGE)
    return page


def _now(page: ProgrammePage) -> PageRevision:
    page.refresh_from_db()
    said = current(page)
    said.page = page
    return said
