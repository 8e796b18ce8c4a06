"""What was stated, agreed and known about persons and organisations."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.core import clock
from dure.people.models.belonging import Organisation
from dure.people.models.persons import Person
from dure.store.models import Row, one_of


class Bond(models.TextChoices):
    """What one person is to the other, named as the conflicts of a panel are (BLUEPRINT, E)."""

    LINE_MANAGER = "line-manager"  # ``one`` is the line manager of ``other``
    OWN_STUDENT = "own-student"  # ``other`` is a student of ``one``
    FAMILY = "family"
    CO_AUTHOR = "co-author"

    @property
    def mutual(self) -> bool:
        """It reads the same from both sides: stored once, the smaller id first."""
        return self in {Bond.FAMILY, Bond.CO_AUTHOR}


class Relation(Row):
    """A stated bond between two persons; a bond taken back stays written."""

    one = models.ForeignKey(Person, models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")
    bond = models.CharField(max_length=12, choices=Bond.choices)
    stated_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    stated_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("bond", Bond, "relation_bond_known"),
            CheckConstraint(condition=~Q(one=F("other")), name="relation_between_two"),
            CheckConstraint(
                condition=~Q(bond__in=[Bond.FAMILY, Bond.CO_AUTHOR]) | Q(one__lt=F("other")),
                name="relation_mutual_in_order",
            ),
            UniqueConstraint(
                fields=["one", "other", "bond"], condition=Q(ended_at__isnull=True), name="relation_stated_once"
            ),
        ]


class Consent(Row):
    """Somebody's yes from ``given_at`` until ``withdrawn_at``, or (never given) their no. Ended ones stay written.

    ``purpose`` and ``scope``: recruiters of a programme, contact after a stage, terms of a provision …
    ``wording`` is the text that was agreed to, as it was shown.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    scope = models.CharField(max_length=120)
    wording = models.TextField(blank=True)
    given_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(given_at=None, withdrawn_at=None), name="consent_answered"),
            UniqueConstraint(
                fields=["person", "purpose", "scope"], condition=Q(withdrawn_at=None), name="consent_stands_once"
            ),
        ]
        indexes = [Index(fields=["purpose", "scope", "person"], name="consent_scope")]


class Source(models.TextChoices):
    """Who says so."""

    ASKED = "asked"  # the person's own word
    CREDENTIAL = "credential"  # a verified credential
    OPERATOR = "operator"  # an operator who has seen the proof


class KnownFact(Row):
    """Something stated about a person or organisation. Of each source the latest stands; rows are only ever added."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="known_facts")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="known_facts")
    name = models.CharField(max_length=80)
    value = models.JSONField()  # text or a whole number
    source = models.CharField(max_length=10, choices=Source.choices)
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            one_of("source", Source, "known_fact_source_known"),
            CheckConstraint(condition=Q(person=None) ^ Q(organisation=None), name="known_fact_of_one_subject"),
        ]
        indexes = [
            Index(fields=["person", "name"], name="known_fact_person"),
            Index(fields=["organisation", "name"], name="known_fact_organisation"),
        ]
