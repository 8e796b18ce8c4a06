"""What a verdict is worth: amounts, prizes, pools, shares, instalments. Whole numbers (appendix G).

Pure counting that the rehearsal does over columns and the live engine does for the turns at hand.
"""

from fractions import Fraction
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from dure.blueprint.model import Bind, Blueprint, MoneyGive, ProjectDo, Stage, WorkDo
from dure.core.errors import Refused
from dure.core.text import Text

Whole = npt.NDArray[np.int64]
V = TypeVar("V")


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
