"""What a programme keeps in words about somebody who is forgotten; that they took part, and how it went, stays."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from dure.audit.operations import erase_texts
from dure.people.models import Person
from dure.programmes.models import Approach, Case, Decision, Given, Offer, Shortlisted, Turn, TurnMember

WORDS = frozenset({"note", "reason", "revoked"})  # of a give's details


def own_turns(person: Person) -> "QuerySet[Turn]":
    """The turns that nobody else takes part in: what a team did is the others' as well."""
    mine = Turn.objects.filter(turn_members__member__person=person)
    travelling = TurnMember.objects.filter(turn__in=mine.values("pk"), member__person__isnull=False)
    return mine.exclude(pk__in=travelling.exclude(member__person=person).values("turn"))


@transaction.atomic
def forget_in_programmes(person: Person, turns: Collection[UUID]) -> None:
    """Erase titles, notes and reasons of ``turns`` (``own_turns``), letters by and to them, and what the log tells of
    all that."""
    own = Turn.objects.filter(pk__in=turns)
    cases = Case.objects.filter(pk__in=own.values("case"), organisation=None)
    decisions = Decision.objects.filter(turn__in=own)
    decisions.update(reason_ko="", reason_en="", facts={})
    given = Given.objects.filter(Q(turn__in=own) | Q(person=person))
    for row in given:
        kept = {name: value for name, value in row.details.items() if name not in WORDS}
        Given.objects.filter(pk=row.pk).update(details=kept)
    offers = Offer.objects.filter(person=person)
    letters = Approach.objects.filter(Q(person=person) | Q(by=person))
    Shortlisted.objects.filter(person=person).delete()
    forget_told([*own, *cases, *given, *offers, *letters])
    own.update(title="")
    cases.update(title="")
    offers.update(note="")
    letters.filter(by=person).update(reply_to="nobody@nobody.invalid")
    letters.update(text="")


def forget_told(things: Iterable[Model]) -> None:
    """Erase what the log tells about each."""
    for thing in things:
        erase_texts(thing)
