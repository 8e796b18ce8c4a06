"""Attempts with their verdicts, and who stands where."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from dure.challenges.models.entrants import Entrant
from dure.challenges.models.rounds import Task, Upload
from dure.challenges.models.workers import WorkerToken
from dure.core.states import Moves
from dure.core.text import Text
from dure.jobs.models import Job
from dure.people.models import Person
from dure.store.models import Row, one_of


class SubmissionKind(models.TextChoices):
    FILE = "file"
    CODE = "code"


class SubmissionState(models.TextChoices):
    """``refused``: the submission is at fault. ``failed``: we are, and the attempt is given back."""

    RECEIVED = "received"
    SCORING = "scoring"
    SCORED = "scored"
    REFUSED = "refused"
    FAILED = "failed"


SUBMISSION_MOVES = Moves[SubmissionState](
    {
        SubmissionState.RECEIVED: {SubmissionState.SCORING, SubmissionState.FAILED},
        SubmissionState.SCORING: {SubmissionState.SCORED, SubmissionState.REFUSED, SubmissionState.FAILED},
        SubmissionState.FAILED: {SubmissionState.RECEIVED},
    }
)
UNJUDGED = (SubmissionState.RECEIVED, SubmissionState.SCORING)


class JudgedRow(models.Model):
    """What judging says of an attempt: its flaws or scores, what was printed, and how its code was run."""

    flaws = models.JSONField(default=list)
    flaw_count = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    cause_ko = models.TextField(blank=True)
    cause_en = models.TextField(blank=True)
    public_score = models.FloatField(null=True)
    final_score = models.FloatField(null=True)
    log = models.TextField(blank=True)
    organiser_log = models.TextField(blank=True)
    values = models.JSONField(default=dict)
    details = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    code_sha256 = models.CharField(max_length=64, blank=True)
    inputs_sha256 = models.CharField(max_length=64, blank=True)
    environment_digest = models.CharField(max_length=64, blank=True)
    seed = models.PositiveIntegerField(null=True)
    seconds = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Submission(Row, JudgedRow):
    """One attempt. ``counted``: it used up quota.

    ``flaws`` are the first of ``flaw_count``, each {code, row, column, ko, en}; ``cause`` says in one sentence why it
    was refused or failed. Scores are the metric's own, rounded to the task's precision. ``values`` are what a program
    said for each of its columns, as exact decimals; ``details`` a page that it wrote. ``log`` is for the entrant,
    ``organiser_log`` for organisers only.

    ``answers``, by key, are those to what its round asked (:mod:`dure.challenges.questions`). ``shared_in`` is its
    task where whoever sees the board may see it and its file, as long as the round shares attempts; else None.

    ``judged_by``: the organisers' worker that did it; None: the platform itself.

    How code was run, so that it can be run the same way again: the SHA-256 of it and of what it read, the contents of
    its environment, its seed, and the seconds that it took.
    """

    entrant = models.ForeignKey(Entrant, models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=SubmissionKind.choices, default=SubmissionKind.FILE)
    command = models.CharField(max_length=400, blank=True)
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    period = models.CharField(max_length=10)
    counted = models.BooleanField(default=True)
    answers = models.JSONField(default=dict)
    shared_in = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=SubmissionState.choices, default=SubmissionState.RECEIVED)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    judged_by = models.ForeignKey(WorkerToken, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            one_of("state", SubmissionState, "submission_state_known"),
            one_of("kind", SubmissionKind, "submission_kind_known"),
            UniqueConstraint(fields=["entrant", "number"], name="submission_number_once"),
            CheckConstraint(
                condition=Q(state="scored", public_score__isnull=False)
                | (~Q(state="scored") & Q(public_score__isnull=True, final_score__isnull=True)),
                name="submission_scored_has_score",
            ),
        ]
        indexes = [
            Index(fields=["state", "received_at"], name="submission_state"),
            Index(
                fields=["shared_in", "-received_at", "-id", "state", "entrant"],  # what a far page passes over
                condition=Q(shared_in__isnull=False),
                name="submission_shared",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entrant} {self.number}"

    @property
    def cause(self) -> Text | None:
        return Text(ko=self.cause_ko, en=self.cause_en) if self.cause_ko else None

    @property
    def is_public(self) -> bool:
        return self.shared_in_id is not None

    @property
    def lasting_score(self) -> float | None:
        """What counts in the end: the final part's score, or the only one."""
        return self.public_score if self.final_score is None else self.final_score


class Best(models.Model):
    """An entrant's row on the boards. Ranks as in ``ranks``: the smaller, the better.

    ``best`` has the best public score and stands on the public board. ``counting`` is the one chosen, else ``best``,
    and stands on the final board. Equal ranks: who submitted earlier stands before.
    """

    entrant = models.OneToOneField(Entrant, models.PROTECT, primary_key=True, related_name="best")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", db_index=False)
    best = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    public_rank = models.BigIntegerField()
    public_at = models.DateTimeField()
    counting = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    chosen = models.BooleanField(default=False)
    final_rank = models.BigIntegerField()
    final_at = models.DateTimeField()

    class Meta:
        indexes = [
            Index(fields=["task", "public_rank", "public_at", "entrant"], name="board_public"),
            Index(fields=["task", "final_rank", "final_at", "entrant"], name="board_final"),
        ]

    def __str__(self) -> str:
        return f"{self.entrant} on the board of {self.task}"
