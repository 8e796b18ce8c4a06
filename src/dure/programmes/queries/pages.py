"""What the pages of a programme say now, and what they said before."""

from uuid import UUID

from django.db.models import F, QuerySet

from dure.programmes.models import PageRevision, Programme, ProgrammeFile, ProgrammePage
from dure.store.worded import found


def pages_of(programme: Programme) -> list[PageRevision]:
    """What each page says now, in their order, those that are not shown among them."""
    return found(_said, programme.pk)


def titles_of(programme: Programme, *, everything: bool) -> list[PageRevision]:
    """The same without the texts; ``everything``: also what is not shown."""
    return [one for one in found(_titles, programme.pk) if everything or one.page.is_shown]


def page_of(programme: Programme, name: str) -> PageRevision | None:
    """What the page of that name says now."""
    return next(iter(found(_named, programme.pk, name)), None)


def current(page: ProgrammePage) -> PageRevision:
    """What it says now, with who wrote it."""
    return PageRevision.objects.select_related("written_by").filter(page=page).latest("number")


def removed_from(programme: Programme) -> list[PageRevision]:
    """What the removed pages last said, those that went last first."""
    rows = _present().filter(page__programme=programme).exclude(page__removed_at=None)
    return list(rows.order_by("-page__removed_at"))


def files_of(programme: Programme) -> list[ProgrammeFile]:
    return list(programme.page_files.order_by("name"))


def in_force() -> QuerySet[PageRevision]:
    """What every page that is not removed says now, in the order of a programme's."""
    return _present().filter(page__removed_at=None).order_by("page__place", "page__pk")


def _present() -> QuerySet[PageRevision]:
    return PageRevision.objects.filter(number=F("page__revision")).select_related("page")


def _said(programme: UUID) -> QuerySet[PageRevision]:
    return in_force().filter(page__programme=programme)


def _titles(programme: UUID) -> QuerySet[PageRevision]:
    return _said(programme).defer("text_ko", "text_en")


def _named(programme: UUID, name: str) -> QuerySet[PageRevision]:
    return _said(programme).filter(page__name=name)
