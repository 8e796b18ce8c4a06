"""Organisations, who belongs to them and who is invited."""

from datetime import date

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Lower

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models.persons import Person
from dure.store.models import Row, one_of
from dure.store.search import KeyField


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
    name_key = KeyField("short", "name_ko", "name_en")
    kind = models.CharField(max_length=12, choices=OrganisationKind.choices)
    staff = models.PositiveIntegerField(null=True, blank=True)  # how many people work there

    class Meta:
        constraints = [one_of("kind", OrganisationKind, "organisation_kind_known")]
        indexes = [Index(fields=["name_key", "id"], name="organisation_name")]

    def __str__(self) -> str:
        return self.name_en

    @property
    def title(self) -> Text:
        return Text(ko=self.name_ko, en=self.name_en)


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
