"""Rounds and their tasks."""

from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Lower

from dure.challenges.questions import Question
from dure.compute.models import Environment
from dure.core import clock
from dure.core.text import Text
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


class Sharing(models.TextChoices):
    """Whether attempts are public: never, where their entrant makes them so, or unless their entrant does not."""

    NONE = "none"
    CHOSEN = "chosen"
    OPEN = "open"


class Boards(models.TextChoices):
    """Which boards a round has: of the public part while it runs and of the final part after it, or of one alone."""

    BOTH = "both"
    PUBLIC = "public"
    FINAL = "final"


class Ratio(models.TextChoices):
    """What a board puts a score beside: nothing, the best score on it, or the score of the task's baseline."""

    NONE = "none"
    BEST = "best"
    BASELINE = "baseline"


MOST_SELECTED = 10
MOST_AT_ONCE = 20


class Round(Row):
    """Tasks that run beside each other under the same rules.

    It is over when ``closes_at`` has come, and only then final scores are shown. ``daily``, ``monthly`` and ``total``
    bound the attempts of an entrant; a day and a month are those of ``zone``. ``at_once``: how many of an entrant's
    attempts are judged at the same time, the others wait. ``organisers`` set it up and see everything in it.

    Whether anything is taken now is ``is_active``'s to say as well; ``by_list``: only from persons whose address is
    among ``allowed``. ``file_types`` are the ends of names that are taken, none: all. ``questions``
    (:class:`dure.challenges.questions.Question`) are asked with each attempt. ``is_public``: people who take no part
    learn of the round at all.

    What others see (:mod:`dure.challenges.policy`): ``board`` says who sees ``boards``; ``own_scores`` and ``own_logs``
    what entrants see of their own attempts; ``scores_wait``: no score is told before the round is over.

    An entrant selects up to ``select_most`` attempts, and the best of them counts. The first ``verify_first`` places of
    each task count once their attempts have been run again and gave the score within ``tolerance``. Boards show
    ``ratio_to`` and, where ``shows_seconds``, how long code ran.
    """

    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    name_key = KeyField("title_ko", "title_en")
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=64, default="Asia/Seoul")
    daily = models.PositiveIntegerField(null=True)
    monthly = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField(null=True)
    at_once = models.PositiveSmallIntegerField(default=2)
    sealed = models.BooleanField(default=False)
    code = models.CharField(max_length=8, choices=Code.choices, default=Code.NONE)
    board = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC)
    boards = models.CharField(max_length=6, choices=Boards.choices, default=Boards.BOTH)
    own_scores = models.BooleanField(default=True)
    own_logs = models.BooleanField(default=True)
    scores_wait = models.BooleanField(default=False)
    select_most = models.PositiveSmallIntegerField(default=1)
    verify_first = models.PositiveSmallIntegerField(default=0)
    tolerance = models.DecimalField(max_digits=20, decimal_places=12, default=Decimal(0))
    ratio_to = models.CharField(max_length=8, choices=Ratio.choices, default=Ratio.NONE)
    shows_seconds = models.BooleanField(default=False)
    is_public = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    by_list = models.BooleanField(default=False)
    file_types = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    sharing = models.CharField(max_length=6, choices=Sharing.choices, default=Sharing.NONE)
    organisers = models.ManyToManyField(Person, related_name="rounds_organised")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("code", Code, "round_code_known"),
            one_of("board", Visibility, "round_board_known"),
            one_of("boards", Boards, "round_boards_known"),
            one_of("ratio_to", Ratio, "round_ratio_known"),
            one_of("sharing", Sharing, "round_sharing_known"),
            CheckConstraint(condition=Q(select_most__gte=1, select_most__lte=MOST_SELECTED), name="round_selects_some"),
            CheckConstraint(condition=Q(at_once__gte=1, at_once__lte=MOST_AT_ONCE), name="round_judges_some_at_once"),
            CheckConstraint(condition=Q(tolerance__gte=0), name="round_tolerance_not_negative"),
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
    def asked(self) -> tuple[Question, ...]:
        """What is asked with each attempt."""
        return tuple(Question.of(told) for told in self.questions)

    @property
    def is_over(self) -> bool:
        return self.closes_at is not None and self.closes_at <= clock.now()


class Allowed(models.Model):
    """An address, in small letters, whose person may submit where a round goes by its list."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="allowed")
    email = models.EmailField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["round", "email"], name="allowed_once"),
            CheckConstraint(condition=Q(email=Lower("email")), name="allowed_email_lower"),
        ]

    def __str__(self) -> str:
        return self.email


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

    ``metric`` is a name of ``metrics.METRICS`` or ``own``; then ``scorer`` is a Python file that runs in a box. Where
    it is ``program`` nothing is known here of ids and labels: a :class:`Program` takes whatever is handed in.
    ``environment`` is where programs run; None: the standard one. ``starter`` is for everybody to read, ``labels`` for
    nobody; ``inputs`` (an archive) is what programs read. ``limits`` are bounds of a program's box
    (``compute.box.Limits``); ``precision`` counts decimals of a score. ``baseline_score``: what the organiser's own
    solution reaches, for boards that show a ratio to it.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="tasks")
    option = models.CharField(max_length=80, blank=True)
    metric = models.CharField(max_length=40)
    greater_is_better = models.BooleanField()
    precision = models.PositiveSmallIntegerField(default=6)
    id_column = models.CharField(max_length=80, blank=True)
    columns = models.JSONField(default=list)
    classes = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    labels = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    starter = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    inputs = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    scorer = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    environment = models.ForeignKey(Environment, models.PROTECT, null=True, related_name="tasks")
    most_bytes = models.PositiveIntegerField()
    limits = models.JSONField(default=dict)
    baseline_score = models.FloatField(null=True)
    board_version = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["round", "option"], name="task_once_a_round"),
            CheckConstraint(condition=Q(precision__lte=12), name="task_precision_bounded"),
            CheckConstraint(
                condition=Q(metric="own", scorer__isnull=False) | (~Q(metric="own") & Q(scorer__isnull=True)),
                name="task_own_metric_has_scorer",
            ),
            CheckConstraint(
                condition=Q(metric="program", labels=None) | (~Q(metric="program") & Q(labels__isnull=False)),
                name="task_has_labels_or_program",
            ),
        ]

    def __str__(self) -> str:
        return self.option or self.round.title_en
