"""Announcements and what became of their letters."""

from dataclasses import dataclass

from django.db.models import Count, Q

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
    rows = programme.announcements.select_related("written_by", "sent_by").order_by("-pk")
    counted = rows.annotate(
        copies=Count("letters"),
        waiting=Count("letters", filter=Q(letters__message__state=MessageState.WAITING)),
        failed=Count("letters", filter=Q(letters__message__state=MessageState.FAILED)),
    )
    return [Delivered(row, row.copies, row.waiting, row.failed) for row in counted]
