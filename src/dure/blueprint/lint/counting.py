"""Expressions of measures, expectations and duties: what they name must be there and fit (BP203, BP205, BP208, BP7)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dure.blueprint.expressions import (
    IT,
    PARTIES,
    Call,
    Chain,
    Comparison,
    Expression,
    Name,
    Negative,
    Unreadable,
    parse,
)
from dure.blueprint.facts import Sort
from dure.blueprint.lint.gates import check_fact, check_rule
from dure.blueprint.lint.look import BLUEPRINT, Findings, Look
from dure.blueprint.model import (
    Blueprint,
    CredentialGive,
    Kind,
    LearnDo,
    Measure,
    MoneyGive,
    Path,
    PrivilegeGive,
    PublishGive,
    SpawnGive,
    Stage,
)
from dure.blueprint.rules import parse_rule
from dure.core.text import Text

ANY = "any"
OF_STAGE = {"in", "pass", "out", "people", "late", "days", "hours", "items", "sum_hours", "options", "per_option",
            "sum", "mean", "share"}  # fmt: skip
KNOWN_THING = Text(ko="지표나 지급·발급이", en="measure or give")
STAGE = Text(ko="단계가", en="stage")


@dataclass(frozen=True, slots=True)
class Scope:
    """The blueprints that an expression counts over: its own, or all that an agreement covers.

    ``whole``: all of them can be read, so that what is in none of them is nowhere.
    """

    blueprints: tuple[Blueprint, ...]
    qualified: bool = False
    whole: bool = True

    def measures(self) -> dict[str, Measure]:
        return {measure.id: measure for blueprint in self.blueprints for measure in blueprint.measures}

    def stages(self, name: str) -> list[tuple[Blueprint, Stage]]:
        """Every stage that ``name`` may mean: ``stage``, or in an agreement ``blueprint.stage``."""
        of, _, bare = name.rpartition(".")
        if of and not self.qualified:
            return []
        return [(b, s) for b in self.blueprints for s in b.stages if s.id == bare and of in {"", b.name}]

    def stage_names(self) -> tuple[str, ...]:
        """Every stage as it may be written."""
        return tuple(f"{b.name}.{s.id}" if self.qualified else s.id for b in self.blueprints for s in b.stages)

    def given(self, function: str) -> set[str]:
        """The types or names that ``function`` can count."""
        return {name for b in self.blueprints for s in b.stages for name in _GIVEN[function](b, s)}


def _published(blueprint: Blueprint, stage: Stage) -> Iterator[str]:
    for give in stage.gives:
        if isinstance(give, PublishGive):
            source = blueprint.options_stage(stage.id) if give.type == "option" else None
            yield from source.options if source and isinstance(source.options, tuple) else (give.type,)


def _credentials(_blueprint: Blueprint, stage: Stage) -> Iterator[str]:
    for give in stage.gives:
        if isinstance(give, CredentialGive):
            yield give.name
            if give.recognised and give.recognised.before:
                yield give.recognised.before


_GIVEN: dict[str, Callable[[Blueprint, Stage], Iterator[str]]] = {
    "money": lambda _, stage: (g.type for g in stage.gives if isinstance(g, MoneyGive)),
    "lines": lambda _, stage: (g.type for g in stage.gives if isinstance(g, MoneyGive) and g.lines),
    "credential": _credentials,
    "privilege": lambda _, stage: (g.type for g in stage.gives if isinstance(g, PrivilegeGive)),
    "published": _published,
    "uses": _published,
    "spawned": lambda _, stage: (g.blueprint for g in stage.gives if isinstance(g, SpawnGive)),
    "provided": lambda _, stage: (p.type for p in stage.provides),
}


# --- one expression -----------------------------------------------------------------------------------------


def check_expression(
    findings: Findings, path: Path, text: str, scope: Scope, *, comparison: bool, it: bool = False
) -> Expression | Comparison | None:
    """The tree, when it can be read; ``it``: whether the word ``it`` stands for something here."""
    try:
        tree = parse(text)
    except Unreadable as fault:
        findings.flaw(path, "BP701", ko=fault.text.ko, en=fault.text.en)
        return None
    if isinstance(tree, Comparison) is not comparison:
        ko, en = (
            ("비교식이어야 합니다. 예: pass(apply) >= 10", "Write a comparison, such as pass(apply) >= 10.")
            if comparison
            else ("비교가 아니라 수를 내는 식이어야 합니다.", "Write what gives a number, not a comparison.")
        )
        findings.flaw(path, "BP702", ko=ko, en=en)
    for part in parts(tree):
        if isinstance(part, Name):
            _check_name(findings, path, part.id, scope, it=it)
        else:
            _check_call(findings, path, part, scope, it=it)
    return tree


def parts(tree: Expression | Comparison) -> Iterator[Name | Call]:
    """Every name and call in it."""
    if isinstance(tree, Name | Call):
        yield tree
    elif isinstance(tree, Negative):
        yield from parts(tree.of)
    elif isinstance(tree, Chain):
        for part in (tree.first, *(part for _, part in tree.rest)):
            yield from parts(part)
    elif isinstance(tree, Comparison):
        yield from parts(tree.left)
        yield from parts(tree.right)


def _check_name(findings: Findings, path: Path, name: str, scope: Scope, *, it: bool) -> None:
    if name == PARTIES or (name == IT and it) or name in scope.measures() or not scope.whole:
        return
    findings.unknown(path, "BP208", KNOWN_THING, name, tuple(scope.measures()))


def _check_call(findings: Findings, path: Path, call: Call, scope: Scope, *, it: bool) -> None:
    if call.function in OF_STAGE:
        _check_stage_function(findings, path, call, scope)
        return
    name = call.arguments[0]
    if name == IT:
        if not it:
            findings.unknown(path, "BP208", KNOWN_THING, name, ())
    elif call.function in _GIVEN and name != ANY and scope.whole and name not in scope.given(call.function):
        findings.unknown(path, "BP208", KNOWN_THING, name, tuple(sorted(scope.given(call.function))))


def _check_stage_function(findings: Findings, path: Path, call: Call, scope: Scope) -> None:
    name = call.arguments[0]
    meant = scope.stages(name)
    if len(meant) == 1:
        blueprint, stage = meant[0]
        _check_fit(findings, path, call, blueprint, stage)
    elif meant:
        known = tuple(f"{blueprint.name}.{stage.id}" for blueprint, stage in meant)
        ko = f"‘{name}’ 단계가 여러 블루프린트에 있습니다. {', '.join(known)} 중 하나로 쓰세요."
        findings.flaw(path, "BP203", ko=ko, en=f"{name} is a stage of several: write one of {', '.join(known)}.")
    elif scope.whole:
        of = name.rpartition(".")[0]
        names = tuple(blueprint.name for blueprint in scope.blueprints)
        if scope.qualified and of and of not in names:
            findings.unknown(path, "BP204", BLUEPRINT, of, names)
            return
        findings.unknown(path, "BP203", STAGE, name, scope.stage_names())


def _check_fit(findings: Findings, path: Path, call: Call, blueprint: Blueprint, stage: Stage) -> None:
    look = Look(findings.document, findings.library, findings.flaws, blueprint=blueprint)
    if not _fits(call.function, blueprint, stage):
        needs = _NEEDS[call.function]
        ko = f"{call.function} 함수는 ‘{stage.id}’({stage.kind}) 단계에 맞지 않습니다. {needs.ko}. 다른 단계를 쓰세요."
        en = f"{call.function} does not fit {stage.id}, a {stage.kind} stage: {needs.en}. Name another stage."
        findings.flaw(path, "BP703", ko=ko, en=en)
    elif call.function in {"sum", "mean"}:
        check_fact(look, path, stage, call.arguments[1], Sort.NUMBER)
    elif call.function == "share":
        _check_share(look, path, stage, call.arguments[1])


_OF_LEARN = Text(ko="learn 단계의 학습 항목을 셉니다", en="it counts the items of learn stages")
_OF_OPTIONS = Text(ko="선택 항목이 있는 단계에만 씁니다", en="no options are in force there")
_NEEDS = {
    "hours": Text(ko="work 단계의 시간을 셉니다", en="it counts the hours of work stages"),
    "items": _OF_LEARN,
    "sum_hours": _OF_LEARN,
    "options": _OF_OPTIONS,
    "per_option": _OF_OPTIONS,
}


def _fits(function: str, blueprint: Blueprint, stage: Stage) -> bool:
    if function == "hours":
        return stage.kind is Kind.WORK
    if function in {"items", "sum_hours"}:
        return isinstance(stage.do, LearnDo)
    return function not in {"options", "per_option"} or blueprint.options_stage(stage.id) is not None


def _check_share(look: Look, path: Path, stage: Stage, text: str) -> None:
    rule = parse_rule(text)
    if rule:
        check_rule(look, path, stage, rule)
        return
    ko, en = f"‘{text}’은(는) 규칙이 아닙니다. ‘항목 = 값’처럼 쓰세요.", f"{text!r} is not a rule: write fact = value."
    look.flaw(path, "BP402", ko=ko, en=en)


# --- measures -----------------------------------------------------------------------------------------------


def check_measures(look: Look) -> None:
    scope = Scope((look.blueprint,))
    uses: dict[str, set[str]] = {}
    for at, measure in enumerate(look.blueprint.measures):
        path = ("measures", at)
        tree = check_expression(
            look, (*path, "is"), measure.expression, scope, comparison=False, it=measure.by is not None
        )
        uses[measure.id] = {part.id for part in parts(tree) if isinstance(part, Name)} if tree else set()
        _check_by(look, path, measure)
    _check_circles(look, uses)


def _check_by(look: Look, path: Path, measure: Measure) -> None:
    if look.document.find((*path, "by")) is None:
        return
    if measure.by is None:
        ko, en = "‘단계.항목’으로 쓰세요. 예: survey.staff", "Write stage.field, such as survey.staff."
        look.flaw((*path, "by"), "BP205", ko=ko, en=en)
    elif look.has_stage((*path, "by"), measure.by.stage):
        stage = look.blueprint.stage(measure.by.stage)
        check_fact(look, (*path, "by"), stage, measure.by.field, Sort.NUMBER if measure.bands else None)
    if any(low >= high for low, high in zip(measure.bands, measure.bands[1:], strict=False)):
        ko, en = "구간의 경계는 작은 수에서 큰 수로 써야 합니다.", "Bands must rise: write them from small to large."
        look.flaw((*path, "bands"), "BP803", ko=ko, en=en)


def _check_circles(look: Look, uses: dict[str, set[str]]) -> None:
    """Each circle is told once, at its first measure."""
    told: set[str] = set()
    for at, measure in enumerate(look.blueprint.measures):
        circle = {id_ for id_ in _reached(uses, measure.id) if measure.id in _reached(uses, id_)}
        if measure.id in circle and not circle & told:
            told |= circle
            ko = f"‘{measure.id}’의 값을 자기 자신으로 다시 구합니다. 순환을 없애세요."
            look.flaw(
                ("measures", at, "is"), "BP302", ko=ko, en=f"{measure.id} is counted from itself: break the circle."
            )


def _reached(uses: dict[str, set[str]], start: str) -> set[str]:
    """The measures that ``start`` is counted from, directly or not."""
    seen, ahead = set[str](), list(uses.get(start, ()))
    while ahead:
        current = ahead.pop()
        if current not in seen:
            seen.add(current)
            ahead += uses.get(current, ())
    return seen
