"""Rounds and their tasks; who enters them; submissions, their quotas and the boards."""

from datetime import datetime

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.jobs.models import Job
from dure.people.models import Person
from dure.store.models import Row, one_of
from dure.store.search import KeyField


class Code(models.TextChoices):
    """Whether programs are handed in beside or instead of prediction files."""

    NONE = "none"
    ALLOWED = "allowed"
    REQUIRED = "required"


class Visibility(models.TextChoices):
    """Who sees the boards of a round."""

    PUBLIC = "public"
    ENTRANTS = "entrants"
    HIDDEN = "hidden"


class Round(Row):
    """Tasks that run beside each other under the same rules.

    It is over when ``closes_at`` has come, and only then final scores are shown. ``daily`` and ``total`` bound the
    attempts of an entrant; a day is one of ``zone``. ``organisers`` set it up and see everything in it.
    """

    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    name_key = KeyField("title_ko", "title_en")
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=64, default="Asia/Seoul")
    daily = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField(null=True)
    sealed = models.BooleanField(default=False)
    code = models.CharField(max_length=8, choices=Code.choices, default=Code.NONE)
    board = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC)
    organisers = models.ManyToManyField(Person, related_name="rounds_organised")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("code", Code, "round_code_known"),
            one_of("board", Visibility, "round_board_known"),
            CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gte=F("opens_at")),
                name="round_runs_forward",
            ),
        ]
        indexes = [Index(fields=["name_key", "id"], name="round_name")]

    def __str__(self) -> str:
        return self.title_en

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko, en=self.title_en)

    @property
    def is_over(self) -> bool:
        return self.closes_at is not None and self.closes_at <= clock.now()


class Upload(Row):
    """Bytes that somebody sent, as they came; on the disk they lie under this row's id."""

    name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.name or self.sha256


class Task(Row):
    """What is to be predicted, and how it is scored. ``option`` is its name in the round, empty for an only one.

    ``metric`` is a name of ``metrics.METRICS`` or ``own``; then ``scorer`` is a Python file that runs in a box.
    ``starter`` is for everybody to read, ``labels`` for nobody; ``inputs`` (an archive) is what programs read.
    ``limits`` are bounds of a program's box (``compute.box.Limits``); ``precision`` counts decimals of a score.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="tasks")
    option = models.CharField(max_length=80, blank=True)
    metric = models.CharField(max_length=40)
    greater_is_better = models.BooleanField()
    precision = models.PositiveSmallIntegerField(default=6)
    id_column = models.CharField(max_length=80)
    columns = models.JSONField()
    classes = models.JSONField(default=list)
    rows = models.PositiveIntegerField()
    labels = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    starter = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    inputs = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    scorer = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    most_bytes = models.PositiveIntegerField()
    limits = models.JSONField(default=dict)
    board_version = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["round", "option"], name="task_once_a_round"),
            CheckConstraint(condition=Q(precision__lte=12), name="task_precision_bounded"),
            CheckConstraint(
                condition=Q(metric="own", scorer__isnull=False) | (~Q(metric="own") & Q(scorer__isnull=True)),
                name="task_own_metric_has_scorer",
            ),
        ]

    def __str__(self) -> str:
        return self.option or self.round.title_en


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
    """Attempts of an entrant that count: on a day (``period`` is its ISO date), or in ``total``."""

    entrant = models.ForeignKey(Entrant, models.CASCADE, related_name="quotas")
    period = models.CharField(max_length=10)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [UniqueConstraint(fields=["entrant", "period"], name="quota_once_a_period")]

    def __str__(self) -> str:
        return f"{self.used} in {self.period}"


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


class Submission(Row):
    """One attempt. ``counted``: it used up quota.

    ``flaws`` are the first of ``flaw_count``, each {code, row, column, ko, en}; ``cause`` says in one sentence why it
    was refused or failed. Scores are the metric's own, rounded to the task's precision. ``log`` is for the entrant,
    ``organiser_log`` for organisers only.
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
    state = models.CharField(max_length=8, choices=SubmissionState.choices, default=SubmissionState.RECEIVED)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    flaws = models.JSONField(default=list)
    flaw_count = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    cause_ko = models.TextField(blank=True)
    cause_en = models.TextField(blank=True)
    public_score = models.FloatField(null=True)
    final_score = models.FloatField(null=True)
    log = models.TextField(blank=True)
    organiser_log = models.TextField(blank=True)
    judged_at = models.DateTimeField(null=True)

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
        indexes = [Index(fields=["state", "received_at"], name="submission_state")]

    def __str__(self) -> str:
        return f"{self.entrant} {self.number}"

    @property
    def cause(self) -> Text | None:
        return Text(ko=self.cause_ko, en=self.cause_en) if self.cause_ko else None

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
