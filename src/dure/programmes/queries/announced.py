"""Announcements and what became of their letters."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from dure.jobs.models import MessageState
from dure.programmes.models import Announcement, Programme


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
        copies=Count("letters"),
        waiting=Count("letters", filter=Q(letters__message__state=MessageState.WAITING)),
        failed=Count("letters", filter=Q(letters__message__state=MessageState.FAILED)),
    )


def _delivered(row: Any) -> Delivered:
    return Delivered(row, row.copies, row.waiting, row.failed)
