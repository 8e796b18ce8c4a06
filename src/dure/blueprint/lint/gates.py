"""Gates: rules that can be meant, facts that somebody leaves behind, rubrics that add up (BP205, BP401, BP403)."""

from decimal import Decimal

from dure.blueprint.dates import first_instant
from dure.blueprint.facts import Known, Origin, Sort, resolve
from dure.blueprint.lint.look import Look
from dure.blueprint.model import PanelStep, Path, PublishGive, RankStep, Rule, RuleStep, Stage
from dure.blueprint.numbers import is_number
from dure.core.text import Text

MARK, OPTION = "mark", "option"
ORDER = (">", ">=", "<", "<=")
_SORTS = {
    Sort.NUMBER: Text(ko="수", en="a number"),
    Sort.DATE: Text(ko="날짜", en="a date"),
}


def check_gates(look: Look) -> None:
    for path, stage in look.stages():
        for at, step in enumerate(stage.gate):
            here = (*path, "gate", at)
            if isinstance(step, RuleStep):
                for k, rule in enumerate(step.rules):
                    check_rule(look, (*here, "rule", k), stage, rule, before=at)
            if isinstance(step, RankStep):
                check_fact(look, (*here, "rank", "by"), stage, step.by, Sort.NUMBER, before=at)
            if isinstance(step, PanelStep):
                _check_rubric(look, (*here, "panel", "rubric"), step)
        for at, give in enumerate(stage.gives):
            if isinstance(give, PublishGive) and give.licence == "given":
                check_fact(look, (*path, "gives", at, "publish", "licence"), stage, "licence")


def _check_rubric(look: Look, path: Path, step: PanelStep) -> None:
    total = sum(Decimal(str(weight)) for weight in step.rubric.values())
    if total != 100:
        ko = f"배점의 합이 {total}입니다. 100이 되게 하세요."
        look.flaw(path, "BP401", ko=ko, en=f"The weights add up to {total}: make it 100.")


# --- facts --------------------------------------------------------------------------------------------------


def check_fact(
    look: Look, path: Path, stage: Stage, name: str, sort: Sort | None = None, *, before: int | None = None
) -> Origin | None:
    """The fact's origin; None and BP203 or BP205 where nothing leaves it behind, or not of that sort.

    ``before``: the step of the stage's own gate that asks, which sees only what earlier steps left (a panel's mark).
    """
    dated = name.rpartition(".")[0]
    if dated and not look.has_stage(path, dated):
        return None
    origin = resolve(look.blueprint, stage.id, name)
    if origin is None or (before is not None and _mark_to_come(stage, origin, before)):
        _nothing_leaves(look, path, name)
        return None
    if sort is not None and origin.sort is not sort:
        ko = f"‘{name}’은(는) {_SORTS[sort].ko}가 아닙니다. {_SORTS[sort].ko}인 항목을 쓰거나 물을 때 종류를 적으세요."
        en = f"{name} is not {_SORTS[sort].en}: name one that is, or give the question that type."
        look.flaw(path, "BP205", ko=ko, en=en)
        return None
    return origin


def _mark_to_come(stage: Stage, origin: Origin, before: int) -> bool:
    asked = origin.stage == stage.id and origin.field == MARK
    return asked and not any(isinstance(step, PanelStep) for step in stage.gate[:before])


def _nothing_leaves(look: Look, path: Path, name: str) -> None:
    ko = f"‘{name}’은(는) 여기까지 아무 데서도 나오지 않습니다. 앞에서 묻거나(ask), ‘단계.항목’으로 쓰세요."
    en = f"Nothing leaves {name} behind before this: ask it in an earlier form, or write stage.fact."
    look.flaw(path, "BP205", ko=ko, en=en)


# --- rules --------------------------------------------------------------------------------------------------


def check_rule(look: Look, path: Path, stage: Stage, rule: Rule, *, before: int | None = None) -> None:
    """One line of a rule; a placeholder (it could not be read, BP402) passes."""
    if not rule.fact:
        return
    origin = check_fact(look, path, stage, rule.name, before=before)
    if origin:
        check_comparison(look, path, rule, Known(origin.sort, origin.choices))


def check_comparison(look: Look, path: Path, rule: Rule, known: Known) -> None:
    """BP403 (an option that is not there: BP206) for what can never be meant of a fact of this sort."""
    values = (rule.value,) if isinstance(rule.value, str) else rule.value
    if rule.op in ORDER and not known.sort.has_order:
        ko = f"‘{rule.name}’에는 크고 작음이 없습니다. =, !=, in, has 중 하나를 쓰세요."
        look.flaw(path, "BP403", ko=ko, en=f"{rule.name} has no order: use =, !=, in or has.")
        return
    for value in values:
        _check_value(look, path, rule, known, value)


def _check_value(look: Look, path: Path, rule: Rule, known: Known, value: str) -> None:
    if known.sort is Sort.OPTION:
        look.check_option(path, known.choices, value)
    elif known.choices and value not in known.choices and not (rule.op == "has" and _a_word_of(value, known.choices)):
        choices = ", ".join(known.choices)
        ko = f"‘{value}’은(는) ‘{rule.name}’이(가) 가질 수 없는 값입니다. {choices} 중에서 쓰세요."
        look.flaw(path, "BP403", ko=ko, en=f"{rule.name} is never {value!r}: write one of {choices}.")
    elif not could_be(value, known.sort) and rule.op != "has":
        kind = _SORTS[known.sort]
        ko = f"‘{rule.name}’은(는) {kind.ko}인데 ‘{value}’과(와) 견주고 있습니다. {kind.ko}를 쓰세요."
        look.flaw(path, "BP403", ko=ko, en=f"{rule.name} is {kind.en}, but {value!r} is not: compare it with one.")


def _a_word_of(value: str, choices: tuple[str, ...]) -> bool:
    return any(value in choice.replace(",", " ").split() for choice in choices)


def could_be(value: str, sort: Sort) -> bool:
    """Whether a text can be a value of that sort."""
    if sort is Sort.NUMBER:
        return is_number(value)
    return first_instant(value) is not None if sort is Sort.DATE else True
