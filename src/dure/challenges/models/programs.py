"""Tasks that programs score, as other platforms know them."""

from functools import cached_property

from django.db import models
from django.db.models import UniqueConstraint

from dure.challenges.columns import Column
from dure.challenges.models.rounds import Task, Upload
from dure.store.models import Row, one_of

PROGRAM = "program"  # the metric of tasks that programs score


class Contract(models.TextChoices):
    """How its programs are called: by commands in folders, or as ``evaluate(annotation, submission, phase, …)``."""

    CODABENCH = "codabench"
    EVALAI = "evalai"


class Program(models.Model):
    """How the programs of a task are called, and what they say.

    ``columns`` are those of the board (:class:`dure.challenges.columns.Column`); ``primary`` is the key of the one
    that ranks. ``phase`` is the codename that ``evaluate`` is told; ``image`` the docker image that the task came with.
    ``partial``: an attempt of which the programs measure a part only, and not what ranks, is at its end with that.
    ``shows_details``: entrants see the page that the scorer writes of their submission, which may tell of the answers.
    """

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="program")
    contract = models.CharField(max_length=9, choices=Contract.choices)
    phase = models.CharField(max_length=200, blank=True)
    image = models.CharField(max_length=200, blank=True)
    columns = models.JSONField()
    primary = models.CharField(max_length=200)
    partial = models.BooleanField(default=False)
    shows_details = models.BooleanField(default=False)

    class Meta:
        constraints = [one_of("contract", Contract, "program_contract_known")]

    def __str__(self) -> str:
        return f"{self.contract} of {self.task}"

    @cached_property
    def laid_parts(self) -> list["ProgramPart"]:
        """Its parts in order, with their files."""
        return list(self.parts.select_related("scoring_program", "reference", "ingestion_program", "input_data"))

    @property
    def board_columns(self) -> tuple[Column, ...]:
        return tuple(Column.of(told) for told in self.columns)


class ProgramPart(Row):
    """One scoring of a submission; where there are several, each says its values under ``NUMBER.KEY``.

    All are archives but the ``reference`` of evalai, which is one file. ``during_scoring``: the ingestion program runs
    beside the scoring program and not before it.
    """

    program = models.ForeignKey(Program, models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200, blank=True)
    scoring_program = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    reference = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    ingestion_program = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    input_data = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    during_scoring = models.BooleanField(default=False)

    class Meta:
        constraints = [UniqueConstraint(fields=["program", "number"], name="program_part_once")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} of {self.program}"
