"""Teams: who is in them, how large they may be and until when they may change, how one joins, how two become one."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from dure.core import clock
from dure.core.states import Moves
from dure.people.models.persons import Person
from dure.store.models import Row, one_of

LONGEST_CODE = 8


class Team(Row):
    """People who enter together; with nobody in it, it is dissolved.

    ``size`` counts who is in it. ``least``, ``most`` and ``locks_at`` are the narrowest of its bounds: places are taken
    by compare-and-set on this one row, and from ``locks_at`` on nothing changes.
    """

    name = models.CharField(max_length=120)
    captain = models.ForeignKey(Person, models.PROTECT, related_name="captained_teams")
    formed_at = models.DateTimeField(default=clock.now, editable=False)
    size = models.PositiveSmallIntegerField(default=1)
    least = models.PositiveSmallIntegerField(default=1)
    most = models.PositiveSmallIntegerField(null=True)
    locks_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [CheckConstraint(condition=Q(most=None) | Q(size__lte=F("most")), name="team_within_its_size")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_locked(self) -> bool:
        return self.locks_at is not None and self.locks_at <= clock.now()


class TeamMember(Row):
    """Somebody's time in a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.CASCADE, related_name="team_members")
    joined_at = models.DateTimeField(default=clock.now, editable=False)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["team", "person"], condition=Q(left_at__isnull=True), name="team_member_once_at_a_time"
            )
        ]


class TeamBound(models.Model):
    """What something that a team takes part in asks of it. ``of`` names that: a round, a stage of a programme."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="bounds")
    of = models.CharField(max_length=160)
    least = models.PositiveSmallIntegerField(default=1)
    most = models.PositiveSmallIntegerField(null=True)
    locks_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["of", "team"], name="team_bound_once")]

    def __str__(self) -> str:
        return f"{self.team} in {self.of}"


class TeamCode(models.Model):
    """The one code by which people join a team until it expires or its captain takes it back."""

    team = models.OneToOneField(Team, models.CASCADE, primary_key=True, related_name="code")
    code = models.CharField(max_length=LONGEST_CODE, unique=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def is_open(self) -> bool:
        return self.expires_at > clock.now()


class CodeTries(models.Model):
    """How often somebody tried a code in an hour (``hour``: its start)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    hour = models.DateTimeField()
    used = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "hour"], name="code_tries_once_an_hour")]

    def __str__(self) -> str:
        return f"{self.used} by {self.person}"


class MergeState(models.TextChoices):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


MERGE_MOVES = Moves({MergeState.ASKED: {MergeState.ACCEPTED, MergeState.DECLINED, MergeState.WITHDRAWN}})


class TeamMerge(Row):
    """The captain of ``into`` asks that of ``gone`` to become one team: the first, with everybody of both."""

    into = models.ForeignKey(Team, models.CASCADE, related_name="merges_asked")
    gone = models.ForeignKey(Team, models.CASCADE, related_name="merges_wanted")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=MergeState.choices, default=MergeState.ASKED)

    class Meta:
        constraints = [
            one_of("state", MergeState, "team_merge_state_known"),
            CheckConstraint(condition=~Q(into=F("gone")), name="team_merge_of_two"),
            UniqueConstraint(
                fields=["into", "gone"], condition=Q(state=MergeState.ASKED), name="team_merge_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} into {self.into}"
