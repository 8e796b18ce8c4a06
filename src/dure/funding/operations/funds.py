"""Opening funds and budgets, adding to them, closing them."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F

from dure.audit.operations import record
from dure.core.errors import Missing, Refused
from dure.core.ids import uuid7
from dure.core.text import Text
from dure.funding import books
from dure.funding.models import FUND_MOVES, Commitment, CommitmentState, Fund, FundLine, FundState
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
    commitment = Commitment.objects.select_for_update().select_related("fund").get(pk=commitment.pk)
    if commitment.state == CommitmentState.RELEASED:
        sentence = Text(
            ko="이미 해제된 배정입니다. 유효한 배정에서 예산을 여세요.",
            en="This commitment was released. Open the budget of one that stands.",
        )
        raise Refused("funding.released", sentence)
    standing = Fund.objects.filter(source=commitment).first()
    if standing:
        return standing
    fund = Fund(organisation=organisation, name=commitment.what, currency=commitment.fund.currency, source=commitment)
    return _opened(fund, commitment.amount, lines, by)


def _opened(fund: Fund, amount: int, lines: Lines, by: Person | None) -> Fund:
    _check_lines(books.checked(amount), lines)
    try:
        with transaction.atomic():
            fund.save(force_insert=True)
    except IntegrityError as clash:
        sentence = Text(
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
    fund = locked(fund)
    books.checked(amount)
    if line is not None or fund.lines.exists():
        FundLine.objects.filter(pk=line_of(fund, line or "").pk).update(amount=F("amount") + amount)
    _fill(fund, amount, key=f"funding.added:{uuid7()}")
    record("funding.added", fund, after={"amount": amount, "line": line}, actor=by)
    return fund


@transaction.atomic
def close_fund(fund: Fund, *, by: Person | None = None) -> Fund:
    """End a fund: nothing is committed from it again, and what is left goes back to where it came from."""
    fund = locked(fund)
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


def locked(fund: Fund) -> Fund:
    """The fund as it is, kept from changing until the transaction ends; Refused once it is closed."""
    fund = Fund.objects.select_for_update(of=("self",)).select_related("organisation", "source").get(pk=fund.pk)
    if fund.state == FundState.CLOSED:
        sentence = Text(
            ko=f"‘{fund.name}’은(는) 닫힌 기금입니다. 열려 있는 기금을 고르세요.",
            en=f"{fund.name} is closed. Choose a fund that is open.",
        )
        raise Refused("funding.closed", sentence, fund=str(fund.pk))
    return fund


def line_of(fund: Fund, name: str) -> FundLine:
    """The fund's budget line of that name; Missing otherwise, with the names there are."""
    found = fund.lines.filter(name=name).first()
    if found is None:
        names = list(fund.lines.order_by("pk").values_list("name", flat=True))
        sentence = Text(
            ko=f"‘{name}’ 예산 항목이 없습니다. 다음 중에서 고르세요: {', '.join(names)}",
            en=f"There is no budget line {name}. Choose one of: {', '.join(names)}",
        )
        raise Missing("funding.line", sentence, line=name, lines=names)
    return found
