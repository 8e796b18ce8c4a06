"""Gives that add up and reach somebody: shares, prizes, totals, instalments, units, ``to`` (BP501 to BP506)."""

from decimal import Decimal

from dure.blueprint.lint.look import ROLE, Look, keeps_contacts, roles_held
from dure.blueprint.model import (
    CONTACTS,
    ENTRANTS,
    PASSED,
    CredentialGive,
    Give,
    MoneyGive,
    PanelStep,
    Path,
    PrivilegeGive,
    PublishGive,
    RankStep,
    RoleGive,
    SpawnGive,
    Stage,
    Subject,
    Unit,
)

_KEYS: dict[type[Give], str] = {
    CredentialGive: "credential",
    MoneyGive: "money",
    PrivilegeGive: "privilege",
    PublishGive: "publish",
    SpawnGive: "spawn",
    RoleGive: "role",
}


def check_gives(look: Look) -> None:
    for path, stage in look.stages():
        for at, give in enumerate(stage.gives):
            here = (*path, "gives", at, _KEYS[type(give)])
            _check_to(look, here, stage, give)
            if isinstance(give, MoneyGive):
                _check_lines(look, here, give)
                _check_ranks(look, here, stage, give)
                _check_months(look, here, give)
                _check_total(look, here, stage, give)
    _check_units(look)


def _check_to(look: Look, path: Path, stage: Stage, give: Give) -> None:
    if give.to in {PASSED, ENTRANTS}:
        return
    if give.to == CONTACTS:
        if not keeps_contacts(stage):
            ko = "연락처를 남기는 행사가 아닙니다. event의 keeps에 contacts를 쓰거나 to를 바꾸세요."
            en = "No contacts are left here: only an event that keeps contacts has them."
            look.flaw((*path, "to"), "BP506", ko=ko, en=en)
    elif give.to not in look.blueprint.roles:
        known = (PASSED, ENTRANTS, CONTACTS, *look.blueprint.roles)
        look.unknown((*path, "to"), "BP202", ROLE, give.to, known)
    elif give.to not in roles_held(look.blueprint, stage):
        ko = f"이 참가 건에 딸린 ‘{give.to}’이(가) 없습니다. 이 단계나 앞 단계의 with에 쓰세요."
        en = f"No {give.to} belongs to the turn: write the role under with, here or before."
        look.flaw((*path, "to"), "BP506", ko=ko, en=en)


def _check_lines(look: Look, path: Path, give: MoneyGive) -> None:
    if give.lines is None:
        return
    total = sum(Decimal(str(share)) for share in give.lines.values())
    if total != 1:
        ko = f"비목별 비율의 합이 {total}입니다. 1이 되게 하세요."
        look.flaw((*path, "lines"), "BP501", ko=ko, en=f"The shares add up to {total}: make it 1.")


def _check_ranks(look: Look, path: Path, stage: Stage, give: MoneyGive) -> None:
    if not give.ranks:
        return
    if not any(isinstance(step, RankStep | PanelStep) for step in stage.gate):
        ko = "순위를 정하는 절차가 없습니다. gate에 rank나 panel을 쓰세요."
        look.flaw((*path, "ranks"), "BP503", ko=ko, en="Nothing orders the places: write rank or panel in the gate.")
        return
    places = _places(look, stage, each_option=give.per == "option")
    if places is not None and len(give.ranks) > places:
        ko = f"상은 {len(give.ranks)}개인데 자리는 {places}개입니다. 어느 한쪽을 고치세요."
        en = f"There are more prizes ({len(give.ranks)}) than places ({places}): correct one of them."
        look.flaw((*path, "ranks"), "BP502", ko=ko, en=en)


def _check_months(look: Look, path: Path, give: MoneyGive) -> None:
    if give.months is None:
        return
    every = give.every.number * {"m": 1, "y": 12}.get(give.every.unit, 0)
    if not every or give.months % every or give.amount is None:
        ko = "몇 번 지급하는지 나누어떨어지지 않습니다. amount를 months ÷ every 번(every는 m이나 y) 주도록 맞추세요."
        en = "months is no whole number of payments: an amount is paid months ÷ every times, every in m or y."
        look.flaw((*path, "months"), "BP504", ko=ko, en=en)


# --- totals -------------------------------------------------------------------------------------------------


def _check_total(look: Look, path: Path, stage: Stage, give: MoneyGive) -> None:
    fits = {"amount": (None, "unit", "entry"), "ranks": (None, "option"), "pool": (None,)}
    kind = "ranks" if give.ranks else "pool" if give.pool is not None else "amount"
    if give.per not in fits[kind]:
        ko = f"{kind}에는 per: {give.per}을(를) 쓸 수 없습니다. amount에는 unit·entry, ranks에는 option만 씁니다."
        en = f"per: {give.per} does not fit {kind}: amount takes unit or entry, ranks takes option."
        look.flaw((*path, "per"), "BP502", ko=ko, en=en)
        return
    paid = _paid(look, stage, give)
    if give.total is not None and paid is not None and paid != give.total:
        ko = f"다 합치면 {paid:,}원인데 약속한 총액은 {give.total:,}원입니다. 어느 한쪽을 고치세요."
        en = f"In all {paid:,} would be paid, but {give.total:,} is promised: correct one of them."
        look.flaw((*path, "total"), "BP502", ko=ko, en=en)


def _paid(look: Look, stage: Stage, give: MoneyGive) -> int | None:
    """What would be paid in all; None where that is known only when it has happened."""
    if give.ranks:
        options = _option_count(look, stage) if give.per == "option" else 1
        return None if options is None else sum(give.ranks) * options
    if isinstance(give.pool, int):
        return give.pool
    places = _places(look, stage) if give.to != ENTRANTS and _a_turn_is_a_case(look, stage, give) else None
    if not isinstance(give.amount, int) or places is None:
        return None
    return give.amount * places * _payments(give)


def _payments(give: MoneyGive) -> int:
    months = give.every.number * (12 if give.every.unit == "y" else 1)
    return 1 if give.months is None else give.months // months


def _a_turn_is_a_case(look: Look, stage: Stage, give: MoneyGive) -> bool:
    """Whether counting turns counts what is paid: ``per: entry`` pays cases."""
    cases = {Subject.PERSON: Unit.PERSON, Subject.TEAM: Unit.TEAM}.get(look.blueprint.subject)
    return give.per != "entry" or stage.unit is cases


def _places(look: Look, stage: Stage, *, each_option: bool = False) -> int | None:
    """How many turns pass at most (of each option); None where nothing bounds them, or options are bound later."""
    bounds = []
    for step in stage.gate:
        take = getattr(step, "take", None)
        if take is None or step.options:
            continue
        factor = _option_count(look, stage) if isinstance(step, RankStep) and step.per_option and not each_option else 1
        if factor is not None:
            bounds.append(take * factor)
    return min(bounds, default=None)


def _option_count(look: Look, stage: Stage) -> int | None:
    source = look.blueprint.options_stage(stage.id)
    return len(source.options) if source and isinstance(source.options, tuple) else None


# --- provisions ---------------------------------------------------------------------------------------------


def _check_units(look: Look) -> None:
    units: dict[str, str] = {}
    for path, stage in look.stages():
        for at, provision in enumerate(stage.provides):
            if provision.unit is None:
                continue
            first = units.setdefault(provision.type, provision.unit)
            if provision.unit != first:
                ko = f"{provision.type}의 단위가 앞에서는 ‘{first}’입니다. 한 가지 단위로 쓰세요."
                en = f"{provision.type} was counted in {first} before: use one unit for it."
                look.flaw((*path, "provides", at, "unit"), "BP505", ko=ko, en=en)
