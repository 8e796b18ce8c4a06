"""Which accounts in the ledger stand for a fund, for where its money comes from, and for who is paid."""

from dure.audit.models import Thing
from dure.core.errors import Refused
from dure.core.text import Text
from dure.funding.models import Fund
from dure.ledger import units
from dure.ledger.models import Account
from dure.ledger.operations import open_account

FREE, COMMITTED = "free", "committed"
GIVEN, RECEIVED = "given", "received"
MOST = 10**15  # sums of a thousand such amounts still fit the columns


def free(fund: Fund) -> Account:
    """What may still be committed; never below zero."""
    return open_account(fund, code=FREE, unit=fund.currency, floor=0)


def committed(fund: Fund) -> Account:
    """What is committed and not paid; never below zero."""
    return open_account(fund, code=COMMITTED, unit=fund.currency, floor=0)


def given(fund: Fund) -> Account:
    """The other side of a fund's money: its organisation, or the commitment whose budget it is."""
    return open_account(fund.source or fund.organisation, code=GIVEN, unit=fund.currency)


def received(payee: Thing, currency: str) -> Account:
    return open_account(payee, code=RECEIVED, unit=currency)


def checked(amount: int) -> int:
    """``amount`` itself when it can be paid; Refused when it is zero, negative or beyond all measure."""
    if not 0 < amount <= MOST:
        sentence = Text(
            ko=f"금액은 1 이상 {MOST:,} 이하의 정수로 적으세요.",
            en=f"Give an amount from 1 to {MOST:,}, a whole number.",
        )
        raise Refused("funding.amount", sentence, amount=amount)
    return amount


def short(fund: Fund, *, needed: int, available: int) -> Refused:
    """The refusal of a fund, or of a line of it, that lacks the money."""
    sums = [units.written(amount, fund.currency) for amount in (needed, available, needed - available)]
    sentence = Text(
        ko="‘{fund}’ 기금이 {gap} 모자랍니다(필요 {needed}, 잔액 {left}). 기금을 늘린 뒤 다시 시도하세요.",
        en="{fund} is short of {gap}: {needed} needed, {left} available. Add the money, then try again.",
    ).format(fund=fund.name, needed=sums[0], left=sums[1], gap=sums[2])
    return Refused("funding.short", sentence, needed=needed, available=available, currency=fund.currency)
