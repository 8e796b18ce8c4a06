"""Announcements and what became of their letters."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dure.jobs.models import MessageState
from dure.people.models import Person
from dure.programmes.models import Announcement, Letter, Programme


@dataclass(frozen=True)
class Delivered:
    """One announcement's letters: on their way, refused by the receiver's mail server, and delivered."""

    announcement: Announcement
    waiting: int
    failed: int

    @property
    def sent(self) -> int:
        """Of those written; a letter that the outbox has forgotten had been delivered."""
        return self.announcement.told - self.waiting - self.failed


def announced(programme: Programme) -> list[Delivered]:
    """Everything that was announced or is being written, the newest first."""
    return [_delivered(row) for row in _counted(programme.announcements.all()).order_by("-pk")]


def delivered(announcement: Announcement) -> Delivered:
    """The same of one."""
    return _delivered(_counted(Announcement.objects.filter(pk=announcement.pk)).get())


def was_told(person: Person, announcement: Announcement) -> bool:
    """Whether it has been announced to them."""
    return announcement.letters.filter(person=person, told_at__isnull=False).exists()


def _counted(rows: "QuerySet[Announcement]") -> "QuerySet[Any]":
    return rows.select_related("written_by", "sent_by").annotate(
        waiting=_letters(MessageState.WAITING),
        failed=_letters(MessageState.FAILED),
    )


def _letters(state: MessageState) -> Coalesce:
    """How many of a row's letters lie in the outbox in that state."""
    letters = Letter.objects.filter(announcement=OuterRef("pk"), message__state=state).order_by().values("announcement")
    return Coalesce(Subquery(letters.annotate(n=Count("*")).values("n")), 0)


def _delivered(row: Any) -> Delivered:
    return Delivered(row, row.waiting, row.failed)
