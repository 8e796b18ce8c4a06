"""A programme: one edition of a blueprint, its text frozen inside; who takes part in running it."""

from django.db import models

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.store.models import Row, one_of
from dure.store.search import KeyField


class ProgrammeState(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    OPEN = "open"
    RUNNING = "running"
    CLOSED = "closed"


PROGRAMME_MOVES: Moves[ProgrammeState] = Moves(
    {
        ProgrammeState.DRAFT: {ProgrammeState.PUBLISHED},
        ProgrammeState.PUBLISHED: {ProgrammeState.OPEN},
        ProgrammeState.OPEN: {ProgrammeState.RUNNING, ProgrammeState.CLOSED},
        ProgrammeState.RUNNING: {ProgrammeState.OPEN, ProgrammeState.CLOSED},
    }
)
TAKES_ENTRIES = frozenset({ProgrammeState.OPEN})
LIVE = frozenset({ProgrammeState.OPEN, ProgrammeState.RUNNING})


class Programme(Row):
    """``source`` is the blueprint's text as it stood when the programme was made; ``bind`` fills its ``bind``s.

    ``windows`` overrides the ``when`` of a stage: {stage: {"from": …}}, in the language's own words.
    Open takes new cases; running goes on with those it has.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    name_key = KeyField("title_ko", "title_en", "slug")
    blueprint_name = models.CharField(max_length=80, db_index=True)
    source = models.TextField()
    sha256 = models.CharField(max_length=64)
    zone = models.CharField(max_length=64, default="Asia/Seoul")
    bind = models.JSONField(default=dict)
    windows = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ProgrammeState.choices, default=ProgrammeState.DRAFT)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    cases_entered = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [one_of("state", ProgrammeState, "programme_state_known")]
        indexes = [
            models.Index(fields=["name_key", "id"], name="programme_name"),
            models.Index(fields=["state", "id"], name="programme_by_state"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko, en=self.title_en)


class Party(models.Model):
    """An organisation that stands for a party of the blueprint."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="parties")
    key = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(fields=["programme", "key", "organisation"], name="party_once_in_programme")
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.organisation}"


class Seat(Row):
    """Who acts in which role of a programme, and for which of its parties."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(max_length=60)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "role", "person"],
                condition=models.Q(ended_at__isnull=True),
                name="one_seat_a_role_and_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} as {self.role}"


class StageClosing(models.Model):
    """That an operator (or a settlement) closed a stage's window, and when."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="closings")
    stage = models.CharField(max_length=60)
    occurrence = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "stage", "occurrence"], name="stage_closes_once")]

    def __str__(self) -> str:
        return f"{self.stage} closed {self.at:%Y-%m-%d}"
