"""The rehearsal: a made-up cohort goes through a blueprint in memory, by the live engine's own gates (appendix I)."""

from dataclasses import replace
from time import perf_counter

from dure.blueprint.binding import bound
from dure.blueprint.cohort import SEED, Cohort
from dure.blueprint.model import Blueprint, Bound
from dure.blueprint.rehearsal.outcome import Outcome, StageCount, outcome
from dure.blueprint.rehearsal.run import Run
from dure.core.errors import Refused
from dure.core.text import Text

__all__ = ["Outcome", "StageCount", "rehearse"]


def rehearse(blueprint: Blueprint, *, cases: int | None = None, seed: int = SEED, bind: Bound | None = None) -> Outcome:
    """Play ``cases`` cases (else the file's ``entries``) through a sound ``blueprint``.

    ``bind`` is what a programme fills in; what it leaves is taken from the file's ``rehearse.bind``. The outcome is
    the same for the same file, cases and seed, ``seconds`` aside.
    """
    began = perf_counter()
    if blueprint.rehearse is None and cases is None:
        raise _UNPLANNED
    values = {**(blueprint.rehearse.bind if blueprint.rehearse else {}), **(bind or {})}
    filled = bound(blueprint, values)
    counted = outcome(Run(filled, Cohort(filled, seed, cases=cases), values), seed, 0.0)
    return replace(counted, seconds=round(perf_counter() - began, 3))


_UNPLANNED = Refused(
    "rehearse.unplanned",
    Text(
        ko="이 파일에는 rehearse 항목이 없습니다. --cases로 몇 건을 돌려 볼지 정해 주세요.",
        en="This file has no rehearse section: say with --cases how many cases to play.",
    ),
)
