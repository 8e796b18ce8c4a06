"""Accounts, and the journals whose entries move units between them and create none."""

from django.db import models
from django.db.models import F, Q

from dure.core import clock
from dure.store.models import Row


class Account(Row):
    """What an owner holds of one unit under one code. ``balance`` is the sum of its entries, kept with each post.

    The owner is named by kind and id as text, so that the ledger knows no other room. ``floor`` is what the
    balance may never go below; without one the account stands for the world outside and may go as low as it likes.
    """

    owner_kind = models.CharField(max_length=80)
    owner_id = models.CharField(max_length=80)
    code = models.CharField(max_length=40)
    unit = models.CharField(max_length=40)
    floor = models.BigIntegerField(null=True)
    balance = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_kind", "owner_id", "code", "unit"], name="account_once"),
            models.CheckConstraint(
                condition=Q(floor__isnull=True) | Q(balance__gte=F("floor")), name="account_above_floor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind}:{self.owner_id} {self.code} {self.unit}"


class Journal(Row):
    """One thing that happened: its entries sum to zero in every unit. ``key`` makes it happen once."""

    what = models.CharField(max_length=80)
    reference = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """What a journal adds to (or takes from) one account, and the balance it leaves. Numbered in order of posting."""

    journal = models.ForeignKey(Journal, models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries", db_index=False)
    amount = models.BigIntegerField()
    balance = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["account", "id"], name="entry_of_account")]
        constraints = [
            models.UniqueConstraint(fields=["journal", "account"], name="entry_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="entry_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+} {self.account_id}"
