"""Somebody is forgotten: what the rooms above say of them in words goes, what others did with them stays whole.

What the law keeps stays: payments, and the money that was committed to them.
"""

from dure.applications.operations import forget_answers
from dure.assessments.operations.answering import forget_answers as forget_survey_answers
from dure.assessments.operations.interviews import forget_interviews
from dure.calendar.operations.forgetting import forget_calendar
from dure.challenges.operations.forgetting import forget_allowed, forget_entrants, forget_said
from dure.core.events import on
from dure.credentials.operations import forget as forget_credentials
from dure.joints.models import Proof, Review, Say
from dure.learning.operations.forgetting import forget_learning
from dure.people.events import PersonForgotten
from dure.people.models import Person
from dure.programmes.operations.forgetting import forget_in_programmes, forget_told, own_turns
from dure.skills.models import Evidence, Showing
from dure.skills.operations import blank, forget_levels


@on(PersonForgotten)
def forget_everywhere(fact: PersonForgotten) -> None:
    """In the transaction of the erasing, so that it is done whole or not at all."""
    person = Person.objects.get(pk=fact.person)
    turns = list(own_turns(person).values_list("pk", flat=True))
    says, proofs = Say.objects.filter(turn__in=turns), Proof.objects.filter(turn__in=turns)
    reviews = Review.objects.filter(turn__in=turns)
    shown = Evidence.objects.filter(showings__person=person)
    others = Showing.objects.filter(evidence__in=shown.values("pk")).exclude(person=person)
    own = shown.exclude(pk__in=others.values("evidence"))
    forget_told([*says, *proofs, *reviews, *own])
    says.update(reason="", reason_en="")
    proofs.update(reference="", note="", file_name="", sha256="", findings=[])  # its bytes go with the next sweep
    reviews.update(comment="", draft={}, conflict="")
    blank(own)
    forget_levels(person)
    forget_in_programmes(person, turns)
    forget_answers(person)
    forget_entrants(person)
    forget_allowed(fact.emails)
    forget_said(person)
    forget_credentials(person)
    forget_learning(person)
    forget_calendar(person)
    forget_interviews(person)
    forget_survey_answers(person)
