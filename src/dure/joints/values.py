"""Recorded evidence, field by field: of the right sort and within the bounds of its kind (appendix C)."""

import re
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from dure.blueprint.facts import Known, Sort, evidence_of
from dure.blueprint.model import Blueprint, FormDo, Kind, Stage
from dure.core.errors import Flawed
from dure.core.text import Text

FROM_ELSEWHERE = frozenset({"option", "match", "mark"})
MOST = sys.float_info.max
BOUNDS: Mapping[tuple[Kind, str], tuple[float, float]] = {
    (Kind.LEARN, "completion"): (0, 1), (Kind.LEARN, "attendance"): (0, 1), (Kind.LEARN, "grade"): (0, 4.5),
    (Kind.LEARN, "credits"): (0, MOST), (Kind.TEST, "score"): (0, 100),
    (Kind.ROUND, "attempts"): (0, MOST),
    (Kind.PROJECT, "milestones"): (0, 1), (Kind.PROJECT, "reports"): (0, 1),
    (Kind.PROJECT, "late"): (0, MOST), (Kind.PROJECT, "deliverables"): (0, MOST),
    (Kind.EVENT, "attended"): (0, 1), (Kind.EVENT, "votes"): (0, 1), (Kind.EVENT, "contacts"): (0, MOST),
    (Kind.WORK, "days"): (0, MOST), (Kind.WORK, "hours"): (0, MOST), (Kind.WORK, "rating"): (0, 100),
    (Kind.FORM, "files"): (0, MOST),
}  # fmt: skip
WHOLE = frozenset({"attempts", "late", "deliverables", "contacts", "days", "files"})


def typed_values(blueprint: Blueprint, stage: Stage, raw: Mapping[str, Any], *, complete: bool) -> dict[str, Any]:
    """``raw`` as typed evidence of ``stage``. Raises Flawed with a line for each field that is wrong.

    ``complete``: a form's questions must all be answered; of other kinds what is not entered stays missing, and
    a gate that needs it says so.
    """
    known = {name: fact for name, fact in evidence_of(blueprint, stage).items() if name not in FROM_ELSEWHERE}
    flaws: list[dict[str, Any]] = []
    typed: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in known:
            flaws.append(_flaw(name, Text(ko="이 단계에 없는 항목입니다.", en="There is no such field here.")))
        elif value is not None and value != "":
            try:
                typed[name] = _typed(stage.kind, name, known[name], value)
            except ValueError as wrong:
                flaws.append(_flaw(name, wrong.args[0]))
    if complete:
        told = {flaw["field"] for flaw in flaws}
        lacking = [name for name in _lacking(stage, typed) if name in known and name not in told]
        flaws += [_flaw(name, Text(ko="필수 항목입니다.", en="Required.")) for name in lacking]
    if flaws:
        sentence = Text(ko="입력한 값 {n}개를 고쳐 주세요.", en="Correct {n} fields.").format(n=len(flaws))
        raise Flawed("evidence.values", sentence, errors=flaws)
    return typed


def _lacking(stage: Stage, typed: Mapping[str, Any]) -> list[str]:
    asked = [question.name for question in stage.do.ask] if isinstance(stage.do, FormDo) else []
    return [name for name in asked if name not in typed]


def _flaw(name: str, text: Text) -> dict[str, Any]:
    return {"field": name, **text.as_dict()}


def _typed(kind: Kind, name: str, known: Known, value: Any) -> Any:
    match known.sort:
        case Sort.NUMBER:
            return _number(kind, name, value)
        case Sort.DATE:
            return _date(value)
        case Sort.WORDS:
            words = value if isinstance(value, list) else str(value).split(",")
            return [str(word).strip() for word in words if str(word).strip()]
        case Sort.YES_NO | Sort.CHOICE:
            text = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else str(value)
            if known.choices and text not in known.choices:
                listed = ", ".join(known.choices)
                raise ValueError(Text(ko=f"다음 중에서 고르세요: {listed}", en=f"Choose one of: {listed}"))
            return text
    return str(value)


def _number(kind: Kind, name: str, value: Any) -> int | float:
    number = _as_number(value)
    if number is None:
        raise ValueError(Text(ko="숫자를 입력하세요.", en="Enter a number."))
    least, most = BOUNDS.get((kind, name), (-MOST, MOST))
    if not least <= number <= most:  # false of nan as well
        raise ValueError(_within(least, most))
    if name in WHOLE and number != int(number):
        raise ValueError(Text(ko="정수를 입력하세요.", en="Enter a whole number."))
    return int(number) if name in WHOLE or (isinstance(number, float) and number.is_integer()) else number


def _within(least: float, most: float) -> Text:
    if most < MOST:
        return Text(ko=f"{least:g}–{most:g} 사이의 수여야 합니다.", en=f"A number within {least:g}–{most:g}.")
    if least == 0:
        return Text(ko="0 이상의 수여야 합니다.", en="A number from 0 up.")
    return Text(ko="저장할 수 없을 만큼 큰 수입니다.", en="This number is too large to be kept.")


_WRITTEN = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


def _as_number(value: Any) -> int | float | None:
    """A number, or plain digits; what ``float`` would also take (1_0, full-width digits) is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return float(str(value)) if _WRITTEN.fullmatch(str(value)) else None


def _date(value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError(Text(ko="2026-05-31처럼 날짜를 입력하세요.", en="Enter a date such as 2026-05-31.")) from None
