"""Organisers' own workers: the queue that a round's submissions go to, and the tokens with which machines come."""

from django.db import models
from django.db.models import UniqueConstraint

from dure.challenges.models.rounds import Round
from dure.core import clock
from dure.people.models import Person
from dure.store.models import Row


class WorkerQueue(Row):
    """A queue that organisers' own machines work on, under a name that ``dure worker`` is told."""

    name = models.CharField(max_length=60, unique=True)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.name


class RoundQueue(models.Model):
    """A round whose submissions are scored by the workers of a queue, and not by the platform's."""

    round = models.OneToOneField(Round, models.CASCADE, primary_key=True, related_name="worker_queue")
    queue = models.ForeignKey(WorkerQueue, models.PROTECT, related_name="rounds")

    def __str__(self) -> str:
        return f"{self.round} in {self.queue}"


class WorkerToken(Row):
    """A machine's key to the jobs of one queue. Its secret is kept as a hash; ``seen_at`` is written now and then."""

    queue = models.ForeignKey(WorkerQueue, models.PROTECT, related_name="tokens")
    title = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64)
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=clock.now, editable=False)
    seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["prefix"], name="worker_token_prefix_once")]

    def __str__(self) -> str:
        return f"{self.title} for {self.queue}"
