"""What was handed in to one task is handed in to the next by itself: phases that take the attempts of those before."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from dure.challenges.models.rounds import Task
from dure.challenges.models.submissions import Submission
from dure.store.models import Row, one_of


class Which(models.TextChoices):
    """The attempt that counts of each entrant, or every one that has a score."""

    BEST = "best"
    ALL = "all"


class CarryOver(Row):
    """Attempts of ``source`` are judged again in ``into``, for each entrant once it may hand in there.

    ``auto``: without anybody's doing; else from ``asked_at`` on, when an organiser has asked for it.
    """

    into = models.OneToOneField(Task, models.CASCADE, related_name="carry_over")
    source = models.ForeignKey(Task, models.PROTECT, related_name="carried_to")
    which = models.CharField(max_length=4, choices=Which.choices, default=Which.BEST)
    auto = models.BooleanField(default=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("which", Which, "carry_over_which_known"),
            CheckConstraint(condition=~Q(into=F("source")), name="carry_over_leads_on"),
        ]

    def __str__(self) -> str:
        return f"{self.source} to {self.into}"


class Carried(models.Model):
    """An attempt that was carried over, and the attempt that came of it: once, whatever is delivered twice."""

    carry_over = models.ForeignKey(CarryOver, models.CASCADE, related_name="carried")
    source = models.ForeignKey(Submission, models.CASCADE, related_name="carried")
    made = models.OneToOneField(Submission, models.CASCADE, related_name="carried_from")

    class Meta:
        constraints = [UniqueConstraint(fields=["carry_over", "source"], name="carried_once")]

    def __str__(self) -> str:
        return f"{self.source} as {self.made}"
