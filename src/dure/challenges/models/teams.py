"""Teams in rounds that people enter by themselves, and who has used up attempts with another team."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from dure.challenges.models.entrants import Entrant
from dure.challenges.models.rounds import Round, Task
from dure.people.models import Person, Team


class TeamRule(models.Model):
    """People enter the round by themselves, in teams of ``least`` to ``most`` that are fixed from ``locks_at`` on."""

    round = models.OneToOneField(Round, models.CASCADE, primary_key=True, related_name="team_rule")
    least = models.PositiveSmallIntegerField(default=1)
    most = models.PositiveSmallIntegerField(null=True)
    locks_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(least__gte=1) & (Q(most=None) | Q(most__gte=F("least"))), name="team_rule_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"teams in {self.round}"


class EntrantTeam(models.Model):
    """Whose entrant it is: who joins or leaves the team joins or leaves the entrant."""

    entrant = models.OneToOneField(Entrant, models.CASCADE, primary_key=True, related_name="entrant_team")
    team = models.ForeignKey(Team, models.PROTECT, related_name="entrant_teams")

    def __str__(self) -> str:
        return f"{self.entrant} of {self.team}"


class Departed(models.Model):
    """Somebody who left an entrant that had used attempts: they come back to it or take no part in its task."""

    entrant = models.ForeignKey(Entrant, models.CASCADE, related_name="departed")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["task", "person"], name="departed_once_a_task")]

    def __str__(self) -> str:
        return f"{self.person} from {self.entrant}"
