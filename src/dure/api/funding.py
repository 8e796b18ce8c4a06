"""Funds and payments: a fund's own people run it, a second person approves, everybody sees what they are paid."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import allow, one, organisation_by
from dure.api.shapes import (
    BIG,
    In,
    Line,
    Moment,
    Money,
    OrganisationRef,
    Out,
    Page,
    Paging,
    PersonRef,
    paged,
)
from dure.api.writing import writes
from dure.core.text import Text
from dure.funding import operations, rules
from dure.funding.models import Commitment, CommitmentState, Fund, Payment, PaymentState
from dure.funding.queries import available, awaiting_payment, paid_out, payments_of
from dure.people.days import today
from dure.people.models import Membership, Person
from dure.people.rules import is_operator, may_change_organisation

router = Router(tags=["funding"])
Amount = Annotated[int, Field(gt=0, le=BIG)]
FUND = Text(ko="기금", en="fund")
PAYMENT = Text(ko="지급", en="payment")
COMMITMENT = Text(ko="배정", en="commitment")


class NewFund(In):
    """``lines``: budget lines that add up to the amount."""

    organisation: Line
    name: Annotated[str, Field(min_length=1, max_length=120)]
    amount: Amount
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "KRW"
    lines: dict[Annotated[str, Field(max_length=80)], Annotated[int, Field(ge=0, le=BIG)]] | None = None


class MoreMoney(In):
    amount: Amount
    line: Annotated[str, Field(max_length=80)] | None = None


class PaidIn(In):
    """``reference``: the bank's."""

    reference: Annotated[str, Field(min_length=1, max_length=120)]


class CancelIn(In):
    reason: Annotated[str, Field(min_length=1, max_length=400)]


class ReleaseIn(In):
    reason: Annotated[str, Field(min_length=1, max_length=400)]


class FundLineOut(Out):
    name: str
    amount: int
    used: int


class FundOut(Out):
    """``available`` is not committed yet, ``awaiting`` committed and not paid."""

    id: UUID
    organisation: OrganisationRef
    name: str
    state: str
    available: Money
    awaiting: Money
    paid: Money
    lines: list[FundLineOut]
    opened_at: Moment

    @classmethod
    def of(cls, fund: Fund) -> Self:
        def money(amount: int) -> Money:
            return Money(amount=amount, currency=fund.currency)

        return cls(
            id=fund.pk,
            organisation=OrganisationRef.of(fund.organisation),
            name=fund.name,
            state=fund.state,
            available=money(available(fund)),
            awaiting=money(awaiting_payment(fund)),
            paid=money(paid_out(fund)),
            lines=[FundLineOut(name=row.name, amount=row.amount, used=row.used) for row in fund.lines.order_by("pk")],
            opened_at=fund.opened_at,
        )


class PaymentOut(Out):
    """Instalment ``number`` of ``instalments``. ``what``: what it is paid for."""

    id: UUID
    fund: UUID
    what: str
    person: PersonRef | None
    organisation: OrganisationRef | None
    money: Money
    number: int
    instalments: int
    due: date
    state: str
    approved_at: Moment | None
    paid_at: Moment | None
    reference: str
    reason: str

    @classmethod
    def of(cls, payment: Payment) -> Self:
        commitment, place = payment.commitment, payment.organisation
        return cls(
            id=payment.pk,
            fund=commitment.fund_id,
            what=commitment.what,
            person=PersonRef.of(payment.person) if payment.person else None,
            organisation=OrganisationRef.of(place) if place else None,
            money=Money(amount=payment.amount, currency=commitment.fund.currency),
            number=payment.number,
            instalments=payment.of,
            due=payment.due,
            state=payment.state,
            approved_at=payment.approved_at,
            paid_at=payment.paid_at,
            reference=payment.reference,
            reason=payment.reason,
        )


class CommitmentOut(Out):
    """Money set aside for one purpose; ``paid`` of it has left."""

    id: UUID
    fund: UUID
    what: str
    line: str | None
    money: Money
    paid: Money
    state: str
    reason: str
    made_at: Moment

    @classmethod
    def of(cls, commitment: Commitment) -> Self:
        currency = commitment.fund.currency
        return cls(
            id=commitment.pk,
            fund=commitment.fund_id,
            what=commitment.what,
            line=commitment.line.name if commitment.line else None,
            money=Money(amount=commitment.amount, currency=currency),
            paid=Money(amount=commitment.paid, currency=currency),
            state=commitment.state,
            reason=commitment.reason,
            made_at=commitment.made_at,
        )


def _payments(rows: Iterable[Payment]) -> list[PaymentOut]:
    return [PaymentOut.of(payment) for payment in rows]


# --- funds


@router.get("/funds", response=Page[FundOut])
def listed(request: Asked, paging: Query[Paging]) -> Page[FundOut]:
    """The funds of the organisations that one belongs to."""
    rows = Fund.objects.select_related("organisation")
    if not is_operator(request.auth):
        mine = Membership.objects.on(today()).filter(person=request.auth).values("organisation")
        rows = rows.filter(organisation__in=mine)
    return paged(rows, paging, lambda found: [FundOut.of(fund) for fund in found])


@writes(router.post, "/funds", FundOut, status=201)
def open_fund(request: Asked, body: NewFund) -> Fund:
    """Set an organisation's money aside, by whoever looks after it."""
    organisation = organisation_by(body.organisation)
    allow(may_change_organisation(request.auth, organisation), "fund.not-yours")
    known = body.model_dump(exclude={"organisation"})
    return operations.open_fund(organisation, **known, by=request.auth)


@router.get("/funds/{uuid:fund_id}", response=FundOut)
def shown(request: Asked, fund_id: UUID) -> FundOut:
    """What a fund has left, for those at its organisation."""
    return FundOut.of(_fund(request.auth, fund_id))


@writes(router.post, "/funds/{uuid:fund_id}/money", FundOut, status=201)
def add(request: Asked, fund_id: UUID, body: MoreMoney) -> Fund:
    """Add to a fund."""
    return operations.add_money(_run(request.auth, fund_id), amount=body.amount, line=body.line, by=request.auth)


@writes(router.post, "/funds/{uuid:fund_id}/close", FundOut)
def close(request: Asked, fund_id: UUID) -> Fund:
    """End a fund; what is left goes back."""
    return operations.close_fund(_run(request.auth, fund_id), by=request.auth)


def _fund(person: Person, fund_id: UUID) -> Fund:
    rows = Fund.objects.select_related("organisation")
    fund = one(rows, "fund.missing", FUND, pk=fund_id)
    return fund if rules.may_see_fund(person, fund) else one(rows.none(), "fund.missing", FUND)


def _run(person: Person, fund_id: UUID) -> Fund:
    fund = _fund(person, fund_id)
    allow(rules.may_run_fund(person, fund), "fund.not-yours")
    return fund


# --- commitments


@router.get("/funds/{uuid:fund_id}/commitments", response=Page[CommitmentOut])
def commitments(
    request: Asked, fund_id: UUID, paging: Query[Paging], state: CommitmentState | None = None
) -> Page[CommitmentOut]:
    """What a fund's money is set aside for, for those at its organisation."""
    rows = Commitment.objects.filter(fund=_fund(request.auth, fund_id)).select_related("fund", "line")
    found = rows.filter(state=state) if state else rows
    return paged(found, paging, lambda page: [CommitmentOut.of(commitment) for commitment in page])


@writes(router.post, "/commitments/{uuid:commitment_id}/release", CommitmentOut)
def release(request: Asked, commitment_id: UUID, body: ReleaseIn) -> Commitment:
    """Give back to the fund what was not paid; its payments still to come are cancelled."""
    rows = Commitment.objects.select_related("fund__organisation", "line")
    commitment = one(rows, "commitment.missing", COMMITMENT, pk=commitment_id)
    if not rules.may_see_fund(request.auth, commitment.fund):
        return one(rows.none(), "commitment.missing", COMMITMENT)
    allow(rules.may_run_fund(request.auth, commitment.fund), "commitment.not-yours")
    return operations.release(commitment, reason=body.reason, by=request.auth)


# --- payments


_WITH = ("commitment__fund__organisation", "person", "organisation")


@router.get("/funds/{uuid:fund_id}/payments", response=Page[PaymentOut])
def payments(
    request: Asked, fund_id: UUID, paging: Query[Paging], state: PaymentState | None = None
) -> Page[PaymentOut]:
    """Everything that was or will be paid from a fund, for those who run it."""
    rows = Payment.objects.filter(commitment__fund=_run(request.auth, fund_id)).select_related(*_WITH)
    return paged(rows.filter(state=state) if state else rows, paging, _payments)


@router.get("/me/payments", response=Page[PaymentOut])
def mine(request: Asked, paging: Query[Paging]) -> Page[PaymentOut]:
    """What one was and will be paid."""
    return paged(payments_of(request.auth).select_related(*_WITH), paging, _payments)


@writes(router.post, "/payments/{uuid:payment_id}/approve", PaymentOut)
def approve(request: Asked, payment_id: UUID) -> Payment:
    """Say yes, as somebody who neither proposed the payment nor receives it."""
    return operations.approve(_run_payment(request.auth, payment_id), by=request.auth)


@writes(router.post, "/payments/{uuid:payment_id}/pay", PaymentOut)
def pay(request: Asked, payment_id: UUID, body: PaidIn) -> Payment:
    """An approved payment has left."""
    return operations.pay(_run_payment(request.auth, payment_id), reference=body.reference, by=request.auth)


@writes(router.post, "/payments/{uuid:payment_id}/cancel", PaymentOut)
def cancel(request: Asked, payment_id: UUID, body: CancelIn) -> Payment:
    """Take a payment back before it is paid."""
    return operations.cancel(_run_payment(request.auth, payment_id), reason=body.reason, by=request.auth)


def _payment(person: Person, payment_id: UUID) -> Payment:
    rows = Payment.objects.select_related(*_WITH)
    payment = one(rows, "payment.missing", PAYMENT, pk=payment_id)
    return payment if rules.may_see_payment(person, payment) else one(rows.none(), "payment.missing", PAYMENT)


def _run_payment(person: Person, payment_id: UUID) -> Payment:
    payment = _payment(person, payment_id)
    allow(rules.may_run_fund(person, payment.commitment.fund), "payment.not-yours")
    return payment
