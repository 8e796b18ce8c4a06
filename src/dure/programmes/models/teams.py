"""Whose turn a team's is, and from when a programme's teams are fixed."""

from django.db import models

from dure.people.models import Team
from dure.programmes.models.programme import Programme
from dure.programmes.models.turn import Turn


class TurnTeam(models.Model):
    """The team that takes the turn: who joins or leaves it joins or leaves the turn while that is under way."""

    turn = models.OneToOneField(Turn, on_delete=models.CASCADE, primary_key=True, related_name="turn_team")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="turn_teams")

    def __str__(self) -> str:
        return f"{self.turn} of {self.team}"


class TeamLock(models.Model):
    """From ``at`` on nothing changes in the programme's teams."""

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, primary_key=True, related_name="team_lock")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.programme} at {self.at}"
