"""Which interview the people of a test stage are asked to, and which interviewee is a turn's."""

from django.db import models

from dure.assessments.models import Interview, Interviewee
from dure.joints.models.bound import Bound
from dure.programmes.models import Programme, Turn


class StageInterview(Bound):
    """The interview of a test stage; ``option``: of those who chose it, "" of everybody else."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="interviews")
    stage = models.CharField(max_length=60)
    option = models.CharField(max_length=80, blank=True)
    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="stages")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "stage", "option"], name="one_interview_a_stage_and_option")
        ]

    def __str__(self) -> str:
        return f"{self.stage} in {self.interview}"


class InterviewTurn(models.Model):
    """Which interviewee is a test turn's."""

    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="interview_turn")
    interviewee = models.ForeignKey(Interviewee, on_delete=models.PROTECT, related_name="turns")

    def __str__(self) -> str:
        return f"{self.interviewee} of {self.turn}"
