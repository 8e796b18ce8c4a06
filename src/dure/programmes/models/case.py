"""What travels: a case, and its members."""

from django.db import models

from dure.core import clock
from dure.core.states import Moves
from dure.people.models import Organisation, Person
from dure.programmes.models.programme import Programme
from dure.store.models import Row, one_of


class CaseState(models.TextChoices):
    RUNNING = "running"
    FINISHED = "finished"
    ENDED = "ended"


CASE_MOVES: Moves[CaseState] = Moves(
    {
        CaseState.RUNNING: {CaseState.FINISHED, CaseState.ENDED},
        CaseState.FINISHED: {CaseState.RUNNING},
        CaseState.ENDED: {CaseState.RUNNING},
    }
)


class Case(Row):
    """A person, team, organisation, consortium or item in a programme. ``number`` is its place by entry.

    ``sole`` repeats the person where the subject is a person, so that nobody enters twice.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="cases")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    partners = models.ManyToManyField(Organisation, related_name="+", blank=True)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases_entered")
    sole = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="cases")
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.RUNNING)
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("state", CaseState, "case_state_known"),
            models.UniqueConstraint(fields=["programme", "number"], name="case_number_once"),
            models.UniqueConstraint(fields=["programme", "sole"], name="person_enters_once"),
        ]
        indexes = [models.Index(fields=["programme", "state"], name="case_by_state")]

    def __str__(self) -> str:
        return self.title or f"case {self.number}"


class Member(models.Model):
    """Who comes through stages: a person of the case; without a person, the case itself (org, consortium, item)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="memberships_in_cases")

    class Meta:
        ordering = ["case__number", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="member_once_a_case")]

    def __str__(self) -> str:
        return f"{self.person or 'the case itself'} in {self.case}"
