"""Somebody is forgotten: transcripts with their name go, so do reasons that were given; credits alone stay."""

from django.db import transaction

from dure.learning.models import CandidacyState, DegreeSeat, Transcript
from dure.learning.operations.degrees.candidates import leave_degree
from dure.people.models import Person


@transaction.atomic
def forget_degrees(person: Person) -> None:
    """Their transcripts, reasons and duties; who was still on the way is so no more."""
    Transcript.objects.filter(candidacy__person=person).delete()
    DegreeSeat.objects.filter(person=person).delete()
    for candidacy in person.candidacies.filter(state=CandidacyState.STUDYING).select_related("person"):
        leave_degree(candidacy, by=person)
    person.candidacies.update(reason="")
