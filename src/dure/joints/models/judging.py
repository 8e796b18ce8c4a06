"""What people and outside bodies said about turns: marks of panels, decisions, proofs, fees received."""

from django.db import models

from dure.core import clock
from dure.core.findings import Finding
from dure.core.states import Moves
from dure.core.text import Text
from dure.people.models import Person
from dure.programmes.models import Programme, Turn
from dure.skills.models import Evidence
from dure.store.models import Row, one_of


class ReviewState(models.TextChoices):
    ASSIGNED = "assigned"
    DONE = "done"
    DECLINED = "declined"


REVIEW_MOVES: Moves[ReviewState] = Moves(
    {ReviewState.ASSIGNED: {ReviewState.DONE, ReviewState.DECLINED}, ReviewState.DONE: {ReviewState.ASSIGNED}}
)


class Review(Row):
    """One reviewer's seat at a panel and the marks they gave: {criterion: 0-100}; ``mark`` is the weighted sum.

    ``slot`` keeps a panel at exactly ``each`` reviewers; ``evidence`` is the hand-in that is judged. ``draft`` is what
    was written and not sent: {"marks", "comment"}; ``seconds`` how long its page was looked at.
    """

    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="reviews")
    step = models.PositiveSmallIntegerField()
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    slot = models.PositiveSmallIntegerField()
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reviews")
    role = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.ASSIGNED)
    marks = models.JSONField(default=dict)
    mark = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    comment = models.TextField(blank=True)
    draft = models.JSONField(default=dict)
    seconds = models.PositiveIntegerField(default=0)
    conflict = models.CharField(max_length=200, blank=True)
    assigned_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", ReviewState, "review_state_known"),
            models.UniqueConstraint(
                fields=["turn", "step", "evidence", "slot"],
                condition=~models.Q(state="declined"),
                name="panel_has_its_seats",
            ),
            models.UniqueConstraint(fields=["turn", "step", "evidence", "reviewer"], name="reviews_once"),
        ]
        indexes = [models.Index(fields=["reviewer", "state", "id"], name="review_queue")]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.state}"


class Say(Row):
    """A decider's yes or no, once for each hand-in. ``reason_en`` is the reason in English, where it was given too."""

    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="says")
    step = models.PositiveSmallIntegerField()
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    yes = models.BooleanField()
    reason = models.TextField(blank=True)
    reason_en = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["turn", "step", "evidence"], name="said_once")]

    def __str__(self) -> str:
        return "yes" if self.yes else "no"

    @property
    def why(self) -> Text:
        """The reason as its reader gets it; in the one language where it was given in one only."""
        return Text(ko=self.reason or self.reason_en, en=self.reason_en or self.reason)


class ProofState(models.TextChoices):
    ENTERED = "entered"
    VERIFIED = "verified"
    REFUSED = "refused"


PROOF_MOVES: Moves[ProofState] = Moves({ProofState.ENTERED: {ProofState.VERIFIED, ProofState.REFUSED}})


class ProofSort(models.TextChoices):
    NUMBER = "number"
    FILE = "file"
    SIGNED = "signed"  # a credential, whose signature says what it is worth


class Proof(Row):
    """What an outside body gave (a certificate's id, a file, a signed credential), and whether it was verified.

    A file lies on the shelf of ``joints.proofs`` under ``sha256``. ``findings``: what was found of a signed one, as
    ``core.findings`` has it; where all of it held it is verified, and nobody is named by ``verified_by``. It is good
    until ``valid_until`` (None: for ever); ``warned_at``: its holders were told that it soon will not be.
    """

    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="proofs")
    step = models.PositiveSmallIntegerField()
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=400)
    sort = models.CharField(max_length=6, choices=ProofSort.choices, default=ProofSort.NUMBER)
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    findings = models.JSONField(default=list)
    valid_until = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ProofState.choices, default=ProofState.ENTERED)
    note = models.TextField(blank=True)
    verified_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("state", ProofState, "proof_state_known"),
            one_of("sort", ProofSort, "proof_sort_known"),
            models.UniqueConstraint(fields=["turn", "step", "evidence"], name="proven_once"),
        ]
        indexes = [
            models.Index(
                fields=["valid_until"], condition=models.Q(state="verified", warned_at=None), name="proof_ending"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"

    @property
    def is_expired(self) -> bool:
        """Whether its time is over; what was passed by it stays passed."""
        return self.valid_until is not None and self.valid_until <= clock.now()

    @property
    def found(self) -> list[Finding]:
        return [Finding.of(told) for told in self.findings]


class TrustedIssuer(Row):
    """Whose signature alone proves something at a stage: by its identifier, for one achievement or ("") for any.

    ``achievement`` is an achievement's id, or its name.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="trusted_issuers")
    stage = models.CharField(max_length=60)
    did = models.CharField(max_length=240)
    achievement = models.CharField(max_length=400, blank=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "stage", "did", "achievement"], name="issuer_trusted_once")
        ]

    def __str__(self) -> str:
        return f"{self.did} at {self.stage}"


class Fee(Row):
    """A form's fee for one turn, confirmed as received."""

    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="fee")
    amount = models.BigIntegerField()
    reference = models.CharField(max_length=200)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.amount}"
