"""Opening accounts and posting journals: nothing else changes a balance."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from dure.audit.models import Thing, thing_kind_and_id
from dure.core.errors import Refused
from dure.core.text import Text
from dure.ledger import units
from dure.ledger.models import Account, Entry, Journal

Lines = Iterable[tuple[Account, int]]


def open_account(owner: Thing, *, code: str, unit: str, floor: int | None = None) -> Account:
    """The owner's account of this code and unit, opened if there is none; ``floor`` counts when it is opened."""
    kind, name = thing_kind_and_id(owner)
    return Account.objects.get_or_create(
        owner_kind=kind, owner_id=name, code=code, unit=units.unit(unit), defaults={"floor": floor}
    )[0]


@transaction.atomic
def post(lines: Lines, *, what: str, key: str, reference: str = "") -> Journal:
    """Move units between accounts by one journal, whole or not at all.

    ``lines`` pair an account with the signed amount added to it and sum to zero in each unit. Posting the same
    ``key`` again returns the journal that stands and moves nothing. Refused as ``ledger.short`` when an account
    would go below its floor, as ``ledger.key`` when the key belongs to another journal.
    """
    accounts, amounts = _summed(lines)
    journal, new = Journal.objects.get_or_create(key=key, defaults={"what": what, "reference": reference})
    if not new:
        return _same(journal, amounts, what)
    for pk in sorted(amounts):  # always in one order, so that two posts never wait for each other in a circle
        _add(accounts[pk], amounts[pk])
    balances = dict(Account.objects.filter(pk__in=amounts).values_list("pk", "balance"))
    Entry.objects.bulk_create(
        Entry(journal=journal, account_id=pk, amount=amounts[pk], balance=balances[pk]) for pk in sorted(amounts)
    )
    return journal


def _summed(lines: Lines) -> tuple[dict[UUID, Account], dict[UUID, int]]:
    accounts: dict[UUID, Account] = {}
    amounts: Counter[UUID] = Counter()
    sums: Counter[str] = Counter()
    for account, amount in lines:
        accounts[account.pk] = account
        amounts[account.pk] += amount
        sums[account.unit] += amount
    if any(sums.values()):
        raise ValueError(f"entries must sum to zero in each unit, not {dict(sums)}")
    moved = {pk: amount for pk, amount in amounts.items() if amount}
    if not moved:
        raise ValueError("a journal moves something")
    return accounts, moved


def _add(account: Account, amount: int) -> None:
    above = Q(floor=None) | Q(balance__gte=F("floor") - amount)
    if not Account.objects.filter(above, pk=account.pk).update(balance=F("balance") + amount):
        raise _short(account.pk, -amount)


def _short(pk: UUID, needed: int) -> Refused:
    account = Account.objects.get(pk=pk)
    available = account.balance - (account.floor or 0)
    sums = units.written(needed, account.unit), units.written(available, account.unit)
    sentence = Text(
        ko=f"잔액이 부족합니다. 필요한 양은 {sums[0]}, 남은 양은 {sums[1]}입니다.",
        en=f"There is not enough left: {sums[0]} needed, {sums[1]} available.",
    )
    return Refused("ledger.short", sentence, needed=needed, available=available, unit=account.unit)


def _same(journal: Journal, amounts: dict[UUID, int], what: str) -> Journal:
    if journal.what != what or dict(journal.entries.values_list("account_id", "amount")) != amounts:
        sentence = Text(
            ko="이 요청 번호는 이미 다른 거래에 쓰였습니다. 새 번호로 다시 요청하세요.",
            en="This key already belongs to another transaction. Send the request again with a new key.",
        )
        raise Refused("ledger.key", sentence, key=journal.key)
    return journal
