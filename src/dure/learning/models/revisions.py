"""Where the curriculum lags: skills that are asked for more and more, and that nothing listed here teaches."""

from django.db import models
from django.db.models import Index, Q, UniqueConstraint

from dure.core import clock
from dure.core.states import Moves
from dure.learning.models.items import Item
from dure.learning.models.providers import Provider
from dure.people.models import Person
from dure.skills.models import Skill
from dure.store.models import Row, one_of


class RevisionState(models.TextChoices):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


REVISION_MOVES: Moves[RevisionState] = Moves(
    {
        RevisionState.OPEN: {RevisionState.ANSWERED, RevisionState.CLOSED},
        RevisionState.ANSWERED: {RevisionState.CLOSED},
    }
)


class Closing(models.TextChoices):
    """Why a task is closed."""

    TAUGHT = "taught"  # something listed teaches the skill now
    DECLINED = "declined"  # its provider will not teach it


class RevisionTask(Row):
    """A provider is asked to teach a skill. ``before`` and ``lately``: how often it was asked for, thousandths of a
    month's count. ``answer`` is what the provider says it will do, or why it will not."""

    skill = models.ForeignKey(Skill, models.PROTECT, related_name="revision_tasks")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="revision_tasks")
    state = models.CharField(max_length=8, choices=RevisionState.choices, default=RevisionState.OPEN)
    before = models.PositiveIntegerField()
    lately = models.PositiveIntegerField()
    opened_on = models.DateField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    closing = models.CharField(max_length=8, choices=Closing.choices, blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")  # what teaches it now
    closed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("state", RevisionState, "revision_state_known"),
            UniqueConstraint(fields=["skill"], condition=~Q(state="closed"), name="revision_once_a_skill"),
        ]
        indexes = [Index(fields=["provider", "state", "-id"], name="revision_of_provider")]

    def __str__(self) -> str:
        return f"{self.skill_id} of {self.provider_id}"
