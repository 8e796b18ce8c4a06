"""Reading funds: what is left, whether it is enough, what is due, who was paid."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from dure.funding.books import COMMITTED, FREE
from dure.funding.models import Commitment, Fund, Payment, PaymentState
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


def payments_of(payee: Person | Organisation) -> QuerySet[Payment]:
    """What somebody was or will be paid, by due date; what was cancelled left out."""
    mine = Q(person=payee) if isinstance(payee, Person) else Q(organisation=payee)
    return _listed(Payment.objects.filter(mine).exclude(state=PaymentState.CANCELLED))


def _listed(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    return payments.select_related("commitment__fund", "person", "organisation").order_by("due", "pk")
