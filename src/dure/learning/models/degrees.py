"""Degrees: what each asks for, in versions; who is on the way to one, what they earned, what was decided."""

import secrets
from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from dure.core import clock
from dure.core.states import Moves
from dure.core.text import Text
from dure.learning.models.courses import Course
from dure.people.models import Organisation, Person
from dure.skills.models import Evidence
from dure.store.models import Row, one_of
from dure.store.search import KeyField


class Degree(Row):
    """What an organisation awards for credits. ``current`` is the version for who begins now."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="degrees")
    key = models.SlugField(max_length=60, unique=True)
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    name_key = KeyField("title_ko", "title_en")
    current = models.ForeignKey("DegreeVersion", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.key

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko, en=self.title_en)


class DegreeVersion(Row):
    """A requirement as it was written (see ``learning.requirements``); none is ever changed."""

    degree = models.ForeignKey(Degree, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [UniqueConstraint(fields=["degree", "number"], name="degree_version_once")]

    def __str__(self) -> str:
        return f"{self.degree_id} {self.number}"


class DegreeDuty(models.TextChoices):
    REGISTRAR = "registrar"
    COMMITTEE = "committee"


class DegreeSeat(models.Model):
    """Who looks after a degree: registrars keep its records and propose, the committee awards."""

    degree = models.ForeignKey(Degree, models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, models.CASCADE, related_name="degree_seats")
    duty = models.CharField(max_length=9, choices=DegreeDuty.choices)

    class Meta:
        constraints = [
            one_of("duty", DegreeDuty, "degree_seat_duty_known"),
            UniqueConstraint(fields=["degree", "person", "duty"], name="degree_seat_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.duty}"


class CandidacyState(models.TextChoices):
    """``awarded``: the committee said yes. ``revoked``: whoever issues the credential declined it or took it back."""

    STUDYING = "studying"
    PROPOSED = "proposed"
    AWARDED = "awarded"
    REVOKED = "revoked"
    LEFT = "left"


CANDIDACY_MOVES: Moves[CandidacyState] = Moves(
    {
        CandidacyState.STUDYING: {CandidacyState.PROPOSED, CandidacyState.LEFT},
        CandidacyState.PROPOSED: {CandidacyState.AWARDED, CandidacyState.STUDYING},
        CandidacyState.AWARDED: {CandidacyState.REVOKED},
        CandidacyState.LEFT: {CandidacyState.STUDYING},
    }
)
UNDECIDED = (CandidacyState.STUDYING, CandidacyState.PROPOSED)


class Candidacy(Row):
    """Somebody on the way to a degree, under the version that held when they began, until they are moved to another.

    ``met`` and ``further`` (credits) are what the audit of ``audited_on`` found; None: it has to be made again.
    ``reason``: why its state is not what it was.
    """

    degree = models.ForeignKey(Degree, models.PROTECT, related_name="candidacies")
    person = models.ForeignKey(Person, models.PROTECT, related_name="candidacies")
    version = models.ForeignKey(DegreeVersion, models.PROTECT, related_name="candidacies")
    track = models.CharField(max_length=60, blank=True)
    advisor = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="advised_candidacies")
    state = models.CharField(max_length=8, choices=CandidacyState.choices, default=CandidacyState.STUDYING)
    reason = models.TextField(blank=True)
    met = models.BooleanField(default=False)
    further = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    audited_on = models.DateField(null=True)
    began_at = models.DateTimeField(default=clock.now, editable=False)
    proposed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    awarded_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    awarded_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "candidacies"
        constraints = [
            one_of("state", CandidacyState, "candidacy_state_known"),
            UniqueConstraint(fields=["degree", "person"], name="candidacy_once_a_degree"),
            CheckConstraint(
                condition=Q(awarded_by=None) | Q(proposed_by=None) | ~Q(awarded_by=F("proposed_by")),
                name="candidacy_of_two_people",
            ),
        ]
        indexes = [
            Index(fields=["degree", "state", "met", "id"], name="candidacy_listed"),
            Index(fields=["degree", "audited_on"], name="candidacy_to_audit"),
            Index(fields=["advisor", "state"], name="candidacy_advised"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.degree_id}"


class CreditRecord(Row):
    """Credits that somebody earned, or their thesis. A correction is a newer row that ``replaces`` the former; a
    struck one says that there was nothing. ``grade`` 0 to 4.5 (None: without one), ``attendance`` 0 to 1."""

    candidacy = models.ForeignKey(Candidacy, models.CASCADE, related_name="records")
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    course = models.CharField(max_length=60)
    title_ko = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    area = models.CharField(max_length=60, blank=True)
    credits = models.DecimalField(max_digits=4, decimal_places=1)
    grade = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    attendance = models.DecimalField(max_digits=4, decimal_places=3, null=True)
    term = models.CharField(max_length=20, blank=True)
    earned_on = models.DateField()
    transfer = models.BooleanField(default=False)
    thesis = models.BooleanField(default=False)
    struck = models.BooleanField(default=False)
    source = models.ForeignKey(
        Course, models.PROTECT, null=True, related_name="+"
    )  # the course here that it comes from
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(credits__gte=0), name="credit_record_not_negative"),
            CheckConstraint(
                condition=Q(grade=None) | Q(grade__range=(0, Decimal("4.5"))), name="credit_record_grade_in_range"
            ),
            CheckConstraint(
                condition=Q(attendance=None) | Q(attendance__range=(0, 1)), name="credit_record_attendance_in_range"
            ),
        ]
        indexes = [Index(fields=["candidacy", "earned_on", "id"], name="credit_record_in_order")]

    def __str__(self) -> str:
        return f"{self.course} {self.credits}"

    @property
    def title(self) -> Text:
        return Text(ko=self.title_ko or self.title_en, en=self.title_en or self.title_ko)


def new_code() -> str:
    """128 random bits that fit into a link and a QR code."""
    return secrets.token_urlsafe(16)


class Transcript(Row):
    """What somebody's records were when it was made: ``content`` is canonical JSON, ``token`` a compact JWS over it by
    the institution's signing key and ``document`` the same as an Open Badges credential with its proof, once a worker
    has signed them. ``code`` opens the page on which anybody checks it."""

    candidacy = models.ForeignKey(Candidacy, models.CASCADE, related_name="transcripts")
    code = models.CharField(max_length=22, unique=True, default=new_code)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    token = models.TextField(blank=True)
    document = models.TextField(blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.code
