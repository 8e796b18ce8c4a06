"""What organisers decide for a round: what is seen, how many attempts count, who is verified, what code may use."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from typing import Any, Self

from django.db import transaction
from django.db.models import Count

from dure.audit.operations import record
from dure.challenges.measures import check_limits
from dure.challenges.models import (
    MOST_AT_ONCE,
    MOST_SELECTED,
    Program,
    Round,
    Selected,
    Submission,
    SubmissionState,
    Task,
)
from dure.challenges.operations.boards import hold, make_board
from dure.challenges.operations.judging import board_changed
from dure.core.errors import Flawed, Refused
from dure.core.text import Text

MOST_VERIFIED = 100
MOST_TYPES, LONGEST_TYPE = 20, 20
_TYPE = re.compile(rf"\.[a-z0-9._-]{{1,{LONGEST_TYPE - 1}}}")
_TOLD = Text(
    ko="이미 점수를 본 참가자가 있어 감출 수 없습니다. 채점된 제출이 없을 때만 점수를 감출 수 있습니다.",
    en="Scores have been told already. They can be kept back only before the first submission is scored.",
)
_SELECTED = Text(
    ko="이미 {most}개를 고른 참가자가 있습니다. {most} 이상으로 정하세요.",
    en="Somebody has chosen {most} already. Allow at least {most}.",
)
_BOUNDS = Text(
    ko="고를 수 있는 제출은 1–{selected}개, 동시에 채점할 제출은 1–{at_once}개, 검증할 순위는 0–{verified}위, "
    "허용 오차는 0 이상, 한 달 제출은 1회 이상으로 정하세요.",
    en="Let 1 to {selected} attempts be chosen, judge 1 to {at_once} at once, verify 0 to {verified} places, tolerate "
    "0 or more, and allow at least 1 attempt a month.",
)
_FEWER_A_MONTH = Text(
    ko="한 달 제출 횟수({monthly}회)가 하루 제출 횟수({bound}회)보다 적습니다. {bound}회 이상으로 정하세요.",
    en="These are fewer attempts a month ({monthly}) than a day ({bound}). Allow at least {bound}.",
)
_MORE_A_MONTH = Text(
    ko="한 달 제출 횟수({monthly}회)가 전체 제출 횟수({bound}회)보다 많습니다. {bound}회 이하로 정하거나 비워 두세요.",
    en="These are more attempts a month ({monthly}) than in all ({bound}). Allow {bound} at most, or leave it empty.",
)
_TYPES = Text(
    ko="파일 형식은 .csv처럼 점으로 시작해 {long}자 이내로, {most}개까지 쓰세요.",
    en="Write file types with a dot, such as .csv, at most {most} of at most {long} characters.",
)
_MOST = {"selected": MOST_SELECTED, "at_once": MOST_AT_ONCE, "verified": MOST_VERIFIED}


@dataclass(frozen=True)
class Rules:
    """What can be decided of a round, by its columns' names. ``monthly``: attempts a month; None: any number."""

    board: str
    boards: str
    own_scores: bool
    own_logs: bool
    scores_wait: bool
    at_once: int
    select_most: int
    verify_first: int
    tolerance: Decimal
    ratio_to: str
    shows_seconds: bool
    monthly: int | None
    file_types: Sequence[str]
    sharing: str
    is_public: bool
    is_active: bool

    @classmethod
    def of(cls, round_: Round) -> Self:
        return cls(**{field.name: getattr(round_, field.name) for field in fields(cls)})


@transaction.atomic
def set_rules(round_: Round, rules: Rules) -> Round:
    """Decide it from now on; boards follow at once. Raises Flawed, Refused("challenges.told") where scores that
    entrants have read would be kept back, Refused("challenges.selected") where more were chosen than would be allowed.
    """
    rules = replace(rules, file_types=_types(rules.file_types))
    _check_bounds(rules)
    tasks, before = _hold(round_)
    if rules.monthly != before.monthly:
        _check_month(round_, rules.monthly)
    _check_may_hide(round_, before, rules)
    _check_selected(round_, rules)
    Round.objects.filter(pk=round_.pk).update(**asdict(rules))
    round_.refresh_from_db()
    for task in tasks:
        task.round = round_
        if rules.select_most != before.select_most:
            make_board(task)
        board_changed(task)
    record("round.rules", round_, before=asdict(before), after=asdict(rules))
    return round_


@transaction.atomic
def change_rules(round_: Round, **changed: Any) -> Round:
    """:func:`set_rules` for those fields of the rules; the others stay as they are by then."""
    _, before = _hold(round_)
    return set_rules(round_, replace(before, **changed))


def _hold(round_: Round) -> tuple[list[Task], Rules]:
    """The tasks, held, and the rules, which nobody else changes until this transaction ends."""
    tasks = list(round_.tasks.select_related("round").order_by("pk"))
    for task in tasks:
        hold(task)
    return tasks, Rules.of(Round.objects.select_for_update().get(pk=round_.pk))


@transaction.atomic
def set_bounds(
    task: Task,
    *,
    limits: Mapping[str, int],
    most_bytes: int,
    baseline_score: float | None = None,
    **of_program: bool,
) -> Task:
    """What code may use and how large a prediction file may be, for what is submitted or scored from now on.

    ``of_program``, where programs score: ``shows_details``, whether entrants see the page that they write; ``partial``,
    whether they may measure a part alone. Raises Flawed.
    """
    check_limits(limits)
    before = _bounds(task)
    task.limits, task.most_bytes, task.baseline_score = {**task.limits, **limits}, most_bytes, baseline_score
    task.save(update_fields=["limits", "most_bytes", "baseline_score"])
    if of_program:
        Program.objects.filter(task=task).update(**of_program)
    board_changed(task)
    record("task.bounds", task, before=before, after={**_bounds(task), **of_program})
    return task


def _bounds(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in ("limits", "most_bytes", "baseline_score")}


def _types(said: Iterable[str]) -> list[str]:
    """In small letters with their dot, each once. Raises Flawed."""
    types = list(dict.fromkeys(f".{one.strip().lower().removeprefix('.')}" for one in said if one.strip()))
    if len(types) > MOST_TYPES or not all(map(_TYPE.fullmatch, types)):
        sentence = _TYPES.format(most=MOST_TYPES, long=LONGEST_TYPE)
        raise Flawed("challenges.rules", sentence, errors=[{"field": "file_types", **sentence.as_dict()}])
    return types


def _check_bounds(rules: Rules) -> None:
    in_bounds = (
        (rules.monthly is None or rules.monthly >= 1)
        and 1 <= rules.select_most <= MOST_SELECTED
        and 1 <= rules.at_once <= MOST_AT_ONCE
        and 0 <= rules.verify_first <= MOST_VERIFIED
    )
    if not in_bounds or not rules.tolerance.is_finite() or rules.tolerance < 0:
        raise Flawed("challenges.rules", _BOUNDS.format(**_MOST), errors=[])


def _check_month(round_: Round, monthly: int | None) -> None:
    """A month's limit stands between a day's and the one in all."""
    if monthly is None:
        return
    fewer = round_.daily if round_.daily and monthly < round_.daily else None
    more = round_.total if round_.total and monthly > round_.total else None
    if bound := fewer or more:
        sentence = (_FEWER_A_MONTH if fewer else _MORE_A_MONTH).format(monthly=monthly, bound=bound)
        raise Flawed("challenges.rules", sentence, errors=[{"field": "monthly", **sentence.as_dict()}])


def _check_may_hide(round_: Round, before: Rules, rules: Rules) -> None:
    hides = (before.own_scores and not rules.own_scores) or (rules.scores_wait and not before.scores_wait)
    scored = Submission.objects.filter(entrant__task__round=round_, state=SubmissionState.SCORED)
    if hides and not round_.is_over and scored.exists():
        raise Refused("challenges.told", _TOLD)


def _check_selected(round_: Round, rules: Rules) -> None:
    chosen = Selected.objects.filter(entrant__task__round=round_).order_by().values("entrant").annotate(n=Count("*"))
    most = max(chosen.values_list("n", flat=True), default=0)
    if most > rules.select_most:
        raise Refused("challenges.selected", _SELECTED.format(most=most), most=most)
