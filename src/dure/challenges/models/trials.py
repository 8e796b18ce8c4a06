"""Before a round opens: what its form was sent, and submissions that only try how it scores. Nothing here competes."""

from django.db import models
from django.db.models import CheckConstraint, Q

from dure.challenges.models.rounds import Round, Task, Upload
from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Person
from dure.store.models import Row, one_of


class RoundDraft(Row):
    """A test set that somebody sent and has not made a round of yet."""

    by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    labels = models.OneToOneField(Upload, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return str(self.labels)


class TrialKind(models.TextChoices):
    """``perfect``: the labels themselves; ``random``: drawn from them; ``broken``: lacks rows; ``own``: somebody's."""

    PERFECT = "perfect"
    RANDOM = "random"
    BROKEN = "broken"
    OWN_FILE = "own-file"
    OWN_CODE = "own-code"


class TrialState(models.TextChoices):
    WAITING = "waiting"
    SCORED = "scored"
    REFUSED = "refused"
    FAILED = "failed"


TRIAL_MOVES: Moves[TrialState] = Moves({TrialState.WAITING: {TrialState.SCORED, TrialState.REFUSED, TrialState.FAILED}})


class TrialRun(Row):
    """A submission that tries a task: judged as any other would be, on no board, of no entrant.

    ``ms``: how long scoring took in all; the rest as in :class:`Submission`.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="trials")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=TrialKind.choices)
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    command = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=7, choices=TrialState.choices, default=TrialState.WAITING)
    public_score = models.FloatField(null=True)
    final_score = models.FloatField(null=True)
    flaws = models.JSONField(default=list)
    cause_ko = models.TextField(blank=True)
    cause_en = models.TextField(blank=True)
    log = models.TextField(blank=True)
    ms = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("kind", TrialKind, "trial_kind_known"),
            one_of("state", TrialState, "trial_state_known"),
            CheckConstraint(condition=Q(state="waiting") | Q(ended_at__isnull=False), name="trial_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def cause(self) -> Text | None:
        return Text(ko=self.cause_ko, en=self.cause_en) if self.cause_ko else None


class Embedding(models.Model):
    """Which other sites may show a round's public boards in a frame: ``ancestors`` as the content policy takes them."""

    round = models.OneToOneField(Round, models.CASCADE, primary_key=True, related_name="embedding")
    ancestors = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.round} in {self.ancestors}"
