"""Somebody is forgotten: what they wrote and what proves it goes; that a seat was taken and a lesson done stays."""

from django.db import transaction

from dure.learning.models import CohortSeat, Enrolment, EnrolmentState, ItemSaid, LearningPath, Progress
from dure.learning.operations.assignments.forgetting import forget_works
from dure.learning.operations.degrees import forget_degrees
from dure.learning.operations.enrolling import withdraw
from dure.people.models import Person


@transaction.atomic
def forget_learning(person: Person) -> None:
    """Their answers and proofs are blanked, what they wait for and teach ends; counts and figures stay."""
    for enrolment in Enrolment.objects.filter(person=person, state=EnrolmentState.WAITING).select_related("cohort"):
        withdraw(enrolment)
    Progress.objects.filter(enrolment__person=person).update(answers=[], proof="")
    CohortSeat.objects.filter(person=person).delete()
    LearningPath.objects.filter(person=person).delete()
    ItemSaid.objects.filter(person=person).delete()
    forget_works(person)
    person.curated_providers.clear()
    forget_degrees(person)
