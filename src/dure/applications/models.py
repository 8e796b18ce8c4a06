"""Forms, the applications filled in on them, the files attached, and a receipt for every sending."""

from django.db import models
from django.db.models import Q

from dure.applications.questions import Question, Wanted
from dure.core import clock
from dure.core.states import Moves
from dure.people.models import Person
from dure.store.models import Row, one_of


class Form(Row):
    """What is asked. It never changes: another wording is another form, and equal ones are one row (``sha256``)."""

    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    questions = models.JSONField(default=list)
    attachments = models.JSONField(default=list)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return f"{len(self.questions)} questions"

    @property
    def asked(self) -> tuple[Question, ...]:
        return tuple(Question.of(question) for question in self.questions)

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        return tuple(Wanted.of(attachment) for attachment in self.attachments)


class ApplicationState(models.TextChoices):
    DRAFT = "draft"
    SENT = "sent"


APPLICATION_MOVES: Moves[ApplicationState] = Moves(
    {ApplicationState.DRAFT: {ApplicationState.SENT}, ApplicationState.SENT: {ApplicationState.SENT}}
)


class Application(Row):
    """A form being filled in by its holders, until ``closes_at`` (None: until somebody ends it).

    ``answers`` are kept as typed in, right or wrong; what counts is in the receipts. ``prefilled`` tells what Dure put
    there and from where: {name: {"value", "source": {ko, en}}}. ``version`` goes up by one with each saving.
    """

    form = models.ForeignKey(Form, models.PROTECT, related_name="applications")
    holders = models.ManyToManyField(Person, related_name="applications")
    answers = models.JSONField(default=dict)
    prefilled = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=5, choices=ApplicationState.choices, default=ApplicationState.DRAFT)
    sendings = models.PositiveIntegerField(default=0)
    closes_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(default=clock.now, editable=False)
    saved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", ApplicationState, "application_state_known"),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None) | Q(state="sent", sent_at__isnull=False),
                name="application_sent_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"application {self.state}"


class Attachment(Row):
    """A file as it was attached: its bytes lie under their ``sha256``, ``name`` is only ever shown.

    A file that was replaced or taken away stays, for a receipt may tell of it.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="attachments")
    wanted = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    attached_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    attached_at = models.DateTimeField(default=clock.now, editable=False)
    detached_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "wanted"], condition=Q(detached_at=None), name="attachment_stands_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Receipt(Row):
    """That an application was sent, when, and what it said then: typed ``answers`` and the sha256 of each file."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="receipts")
    number = models.PositiveIntegerField()
    answers = models.JSONField()
    files = models.JSONField()
    sha256 = models.CharField(max_length=64)
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="receipt_numbered_once")]

    def __str__(self) -> str:
        return f"receipt {self.number}"
