"""Somebody is forgotten: what they alone handed in is blanked and its files go; marks stay, as figures."""

from django.db.models import Q

from dure.learning.models import (
    GraderSeat,
    HandIn,
    MarginNote,
    Marking,
    MarkingState,
    Regrade,
    Work,
    WorkFile,
    WorkMember,
)
from dure.people.models import Person


def forget_works(person: Person) -> None:
    """In the caller's transaction. What a group handed in is the others' as well, and stays; so do sent marks."""
    others = WorkMember.objects.exclude(enrolment__person=person).values("work")
    own = Work.objects.filter(members__enrolment__person=person).exclude(pk__in=others)
    alone = list(own.values_list("pk", flat=True))
    WorkFile.objects.filter(work__in=alone).delete()
    HandIn.objects.filter(work__in=alone).update(text="")
    MarginNote.objects.filter(Q(by=person) | Q(hand_in__work__in=alone)).update(text="")
    Regrade.objects.filter(by=person).update(text="", answer="")
    Work.objects.filter(pk__in=alone).update(draft="")
    Marking.objects.filter(grader=person, state=MarkingState.DRAFT, saves=0).delete()
    GraderSeat.objects.filter(person=person).delete()
