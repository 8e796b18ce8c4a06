"""A payment's way: proposed by one, approved by another, paid once."""

from django.db import IntegrityError, transaction
from django.db.models import F

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.funding import books
from dure.funding.events import PaymentApproved, PaymentCancelled, PaymentPaid
from dure.funding.models import (
    COMMITMENT_MOVES,
    PAYMENT_MOVES,
    Commitment,
    CommitmentState,
    Payment,
    PaymentState,
)
from dure.funding.operations.commitments import instalment_twice, overplanned, payment_of
from dure.funding.operations.locks import locked_commitment, standing_commitment
from dure.funding.promises import Due
from dure.funding.rules import is_second
from dure.ledger.operations import post
from dure.people.models import Person
from dure.store.models import move
from dure.store.transactions import durable


@transaction.atomic
def propose(commitment: Commitment, due: Due, *, by: Person) -> Payment:
    """Add a payment to a commitment, within what is not planned yet."""
    commitment = standing_commitment(commitment)
    planned = commitment.planned + books.checked(due.amount)
    if planned > commitment.amount:
        raise overplanned(planned, commitment.amount)
    payment = payment_of(commitment, due, by)
    try:
        with transaction.atomic():
            payment.save(force_insert=True)
    except IntegrityError as clash:
        raise instalment_twice(commitment.purpose) from clash
    Commitment.objects.filter(pk=commitment.pk).update(planned=F("planned") + due.amount)
    record("funding.payment.proposed", payment, after=_told(payment), about=payment.payee, actor=by)
    return payment


@durable()
def approve(payment: Payment, *, by: Person) -> Payment:
    """Say yes as the second person. Of two who approve at the same time, one is told that it has been done."""
    if not is_second(by, payment):
        sentence = Text(
            ko="본인이 제안했거나 본인이 받을 지급은 승인할 수 없습니다. 다른 담당자에게 승인을 요청하세요.",
            en="You proposed this payment or will receive it. Ask somebody else to approve it.",
        )
        raise Refused("funding.second-person", sentence)
    move(payment, PaymentState.APPROVED, by=PAYMENT_MOVES, approved_by=by, approved_at=clock.now())
    record("funding.payment.approved", payment, after=_told(payment), about=payment.payee, actor=by)
    publish(PaymentApproved(payment.pk, payment.commitment_id))
    return payment


@durable()
def pay(payment: Payment, *, reference: str, by: Person | None = None) -> Payment:
    """Record that an approved payment has left, by the bank's ``reference``; it moves in the ledger exactly once."""
    commitment = locked_commitment(payment.commitment)
    move(payment, PaymentState.PAID, by=PAYMENT_MOVES, paid_at=clock.now(), reference=reference)
    fund = commitment.fund
    moved = [
        (books.committed(fund), -payment.amount),
        (books.received(payment.payee, fund.currency), payment.amount),
    ]
    post(moved, what="funding.paid", key=f"funding.paid:{payment.pk}", reference=reference)
    Commitment.objects.filter(pk=commitment.pk).update(paid=F("paid") + payment.amount)
    if commitment.paid + payment.amount == commitment.amount:
        move(commitment, CommitmentState.PAID, by=COMMITMENT_MOVES)
    told = {**_told(payment), "reference": reference}
    record("funding.payment.paid", payment, after=told, about=payment.payee, actor=by)
    publish(PaymentPaid(payment.pk, commitment.pk, payment.amount, fund.currency))
    return payment


@transaction.atomic
def cancel(payment: Payment, *, reason: str, by: Person) -> Payment:
    """Take a payment back before it is paid; its money stays committed and may be proposed anew."""
    commitment = locked_commitment(payment.commitment)
    move(payment, PaymentState.CANCELLED, by=PAYMENT_MOVES, reason=reason)
    Commitment.objects.filter(pk=commitment.pk).update(planned=F("planned") - payment.amount)
    record("funding.payment.cancelled", payment, after={"reason": reason}, about=payment.payee, actor=by)
    publish(PaymentCancelled(payment.pk, commitment.pk, reason))
    return payment


def _told(payment: Payment) -> dict[str, object]:
    return {
        "commitment": str(payment.commitment_id),
        "payee": str(payment.payee.pk),
        "amount": payment.amount,
        "instalment": f"{payment.number}/{payment.of}",
        "due": payment.due,
    }
