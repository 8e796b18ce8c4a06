"""A programme: everything its blueprint leaves open is bound, nothing else, and its dates run forwards (BP204, BP9)."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dure.blueprint.binding import bound
from dure.blueprint.lint.look import BLUEPRINT, Findings
from dure.blueprint.lint.times import backwards
from dure.blueprint.lint.values import check_nothing_else, check_organisations, check_value, lacking, things
from dure.blueprint.model import Blueprint, Path, Programme

BIND: Path = ("bind",)


def check_programme(findings: Findings, programme: Programme) -> None:
    zone = _zone(findings, programme.zone)
    if not findings.library.has("blueprint", programme.blueprint):
        known = findings.library.names("blueprint")
        findings.unknown(("blueprint",), "BP204", BLUEPRINT, programme.blueprint, known)
    elif blueprint := findings.library.blueprint(programme.blueprint):
        _check_bound(findings, blueprint, programme.bind)
        if zone and not findings.flaws:
            _check_dates(findings, bound(blueprint, programme.bind), zone)


def _zone(findings: Findings, name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        ko = f"‘{name}’(이)라는 시간대는 없습니다. Asia/Seoul 같은 IANA 이름을 쓰세요."
        findings.flaw(
            ("zone",), "BP104", ko=ko, en=f"There is no time zone {name!r}: write an IANA name such as Asia/Seoul."
        )
        return None


def _check_bound(findings: Findings, blueprint: Blueprint, values: Mapping[str, object]) -> None:
    known = things(blueprint)
    check_nothing_else(findings, BIND, values, known, "BP902")
    for name in lacking(known, values):
        ko = f"‘{name}’이(가) 정해지지 않았습니다. bind에 쓰세요."
        findings.flaw(BIND, "BP901", ko=ko, en=f"{name} is left unbound: write it under bind.")
    for name, value in values.items():
        thing = known.get(name)
        if thing and check_value(findings, (*BIND, name), thing, value):
            if thing == "party":
                check_organisations(findings, (*BIND, name), blueprint.parties[name], value)
            if thing == "options" and isinstance(value, tuple):
                _check_choose(findings, blueprint, value)


def _check_choose(findings: Findings, blueprint: Blueprint, options: tuple[str, ...]) -> None:
    most = max(stage.choose for stage in blueprint.stages if stage.options is not None)
    if most > len(options):
        ko = f"선택 항목을 {most}개까지 고르는데 {len(options)}개뿐입니다. 더 쓰세요."
        findings.flaw(
            (*BIND, "options"), "BP305", ko=ko, en=f"A turn picks up to {most} of these: name at least {most}."
        )


def _check_dates(findings: Findings, blueprint: Blueprint, zone: ZoneInfo) -> None:
    for stage in backwards(blueprint, zone):
        names = [f"{stage.id}.{key}" for key in ("to", "from")]
        name = next((name for name in names if findings.document.find((*BIND, name)) is not None), "")
        ko = f"‘{stage.id}’의 기간이 시작하기 전에, 또는 앞 단계가 시작하기 전에 끝납니다. 날짜를 바로잡으세요."
        en = f"The window of {stage.id} ends before it, or a stage before it, begins: correct the dates."
        findings.flaw((*BIND, name), "BP603", ko=ko, en=en)
