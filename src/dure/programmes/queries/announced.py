"""Announcements and what became of their letters."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dure.jobs.models import MessageState
from dure.programmes.models import Announcement, Letter, Programme


@dataclass(frozen=True)
class Delivered:
    """One announcement's letters: on their way, refused by the receiver's mail server, and delivered."""

    announcement: Announcement
    letters: int
    waiting: int
    failed: int

    @property
    def sent(self) -> int:
        """A letter that the outbox has forgotten had been delivered."""
        return self.letters - self.waiting - self.failed


def announced(programme: Programme) -> list[Delivered]:
    """Everything that was announced or is being written, the newest first."""
    return [_delivered(row) for row in _counted(programme.announcements.all()).order_by("-pk")]


def delivered(announcement: Announcement) -> Delivered:
    """The same of one."""
    return _delivered(_counted(Announcement.objects.filter(pk=announcement.pk)).get())


def _counted(rows: "QuerySet[Announcement]") -> "QuerySet[Any]":
    return rows.select_related("written_by", "sent_by").annotate(
        copies=_letters(),
        waiting=_letters(message__state=MessageState.WAITING),
        failed=_letters(message__state=MessageState.FAILED),
    )


def _letters(**which: MessageState) -> Coalesce:
    """How many of a row's letters there are; the few that have not arrived are found from their messages."""
    letters = Letter.objects.filter(announcement=OuterRef("pk"), **which).order_by().values("announcement")
    return Coalesce(Subquery(letters.annotate(n=Count("*")).values("n")), 0)


def _delivered(row: Any) -> Delivered:
    return Delivered(row, row.copies, row.waiting, row.failed)
