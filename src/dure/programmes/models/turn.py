"""A turn: the passage of one unit (a person, a team, a case) through one stage."""

from django.db import models

from dure.core import clock
from dure.core.states import Moves
from dure.people.models import Person
from dure.programmes.models.case import Case, Member
from dure.programmes.models.programme import Programme
from dure.skills.models import Evidence
from dure.store.models import Row, one_of


class TurnState(models.TextChoices):
    WAITING = "waiting"
    OPEN = "open"
    HANDED_IN = "handed-in"
    PASSED = "passed"
    OUT = "out"
    WITHDRAWN = "withdrawn"


TURN_MOVES: Moves[TurnState] = Moves(
    {
        TurnState.WAITING: {TurnState.OPEN, TurnState.OUT, TurnState.WITHDRAWN},
        TurnState.OPEN: {TurnState.HANDED_IN, TurnState.OUT, TurnState.WITHDRAWN},
        TurnState.HANDED_IN: {TurnState.PASSED, TurnState.OUT, TurnState.WITHDRAWN},
        TurnState.OUT: {TurnState.OPEN},
    }
)
ALIVE = (TurnState.WAITING, TurnState.OPEN, TurnState.HANDED_IN)


class Turn(Row):
    """``case`` is its first member's case; ``options`` what it chose here; ``opens_at``/``closes_at`` its window.

    ``entered_at`` tells when the stage's entry act was done (at arrival where the stage asks for none);
    ``formed_at`` when its team was formed, in a stage that forms teams; ``match`` is the matcher's fit, ``mark`` a
    panel's mean.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="turns")
    stage = models.CharField(max_length=60)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="turns", db_index=False)
    state = models.CharField(max_length=10, choices=TurnState.choices, default=TurnState.WAITING)
    occurrence = models.PositiveIntegerField(default=0)
    options = models.JSONField(default=list)
    title = models.CharField(max_length=120, blank=True)
    formed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(default=clock.now)
    entered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    handed_in_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    match = models.FloatField(null=True)
    mark = models.FloatField(null=True)

    class Meta:
        constraints = [one_of("state", TurnState, "turn_state_known")]
        indexes = [
            models.Index(fields=["programme", "stage", "state", "case"], name="turn_cases_by_stage"),
            models.Index(fields=["case", "stage"], name="turn_of_case"),
            models.Index(fields=["programme", "stage"], condition=models.Q(late=True), name="turn_late"),
            models.Index(fields=["state", "opens_at"], name="turn_opening"),
            models.Index(fields=["state", "closes_at"], name="turn_closing"),
            models.Index(fields=["programme", "closes_at", "state", "stage"], name="turn_closing_in_programme"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.state}"


class TurnMember(models.Model):
    """Whose turn it is. A member has one turn a stage, whatever units form."""

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="turn_members")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="turn_members")
    stage = models.CharField(max_length=60)

    class Meta:
        ordering = ["member__case__number", "member_id"]
        constraints = [models.UniqueConstraint(fields=["member", "stage"], name="one_turn_a_stage")]

    def __str__(self) -> str:
        return f"{self.member} in {self.turn}"


class Attendant(models.Model):
    """Somebody of a role under ``with`` whom a turn has of its own; ``slot`` keeps it to exactly so many."""

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="attendants")
    role = models.CharField(max_length=60)
    slot = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attended_turns")

    class Meta:
        ordering = ["role", "slot"]
        constraints = [
            models.UniqueConstraint(fields=["turn", "role", "slot"], name="exactly_so_many_of_a_role"),
            models.UniqueConstraint(fields=["turn", "role", "person"], name="attends_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} as {self.role}"


class OfferState(models.TextChoices):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OFFER_MOVES: Moves[OfferState] = Moves(
    {OfferState.OFFERED: {OfferState.ACCEPTED, OfferState.DECLINED, OfferState.WITHDRAWN}}
)


class Offer(Row):
    """An invitation, nomination or match to a stage, which its person accepts.

    At a start ``turn`` is null until accepted, for acceptance makes the case; later it is the waiting turn.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="offers")
    stage = models.CharField(max_length=60)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="offers")
    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, null=True, related_name="offers")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    match = models.FloatField(null=True)
    note = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.OFFERED)
    made_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", OfferState, "offer_state_known"),
            models.UniqueConstraint(
                fields=["programme", "stage", "person"],
                condition=models.Q(state="offered", turn__isnull=True),
                name="one_open_offer_a_person_and_start",
            ),
            models.UniqueConstraint(fields=["turn"], condition=models.Q(state="offered"), name="one_open_offer_a_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.person} to {self.stage} ({self.state})"
