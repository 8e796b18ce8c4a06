"""Interviews: who is to be met, by whom, and each interviewer's points for each of them."""

from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from dure.calendar.models import Series
from dure.core import clock
from dure.core.rubrics import Rubric, read_rubric
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.store.models import Row, one_of
from dure.store.search import KeyField


class InterviewState(models.TextChoices):
    DRAFT = "draft"
    OPEN = "open"
    ARCHIVED = "archived"


INTERVIEW_MOVES: Moves[InterviewState] = Moves(
    {
        InterviewState.DRAFT: {InterviewState.OPEN},
        InterviewState.OPEN: {InterviewState.ARCHIVED},
        InterviewState.ARCHIVED: {InterviewState.OPEN},
    }
)


class Shows(models.TextChoices):
    """What interviewees see of a result once it is released."""

    VERDICT = "verdict"  # passed or not
    SCORE = "score"
    REASONS = "reasons"  # and each criterion, with what interviewers wrote for them


class Interview(Row):
    """Conversations of ``minutes`` with one interviewee each, marked by ``rubric`` (:mod:`dure.core.rubrics`).

    Its ``series`` has the slots; the series' teachers are the interviewers. ``place`` and ``link`` are where it is
    held unless a slot says otherwise. Where totals differ by more than ``gap`` of all points, interviewers talk about
    it; ``pass_share`` of all points passes. ``examiners`` look after it beside the organisation's administrators.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="interviews")
    series = models.OneToOneField(Series, models.PROTECT, related_name="interview")
    examiners = models.ManyToManyField(Person, related_name="examined_interviews")
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    name_key = KeyField("title_ko", "title_en")
    about_ko = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    rubric = models.TextField()
    minutes = models.PositiveSmallIntegerField(default=30)
    place = models.CharField(max_length=160, blank=True)
    link = models.URLField(max_length=500, blank=True)
    gap = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.20"))
    pass_share = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal("0.6"))
    shows = models.CharField(max_length=7, choices=Shows.choices, default=Shows.SCORE)
    state = models.CharField(max_length=8, choices=InterviewState.choices, default=InterviewState.DRAFT)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("state", InterviewState, "interview_state_known"),
            one_of("shows", Shows, "interview_shows_known"),
            CheckConstraint(condition=Q(gap__range=(0, 1), pass_share__range=(0, 1)), name="interview_shares_in_range"),
            CheckConstraint(condition=Q(minutes__gt=0), name="interview_takes_time"),
        ]
        indexes = [Index(fields=["organisation", "-id"], name="interview_of_organisation")]

    def __str__(self) -> str:
        return self.title_en

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko, en=self.title_en)

    @property
    def about(self) -> Text:
        return Text(ko=self.about_ko or self.about_en, en=self.about_en or self.about_ko)

    @property
    def read(self) -> Rubric:
        return read_rubric(self.rubric)


class IntervieweeState(models.TextChoices):
    WAITING = "waiting"  # not every interviewer has sent points
    APART = "apart"  # all have, and they have to talk about it
    SCORED = "scored"
    ABSENT = "absent"
    RELEASED = "released"  # the interviewee sees it


INTERVIEWEE_MOVES: Moves[IntervieweeState] = Moves(
    {
        IntervieweeState.WAITING: {IntervieweeState.APART, IntervieweeState.SCORED, IntervieweeState.ABSENT},
        IntervieweeState.APART: {IntervieweeState.WAITING, IntervieweeState.SCORED},
        IntervieweeState.SCORED: {IntervieweeState.WAITING, IntervieweeState.APART, IntervieweeState.RELEASED},
        IntervieweeState.ABSENT: {IntervieweeState.WAITING, IntervieweeState.RELEASED},
        IntervieweeState.RELEASED: {IntervieweeState.WAITING, IntervieweeState.APART},
    }
)


class Interviewee(Row):
    """Somebody who is to be interviewed. ``score`` of ``most`` points is what counts; ``by_criterion`` are decimals as
    text. ``settled_by``: an examiner gave the points, for ``reason``. Who was absent has no score. ``earlier`` is what
    each interview before this one came to, with its interviewers' points, the first one first.
    """

    interview = models.ForeignKey(Interview, models.PROTECT, related_name="interviewees")
    person = models.ForeignKey(Person, models.PROTECT, related_name="interviewed_as")
    state = models.CharField(max_length=8, choices=IntervieweeState.choices, default=IntervieweeState.WAITING)
    by_criterion = models.JSONField(default=dict)
    score = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    most = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    passed = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    admitted_at = models.DateTimeField(default=clock.now, editable=False)
    released_at = models.DateTimeField(null=True)
    earlier = models.JSONField(default=list)

    class Meta:
        constraints = [
            one_of("state", IntervieweeState, "interviewee_state_known"),
            UniqueConstraint(fields=["interview", "person"], name="interviewee_once"),
            CheckConstraint(
                condition=~Q(state="scored") | Q(score__isnull=False, most__isnull=False, passed__isnull=False),
                name="interviewee_scored_has_a_score",
            ),
        ]
        indexes = [Index(fields=["interview", "state", "person"], name="interviewee_by_state")]

    def __str__(self) -> str:
        return f"{self.interview_id} {self.person_id}"

    @property
    def points(self) -> dict[str, Decimal]:
        return {key: Decimal(points) for key, points in self.by_criterion.items()}

    @property
    def is_all_sent(self) -> bool:
        """Whether interviewers see each other's points."""
        return self.state in {IntervieweeState.APART, IntervieweeState.SCORED} or self.score is not None


class ScoringState(models.TextChoices):
    DRAFT = "draft"
    SENT = "sent"
    EXCUSED = "excused"  # the interviewer is too close to the interviewee


SCORING_MOVES: Moves[ScoringState] = Moves(
    {
        ScoringState.DRAFT: {ScoringState.SENT, ScoringState.EXCUSED},
        ScoringState.SENT: {ScoringState.DRAFT, ScoringState.EXCUSED},
    }
)


class Scoring(Row):
    """One interviewer's points for one interviewee, seen by no other until all have sent theirs.

    ``points`` are decimals as text, by criterion, given for ``reason``; ``notes`` are the interviewer's own for good.
    ``saves`` counts the changes, so that none is lost to another device. ``is_extra``: asked because others were too
    far apart. ``conflict`` is why they excused themselves.
    """

    interviewee = models.ForeignKey(Interviewee, models.PROTECT, related_name="scorings")
    interviewer = models.ForeignKey(Person, models.PROTECT, related_name="scorings")
    is_extra = models.BooleanField(default=False)
    points = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    saves = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=7, choices=ScoringState.choices, default=ScoringState.DRAFT)
    conflict = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", ScoringState, "scoring_state_known"),
            UniqueConstraint(fields=["interviewee", "interviewer"], name="scoring_once_an_interviewer"),
        ]
        indexes = [Index(fields=["interviewer", "state"], name="scoring_of_interviewer")]

    def __str__(self) -> str:
        return f"{self.interviewer_id} of {self.interviewee_id}"

    @property
    def read(self) -> dict[str, Decimal]:
        return {key: Decimal(points) for key, points in self.points.items()}
