"""What became of finalists when their attempts were run again, and how much alike entrants' code is."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.challenges.models.entrants import Entrant
from dure.challenges.models.rounds import Task
from dure.challenges.models.submissions import Submission
from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.jobs.models import Job
from dure.people.models import Person
from dure.store.models import Row, one_of

MOST_REASON = 400


class Selected(models.Model):
    """An attempt that its entrant lets count. ``slot`` (from 0) keeps an entrant within what the round allows."""

    entrant = models.ForeignKey(Entrant, models.CASCADE, related_name="selected")
    submission = models.OneToOneField(Submission, models.CASCADE, related_name="selected")
    slot = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [UniqueConstraint(fields=["entrant", "slot"], name="selected_once_a_slot")]

    def __str__(self) -> str:
        return f"{self.submission} in {self.slot}"


class VerificationState(models.TextChoices):
    """``failed``: it could not be run again. ``accepted``: an organiser lets the first score hold all the same."""

    WAITING = "waiting"
    RUNNING = "running"
    REPRODUCED = "reproduced"
    DIFFERS = "differs"
    FAILED = "failed"
    ACCEPTED = "accepted"


VERIFICATION_MOVES: Moves[VerificationState] = Moves(
    {
        VerificationState.WAITING: {VerificationState.RUNNING, VerificationState.FAILED},
        VerificationState.RUNNING: {
            VerificationState.REPRODUCED, VerificationState.DIFFERS, VerificationState.FAILED
        },
        VerificationState.REPRODUCED: {VerificationState.WAITING},
        VerificationState.DIFFERS: {VerificationState.WAITING, VerificationState.ACCEPTED},
        VerificationState.FAILED: {VerificationState.WAITING, VerificationState.ACCEPTED},
        VerificationState.ACCEPTED: {VerificationState.WAITING},
    }
)  # fmt: skip
VERIFIED = (VerificationState.REPRODUCED, VerificationState.ACCEPTED)
UNVERIFIED = (VerificationState.WAITING, VerificationState.RUNNING)


class Verification(Row):
    """A finalist's attempt, run again; of several runs the last. Scores, hashes and seconds are those of that run.

    ``first_worker`` judged the attempt, ``worker`` ran it again; empty: not known (any more). ``differences`` say what
    was not the same, as {ko, en}. ``tolerance``: how far the scores might be apart.
    """

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="verification")
    state = models.CharField(max_length=10, choices=VerificationState.choices, default=VerificationState.WAITING)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    tolerance = models.DecimalField(max_digits=20, decimal_places=12)
    public_score = models.FloatField(null=True)
    final_score = models.FloatField(null=True)
    differences = models.JSONField(default=list)
    first_worker = models.CharField(max_length=120, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    code_sha256 = models.CharField(max_length=64, blank=True)
    inputs_sha256 = models.CharField(max_length=64, blank=True)
    environment_digest = models.CharField(max_length=64, blank=True)
    seed = models.PositiveIntegerField(null=True)
    seconds = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    log = models.TextField(blank=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=MOST_REASON, blank=True)

    class Meta:
        constraints = [
            one_of("state", VerificationState, "verification_state_known"),
            CheckConstraint(
                condition=(Q(state="accepted", accepted_by__isnull=False) & ~Q(reason=""))
                | (~Q(state="accepted") & Q(accepted_by=None, reason="")),
                name="verification_accepted_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.state}"

    @property
    def is_verified(self) -> bool:
        return self.state in VERIFIED

    @property
    def is_alone(self) -> bool:
        """Whether the very worker that judged it ran it again, for there was no other."""
        return bool(self.worker) and self.worker == self.first_worker


class SimilarityState(models.TextChoices):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


SIMILARITY_MOVES: Moves[SimilarityState] = Moves(
    {SimilarityState.WAITING: {SimilarityState.DONE, SimilarityState.FAILED}}
)


class SimilarityRun(Row):
    """The code that counts of a task's entrants, compared two by two. ``compared``: of how many entrants."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="similarity_runs", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=SimilarityState.choices, default=SimilarityState.WAITING)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    compared = models.PositiveIntegerField(default=0)
    cause_ko = models.TextField(blank=True)
    cause_en = models.TextField(blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [one_of("state", SimilarityState, "similarity_state_known")]
        indexes = [Index(fields=["task", "-id"], name="similarity_latest")]

    def __str__(self) -> str:
        return f"{self.task} {self.state}"

    @property
    def cause(self) -> Text | None:
        return Text(ko=self.cause_ko, en=self.cause_en) if self.cause_ko else None


class SimilarPair(Row):
    """Two entrants' code that is alike. ``share``: of the one that has more in common, how much of its lines, from 0
    to 1, without those of the starter kit; ``lines`` how many.

    ``matches``: [{"first": path, "second": path, "here": [[from, to], …], "there": [[from, to], …]}], lines from 1,
    both ends included.
    """

    run = models.ForeignKey(SimilarityRun, models.CASCADE, related_name="pairs", db_index=False)
    first = models.ForeignKey(Submission, models.CASCADE, related_name="+")
    second = models.ForeignKey(Submission, models.CASCADE, related_name="+")
    share = models.DecimalField(max_digits=5, decimal_places=4)
    lines = models.PositiveIntegerField()
    matches = models.JSONField(default=list)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["run", "first", "second"], name="similar_pair_once"),
            CheckConstraint(condition=~Q(first=F("second")), name="similar_pair_of_two"),
            CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="similar_share_is_one"),
        ]
        indexes = [Index(fields=["run", "-share", "id"], name="similar_pairs")]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"
