"""What followed from verdicts, and what was put at a turn's disposal."""

from django.db import models

from dure.core import clock
from dure.core.states import Moves
from dure.people.models import Organisation, Person
from dure.programmes.models.programme import Programme
from dure.programmes.models.turn import Turn
from dure.store.models import Row, one_of


class GivenState(models.TextChoices):
    DUE = "due"
    DONE = "done"
    REVOKED = "revoked"


GIVEN_MOVES: Moves[GivenState] = Moves(
    {GivenState.DUE: {GivenState.DONE, GivenState.REVOKED}, GivenState.DONE: {GivenState.REVOKED}}
)


class Given(Row):
    """One give of one turn to one receiver, once (``index``: its place in the stage's ``gives``).

    ``name`` is what it is counted under (credential's name, money's, privilege's or publication's type,
    blueprint, role). ``amount`` is whole units of ``currency``. A receiver is a person, an organisation,
    or neither (a turn's money, a publication); ``receiver`` is its id as text, for the constraint.
    Without ``turn`` it is the one publication of a whole stage.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="gives")
    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, null=True, related_name="gives")
    stage = models.CharField(max_length=60)
    index = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="received")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    receiver = models.CharField(max_length=40, blank=True)
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=GivenState.choices, default=GivenState.DUE)
    via = models.CharField(max_length=20, default="recorded")
    given_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", GivenState, "given_state_known"),
            models.UniqueConstraint(fields=["turn", "index", "receiver"], name="given_once"),
            models.UniqueConstraint(
                fields=["programme", "stage", "index"],
                name="given_once_a_stage",
                condition=models.Q(turn__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "kind", "name"], name="given_by_name"),
            models.Index(fields=["programme", "stage"], condition=models.Q(state="due"), name="given_due"),
            models.Index(fields=["programme", "-state", "id"], name="given_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class ProvidedState(models.TextChoices):
    DUE = "due"
    OPEN = "open"
    CLOSED = "closed"


PROVIDED_MOVES: Moves[ProvidedState] = Moves(
    {
        ProvidedState.DUE: {ProvidedState.OPEN, ProvidedState.CLOSED},
        ProvidedState.OPEN: {ProvidedState.CLOSED},
        ProvidedState.CLOSED: {ProvidedState.DUE},
    }
)


class Provided(Row):
    """Something of ``provides``, at a turn's disposal while it is open (``turn`` null: shared by the stage)."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="provided")
    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, null=True, related_name="provided")
    stage = models.CharField(max_length=60)
    index = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=10)
    amount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    unit = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=ProvidedState.choices, default=ProvidedState.DUE)
    opened_at = models.DateTimeField(default=clock.now)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", ProvidedState, "provided_state_known"),
            models.UniqueConstraint(fields=["turn", "index"], name="provided_once_a_turn"),
            models.UniqueConstraint(
                fields=["programme", "stage", "index"],
                condition=models.Q(turn__isnull=True),
                name="provided_once_a_stage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.state}"
