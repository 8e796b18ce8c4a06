"""What is said in a round: questions with their answers, announcements, who follows them, how much one may write."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from dure.challenges.models.rounds import Round
from dure.core import clock
from dure.core.states import Moves
from dure.people.models import Person
from dure.store.models import Row, one_of
from dure.store.search import KeyField

MOST_TITLE, MOST_BODY, MOST_REASON = 160, 8_000, 200


class ThreadKind(models.TextChoices):
    QUESTION = "question"
    ANNOUNCEMENT = "announcement"


class ThreadState(models.TextChoices):
    """``locked``: it is read, and nobody but organisers writes in it."""

    OPEN = "open"
    LOCKED = "locked"


THREAD_MOVES: Moves[ThreadState] = Moves(
    {ThreadState.OPEN: {ThreadState.LOCKED}, ThreadState.LOCKED: {ThreadState.OPEN}}
)


class Thread(Row):
    """A question, or what the organisers announce. ``answered``: an organiser has answered; ``last_at`` of its posts.

    ``hidden_because``: why it was hidden from those who take part; empty, it is shown.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="threads", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ThreadKind.choices)
    title = models.CharField(max_length=MOST_TITLE)
    title_key = KeyField("title")
    body = models.TextField(max_length=MOST_BODY)
    state = models.CharField(max_length=6, choices=ThreadState.choices, default=ThreadState.OPEN)
    pinned = models.BooleanField(default=False)
    answered = models.BooleanField(default=False)
    posts_shown = models.PositiveIntegerField(default=0)
    hidden_because = models.CharField(max_length=MOST_REASON, blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    last_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("kind", ThreadKind, "thread_kind_known"),
            one_of("state", ThreadState, "thread_state_known"),
            CheckConstraint(condition=~Q(title="") & ~Q(body=""), name="thread_says_something"),
        ]
        indexes = [Index(fields=["round", "-pinned", "-last_at", "-id"], name="threads_of_round")]

    def __str__(self) -> str:
        return self.title


class Post(Row):
    """An answer. ``official``: an organiser wrote it as one."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="posts")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    body = models.TextField(max_length=MOST_BODY)
    official = models.BooleanField(default=False)
    hidden_because = models.CharField(max_length=MOST_REASON, blank=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [CheckConstraint(condition=~Q(body=""), name="post_says_something")]

    def __str__(self) -> str:
        return self.body[:60]


class Follow(models.Model):
    """Somebody who is told what is written in a thread."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="follows")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["thread", "person"], name="follows_once")]

    def __str__(self) -> str:
        return f"{self.person} follows {self.thread}"


class Spoken(models.Model):
    """How often somebody wrote in a round within an hour (``period``: its ISO hour)."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    period = models.CharField(max_length=13)
    used = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [UniqueConstraint(fields=["round", "person", "period"], name="spoken_once_a_period")]

    def __str__(self) -> str:
        return f"{self.used} in {self.period}"
