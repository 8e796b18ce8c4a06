"""Which session of the calendar a lesson of a course is in one of its cohorts."""

from django.db import models

from dure.calendar.models import Session
from dure.joints.models.bound import Bound
from dure.learning.models import Lesson


class LessonSession(Bound):
    """A session at which a lesson is held; whoever attends it has done the lesson. A lesson that is held twice, for two
    halves of a cohort, has two."""

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="lesson_session")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="sessions")

    def __str__(self) -> str:
        return f"{self.lesson} at {self.session}"
