"""Jobs and the outbox: work that was accepted, who does it, and what leaves the house because of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dure.core import clock
from dure.core.findings import Finding, State
from dure.core.states import Moves
from dure.core.text import Text
from dure.store.models import Row, one_of


class JobState(models.TextChoices):
    """``held``: its lane has as many jobs at once as it may; it gets ready when one of them ends."""

    HELD = "held"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


JOB_MOVES = Moves[JobState](
    {
        JobState.HELD: {JobState.READY, JobState.CANCELLED},
        JobState.READY: {JobState.RUNNING, JobState.CANCELLED},
        JobState.RUNNING: {JobState.DONE, JobState.READY, JobState.FAILED, JobState.CANCELLED},
        JobState.FAILED: {JobState.READY, JobState.HELD, JobState.CANCELLED},
    }
)
UNFINISHED = (JobState.HELD, JobState.READY, JobState.RUNNING)
LEAST_PRIORITY, MOST_PRIORITY = -10, 10


class Caused(Row):
    """A row that can say, in both languages, why it waits or failed."""

    cause_code = models.CharField(max_length=80, blank=True)
    cause_ko = models.TextField(blank=True)
    cause_en = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def cause(self) -> Text | None:
        return Text(ko=self.cause_ko, en=self.cause_en) if self.cause_code else None


class Lane(Row):
    """Whose jobs stand in one line, such as an entrant's: never more than ``at_once`` of them are ready or run."""

    name = models.CharField(max_length=120, unique=True)
    at_once = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(at_once__gte=1), name="lane_moves")]

    def __str__(self) -> str:
        return self.name


class Job(Caused):
    """One piece of work, done once however often it is tried.

    ``queue`` names the workers that do it, empty for the platform's own. ``share`` is what it takes its turn with,
    such as a round; ``turn`` its place in the queue, None until it is due (:mod:`dure.jobs.turns`). ``slot``: which of
    its lane's places it has, from 0.

    ``run_at`` and the other moments that people see follow ``core.clock``; ``leased_until`` and ``heartbeat_at``
    are the database's own clock. ``token`` goes up by one with each claim, so that a worker that was thought dead
    cannot change anything. ``again``: somebody asked for this ``key`` while it was running; it will run once more.
    """

    task = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=JobState.choices, default=JobState.READY)
    queue = models.CharField(max_length=80, blank=True)
    share = models.CharField(max_length=120, blank=True)
    lane = models.ForeignKey(Lane, models.PROTECT, null=True, related_name="jobs", db_index=False)
    slot = models.PositiveSmallIntegerField(null=True)
    turn = models.BigIntegerField(null=True)
    again = models.BooleanField(default=False)
    priority = models.SmallIntegerField(default=0)
    run_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    most_attempts = models.PositiveIntegerField()
    token = models.BigIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True)
    leased_until = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    runner = models.CharField(max_length=40, default="local")
    sandbox = models.CharField(max_length=40, blank=True)
    trace = models.TextField(blank=True)
    enqueued_at = models.DateTimeField(default=clock.now, editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", JobState, "job_state_known"),
            models.CheckConstraint(
                condition=Q(state="running", leased_until__isnull=False)
                | (~Q(state="running") & Q(leased_until__isnull=True)),
                name="job_leased_while_running",
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=UNFINISHED) & ~Q(key=""), name="job_key_once_unfinished"
            ),
            models.CheckConstraint(
                condition=Q(lane=None, slot=None) & ~Q(state="held")
                | Q(lane__isnull=False, slot__isnull=False, state__in=["ready", "running"])
                | Q(lane__isnull=False, slot=None) & ~Q(state__in=["ready", "running"]),
                name="job_has_slot_while_it_may_run",
            ),
            models.UniqueConstraint(fields=["lane", "slot"], name="job_slot_once"),
            models.CheckConstraint(
                condition=Q(priority__range=(LEAST_PRIORITY, MOST_PRIORITY)), name="job_priority_bounded"
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "state", "turn", "run_at", "id"], name="job_in_turn"),
            models.Index(fields=["queue", "share", "priority", "turn"], name="job_share"),
            models.Index(fields=["queue", "turn"], name="job_turn"),
            models.Index(fields=["lane", "state", "id"], name="job_lane"),
            models.Index(fields=["state", "finished_at"], name="job_ended"),
            models.Index(fields=["state", "id"], name="job_state"),
            models.Index(fields=["task", "state", "id"], name="job_task"),
            models.Index(fields=["key", "id"], name="job_key"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.id}"


class MessageKind(models.TextChoices):
    MAIL = "mail"


class MessageState(models.TextChoices):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


MESSAGE_MOVES = Moves[MessageState](
    {
        MessageState.WAITING: {MessageState.SENT, MessageState.FAILED},
        MessageState.FAILED: {MessageState.WAITING},
    }
)


DELIVER = "jobs.deliver"  # the task that carries a message


class Message(Caused):
    """Something that leaves the house, written in the transaction of what it tells.

    ``content`` is the whole of it (a mail: RFC 5322, lines ended by LF, its Message-ID made from ``id``), so that
    a second delivery is recognisable as the same one. ``to`` is everybody it goes to, hidden copies too, ``receiver``
    the first of them, by whom it is found.
    """

    kind = models.CharField(max_length=8, choices=MessageKind.choices, default=MessageKind.MAIL)
    sender = models.CharField(max_length=320)
    to = models.JSONField()
    receiver = models.CharField(max_length=320, default="")
    subject = models.TextField()
    text = models.TextField(blank=True)
    content = models.BinaryField()
    state = models.CharField(max_length=7, choices=MessageState.choices, default=MessageState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField(default=clock.now, editable=False)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("kind", MessageKind, "message_kind_known"),
            one_of("state", MessageState, "message_state_known"),
        ]
        indexes = [
            models.Index(fields=["state", "sent_at"], name="message_state"),
            models.Index(fields=["state", "id"], name="message_listed"),
            models.Index(fields=["receiver", "id"], name="message_receiver"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def delivery(self) -> str:
        """The key of the jobs that carry it."""
        return f"{DELIVER}:{self.id}"


class Worker(Row):
    """A process that does jobs, for as long as it runs. ``seen_at`` is the database's own clock, like all leases.

    ``tasks``: those it was started for, none for all; ``queue``: whose jobs it does, empty for the platform's.
    """

    name = models.CharField(max_length=120)
    queue = models.CharField(max_length=80, blank=True)
    tasks = models.JSONField(null=True)
    started_at = models.DateTimeField(default=clock.now, editable=False)
    seen_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["seen_at"], name="worker_seen")]

    def __str__(self) -> str:
        return self.name


CHECKS = {"audit": "audit.verify", "sandbox": "compute.prove", "storage": "jobs.measure"}  # check → its task


class Check(Row):
    """What a check of the installation found when a worker last made it; one row for each check.

    ``findings`` as ``core.findings`` writes them, ``figures`` what the check counted; ``done`` of ``of`` while it runs.
    """

    name = models.CharField(max_length=40, unique=True)
    done = models.PositiveBigIntegerField(default=0)
    of = models.PositiveBigIntegerField(default=0)
    findings = models.JSONField(default=list)
    figures = models.JSONField(default=dict)
    worker = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def found(self) -> list[Finding]:
        return [Finding.of(told) for told in self.findings]

    @property
    def worst(self) -> State:
        """How it stands as a whole."""
        return max((finding.state for finding in self.found), key=list(State).index, default=State.OK)
