"""Which survey the people of a test stage answer. Which turn is whose answer is written nowhere."""

from django.db import models

from dure.assessments.models import Survey
from dure.joints.models.bound import Bound
from dure.programmes.models import Programme


class StageSurvey(Bound):
    """The survey that the people of a stage are asked."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="surveys")
    stage = models.CharField(max_length=60)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="stages")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "stage"], name="one_survey_a_stage")]

    def __str__(self) -> str:
        return f"{self.stage} in {self.survey}"
