"""Reading funds: what is left, whether it is enough, what is due, who was paid."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from dure.funding.books import COMMITTED, FREE
from dure.funding.models import UNPAID, Commitment, CommitmentState, Fund, Payment, PaymentState
from dure.ledger.queries import balance, balances
from dure.people.models import Organisation, Person


class Preview(NamedTuple):
    """What a settlement would take, what there is, and what is missing (0: it is enough)."""

    due: int
    available: int
    short: int


def available(fund: Fund) -> int:
    """What is not committed yet, in the smallest unit of the fund's currency."""
    return balance(fund, code=FREE, unit=fund.currency)


def awaiting_payment(fund: Fund) -> int:
    """What is committed and has not been paid."""
    return balance(fund, code=COMMITTED, unit=fund.currency)


def paid_out(fund: Fund) -> int:
    return fund.commitments.aggregate(sum=Sum("paid"))["sum"] or 0


class Standing(NamedTuple):
    """A fund's money: not committed yet, committed and not paid, paid."""

    left: int
    committed: int
    paid: int

    @property
    def whole(self) -> int:
        return self.left + self.committed + self.paid


def standings(funds: Sequence[Fund]) -> dict[UUID, Standing]:
    """How each of several funds stands, asked for together."""
    held = balances(funds)
    gone = Commitment.objects.filter(fund__in=funds).values_list("fund").annotate(Sum("paid"))
    paid = dict(gone.order_by())
    return {
        fund.pk: Standing(
            held.get((str(fund.pk), FREE, fund.currency), 0),
            held.get((str(fund.pk), COMMITTED, fund.currency), 0),
            paid.get(fund.pk, 0),
        )
        for fund in funds
    }


def preview(fund: Fund, amounts: Iterable[int]) -> Preview:
    """Whether the fund has the money for all of ``amounts``; writes nothing."""
    due, left = sum(amounts), available(fund)
    return Preview(due, left, max(0, due - left))


def committed_for(commitments: QuerySet[Commitment]) -> int:
    """What ``commitments`` come to, payments still to come included; of released ones only what was paid."""
    whole = commitments.exclude(state=CommitmentState.RELEASED).aggregate(sum=Sum("amount"))["sum"] or 0
    rest = commitments.filter(state=CommitmentState.RELEASED).aggregate(sum=Sum("paid"))["sum"] or 0
    return whole + rest


def payments_of(payee: Person | Organisation) -> QuerySet[Payment]:
    """What somebody was or will be paid, by due date; what was cancelled left out."""
    mine = Q(person=payee) if isinstance(payee, Person) else Q(organisation=payee)
    return _listed(Payment.objects.filter(mine).exclude(state=PaymentState.CANCELLED))


def payments_due(fund: Fund, *, by: date) -> QuerySet[Payment]:
    """What ought to have been paid by that day and is not."""
    return _listed(Payment.objects.filter(commitment__fund=fund, state__in=UNPAID, due__lte=by))


def payments_to_approve(fund: Fund, *, by: Person) -> QuerySet[Payment]:
    """The proposed payments that this person may approve: not their own proposals, not to themselves."""
    proposed = Payment.objects.filter(commitment__fund=fund, state=PaymentState.PROPOSED)
    own = Q(proposed_by__isnull=False, proposed_by=by) | Q(person__isnull=False, person=by)
    return _listed(proposed.exclude(own))


def _listed(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    return payments.select_related("commitment__fund", "person", "organisation").order_by("due", "pk")
