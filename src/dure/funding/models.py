"""Funds, what is committed out of them for a purpose, and the payments that carry it out."""

from django.db import models
from django.db.models import F, Q

from dure.core import clock
from dure.core.states import Moves
from dure.ledger.models import Journal
from dure.people.models import Organisation, Person
from dure.store.models import Row, one_of


class FundState(models.TextChoices):
    OPEN = "open"
    CLOSED = "closed"


FUND_MOVES = Moves({FundState.OPEN: {FundState.CLOSED}})


class Fund(Row):
    """An organisation's money for a use, in one currency. How much is left is its account in the ledger.

    A fund with a ``source`` is the budget of a commitment that the organisation received.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="funds")
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=FundState.choices, default=FundState.OPEN)
    source = models.OneToOneField("Commitment", models.PROTECT, null=True, related_name="budget")
    opened_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("state", FundState, "fund_state_known"),
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=Q(source__isnull=True), name="fund_named_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FundLine(Row):
    """A budget line: at most ``amount`` of the fund may be committed under it, and ``used`` of that is."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="lines")
    name = models.CharField(max_length=80)
    amount = models.BigIntegerField()
    used = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "name"], name="fund_line_once"),
            models.CheckConstraint(condition=Q(used__gte=0, used__lte=F("amount")), name="fund_line_within"),
        ]

    def __str__(self) -> str:
        return self.name


class CommitmentState(models.TextChoices):
    COMMITTED = "committed"
    PAID = "paid"
    RELEASED = "released"


COMMITMENT_MOVES = Moves({CommitmentState.COMMITTED: {CommitmentState.PAID, CommitmentState.RELEASED}})


class Commitment(Row):
    """Money set aside for one ``purpose``, for good: the same purpose is committed once, however often it is tried.

    ``planned`` is what its payments come to, ``paid`` what has left; both stay within ``amount``. Released:
    what was not paid went back to the fund.
    """

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="commitments")
    line = models.ForeignKey(FundLine, models.PROTECT, null=True, related_name="commitments")
    purpose = models.CharField(max_length=200, unique=True)
    what = models.CharField(max_length=120)
    amount = models.BigIntegerField()
    planned = models.BigIntegerField(default=0)
    paid = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=CommitmentState.choices, default=CommitmentState.COMMITTED)
    reason = models.CharField(max_length=400, blank=True)  # why it was released
    journal = models.ForeignKey(Journal, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            one_of("state", CommitmentState, "commitment_state_known"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, paid__gte=0, paid__lte=F("planned"), planned__lte=F("amount")),
                name="commitment_within",
            ),
        ]

    def __str__(self) -> str:
        return self.purpose


class PaymentState(models.TextChoices):
    PROPOSED = "proposed"
    APPROVED = "approved"
    PAID = "paid"
    CANCELLED = "cancelled"


PAYMENT_MOVES = Moves(
    {
        PaymentState.PROPOSED: {PaymentState.APPROVED, PaymentState.CANCELLED},
        PaymentState.APPROVED: {PaymentState.PAID, PaymentState.CANCELLED},
    }
)
UNPAID = [PaymentState.PROPOSED, PaymentState.APPROVED]


class Payment(Row):
    """Instalment ``number`` of ``of`` to one payee. Nobody approves what they proposed or will receive.

    ``proposed_by`` is empty where a programme's verdict proposed it.
    """

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="payments")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="payments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="payments")
    amount = models.BigIntegerField()
    number = models.PositiveSmallIntegerField(default=1)
    of = models.PositiveSmallIntegerField(default=1)
    due = models.DateField()
    state = models.CharField(max_length=10, choices=PaymentState.choices, default=PaymentState.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=120, blank=True)  # the bank's
    reason = models.CharField(max_length=400, blank=True)  # why it was cancelled

    class Meta:
        indexes = [models.Index(fields=["state", "due"], name="payment_state_due")]
        constraints = [
            one_of("state", PaymentState, "payment_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=F("of")), name="payment_number_of"),
            models.CheckConstraint(
                condition=Q(person__isnull=True, organisation__isnull=False)
                | Q(person__isnull=False, organisation__isnull=True),
                name="payment_one_payee",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=False) | Q(state__in=[PaymentState.PROPOSED, PaymentState.CANCELLED]),
                name="payment_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | ((Q(proposed_by__isnull=True) | ~Q(approved_by=F("proposed_by"))) & ~Q(approved_by=F("person"))),
                name="payment_approved_by_a_second",
            ),
            models.UniqueConstraint(
                fields=["commitment", "person", "number"],
                condition=Q(person__isnull=False) & ~Q(state=PaymentState.CANCELLED),
                name="payment_once_person",
            ),
            models.UniqueConstraint(
                fields=["commitment", "organisation", "number"],
                condition=Q(organisation__isnull=False) & ~Q(state=PaymentState.CANCELLED),
                name="payment_once_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.number}/{self.of}"

    @property
    def payee(self) -> Person | Organisation:
        payee = self.person or self.organisation
        assert payee is not None  # noqa: S101 -- payment_one_payee
        return payee
