"""Who may take no part in a programme, why and until when, with the one appeal they have."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.models.programme import Programme
from dure.programmes.models.turn import Turn, TurnState
from dure.store.models import Row, one_of


class BanState(models.TextChoices):
    """``upheld``: an appeal was refused. ``lifted``: they take part again."""

    STANDING = "standing"
    APPEALED = "appealed"
    UPHELD = "upheld"
    LIFTED = "lifted"


BAN_MOVES: Moves[BanState] = Moves(
    {
        BanState.STANDING: {BanState.APPEALED, BanState.LIFTED},
        BanState.APPEALED: {BanState.UPHELD, BanState.LIFTED},
        BanState.UPHELD: {BanState.LIFTED},
    }
)
BACK_MOVES: Moves[TurnState] = Moves(
    {TurnState.WITHDRAWN: {TurnState.WAITING, TurnState.OPEN, TurnState.HANDED_IN}}
)  # what nobody but a lifted ban does


class Ban(Row):
    """A person, or all of a team, may take no part in the programme ``until`` then or for good. ``title``: who it is,
    as the desk calls them. What was given or paid before stays as it is.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="bans")
    title = models.CharField(max_length=200)
    reason_ko = models.TextField()
    reason_en = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)
    until = models.DateTimeField(null=True)
    appeal_until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=BanState.choices, default=BanState.STANDING)
    appeal = models.TextField(blank=True)
    appealed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    appealed_at = models.DateTimeField(null=True)
    answer_ko = models.TextField(blank=True)
    answer_en = models.TextField(blank=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", BanState, "programme_ban_state_known"),
            CheckConstraint(condition=Q(until=None) | Q(until__gt=F("at")), name="programme_ban_runs_forward"),
            CheckConstraint(
                condition=~Q(state__in=["appealed", "upheld"]) | Q(appealed_at__isnull=False),
                name="programme_ban_was_appealed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} from {self.programme}"

    @property
    def reason(self) -> Text:
        return Text(ko=self.reason_ko, en=self.reason_en)

    @property
    def answer(self) -> Text | None:
        return Text(ko=self.answer_ko, en=self.answer_en) if self.answer_ko else None

    @property
    def is_in_force(self) -> bool:
        """Whether it keeps anybody from anything now."""
        return self.state != BanState.LIFTED and (self.until is None or clock.now() < self.until)


class BannedPerson(models.Model):
    """One whom a ban concerns. ``over_at``: since when it does not any more, ``until`` included once that has come."""

    ban = models.ForeignKey(Ban, models.CASCADE, related_name="persons")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["programme", "person"], condition=Q(over_at=None), name="banned_once_a_programme"),
            UniqueConstraint(fields=["ban", "person"], name="person_once_a_ban"),
        ]

    def __str__(self) -> str:
        return f"{self.person} by {self.ban}"


class TurnTaken(models.Model):
    """A turn that a ban withdrew, and the state to which it goes back; gone once it went back."""

    ban = models.ForeignKey(Ban, models.CASCADE, related_name="taken")
    turn = models.ForeignKey(Turn, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=TurnState.choices)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["ban", "turn"], name="turn_taken_once_a_ban"),
            one_of("state", TurnState, "turn_taken_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.turn} by {self.ban}"
