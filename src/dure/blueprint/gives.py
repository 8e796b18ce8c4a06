"""What a verdict is worth: amounts, prizes, pools, shares, instalments; who receives. Whole numbers (appendix G).

Pure counting that the rehearsal does over columns and the live engine does for the turns at hand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from dure.blueprint.model import Bind, Blueprint, MoneyGive, ProjectDo, Stage, WorkDo
from dure.core.errors import Refused
from dure.core.text import Text

Whole = npt.NDArray[np.int64]
T = TypeVar("T")
P = TypeVar("P")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Receiver(Generic[T, P]):
    """A turn that a give goes to, in the order in which prizes and odd won fall.

    ``payees`` share equally (a team's persons, several role holders), the first one gets what is odd; ``place`` is the
    gate's (of its option where the give is per option), from 1; ``entries`` counts the cases first paid by this turn.
    """

    turn: T
    payees: tuple[P, ...]
    place: int | None = None
    entries: int = 1


@dataclass(frozen=True, slots=True)
class Payout(Generic[T, P]):
    """One payment: instalment 1, 2, … of a turn's money to one payee."""

    turn: T
    payee: P
    instalment: int
    amount: int


def payouts(give: MoneyGive, receivers: Sequence[Receiver[T, P]]) -> Iterator[Payout[T, P]]:
    """Every payment of ``give`` to ``receivers``: in their order, instalment by instalment; nothing of 0."""
    place = np.array([receiver.place or 0 for receiver in receivers], dtype=np.int64)
    entries = np.array([receiver.entries for receiver in receivers], dtype=np.int64)
    for receiver, amount in zip(receivers, worth(give, place, entries).tolist(), strict=True):
        for instalment in range(1, instalments(give) + 1):
            for payee, share in zip(receiver.payees, shares(amount, len(receiver.payees)), strict=True):
                if share:
                    yield Payout(receiver.turn, payee, instalment, share)


def worth(give: MoneyGive, place: Whole, entries: Whole) -> Whole:
    """What one instalment pays each receiving turn; ``place`` 0 is no place."""
    if give.ranks:
        prizes = np.array([0, *give.ranks, 0], dtype=np.int64)
        return prizes[np.minimum(place, len(give.ranks) + 1)]
    if give.pool is not None:
        return np.array(shares(filled(give.pool, give.type), len(place)), dtype=np.int64)
    amount = filled(give.amount, give.type)
    return amount * (entries if give.per == "entry" else np.ones_like(entries))


def shares(whole: int, among: int) -> list[int]:
    """``whole`` in ``among`` equal shares; what does not divide goes to the first."""
    if not among:
        return []
    each, odd = divmod(whole, among)
    return [each + odd] + [each] * (among - 1)


def instalments(give: MoneyGive) -> int:
    """How many times the amount is paid: ``months`` ÷ ``every``."""
    if give.months is None or give.amount is None:
        return 1
    every = give.every.number * (12 if give.every.unit == "y" else 1)
    return give.months // every


def promised(blueprint: Blueprint, stage: Stage, give: MoneyGive) -> int | None:
    """What prizes or a pool come to in all, over the options in force; None while it is unbound or goes by head."""
    if give.ranks:
        source = blueprint.options_stage(stage.id) if give.per == "option" else None
        options = source.options if source else ("",)
        return sum(give.ranks) * len(options) if isinstance(options, tuple) else None
    return give.pool if isinstance(give.pool, int) else None


def prizes_in_all(blueprint: Blueprint) -> int:
    """What prizes and pools of the whole blueprint come to, in won."""
    gives = ((stage, give) for stage in blueprint.stages for give in stage.gives if isinstance(give, MoneyGive))
    return sum(promised(blueprint, stage, give) or 0 for stage, give in gives if give.currency == "KRW")


def line_shares(give: MoneyGive) -> Fraction:
    """The sum of the shares of the give's budget lines, exact as written."""
    return sum((Fraction(str(share)) for share in (give.lines or {}).values()), Fraction(0))


def filled(value: V | Bind | None, name: str) -> V:
    """A value that is there; refuses one still to be bound."""
    if value is not None and not isinstance(value, Bind):
        return value
    ko = f"‘{name}’ 값이 정해지지 않았습니다. bind에 적어 주세요."
    raise Refused("blueprint.unbound", Text(ko=ko, en=f"{name} has no value yet: write it under bind."), name=name)


def seats(stage: Stage) -> dict[str, int]:
    """How many of each role a turn of the stage has of its own (written ``with``)."""
    return dict(stage.do.with_roles) if isinstance(stage.do, ProjectDo | WorkDo) else {}


def seating_stages(blueprint: Blueprint, stage: Stage, role: str) -> list[Stage]:
    """The stages here or earlier that seat ``role``, latest first: the first one that a turn took says who holds it."""
    here = blueprint.stages[: blueprint.position(stage.id) + 1]
    return [earlier for earlier in reversed(here) if role in seats(earlier)]
