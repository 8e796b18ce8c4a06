"""What was proposed, issued, suspended, revoked; and the lists that tell verifiers elsewhere."""

import secrets
from datetime import date

from django.db import models
from django.db.models import Q, UniqueConstraint

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.credentials.bits import SIZE
from dure.credentials.models.achievements import Achievement, Version
from dure.credentials.models.issuers import Issuer, SigningKey
from dure.people.days import day_of
from dure.people.models import Person
from dure.skills.models import Evidence
from dure.store.models import Row, one_of


class StatusList(Row):
    """The bits of up to ``bits.SIZE`` credentials of one issuer, as it was last signed for each purpose.

    ``taken`` places are given away, scattered by ``seed``.
    """

    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="status_lists")
    seed = models.BinaryField()
    taken = models.PositiveIntegerField(default=0)
    revocation = models.TextField(blank=True)
    suspension = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(taken__lte=SIZE), name="status_list_within")]


class Batch(Row):
    """Credentials that were sent off to be signed together."""

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="batches")
    of = models.PositiveIntegerField()
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name_plural = "batches"


class CredentialState(models.TextChoices):
    """``approved``: being signed. ``superseded``: a newer one was issued in its place. That it expired is computed."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    APPROVED = "approved"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


CREDENTIAL_MOVES = Moves(
    {
        CredentialState.PROPOSED: {CredentialState.APPROVED, CredentialState.DECLINED},
        CredentialState.APPROVED: {CredentialState.ISSUED},
        CredentialState.ISSUED: {CredentialState.SUSPENDED, CredentialState.REVOKED, CredentialState.SUPERSEDED},
        CredentialState.SUSPENDED: {CredentialState.ISSUED, CredentialState.REVOKED},
    }
)
SIGNED = (CredentialState.ISSUED, CredentialState.SUSPENDED, CredentialState.REVOKED, CredentialState.SUPERSEDED)


def new_share() -> str:
    """128 random bits that fit into a link and a QR code."""
    return secrets.token_urlsafe(16)


class Credential(Row):
    """What one person is awarded, on one ``ground``: whatever proposes it twice for the same finds it there.

    ``document`` (JSON-LD with its proof) and ``token`` (VC-JWT) are what was signed, to the byte. ``share`` opens its
    page to whoever has the link; ``public``: it is open without one. ``reason``: why its state is not what it was.
    ``warned``: how many days before its end its holder was last told of it.
    """

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="credentials")
    version = models.ForeignKey(Version, models.PROTECT, related_name="credentials")
    person = models.ForeignKey(Person, models.PROTECT, related_name="credentials")
    ground = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=CredentialState.choices, default=CredentialState.PROPOSED)
    reason = models.TextField(blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="credentials")
    renews = models.OneToOneField("self", models.PROTECT, null=True, related_name="renewed_by")
    evidence = models.ManyToManyField(Evidence, through="Basis", related_name="credentials")
    proposed_at = models.DateTimeField(default=clock.now, editable=False)
    proposed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    approved_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    warned = models.PositiveSmallIntegerField(null=True, editable=False)
    key = models.ForeignKey(SigningKey, models.PROTECT, null=True, related_name="credentials")
    status_list = models.ForeignKey(StatusList, models.PROTECT, null=True, related_name="credentials")
    status_index = models.PositiveIntegerField(null=True)
    document = models.TextField(blank=True)
    token = models.TextField(blank=True)
    share = models.CharField(max_length=22, unique=True, default=new_share)
    public = models.BooleanField(default=False)

    class Meta:
        constraints = [
            one_of("state", CredentialState, "credential_state_known"),
            UniqueConstraint(fields=["achievement", "person", "ground"], name="credential_once_a_ground"),
            UniqueConstraint(fields=["status_list", "status_index"], name="credential_has_its_place"),
            models.CheckConstraint(
                condition=~Q(state__in=SIGNED)
                | Q(issued_at__isnull=False, key__isnull=False, status_index__isnull=False),
                name="credential_issued_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["achievement", "state", "id"], name="credential_listed"),
            models.Index(fields=["person", "state", "id"], name="credential_held"),
            models.Index(fields=["batch", "state", "id"], name="credential_batch"),
            models.Index(fields=["status_list", "state"], name="credential_status"),
            models.Index(fields=["valid_until"], condition=Q(state="issued"), name="credential_ending"),
        ]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.person_id}"

    @property
    def is_signed(self) -> bool:
        return self.state in SIGNED

    @property
    def day(self) -> date:
        """Of its issue; until then the day it is now. Its name and kind are those of that day."""
        return day_of(self.issued_at or clock.now())

    @property
    def name(self) -> Text:
        return self.version.name_on(self.day)

    @property
    def expired(self) -> bool:
        return self.valid_until is not None and self.valid_until <= clock.now()


class Basis(models.Model):
    """Evidence on which a credential was awarded."""

    credential = models.ForeignKey(Credential, models.CASCADE, related_name="bases")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["credential", "evidence"], name="basis_once")]
        verbose_name_plural = "bases"

    def __str__(self) -> str:
        return f"{self.credential_id} {self.evidence_id}"
