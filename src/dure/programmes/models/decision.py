"""Verdicts, immutable; and settlements, which hold a set's verdicts back until they are released."""

from django.db import models

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.models.programme import Programme
from dure.programmes.models.turn import Turn
from dure.skills.models import Evidence
from dure.store.models import Row, one_of


class SettlementState(models.TextChoices):
    CONFIRMED = "confirmed"
    UNDONE = "undone"
    RELEASED = "released"


SETTLEMENT_MOVES: Moves[SettlementState] = Moves(
    {SettlementState.CONFIRMED: {SettlementState.UNDONE, SettlementState.RELEASED}}
)


class Settlement(Row):
    """A set judged once, for all. Confirmed: verdicts stand, nobody is told. Released: they take effect."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="settlements")
    stage = models.CharField(max_length=60)
    occurrence = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=SettlementState.choices, default=SettlementState.CONFIRMED)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=clock.now)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ties = models.JSONField(default=list)

    class Meta:
        constraints = [
            one_of("state", SettlementState, "settlement_state_known"),
            models.UniqueConstraint(
                fields=["programme", "stage", "occurrence"],
                condition=models.Q(state__in=["confirmed", "released"]),
                name="stage_settles_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.state}"


class Verdict(models.TextChoices):
    PASSED = "passed"
    OUT = "out"


class Decision(models.Model):
    """What decided (``step`` of the gate, or a person), on which evidence and facts, under which blueprint."""

    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="decisions")
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, null=True, related_name="decisions")
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    code = models.CharField(max_length=80, blank=True)
    reason_ko = models.TextField(blank=True)
    reason_en = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    step = models.PositiveSmallIntegerField(null=True)
    place = models.PositiveIntegerField(null=True)
    place_in_option = models.PositiveIntegerField(null=True)
    mark = models.FloatField(null=True)
    facts = models.JSONField(default=dict)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("verdict", Verdict, "verdict_known"),
            models.UniqueConstraint(fields=["settlement", "turn"], name="one_verdict_a_settlement"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.code}"

    @property
    def reason(self) -> Text:
        return Text(ko=self.reason_ko, en=self.reason_en)
