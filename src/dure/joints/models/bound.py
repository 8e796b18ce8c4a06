"""What a programme's parts are bound to in the rooms, and which piece of a room's work is a turn's."""

from django.db import models

from dure.applications.models import Application, Receipt
from dure.assessments.models import Candidate, Exam
from dure.challenges.models import Entrant, FieldTrial, Task
from dure.core import clock
from dure.credentials.models import Achievement
from dure.funding.models import Fund
from dure.learning.models import Cohort, Enrolment
from dure.people.models import Person
from dure.programmes.models import Programme, Turn
from dure.skills.models import Evidence


class Bound(models.Model):
    """Who bound it, and when."""

    bound_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True


class ProgrammeFund(Bound):
    """The fund that a programme's money of one type is paid from."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="funds")
    money = models.CharField(max_length=200)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "money"], name="one_fund_a_money")]

    def __str__(self) -> str:
        return f"{self.money} from {self.fund}"


class ProgrammeCredential(Bound):
    """What an issuer awards where a programme gives that credential (at that level; "": at any)."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="credentials")
    name = models.CharField(max_length=200)
    level = models.CharField(max_length=80, blank=True)
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "name", "level"], name="one_achievement_a_credential")
        ]

    def __str__(self) -> str:
        return f"{self.name} as {self.achievement}"


class FormTurn(models.Model):
    """Which application is a form turn's; ``receipt`` is the sending that was handed in last."""

    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="form_turn")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="form_turn")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.application} of {self.turn}"


class StageCohort(Bound):
    """The cohort of a course in which the people of a learn stage learn."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="cohorts")
    stage = models.CharField(max_length=60)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="stages")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "stage"], name="one_cohort_a_stage")]

    def __str__(self) -> str:
        return f"{self.stage} in {self.cohort}"


class CourseTurn(models.Model):
    """Which enrolment is a learn turn's."""

    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="course_turn")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="course_turns")

    def __str__(self) -> str:
        return f"{self.enrolment} of {self.turn}"


class StageExam(Bound):
    """The exam that the people of a test stage sit; ``option``: those who chose it, "" everybody else."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="exams")
    stage = models.CharField(max_length=60)
    option = models.CharField(max_length=80, blank=True)
    exam = models.ForeignKey(Exam, on_delete=models.PROTECT, related_name="stages")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "stage", "option"], name="one_exam_a_stage_and_option")
        ]

    def __str__(self) -> str:
        return f"{self.stage} in {self.exam}"


class ExamTurn(models.Model):
    """Which candidature is a test turn's."""

    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="exam_turn")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="exam_turns")

    def __str__(self) -> str:
        return f"{self.candidate} of {self.turn}"


class RoundTask(models.Model):
    """Which task a round stage's option is; ``option`` empty: the stage has no options."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="round_tasks")
    stage = models.CharField(max_length=60)
    option = models.CharField(max_length=80, blank=True)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="round_task")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "stage", "option"], name="round_task_once_an_option")
        ]

    def __str__(self) -> str:
        return f"{self.task} of {self.stage}"


class RoundTurn(models.Model):
    """Which entrant is a round turn's."""

    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="round_turn")
    entrant = models.OneToOneField(Entrant, on_delete=models.PROTECT, related_name="round_turn")

    def __str__(self) -> str:
        return f"{self.entrant} of {self.turn}"


class FieldEvidence(models.Model):
    """What a field trial shows: evidence of its entrant's persons and, where ``stage`` is named, of their turn."""

    trial = models.OneToOneField(FieldTrial, on_delete=models.CASCADE, primary_key=True, related_name="counts")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, related_name="+")
    stage = models.CharField(max_length=60, blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage="") | models.Q(programme__isnull=False), name="field_evidence_in_a_programme"
            )
        ]
        indexes = [models.Index(fields=["programme", "stage"], name="field_evidence_at")]

    def __str__(self) -> str:
        return f"{self.trial} at {self.stage}"
