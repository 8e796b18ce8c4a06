"""What is asked of a fund: so much for a purpose, to be paid to these payees on these days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dure.funding.shares import equally
from dure.people.models import Organisation, Person

Payee = Person | Organisation


@dataclass(frozen=True, slots=True)
class Due:
    """One payment to come: instalment ``number`` of ``of``."""

    payee: Payee
    amount: int
    on: date
    number: int = 1
    of: int = 1


@dataclass(frozen=True, slots=True)
class Promise:
    """``amount`` of the fund's smallest unit for ``purpose`` (a reference, such as a turn and its give).

    ``what`` is what people read. The ``dues`` come to ``amount`` or less; more may be proposed later. Without a
    ``line`` it is taken from the fund as a whole.
    """

    purpose: str
    what: str
    amount: int
    dues: tuple[Due, ...] = ()
    line: str | None = None


def instalments(amount: int, *, to: Sequence[Payee], on: Sequence[date]) -> tuple[Due, ...]:
    """``amount`` on each of the days, in equal shares among the payees, odd units to the first."""
    shares = list(zip(to, equally(amount, len(to)), strict=True))
    return tuple(
        Due(payee, share, day, number, len(on))
        for number, day in enumerate(on, start=1)
        for payee, share in shares
        if share
    )
