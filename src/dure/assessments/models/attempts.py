"""Attempts: the questions of one sitting, what was answered, what it is worth, what happened meanwhile."""

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.assessments.content import Kind
from dure.assessments.models.banks import Version
from dure.assessments.models.exams import Candidate, Exam
from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Person
from dure.store.models import Row, one_of


class AttemptState(models.TextChoices):
    RUNNING = "running"
    SENT = "sent"  # handed in, and being marked
    MARKED = "marked"
    RELEASED = "released"
    VOID = "void"  # an examiner took it out, with the reason


ATTEMPT_MOVES: Moves[AttemptState] = Moves(
    {
        AttemptState.RUNNING: {AttemptState.SENT, AttemptState.VOID},
        AttemptState.SENT: {AttemptState.MARKED, AttemptState.VOID},
        AttemptState.MARKED: {AttemptState.RELEASED, AttemptState.VOID},
        AttemptState.RELEASED: {AttemptState.VOID},
    }
)
ENDED = [AttemptState.MARKED, AttemptState.RELEASED]


class Attempt(Row):
    """One sitting. ``seed`` drew its questions and their order; it runs until ``deadline``.

    ``score`` of ``total`` points are its own once it is marked. ``by_clock``: time ran out and it was handed in so.
    """

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="attempts")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    state = models.CharField(max_length=8, choices=AttemptState.choices, default=AttemptState.RUNNING)
    sent_at = models.DateTimeField(null=True)
    by_clock = models.BooleanField(default=False)
    score = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    total = models.DecimalField(max_digits=9, decimal_places=4)
    passed = models.BooleanField(null=True)
    level_ko = models.CharField(max_length=80, blank=True)
    level_en = models.CharField(max_length=80, blank=True)
    released_at = models.DateTimeField(null=True)
    why_void = models.TextField(blank=True)

    class Meta:
        constraints = [
            one_of("state", AttemptState, "attempt_state_known"),
            UniqueConstraint(fields=["candidate", "number"], name="attempt_once"),
            UniqueConstraint(fields=["candidate"], condition=Q(state="running"), name="attempt_one_at_a_time"),
            CheckConstraint(condition=Q(deadline__gte=F("started_at")), name="attempt_runs_forward"),
            CheckConstraint(
                condition=~Q(state__in=["marked", "released"]) | Q(score__isnull=False, passed__isnull=False),
                name="attempt_marked_has_its_score",
            ),
        ]
        indexes = [
            Index(fields=["exam", "state", "id"], name="attempt_of_exam"),
            Index(fields=["deadline"], condition=Q(state="running"), name="attempt_running"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.number}"

    @property
    def level(self) -> Text:
        return Text(ko=self.level_ko or self.level_en, en=self.level_en or self.level_ko)

    @property
    def takes_answers(self) -> bool:
        return self.state == AttemptState.RUNNING and clock.now() < self.deadline


class Asked(Row):
    """A question in an attempt: ``order`` are its choices as the candidate sees them.

    ``answer`` is kept as :mod:`dure.assessments.content` says. ``saves`` counts its changes, by which two devices are
    told apart; ``nonce`` names the last one, so that one that is sent twice counts once. ``counts`` is false once the
    question was dropped. ``outcome`` is what became of a program: {"passed", "of", "why"}.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="asked")
    place = models.PositiveSmallIntegerField()
    version = models.ForeignKey(Version, models.PROTECT, related_name="asked")
    points = models.DecimalField(max_digits=6, decimal_places=2)
    order = models.JSONField(default=list)
    answer: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    saves = models.PositiveIntegerField(default=0)
    nonce = models.CharField(max_length=40, blank=True)
    saved_at = models.DateTimeField(null=True)
    mark = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    counts = models.BooleanField(default=True)
    outcome = models.JSONField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["attempt", "place"], name="asked_once_a_place"),
            UniqueConstraint(fields=["attempt", "version"], name="asked_once_a_version"),
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.place}"

    @property
    def shown_answer(self) -> Any:
        """The answer in the places that the candidate sees."""
        if isinstance(self.answer, list):
            places = [self.order.index(place) for place in self.answer]
            return places if self.version.content["kind"] == Kind.ORDERING else sorted(places)
        return self.answer


class Incident(Row):
    """What a proctor noted during an attempt."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="incidents")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField()
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.text[:80]


class AppealState(models.TextChoices):
    WAITING = "waiting"
    UPHELD = "upheld"
    REJECTED = "rejected"


APPEAL_MOVES: Moves[AppealState] = Moves({AppealState.WAITING: {AppealState.UPHELD, AppealState.REJECTED}})


class Appeal(Row):
    """A candidate holds that a question, or its mark, is wrong; once for each question."""

    asked = models.OneToOneField(Asked, models.CASCADE, related_name="appeal")
    text = models.TextField()
    state = models.CharField(max_length=8, choices=AppealState.choices, default=AppealState.WAITING)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [one_of("state", AppealState, "appeal_state_known")]

    def __str__(self) -> str:
        return self.text[:80]


class Remedy(models.TextChoices):
    DROP = "drop"  # the question counts no more, for anybody
    CREDIT = "credit"  # everybody gets its points
    CORRECT = "correct"  # its answers are marked by what the question says now


class RemarkingState(models.TextChoices):
    PROPOSED = "proposed"
    APPLIED = "applied"
    DISCARDED = "discarded"


REMARKING_MOVES: Moves[RemarkingState] = Moves(
    {RemarkingState.PROPOSED: {RemarkingState.APPLIED, RemarkingState.DISCARDED}}
)


class Remarking(Row):
    """A proposal to mark a question of an exam again; nothing changes until it is applied.

    ``correction`` is the later version by which the answers are marked, where they are.
    """

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="remarkings")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    correction = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    remedy = models.CharField(max_length=7, choices=Remedy.choices)
    reason = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=RemarkingState.choices, default=RemarkingState.PROPOSED)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", RemarkingState, "remarking_state_known"),
            one_of("remedy", Remedy, "remarking_remedy_known"),
            CheckConstraint(
                condition=~Q(remedy="correct") | Q(correction__isnull=False), name="remarking_corrects_by_something"
            ),
            UniqueConstraint(fields=["exam", "version"], condition=Q(state="proposed"), name="remarking_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} {self.remedy}"
