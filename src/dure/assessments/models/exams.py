"""Papers, of which each attempt draws its questions; exams, which are taken in a window under rules."""

from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.assessments.content import Kind
from dure.assessments.drawing import Wanted
from dure.assessments.models.banks import Bank
from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Person
from dure.store.models import Row, one_of
from dure.store.search import KeyField


class Paper(Row):
    """How an exam's questions are drawn. ``shuffles``: each attempt has them, and their choices, in its own order."""

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="papers")
    name = models.CharField(max_length=160)
    shuffles = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [UniqueConstraint(fields=["bank", "name"], name="paper_once_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PaperLine(models.Model):
    """``count`` questions of ``points`` each; a topic, difficulty or sort that is not said may be any."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="lines")
    place = models.PositiveSmallIntegerField()
    count = models.PositiveSmallIntegerField()
    points = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal(1))
    topic = models.CharField(max_length=80, blank=True)
    difficulty = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=8, blank=True, choices=[(kind.value, kind.value) for kind in Kind])

    class Meta:
        constraints = [
            UniqueConstraint(fields=["paper", "place"], name="paper_line_once"),
            CheckConstraint(condition=Q(count__gt=0, points__gt=0), name="paper_line_asks_something"),
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.count} × {self.points}"

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.count, self.topic, self.difficulty, self.kind)


class ExamState(models.TextChoices):
    DRAFT = "draft"
    OPEN = "open"
    ARCHIVED = "archived"


EXAM_MOVES: Moves[ExamState] = Moves(
    {
        ExamState.DRAFT: {ExamState.OPEN},
        ExamState.OPEN: {ExamState.ARCHIVED},
        ExamState.ARCHIVED: {ExamState.OPEN},
    }
)


class Review(models.TextChoices):
    """What candidates see of an attempt once its result is released."""

    SCORE = "score"
    MARKS = "marks"  # their own answers and the marks of each
    ANSWERS = "answers"  # and what is right, once the exam is over for everybody


class Exam(Row):
    """A paper taken between ``opens_at`` and ``closes_at``, ``minutes`` long, passed from ``pass_share`` of the points.

    ``most_attempts`` are allowed, ``wait_hours`` apart. ``for_all``: anybody who is signed in may take it; else those
    whom the examiners admit. ``bands`` are levels from the highest on: ``[share, Korean, English]``. ``at_once``:
    results count as soon as they are marked, without an examiner's word.
    """

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="exams")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="exams")
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    name_key = KeyField("title_ko", "title_en")
    about_ko = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    pass_share = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal("0.6"))
    most_attempts = models.PositiveSmallIntegerField(default=1)
    wait_hours = models.PositiveIntegerField(default=24)
    for_all = models.BooleanField(default=False)
    bands = models.JSONField(default=list)
    review = models.CharField(max_length=7, choices=Review.choices, default=Review.MARKS)
    at_once = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=ExamState.choices, default=ExamState.DRAFT)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("state", ExamState, "exam_state_known"),
            one_of("review", Review, "exam_review_known"),
            CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="exam_runs_forward"),
            CheckConstraint(condition=Q(minutes__gt=0, most_attempts__gt=0), name="exam_can_be_taken"),
            CheckConstraint(condition=Q(pass_share__range=(0, 1)), name="exam_pass_share_in_range"),
        ]
        indexes = [
            Index(fields=["for_all", "state", "closes_at"], name="exam_listed"),
            Index(fields=["bank", "-id"], name="exam_of_bank"),
        ]

    def __str__(self) -> str:
        return self.title_en

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko, en=self.title_en)

    @property
    def about(self) -> Text:
        return Text(ko=self.about_ko or self.about_en, en=self.about_en or self.about_ko)

    @property
    def is_going(self) -> bool:
        """Whether attempts may begin now."""
        return self.state == ExamState.OPEN and self.opens_at <= clock.now() < self.closes_at

    @property
    def is_over(self) -> bool:
        return self.closes_at <= clock.now()


class Candidate(Row):
    """Somebody who may take an exam, with ``extra_minutes`` of their own; ``taken`` attempts have begun."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="candidates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="candidatures")
    extra_minutes = models.PositiveIntegerField(default=0)
    taken = models.PositiveSmallIntegerField(default=0)
    admitted_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [UniqueConstraint(fields=["exam", "person"], name="candidate_once_an_exam")]

    def __str__(self) -> str:
        return f"{self.exam_id} {self.person_id}"
