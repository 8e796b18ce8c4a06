"""Persons and organisations, how they belong together, and what was stated, agreed and known about them."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Lower

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.store.models import Row, one_of


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **known: object) -> "Person":
        person = self.model(email=self.normalize_email(email).lower(), **known)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser, PermissionsMixin, Row):
    """Somebody who can sign in. The e-mail is the name they sign in with; ``is_staff``: an operator of the platform."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now, editable=False)
    forgotten_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = People()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [CheckConstraint(condition=Q(email=Lower("email")), name="person_email_lower")]

    def __str__(self) -> str:
        return self.name or self.email


class OrganisationKind(models.TextChoices):
    COMPANY = "company"
    UNIVERSITY = "university"
    INSTITUTE = "institute"
    GOVERNMENT = "government"
    SME = "sme"
    STARTUP = "startup"
    ASSOCIATION = "association"


class Organisation(Row):
    """A member of the alliance or somebody's employer; ``short`` is the name that blueprints and rules use."""

    short = models.CharField(max_length=80, unique=True)
    name_ko = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=OrganisationKind.choices)
    staff = models.PositiveIntegerField(null=True, blank=True)  # how many people work there

    class Meta:
        constraints = [one_of("kind", OrganisationKind, "organisation_kind_known")]

    def __str__(self) -> str:
        return self.name_en

    @property
    def title(self) -> Text:
        return Text(ko=self.name_ko, en=self.name_en)


class Domain(Row):
    """A mail domain that an organisation has shown to be its own, e.g. ``lge.example``."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253, unique=True)

    class Meta:
        constraints = [CheckConstraint(condition=Q(name=Lower("name")), name="domain_name_lower")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What somebody is at an organisation. One row for each, so that each has its own history."""

    MEMBER = "member"  # works there
    STUDENT = "student"  # studies there: belongs to it, is not employed by it
    ADMIN = "admin"  # looks after the organisation in Dure


class Memberships(models.QuerySet["Membership"]):
    def on(self, day: date) -> "Memberships":
        """Those that hold on a day."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Membership(Row):
    """Somebody's time at an organisation, from ``since`` until the day before ``until`` (none: it goes on)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    department = models.CharField(max_length=120, blank=True)
    team = models.CharField(max_length=120, blank=True)  # the team or laboratory within the department
    title = models.CharField(max_length=120, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = Memberships.as_manager()

    class Meta:
        constraints = [
            one_of("role", Role, "membership_role_known"),
            CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="membership_runs_forward"),
            UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(until__isnull=True),
                name="membership_once_at_a_time",
            ),
        ]


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


class Team(Row):
    """People who enter together. How large it may be is the programme's business."""

    name = models.CharField(max_length=120)
    captain = models.ForeignKey(Person, models.PROTECT, related_name="captained_teams")
    formed_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.name


class TeamMember(Row):
    """Somebody's time in a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.CASCADE, related_name="team_members")
    joined_at = models.DateTimeField(default=clock.now, editable=False)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["team", "person"], condition=Q(left_at__isnull=True), name="team_member_once_at_a_time"
            )
        ]


class InvitationState(models.TextChoices):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


INVITATION_MOVES = Moves(
    {InvitationState.PENDING: {InvitationState.ACCEPTED, InvitationState.DECLINED, InvitationState.WITHDRAWN}}
)


class Invitation(Row):
    """A letter that lets its reader in: ``purpose`` says to what (organisation, team …), ``subject`` to which one.

    The secret in the letter is stored hashed. A pending invitation past ``expires_at`` can no longer be answered.
    """

    email = models.EmailField()
    purpose = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    role = models.CharField(max_length=40, blank=True)  # as what; the purpose knows the words
    secret_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=InvitationState.choices, default=InvitationState.PENDING)
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("state", InvitationState, "invitation_state_known"),
            CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower"),
            UniqueConstraint(
                fields=["email", "purpose", "subject", "role"],
                condition=Q(state=InvitationState.PENDING),
                name="invitation_pending_once",
            ),
        ]
        indexes = [Index(fields=["purpose", "subject"], name="invitation_subject")]


class ApiToken(Row):
    """A key for programs. ``prefix`` names it in lists and logs; the rest is known to its owner alone."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the hour
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


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


class Answer(Row):
    """What a caller was answered under an idempotency key, so that a repeated request gets the same and does nothing.

    ``asked`` is the hash of the request; ``body`` is empty where the answer held a secret.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "key"], name="answered_once_a_key")]
        indexes = [Index(fields=["at"], name="answer_at")]

    def __str__(self) -> str:
        return self.key
