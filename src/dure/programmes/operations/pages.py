"""Pages of a programme: written, rewritten without losing what stood before, ordered, removed and brought back."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.files import MOST_FILE, SHELF
from dure.programmes.models import PageFormat, PageRevision, Programme, ProgrammeFile, ProgrammePage
from dure.programmes.queries.pages import current, files_of, pages_of, titles_of
from dure.store.shelves import Received

MOST_TITLE, MOST_TEXT = 100, 1_000_000  # letters
_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_BAD_NAME = Text(
    ko="주소는 영문 소문자로 시작해 소문자, 숫자, 하이픈으로 60자까지 쓰세요.",
    en="Begin the address with a small letter, then small letters, digits and hyphens, 60 at most.",
)
_TAKEN = Text(
    ko="‘{name}’ 페이지가 이미 있습니다. 그 페이지를 고치거나 다른 주소를 쓰세요.",
    en="There is a page {name} already. Change that one, or choose another address.",
)
_NO_TITLE = Text(ko="한 언어로는 제목을 적어 주세요.", en="Write the title in one language at least.")
_LONG_TITLE = Text(ko="제목은 한 줄, 100자까지 적을 수 있습니다.", en="A title is one line of at most 100 characters.")
_NO_TEXT = Text(ko="한 언어로는 내용을 적어 주세요.", en="Write the text in one language at least.")
_LONG_TEXT = Text(
    ko="내용이 {n}자입니다. {most}자까지 적을 수 있습니다. 여러 페이지로 나누세요.",
    en="The text has {n} characters of at most {most}. Make several pages of it.",
)
_NUL = Text(ko="표시할 수 없는 문자(NUL)가 있습니다. 지워 주세요.", en="There is a NUL character in it. Delete it.")
_FORMAT = Text(ko="형식은 markdown 또는 html입니다.", en="The format is markdown or html.")
_WRONG = Text(ko="페이지를 저장하지 못했습니다.", en="The page was not saved.")
_CHANGED = Text(
    ko="그 사이 {who} 님이 이 페이지를 고쳤습니다({n}번째 판). 그 판을 보고, 그래도 바꾸려면 다시 저장하세요.",
    en="{who} changed this page meanwhile (revision {n}). Look at it, and save again to replace it all the same.",
)
_REMOVED = Text(
    ko="이 페이지는 지워졌습니다. 데스크의 ‘페이지’에서 되살린 뒤 저장하세요.",
    en="This page was removed. Bring it back under Pages at the desk, then save it.",
)
_NOT_ALL = Text(
    ko="순서에는 지금 있는 모든 페이지가 한 번씩 있어야 합니다.", en="The order must name each page there is once."
)
_FILE_TAKEN = Text(
    ko="‘{name}’ 파일이 이미 있습니다. 먼저 그 파일을 빼거나 이름을 바꿔 올리세요.",
    en="There is a file {name} already. Take it away first, or send this one under another name.",
)


@dataclass(frozen=True)
class Said:
    """What a page says. In one language at least; the other may be empty."""

    title_ko: str = ""
    title_en: str = ""
    text_ko: str = ""
    text_en: str = ""
    format: str = PageFormat.MARKDOWN

    @classmethod
    def of(cls, revision: PageRevision) -> "Said":
        return cls(**{name: getattr(revision, name) for name in cls.__dataclass_fields__})


@transaction.atomic
def write_page(programme: Programme, *, name: str, said: Said, by: Person, is_shown: bool = True) -> PageRevision:
    """A new page behind those there are. Raises Flawed("page.flawed"), Refused("page.taken")."""
    told = _checked(said, name=name)
    last = programme.pages.aggregate(last=Max("place"))["last"]
    try:
        with transaction.atomic():
            page = ProgrammePage.objects.create(
                programme=programme, name=name, is_shown=is_shown, place=0 if last is None else last + 1
            )
    except IntegrityError:
        raise Refused("page.taken", _TAKEN.format(name=name), name=name) from None
    made = PageRevision.objects.create(page=page, number=1, written_by=by, **told)
    record("page.written", page, after=_named(page, made), actor=by)
    return made


@transaction.atomic
def rewrite_page(page: ProgrammePage, *, said: Said, by: Person, after: int) -> PageRevision:
    """A new revision behind that of number ``after``; what is the same as it is none.

    Raises Flawed("page.flawed"), and Refused("page.changed") where somebody wrote another one meanwhile.
    """
    told, before = _checked(said), current(page)
    if before.number == after and Said.of(before) == Said(**told):
        return before
    if not ProgrammePage.objects.filter(pk=page.pk, revision=after, removed_at=None).update(revision=F("revision") + 1):
        raise _overtaken(page, before)
    page.refresh_from_db()
    made = PageRevision.objects.create(page=page, number=page.revision, written_by=by, **told)
    record("page.rewritten", page, before=_named(page, before), after=_named(page, made), actor=by)
    return made


def _overtaken(page: ProgrammePage, now: PageRevision) -> Refused:
    if ProgrammePage.objects.filter(pk=page.pk).exclude(removed_at=None).exists():
        return Refused("page.removed", _REMOVED)
    who = now.written_by.name or now.written_by.email
    return Refused("page.changed", _CHANGED.format(who=who, n=now.number), revision=now.number)


def bring_back(page: ProgrammePage, *, number: int, by: Person) -> PageRevision:
    """Let the page say again what it said in that revision, as a new one. Raises as ``rewrite_page``."""
    said = Said.of(page.revisions.get(number=number))
    return rewrite_page(page, said=said, by=by, after=page.revision)


@transaction.atomic
def show_page(page: ProgrammePage, *, shown: bool, by: Person) -> ProgrammePage:
    """Show it to whoever sees the programme, or to those who run it only."""
    if ProgrammePage.objects.filter(pk=page.pk, removed_at=None, is_shown=not shown).update(is_shown=shown):
        page.is_shown = shown
        record("page.shown" if shown else "page.hidden", page, after=_named(page), actor=by)
    return page


@transaction.atomic
def remove_page(page: ProgrammePage, *, by: Person) -> None:
    """Take it from the programme; ``restore_page`` brings it back as it was."""
    if ProgrammePage.objects.filter(pk=page.pk, removed_at=None).update(removed_at=clock.now()):
        record("page.removed", page, before=_named(page), actor=by)


@transaction.atomic
def restore_page(page: ProgrammePage, *, by: Person) -> ProgrammePage:
    """Bring a removed page back. Raises Refused("page.taken") where another has its address by now."""
    try:
        with transaction.atomic():
            back = ProgrammePage.objects.filter(pk=page.pk).exclude(removed_at=None).update(removed_at=None)
    except IntegrityError:
        raise Refused("page.taken", _TAKEN.format(name=page.name), name=page.name) from None
    page.removed_at = None
    if back:
        record("page.restored", page, after=_named(page), actor=by)
    return page


@transaction.atomic
def order_pages(programme: Programme, *, names: Sequence[str], by: Person) -> None:
    """Put the pages into this order. Raises Refused("page.order") unless each is named once."""
    there = {revision.page.name: revision.page for revision in titles_of(programme, everything=True)}
    if sorted(names) != sorted(there):
        raise Refused("page.order", _NOT_ALL)
    for place, name in enumerate(names):
        there[name].place = place
    ProgrammePage.objects.bulk_update(there.values(), ["place"])
    record("page.ordered", programme, after={"pages": list(names)}, actor=by)


def copy_pages(former: Programme, *, into: Programme, by: Person) -> None:
    """The former edition's pages and files, as they stand; what they once said stays with it."""
    for revision in pages_of(former):
        page = revision.page
        write_page(into, name=page.name, said=Said.of(revision), by=by, is_shown=page.is_shown)
    for file in files_of(former):
        _attached(into, name=file.name, sha256=file.sha256, size=file.size, by=by)


# --- files


def attach_page_file(programme: Programme, content: Iterable[bytes], *, name: str, by: Person) -> ProgrammeFile:
    """Keep a file for the pages. Raises TooLarge, Refused("file.empty", "page.file")."""
    with SHELF.received(content, most=MOST_FILE) as file:
        return keep_page_file(programme, file, name=name, by=by)


def keep_page_file(programme: Programme, file: Received, *, name: str, by: Person) -> ProgrammeFile:
    """The same of one that came in already."""
    SHELF.keep(file)
    return _attached(programme, name=_plain(name), sha256=file.sha256, size=file.size, by=by)


def _plain(name: str) -> str:
    """As it can be written into a page and an address without quotes: letters, digits, hyphens, single dots."""
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"\.{2,}", ".", re.sub(r"[^\w.]+", "-", last))[-120:].strip("-.") or "file"


@transaction.atomic
def _attached(programme: Programme, *, by: Person, name: str, **file: Any) -> ProgrammeFile:
    try:
        with transaction.atomic():
            made = ProgrammeFile.objects.create(programme=programme, name=name, **file)
    except IntegrityError:
        raise Refused("page.file", _FILE_TAKEN.format(name=name), name=name) from None
    record("page.attached", programme, after={"name": name, "sha256": made.sha256}, actor=by)
    return made


@transaction.atomic
def detach_page_file(file: ProgrammeFile, *, by: Person) -> None:
    """Take a file away; its bytes go once nothing names them."""
    record("page.detached", file.programme, before={"name": file.name, "sha256": file.sha256}, actor=by)
    file.delete()


# --- what is written


def _checked(said: Said, *, name: str | None = None) -> dict[str, str]:
    """What is kept of it. Raises Flawed with every flaw at its field."""
    titles = {field: getattr(said, field).strip() for field in ("title_ko", "title_en")}
    texts = {field: getattr(said, field).replace("\r\n", "\n").strip() for field in ("text_ko", "text_en")}
    flaws = [{"field": "name", **_BAD_NAME.as_dict()}] if name is not None and not _NAME.fullmatch(name) else []
    flaws += [{"field": field, **text.as_dict()} for field, text in _flaws(titles, texts)]
    if said.format not in PageFormat.values:
        flaws.append({"field": "format", **_FORMAT.as_dict()})
    if flaws:
        raise Flawed("page.flawed", _WRONG, errors=flaws)
    return {**titles, **texts, "format": str(said.format)}


def _flaws(titles: dict[str, str], texts: dict[str, str]) -> Iterable[tuple[str, Text]]:
    if not any(titles.values()):
        yield "title_en", _NO_TITLE
    if not any(texts.values()):
        yield "text_en", _NO_TEXT
    for field, title in titles.items():
        if len(title) > MOST_TITLE or not title.isprintable():
            yield field, _LONG_TITLE
    for field, text in texts.items():
        if len(text) > MOST_TEXT:
            yield field, _LONG_TEXT.format(n=f"{len(text):,}", most=f"{MOST_TEXT:,}")
        if "\0" in text:
            yield field, _NUL


def _named(page: ProgrammePage, said: PageRevision | None = None) -> dict[str, object]:
    """What the log says of a page: of a text only which it is, since no revision is ever lost."""
    named: dict[str, object] = {"name": page.name, "revision": said.number if said else page.revision}
    return named | {"title_ko": said.title_ko, "title_en": said.title_en} if said else named
