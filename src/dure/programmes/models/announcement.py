"""What a programme's desk announces to some of those who take part, and the letters it became."""

from django.db import models
from django.db.models import F, Q

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.jobs.models import Message
from dure.people.models import Person
from dure.programmes.models.programme import Programme
from dure.store.models import Row, one_of


class AnnouncementState(models.TextChoices):
    DRAFT = "draft"
    SENDING = "sending"
    SENT = "sent"
    STOPPED = "stopped"


ANNOUNCEMENT_MOVES: Moves[AnnouncementState] = Moves(
    {
        AnnouncementState.DRAFT: {AnnouncementState.SENDING},
        AnnouncementState.SENDING: {AnnouncementState.SENT, AnnouncementState.STOPPED},
    }
)


class Announcement(Row):
    """One letter to many, in both languages. ``group`` says to whom (``queries.cohort.Group`` as a mapping): who is
    in it is read once, when sending begins. ``told`` of ``receivers`` have got theirs."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="announcements")
    group = models.JSONField(default=dict)
    subject_ko = models.CharField(max_length=150)
    subject_en = models.CharField(max_length=150)
    body_ko = models.TextField()
    body_en = models.TextField()
    state = models.CharField(max_length=7, choices=AnnouncementState.choices, default=AnnouncementState.DRAFT)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)  # when sending began
    receivers = models.PositiveIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            one_of("state", AnnouncementState, "announcement_state_known"),
            models.CheckConstraint(condition=Q(told__lte=F("receivers")), name="announcement_told_within"),
        ]

    def __str__(self) -> str:
        return self.subject_ko

    @property
    def subject(self) -> Text:
        return Text(ko=self.subject_ko, en=self.subject_en)

    @property
    def body(self) -> Text:
        return Text(ko=self.body_ko, en=self.body_en)


class Letter(models.Model):
    """One person's copy; until ``told_at`` it waits to be written, for ever where sending was stopped before.

    ``message`` is its row in the outbox; null where they want no such mail, and once the outbox has forgotten what was
    delivered long ago.
    """

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="letters")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.SET_NULL, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "person"], name="one_letter_a_person")]
        indexes = [models.Index(fields=["announcement", "id"], condition=Q(told_at=None), name="letter_waiting")]

    def __str__(self) -> str:
        return f"{self.announcement} to {self.person}"
