"""The rehearsal: it draws what is there, in values that can be, and binds what must be bound (BP801, BP802, BP803)."""

from collections.abc import Iterator

from dure.blueprint.dates import day
from dure.blueprint.facts import Known, Sort, evidence_of, profile_of
from dure.blueprint.grammar import is_range
from dure.blueprint.lint.counting import Scope, check_expression
from dure.blueprint.lint.look import Look
from dure.blueprint.lint.values import check_nothing_else, check_value, lacking, things
from dure.blueprint.model import ExternalStep, FormDo, Path, Spread, Stage, Value

DRAWN_OTHERWISE = "option"  # options are dealt out in turn, never drawn


def check_rehearsal(look: Look) -> None:
    rehearse = look.blueprint.rehearse
    if rehearse is None:
        return
    for name, spread in rehearse.facts.items():
        _check_spread(look, ("rehearse", "facts", name), list(_facts(look, name)), spread)
    for name, spread in rehearse.evidence.items():
        _check_spread(look, ("rehearse", "evidence", name), list(_evidence(look, name)), spread)
    for name in rehearse.external:
        if not any(stage.id == name and _asks_proof(stage) for stage in look.blueprint.stages):
            _not_there(look, ("rehearse", "external", name))
    for at, text in enumerate(rehearse.expect):
        check_expression(look, ("rehearse", "expect", at), text, Scope((look.blueprint,)), comparison=True)
    _check_bind(look)


def _facts(look: Look, name: str) -> Iterator[Known]:
    for stage in look.blueprint.stages:
        if isinstance(stage.do, FormDo) and any(question.name == name for question in stage.do.ask):
            yield evidence_of(look.blueprint, stage)[name]
    if known := profile_of(look.blueprint.subject).get(name):
        yield known


def _evidence(look: Look, name: str) -> Iterator[Known]:
    id_, _, field = name.partition(".")
    for stage in look.blueprint.stages:
        if stage.id == id_ and field != DRAWN_OTHERWISE and (known := evidence_of(look.blueprint, stage).get(field)):
            yield known


def _asks_proof(stage: Stage) -> bool:
    return any(isinstance(step, ExternalStep) for step in stage.gate)


def _not_there(look: Look, path: Path) -> None:
    ko = f"‘{path[-1]}’은(는) 이 블루프린트에 없어 뽑을 수 없습니다. 이름을 확인하거나 지우세요."
    en = f"There is no {path[-1]} in this blueprint to draw: check the name, or remove it."
    look.flaw(path, "BP801", ko=ko, en=en, key=True)


def _check_spread(look: Look, path: Path, known: list[Known], spread: Spread) -> None:
    if not known:
        _not_there(look, path)
        return
    values = spread if isinstance(spread, tuple) else (spread,)
    drawn_between = is_range(values)
    if any(_fits(one, values, between=drawn_between) for one in known):
        return
    sort = known[0].sort
    choices = f" ({', '.join(known[0].choices)})" if known[0].choices else ""
    ko = f"이 항목의 종류는 {sort}{choices}입니다. 그 종류의 값을 쓰세요."
    look.flaw(path, "BP803", ko=ko, en=f"This is of the sort {sort}{choices}: draw values of that sort.")


def _fits(known: Known, values: tuple[Value, ...], *, between: bool) -> bool:
    if between and known.sort in {Sort.DATE, Sort.YES_NO}:
        return False
    return all(value is None or _can_be(known, value) for value in values)


def _can_be(known: Known, value: Value) -> bool:
    if known.sort is Sort.NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if known.sort is Sort.DATE:
        return isinstance(value, str) and day(value) is not None
    return not known.choices or str(value) in known.choices


def _check_bind(look: Look) -> None:
    rehearse = look.blueprint.rehearse
    known = things(look.blueprint)
    bound = rehearse.bind if rehearse else {}
    path: Path = ("rehearse", "bind")
    check_nothing_else(look, path, bound, known, "BP801")
    for name, value in bound.items():
        if name in known:
            check_value(look, (*path, name), known[name], value)
    for name in lacking({n: thing for n, thing in known.items() if thing not in {"party", "date"}}, bound):
        ko = f"모의 운영을 하려면 ‘{name}’의 값이 있어야 합니다. rehearse.bind에 쓰세요."
        look.flaw(path, "BP802", ko=ko, en=f"A rehearsal needs a value for {name}: write it in rehearse.bind.")
