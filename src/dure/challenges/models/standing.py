"""Who may not stand on a board, or not take part, and why: disqualifications and bans, with their appeals."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from dure.challenges.models.entrants import Entrant
from dure.challenges.models.rounds import Round, Upload
from dure.challenges.models.submissions import Submission
from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Person
from dure.store.models import Row, one_of


class Ground(models.TextChoices):
    """Why somebody is disqualified or banned."""

    RULES = "rules"
    SHARING = "sharing"
    ACCOUNTS = "accounts"
    LEAK = "leak"
    ATTACK = "attack"
    CONDUCT = "conduct"
    OTHER = "other"


class OutState(models.TextChoices):
    """``upheld``: an appeal was refused. ``lifted``: everything is as it was."""

    STANDING = "standing"
    APPEALED = "appealed"
    UPHELD = "upheld"
    LIFTED = "lifted"


OUT_MOVES: Moves[OutState] = Moves(
    {
        OutState.STANDING: {OutState.APPEALED, OutState.LIFTED},
        OutState.APPEALED: {OutState.UPHELD, OutState.LIFTED},
        OutState.UPHELD: {OutState.LIFTED},
    }
)
IN_FORCE = tuple(state for state in OutState if state in OUT_MOVES)


class Sanction(Row):
    """What is decided against somebody in a round, for a reason that they can read and appeal once.

    ``state`` tells of the appeal; ``answer``: what was said to it.
    """

    ground = models.CharField(max_length=8, choices=Ground.choices)
    reason_ko = models.TextField()
    reason_en = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)
    appeal_until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=OutState.choices, default=OutState.STANDING)
    appeal = models.TextField(blank=True)
    appeal_file = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    appealed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    appealed_at = models.DateTimeField(null=True)
    answer_ko = models.TextField(blank=True)
    answer_en = models.TextField(blank=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def reason(self) -> Text:
        return Text(ko=self.reason_ko, en=self.reason_en)

    @property
    def answer(self) -> Text | None:
        return Text(ko=self.answer_ko, en=self.answer_en) if self.answer_ko else None


class Disqualification(Sanction):
    """An entrant, or one ``submission`` of it, does not count.

    ``choice``: the submission that the entrant had chosen, which counts again when this is lifted.
    """

    entrant = models.ForeignKey(Entrant, models.PROTECT, related_name="disqualifications")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="disqualifications")
    choice = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            one_of("state", OutState, "disqualification_state_known"),
            one_of("ground", Ground, "disqualification_ground_known"),
            UniqueConstraint(
                fields=["entrant"], condition=Q(submission=None, state__in=list(IN_FORCE)), name="entrant_out_once"
            ),
            UniqueConstraint(fields=["submission"], condition=Q(state__in=list(IN_FORCE)), name="submission_out_once"),
            CheckConstraint(
                condition=~Q(state__in=["appealed", "upheld"]) | Q(appealed_at__isnull=False), name="appeal_was_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission or self.entrant} {self.state}"

    @property
    def round(self) -> Round:
        return self.entrant.task.round

    @property
    def whom(self) -> Entrant:
        return self.entrant

    @property
    def is_in_force(self) -> bool:
        """Whether it keeps anything off the boards now."""
        return self.state in IN_FORCE


class Ban(Sanction):
    """A person submits nothing in a round, ``until`` a moment or for good. Nothing earlier is undone.

    ``lifted_at``: since when it does not hold any more, ``until`` included once another took its place.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="bans")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", OutState, "ban_state_known"),
            one_of("ground", Ground, "ban_ground_known"),
            UniqueConstraint(fields=["round", "person"], condition=Q(lifted_at=None), name="banned_once_a_round"),
            CheckConstraint(condition=Q(until=None) | Q(until__gt=F("at")), name="ban_runs_forward"),
            CheckConstraint(
                condition=~Q(state__in=["appealed", "upheld"]) | Q(appealed_at__isnull=False),
                name="ban_appeal_was_made",
            ),
            CheckConstraint(condition=~Q(state="lifted") | Q(lifted_at__isnull=False), name="lifted_ban_is_over"),
        ]

    def __str__(self) -> str:
        return f"{self.person} from {self.round}"

    @property
    def whom(self) -> Person:
        return self.person

    @property
    def is_in_force(self) -> bool:
        """Whether it keeps them from anything now."""
        return self.lifted_at is None and (self.until is None or clock.now() < self.until)
