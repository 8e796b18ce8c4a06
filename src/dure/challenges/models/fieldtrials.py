"""A model of a round beside a service's own: what was agreed, each request that both answered, and what came of it."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.challenges.models.rounds import Round, Upload
from dure.challenges.models.submissions import Submission
from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.store.models import Row, one_of

MOST_BATCH = 1_000
MOST_REQUESTS = 100_000
MOST_DAYS_KEPT = 365
MOST_STATEMENT = 4_000


class FieldState(models.TextChoices):
    """``ended``: as agreed, by time or when all was asked. ``stopped``: before that, by somebody or the guard."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    STOPPED = "stopped"


FIELD_MOVES: Moves[FieldState] = Moves(
    {
        FieldState.DRAFT: {FieldState.RUNNING},
        FieldState.RUNNING: {FieldState.PAUSED, FieldState.ENDED, FieldState.STOPPED},
        FieldState.PAUSED: {FieldState.RUNNING, FieldState.ENDED, FieldState.STOPPED},
    }
)
FIELD_ALIVE = (FieldState.RUNNING, FieldState.PAUSED)
FIELD_OVER = (FieldState.ENDED, FieldState.STOPPED)


class Ending(models.TextChoices):
    """Why no more requests are asked; ``failures`` and ``time`` are the guard's."""

    PERIOD = "period"
    TOTAL = "total"
    SOURCE = "source"
    FAILURES = "failures"
    TIME = "time"
    PERSON = "person"


class Adoption(models.TextChoices):
    """What the service's owner concludes."""

    ADOPT = "adopt"
    LATER = "later"
    NOT = "not"


class FieldTrial(Row):
    """One submission's code beside one service, from ``starts_at`` until ``ends_at``. Nobody gets its answers.

    Requests come from ``upload`` (JSON lines) or page by page from ``address``; ``answers_address`` tells the service's
    own answers where they do not come along. ``token`` (sealed) is shown to both. ``share`` percent of the requests are
    tried, chosen by ``seed`` and their ids (:func:`dure.challenges.field.requests.is_sampled`), ``batch`` of them a run
    of at most ``seconds``, ``per_minute`` at most, ``total`` in all. ``file_name``: where the code finds them, beside
    the task's own inputs. Numbers agree where they are at most ``tolerance`` apart.

    The guard stops it above ``most_failed`` percent of failures or, of 20 requests, above ``most_ms`` each.

    ``cursor`` and ``skip``: up to where the source was read; ``read`` how many requests that were. Not before
    ``next_at`` the next batch runs. ``fault``: why the source could not be read the last time; ``log``: what the code
    printed when it failed the last time.

    Requests and answers are kept ``keep_days`` (0: not at all). ``shared``: its entrant reads the summary.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="field_trials")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="field_trials")
    service_ko = models.CharField(max_length=120)
    service_en = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="field_trials")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="field_trials_owned")
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    upload = models.ForeignKey(Upload, models.SET_NULL, null=True, related_name="+")
    address = models.CharField(max_length=400, blank=True)
    answers_address = models.CharField(max_length=400, blank=True)
    token = models.TextField(blank=True)
    file_name = models.CharField(max_length=80)
    share = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    batch = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField()
    per_minute = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    tolerance = models.DecimalField(max_digits=20, decimal_places=12, default=0)
    most_failed = models.PositiveSmallIntegerField()
    most_ms = models.PositiveIntegerField(null=True)
    keep_days = models.PositiveSmallIntegerField()
    shared = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=FieldState.choices, default=FieldState.DRAFT)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True)
    cursor = models.TextField(blank=True)
    skip = models.PositiveIntegerField(default=0)
    read = models.PositiveBigIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    fault_ko = models.TextField(blank=True)
    fault_en = models.TextField(blank=True)
    log = models.TextField(blank=True)
    adoption = models.CharField(max_length=5, choices=Adoption.choices, blank=True)
    statement = models.TextField(blank=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", FieldState, "field_trial_state_known"),
            CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="field_trial_share_is_percent"),
            CheckConstraint(condition=Q(batch__gte=1, batch__lte=MOST_BATCH), name="field_trial_batch_bounded"),
            CheckConstraint(condition=Q(total__gte=1, total__lte=MOST_REQUESTS), name="field_trial_total_bounded"),
            CheckConstraint(condition=Q(per_minute__gte=1, seconds__gte=1), name="field_trial_moves"),
            CheckConstraint(condition=Q(most_failed__lte=100), name="field_trial_guard_is_percent"),
            CheckConstraint(condition=Q(keep_days__lte=MOST_DAYS_KEPT), name="field_trial_kept_for_a_year"),
            CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="field_trial_runs_forward"),
            CheckConstraint(
                condition=Q(state__in=FIELD_OVER, ended_at__isnull=False) & ~Q(ending="")
                | ~Q(state__in=FIELD_OVER) & Q(ended_at=None, ending=""),
                name="field_trial_ends_for_a_reason",
            ),
            CheckConstraint(
                condition=Q(adoption="", statement="", judged_at=None)
                | Q(adoption__in=Adoption.values, judged_at__isnull=False, state__in=FIELD_OVER),
                name="field_trial_judged_when_over",
            ),
        ]
        indexes = [Index(fields=["round", "-id"], name="field_trials_listed")]

    def __str__(self) -> str:
        return f"{self.submission} beside {self.service_en}"

    @property
    def service(self) -> Text:
        return Text(ko=self.service_ko, en=self.service_en)

    @property
    def fault(self) -> Text | None:
        return Text(ko=self.fault_ko, en=self.fault_en) if self.fault_ko else None

    @property
    def is_over(self) -> bool:
        return self.state in FIELD_OVER


class FieldDay(models.Model):
    """The numbers of one day of the round's zone, as :class:`dure.challenges.field.tally.Tally` writes them.

    ``brief``: what of them a chart shows, as :class:`dure.challenges.field.tally.Brief` has it.
    """

    trial = models.ForeignKey(FieldTrial, models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    tally = models.JSONField()
    brief = models.JSONField(default=dict)

    class Meta:
        constraints = [UniqueConstraint(fields=["trial", "day"], name="field_day_once")]
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.trial} on {self.day}"


class FieldTotal(models.Model):
    """The numbers of all days together, written with them: a page need not add them up."""

    trial = models.OneToOneField(FieldTrial, models.CASCADE, related_name="+", primary_key=True)
    tally = models.JSONField()

    def __str__(self) -> str:
        return f"{self.trial} in all"


class FieldRequest(models.Model):
    """A request that was tried, once for each trial: ``key`` is the SHA-256 of the id that its service gave it.

    What it was and what was answered (``name``, ``asked``, the three answers, each a list of cells) goes after the days
    that were agreed; ``kept`` tells whether it is still there. ``cause``: why there is no answer.
    """

    trial = models.ForeignKey(FieldTrial, models.CASCADE, related_name="requests", db_index=False)
    key = models.CharField(max_length=64)
    at = models.DateTimeField()
    cause = models.CharField(max_length=20, blank=True)
    agrees = models.BooleanField(null=True)
    right = models.BooleanField(null=True)
    service_right = models.BooleanField(null=True)
    ms = models.PositiveIntegerField(null=True)
    service_ms = models.PositiveIntegerField(null=True)
    kept = models.BooleanField(default=False)
    name = models.CharField(max_length=200, blank=True)
    asked = models.JSONField(default=dict)
    answer = models.JSONField(null=True)
    service_answer = models.JSONField(null=True)
    truth = models.JSONField(null=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["trial", "key"], name="field_request_once")]
        indexes = [
            Index(fields=["trial", "id"], name="field_requests_in_turn"),
            Index(fields=["trial", "-id"], condition=Q(agrees=False, kept=True), name="field_requests_differing"),
            Index(fields=["trial", "at"], condition=Q(kept=True), name="field_requests_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.trial}"
