"""Judging again: versions of how a task is scored, and proposals that put another one beside the one in force."""

from functools import cached_property

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.challenges.models.entrants import Entrant
from dure.challenges.models.programs import Program, ProgramPart
from dure.challenges.models.rounds import Task, Upload
from dure.challenges.models.submissions import JudgedRow, Submission
from dure.compute.models import Environment
from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.jobs.models import Job
from dure.people.models import Person
from dure.store.models import Row, one_of

MEASURED = (
    *("metric", "greater_is_better", "precision", "id_column", "columns", "classes", "rows", "limits"),
    *("labels", "inputs", "scorer", "environment"),
)  # what a version says of its task
PROGRAMMED = ("contract", "phase", "image", "columns", "primary", "shows_details")
PARTED = (
    *("number", "name", "during_scoring"),
    *("scoring_program", "reference", "ingestion_program", "input_data"),
)


class TaskVersion(Row):
    """How a task is, was or would be scored: the fields of ``MEASURED`` as the task has them.

    ``program``: for a task that programs score, those of ``PROGRAMMED``; its files lie in :class:`VersionPart`.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=clock.now, editable=False)
    metric = models.CharField(max_length=40)
    greater_is_better = models.BooleanField()
    precision = models.PositiveSmallIntegerField()
    id_column = models.CharField(max_length=80, blank=True)
    columns = models.JSONField(default=list)
    classes = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    limits = models.JSONField(default=dict)
    labels = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    inputs = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    scorer = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    environment = models.ForeignKey(Environment, models.PROTECT, null=True, related_name="+")
    program = models.JSONField(null=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["task", "number"], name="task_version_once")]

    def __str__(self) -> str:
        return f"{self.task} v{self.number}"

    @cached_property
    def as_task(self) -> Task:
        """The task as it would be, never to be saved: what scoring reads."""
        task = Task(
            id=self.task_id, round=self.task.round, option=self.task.option, most_bytes=self.task.most_bytes,
            **{name: getattr(self, name) for name in MEASURED},
        )  # fmt: skip
        if self.program is not None:
            program = Program(task=task, **self.program)
            program.laid_parts = [part.as_part(program) for part in self.parts.select_related(*PARTED[3:])]
        return task


class VersionPart(models.Model):
    """A part of a version's programs: the fields of ``PARTED`` as :class:`ProgramPart` has them."""

    version = models.ForeignKey(TaskVersion, models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200, blank=True)
    during_scoring = models.BooleanField(default=False)
    scoring_program = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    reference = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    ingestion_program = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    input_data = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["version", "number"], name="version_part_once")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} of {self.version}"

    def as_part(self, program: Program) -> ProgramPart:
        return ProgramPart(program=program, **{name: getattr(self, name) for name in PARTED})


class ProposalState(models.TextChoices):
    """``collecting``: submissions are being listed. ``failed``: some have no new verdict, and the platform or the new
    scorer is at fault."""

    COLLECTING = "collecting"
    JUDGING = "judging"
    READY = "ready"
    FAILED = "failed"
    APPLIED = "applied"
    DISCARDED = "discarded"


PROPOSAL_MOVES = Moves[ProposalState](
    {
        ProposalState.COLLECTING: {ProposalState.JUDGING, ProposalState.DISCARDED},
        ProposalState.JUDGING: {ProposalState.READY, ProposalState.FAILED, ProposalState.DISCARDED},
        ProposalState.READY: {ProposalState.COLLECTING, ProposalState.APPLIED, ProposalState.DISCARDED},
        ProposalState.FAILED: {ProposalState.JUDGING, ProposalState.DISCARDED},
    }
)
OPEN_PROPOSALS = tuple(state for state in ProposalState if state in PROPOSAL_MOVES)


class Proposal(Row):
    """To score a task by ``after`` instead of ``before``, with every submission judged by both. One open at a time.

    ``collected`` submissions are to be judged, ``judged`` of them have their new verdict. ``moved`` counts entrants
    whose place changes, by what becomes of them (:class:`PlaceChange`), as last compared at ``compared_at``.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="proposals")
    before = models.ForeignKey(TaskVersion, models.PROTECT, related_name="+")
    after = models.ForeignKey(TaskVersion, models.PROTECT, related_name="+")
    why = models.CharField(max_length=400)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.COLLECTING)
    collected = models.PositiveIntegerField(default=0)
    judged = models.PositiveIntegerField(default=0)
    moved = models.JSONField(default=dict)
    compared_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", ProposalState, "proposal_state_known"),
            UniqueConstraint(
                fields=["task"], condition=Q(state__in=list(OPEN_PROPOSALS)), name="one_open_proposal_a_task"
            ),
            CheckConstraint(condition=Q(judged__lte=F("collected")), name="proposal_judges_what_it_collected"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class NewState(models.TextChoices):
    """``failed``: the platform or the new scorer is at fault."""

    WAITING = "waiting"
    SCORED = "scored"
    REFUSED = "refused"
    FAILED = "failed"


NEW_MOVES: Moves[NewState] = Moves(
    {
        NewState.WAITING: {NewState.SCORED, NewState.REFUSED, NewState.FAILED},
        NewState.FAILED: {NewState.WAITING},
    }
)
# What a new verdict has in common with a submission's own, and takes its place.
VERDICT = ("state", *(field.name for field in JudgedRow._meta.local_fields))


class NewVerdict(JudgedRow):
    """What a proposal's version says of a submission, beside the verdict that it has: the fields of ``VERDICT``.

    ``old_…``: the verdict that was in force when the proposal was applied.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="verdicts", db_index=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="new_verdicts")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=NewState.choices, default=NewState.WAITING)
    old_state = models.CharField(max_length=8, blank=True)
    old_public_score = models.FloatField(null=True)
    old_final_score = models.FloatField(null=True)

    class Meta:
        constraints = [
            one_of("state", NewState, "new_verdict_state_known"),
            UniqueConstraint(fields=["proposal", "submission"], name="judged_once_a_proposal"),
            CheckConstraint(
                condition=Q(state="scored", public_score__isnull=False)
                | (~Q(state="scored") & Q(public_score__isnull=True, final_score__isnull=True)),
                name="new_verdict_scored_has_score",
            ),
        ]
        indexes = [Index(fields=["proposal", "state"], name="new_verdict_state")]

    def __str__(self) -> str:
        return f"{self.state} of {self.submission}"

    @property
    def cause(self) -> Text | None:
        return Text(ko=self.cause_ko, en=self.cause_en) if self.cause_ko else None


class Change(models.TextChoices):
    """What becomes of an entrant by a proposal; of several the first in this order is told."""

    LEFT = "left"
    CAME = "came"
    DOWN = "down"
    UP = "up"
    SCORE = "score"


class PlaceChange(models.Model):
    """What a proposal changes for an entrant: places and scores on the public board and on the final one.

    A place is None where the entrant does not stand on the board. ``passed`` and ``passes``: whether the gate of the
    round's stage would let it on, None where no gate asks.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="changes", db_index=False)
    entrant = models.ForeignKey(Entrant, models.CASCADE, related_name="+")
    change = models.CharField(max_length=5, choices=Change.choices)
    order = models.PositiveIntegerField()
    old_public_place = models.PositiveIntegerField(null=True)
    old_public_score = models.FloatField(null=True)
    old_final_place = models.PositiveIntegerField(null=True)
    old_final_score = models.FloatField(null=True)
    public_place = models.PositiveIntegerField(null=True)
    public_score = models.FloatField(null=True)
    final_place = models.PositiveIntegerField(null=True)
    final_score = models.FloatField(null=True)
    passed = models.BooleanField(null=True)
    passes = models.BooleanField(null=True)

    class Meta:
        constraints = [
            one_of("change", Change, "place_change_known"),
            UniqueConstraint(fields=["proposal", "entrant"], name="changes_once_a_proposal"),
        ]
        indexes = [Index(fields=["proposal", "order"], name="place_change_order")]

    def __str__(self) -> str:
        return f"{self.entrant} {self.change}"
