"""Somebody is forgotten: what was written of them in interviews goes; points stay, as figures."""

from django.db.models import Q

from dure.assessments.models import Interviewee, Scoring
from dure.audit.operations import erase_texts
from dure.people.models import Person


def forget_interviews(person: Person) -> None:
    """In the caller's transaction. What they noted as an interviewer, for themselves, goes as well."""
    rows = Interviewee.objects.filter(person=person)
    for row in rows:
        erase_texts(row)
    rows.update(reason="")
    Scoring.objects.filter(interviewee__person=person).update(reason="", notes="")
    own = Q(interviewee__person=person) | Q(interviewer=person)
    Scoring.objects.filter(own).update(notes="", conflict="")
