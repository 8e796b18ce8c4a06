"""Values that are bound: each blank has one of its sort, and nothing else is bound (BP103, BP601, BP804, BP9)."""

import re
from collections.abc import Iterable, Mapping

from dure.blueprint.binds import Thing, blanks
from dure.blueprint.dates import moment
from dure.blueprint.lint.look import Findings, Look
from dure.blueprint.model import Blueprint, Party, Path
from dure.blueprint.shapes import NAME, nearest
from dure.core.text import Text

_EXPECTED: Mapping[Thing, Text] = {
    "party": Text(ko="기관 이름이나 이름의 목록이", en="an organisation's name, or a list of names"),
    "options": Text(ko="선택 항목 이름의 목록이", en="a list of option names"),
    "fee": Text(ko="0 이상의 정수(원)가", en="a whole number of won"),
    "money": Text(ko="0 이상의 정수(원)가", en="a whole number of won"),
    "provision": Text(ko="0 이상의 정수가", en="a whole number"),
    "date": Text(ko="2024-05-31 같은 날짜가", en="a date such as 2024-05-31"),
}


def check_one_sort(look: Look) -> None:
    """BP804: a name that is left to the programme for two sorts of thing."""
    first: dict[str, Thing] = {}
    for blank in blanks(look.blueprint):
        if first.setdefault(blank.name, blank.thing) != blank.thing:
            ko = f"‘{blank.name}’을(를) 서로 다른 두 가지에 bind하고 있습니다. 이름이 겹치지 않게 바꾸세요."
            en = f"{blank.name} is bound for two sorts of thing: rename one of them."
            look.flaw(blank.path, "BP804", ko=ko, en=en)


def check_value(findings: Findings, path: Path, thing: Thing, value: object) -> bool:
    """Whether a value is of its blank's sort; BP103 (a date: BP601, an option: BP106) where not."""
    if thing == "date":
        if not isinstance(value, int | str) or moment(str(value)) is None:
            _say(findings, path, "BP601", thing)
            return False
        return True
    fits = {"party": isinstance(value, int | str | tuple), "options": isinstance(value, tuple)}
    if not fits.get(thing, isinstance(value, int) and value >= 0):
        _say(findings, path, "BP103", thing)
        return False
    if thing == "options" and isinstance(value, tuple):
        return _are_names(findings, path, value)
    return True


def _are_names(findings: Findings, path: Path, values: tuple[str, ...]) -> bool:
    wrong = [at for at, value in enumerate(values) if not re.fullmatch(NAME, value)]
    for at in wrong:
        ko = f"‘{values[at]}’은(는) 이름이 아닙니다. 영문 소문자·숫자·하이픈만 쓰세요."
        en = f"{values[at]!r} is not a name: use small letters, digits and single hyphens."
        findings.flaw((*path, at), "BP106", ko=ko, en=en)
    return not wrong


def _say(findings: Findings, path: Path, code: str, thing: Thing) -> None:
    expected = _EXPECTED[thing]
    findings.flaw(path, code, ko=f"여기에는 {expected.ko} 와야 합니다.", en=f"Write {expected.en} here.")


def things(blueprint: Blueprint) -> dict[str, Thing]:
    """Every name to be bound, with the sort of its value."""
    return {blank.name: blank.thing for blank in blanks(blueprint)}


def check_organisations(findings: Findings, path: Path, party: Party, value: object) -> None:
    """BP903: ``count`` exactly, ``min`` at least, neither: one."""
    number = len(value) if isinstance(value, tuple) else 1
    exactly = party.count if party.count is not None else None if party.min is not None else 1
    if (exactly is not None and number != exactly) or (party.min is not None and number < party.min):
        ko_want, en_want = (
            (f"{exactly}곳", f"{exactly}") if exactly is not None else (f"{party.min}곳 이상", f"{party.min} or more")
        )
        ko = f"기관이 {number}곳입니다. {ko_want}을 쓰세요."
        findings.flaw(path, "BP903", ko=ko, en=f"Organisations named here: {number}. Name {en_want}.")


def check_nothing_else(
    findings: Findings, path: Path, bound: Iterable[str], known: Mapping[str, object], code: str
) -> None:
    """A bound name that nothing asks for."""
    for name in bound:
        if name not in known:
            hint = nearest(name, known)
            ko = f"‘{name}’은(는) 정할 것이 아닙니다.{hint.ko} 지우세요."
            findings.flaw(
                (*path, name),
                code,
                ko=ko,
                en=f"Nothing here is bound by the name {name}.{hint.en} Remove it.",
                key=True,
            )


def lacking(known: Mapping[str, Thing], bound: Mapping[str, object]) -> list[str]:
    return [name for name in known if name not in bound]
