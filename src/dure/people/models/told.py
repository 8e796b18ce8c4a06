"""What persons are told: notices on their pages, which of them come by mail as well, and their data to take along."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models.persons import Person
from dure.store.models import Row, one_of


class NoticeKind(models.TextChoices):
    RESULT = "result"
    INVITATION = "invitation"
    RECEIPT = "receipt"
    OPENED = "opened"
    PAYMENT = "payment"
    ANNOUNCEMENT = "announcement"
    CREDENTIAL = "credential"
    TALK = "talk"
    ACCOUNT = "account"


# Verdicts, invitations and what guards the account reach people by mail whatever they chose.
ALWAYS_MAILED = frozenset({NoticeKind.RESULT, NoticeKind.INVITATION, NoticeKind.ACCOUNT})
# Questions and answers are told on people's pages alone.
NEVER_MAILED = frozenset({NoticeKind.TALK})
MAILED_BY_CHOICE = [kind for kind in NoticeKind if kind not in ALWAYS_MAILED | NEVER_MAILED]


class Notice(Row):
    """Something a person is told on their pages. ``path``: where it leads, within the site."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    text_ko = models.TextField()
    text_en = models.TextField()
    path = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [one_of("kind", NoticeKind, "notice_kind_known")]
        indexes = [
            Index(fields=["person", "id"], name="notice_person"),
            Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.text_en

    @property
    def text(self) -> Text:
        return Text(ko=self.text_ko, en=self.text_en)


class Muted(models.Model):
    """A kind of notice that a person wants on their pages only, not by mail."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="muted")
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in MAILED_BY_CHOICE]),
                name="muted_kind_may_be",
            ),
            UniqueConstraint(fields=["person", "kind"], name="muted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class ExportState(models.TextChoices):
    ASKED = "asked"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"


EXPORT_MOVES: Moves[ExportState] = Moves(
    {ExportState.ASKED: {ExportState.READY, ExportState.FAILED}, ExportState.READY: {ExportState.GONE}}
)
EXPORT_LASTS = timedelta(days=7)
EXPORT_TAKES = timedelta(hours=1)  # at most; after that something went wrong


class Export(Row):
    """Everything Dure keeps about a person, to take along: a ZIP that is there for a week, for that person alone.

    ``done`` of ``of`` parts are collected.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="exports")
    state = models.CharField(max_length=6, choices=ExportState.choices, default=ExportState.ASKED)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=1)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            one_of("state", ExportState, "export_state_known"),
            CheckConstraint(condition=Q(done__lte=F("of")), name="export_within"),
            UniqueConstraint(fields=["person"], condition=Q(state="asked"), name="export_asked_once"),
        ]
        indexes = [Index(fields=["state", "expires_at"], name="export_expiring")]

    def __str__(self) -> str:
        return f"export {self.state}"

    @property
    def is_late(self) -> bool:
        return self.state == ExportState.ASKED and self.asked_at <= clock.now() - EXPORT_TAKES

    @property
    def file(self) -> Path:
        return Path(settings.MEDIA_ROOT) / "exports" / f"{self.pk}.zip"
