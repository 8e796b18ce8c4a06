"""Who takes part in a task, and how many attempts are used up."""

from datetime import datetime

from django.db import models
from django.db.models import Index, UniqueConstraint

from dure.challenges.models.rounds import Task
from dure.core import clock
from dure.people.models import Person
from dure.store.models import Row
from dure.store.search import KeyField


class Entrant(Row):
    """A person or a team in a task. ``closes_at`` is a deadline of its own; left out, the round's holds.

    ``attempts`` numbers its submissions.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="entrants")
    title = models.CharField(max_length=120)
    name_key = KeyField("title")
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    entered_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        indexes = [Index(fields=["name_key", "id"], name="entrant_name")]

    def __str__(self) -> str:
        return self.title

    @property
    def deadline(self) -> datetime | None:
        return min(filter(None, [self.closes_at, self.task.round.closes_at]), default=None)


class EntrantMember(models.Model):
    """Who an entrant is. Nobody is in two entrants of a task."""

    entrant = models.ForeignKey(Entrant, models.CASCADE, related_name="members")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="entrant_members")

    class Meta:
        constraints = [UniqueConstraint(fields=["task", "person"], name="enters_a_task_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.entrant}"


class Quota(models.Model):
    """Attempts of an entrant that count: on a day (``period``: its ISO date), in a month (2026-05), or in ``total``."""

    entrant = models.ForeignKey(Entrant, models.CASCADE, related_name="quotas")
    period = models.CharField(max_length=10)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [UniqueConstraint(fields=["entrant", "period"], name="quota_once_a_period")]

    def __str__(self) -> str:
        return f"{self.used} in {self.period}"
