"""Opening funds and budgets, adding to them, closing them."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F

from dure.audit.operations import record
from dure.core.errors import Refused
from dure.core.ids import uuid7
from dure.core.text import Text
from dure.funding import books
from dure.funding.models import FUND_MOVES, Commitment, CommitmentState, Fund, FundLine, FundState
from dure.funding.operations.locks import line_of, locked_fund, refuse_closed, standing_commitment
from dure.funding.queries import available
from dure.ledger import units
from dure.ledger.operations import post
from dure.people.models import Organisation, Person
from dure.store.models import move

Lines = Mapping[str, int] | None


@transaction.atomic
def open_fund(
    organisation: Organisation,
    *,
    name: str,
    amount: int,
    currency: str = "KRW",
    lines: Lines = None,
    by: Person | None = None,
) -> Fund:
    """Set ``amount`` of the organisation's money aside, divided over budget ``lines`` that add up to it."""
    fund = Fund(organisation=organisation, name=name, currency=units.currency(currency))
    return _opened(fund, amount, lines, by)


@transaction.atomic
def open_budget(
    commitment: Commitment, *, organisation: Organisation, lines: Lines = None, by: Person | None = None
) -> Fund:
    """What the organisation that received ``commitment`` may spend of it: a fund of its own, opened once."""
    commitment = standing_commitment(commitment)
    opened = Fund.objects.filter(source=commitment).first()
    if opened:
        return opened
    fund = Fund(organisation=organisation, name=commitment.what, currency=commitment.fund.currency, source=commitment)
    return _opened(fund, commitment.amount, lines, by)


def _opened(fund: Fund, amount: int, lines: Lines, by: Person | None) -> Fund:
    _check_lines(books.checked(amount), lines)
    try:
        with transaction.atomic():
            fund.save(force_insert=True)
    except IntegrityError as clash:
        sentence = Text.said(
            ko=f"‘{fund.name}’(이)라는 기금이 이미 있습니다. 다른 이름을 쓰세요.",
            en=f"There is a fund named {fund.name} already. Choose another name.",
        )
        raise Refused("funding.name", sentence, name=fund.name) from clash
    FundLine.objects.bulk_create(FundLine(fund=fund, name=name, amount=part) for name, part in (lines or {}).items())
    _fill(fund, amount, key=f"funding.opened:{fund.pk}")
    told = {"amount": amount, "currency": fund.currency, "lines": dict(lines or {})}
    record("funding.opened", fund, after=told, actor=by)
    return fund


def _check_lines(amount: int, lines: Lines) -> None:
    if lines and (sum(lines.values()) != amount or any(part < 0 for part in lines.values())):
        sentence = Text(
            ko=f"예산 항목의 합계가 {sum(lines.values()):,}입니다. 총액 {amount:,}에 맞추세요.",
            en=f"The budget lines add up to {sum(lines.values()):,}. Make them add up to {amount:,}.",
        )
        raise Refused("funding.lines", sentence, lines=sum(lines.values()), amount=amount)


def _fill(fund: Fund, amount: int, *, key: str) -> None:
    post([(books.given(fund), -amount), (books.free(fund), amount)], what="funding.filled", key=key)


@transaction.atomic
def add_money(fund: Fund, *, amount: int, line: str | None = None, by: Person | None = None) -> Fund:
    """Add to a fund; where it has budget lines, under one of them, so that they still add up."""
    fund = locked_fund(fund)
    refuse_closed(fund)
    books.checked(amount)
    if line is not None or fund.lines.exists():
        FundLine.objects.filter(pk=line_of(fund, line or "").pk).update(amount=F("amount") + amount)
    _fill(fund, amount, key=f"funding.added:{uuid7()}")
    record("funding.added", fund, after={"amount": amount, "line": line}, actor=by)
    return fund


@transaction.atomic
def close_fund(fund: Fund, *, by: Person | None = None) -> Fund:
    """End a fund: nothing is committed from it again, and what is left goes back to where it came from."""
    fund = locked_fund(fund)
    refuse_closed(fund)
    if fund.commitments.filter(state=CommitmentState.COMMITTED).exists():
        sentence = Text(
            ko="아직 지급이 끝나지 않은 배정이 있습니다. 모두 지급하거나 해제한 뒤 닫으세요.",
            en="Some commitments are not paid in full. Pay or release them, then close the fund.",
        )
        raise Refused("funding.commitments-open", sentence)
    move(fund, FundState.CLOSED, by=FUND_MOVES)
    rest = available(fund)
    if rest:
        lines = [(books.free(fund), -rest), (books.given(fund), rest)]
        post(lines, what="funding.closed", key=f"funding.closed:{fund.pk}")
    record("funding.closed", fund, after={"returned": rest}, actor=by)
    return fund
