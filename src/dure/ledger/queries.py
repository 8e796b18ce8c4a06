"""Reading accounts: balances, statements, and the check that the books agree with themselves."""

from collections.abc import Sequence

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from dure.audit.models import Thing, thing_kind_and_id
from dure.ledger.models import Account, Entry, Journal


def accounts_of(owner: Thing) -> QuerySet[Account]:
    kind, name = thing_kind_and_id(owner)
    return Account.objects.filter(owner_kind=kind, owner_id=name).order_by("unit", "code")


def balance(owner: Thing, *, code: str, unit: str) -> int:
    """What the owner's account holds now, in its unit; 0 where none was opened."""
    return accounts_of(owner).filter(code=code, unit=unit).values_list("balance", flat=True).first() or 0


def balances(owners: Sequence[Thing]) -> dict[tuple[str, str, str], int]:
    """What the accounts of several owners of one kind hold, by owner's id, code and unit."""
    named = [thing_kind_and_id(owner) for owner in owners]
    accounts = Account.objects.filter(
        owner_kind__in={kind for kind, _ in named}, owner_id__in=[name for _, name in named]
    )
    return {(row.owner_id, row.code, row.unit): row.balance for row in accounts}


def statement(account: Account) -> QuerySet[Entry]:
    """The account's entries, newest first, each with its journal and the balance it left."""
    return account.entries.select_related("journal").order_by("-pk")


def drifted() -> QuerySet[Account]:
    """Accounts whose balance is not the sum of their entries: none, unless somebody wrote past the operations."""
    return Account.objects.annotate(summed=Coalesce(Sum("entries__amount"), 0)).exclude(balance=F("summed"))


def unbalanced() -> QuerySet[Journal]:
    """Journals that do not sum to zero in some unit: none, unless somebody wrote past the operations."""
    sums = Entry.objects.values("journal", "account__unit").annotate(sum=Sum("amount")).exclude(sum=0)
    return Journal.objects.filter(pk__in=sums.values("journal"))
