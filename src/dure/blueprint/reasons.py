"""Verdicts and gates in plain words, Korean and English: what an applicant reads instead of a code or a rule."""

from collections.abc import Mapping

from dure.blueprint.conditions import asked, broken, fact_text, head, listed, same, value_text, word_of
from dure.blueprint.model import (
    Blueprint,
    DecideStep,
    ExternalStep,
    Kind,
    PanelStep,
    RankStep,
    Rule,
    RuleStep,
    Stage,
    Step,
    Subject,
    Unit,
)
from dure.core.text import Text

__all__ = ["fact_text", "gate_text", "reason_text", "step_text"]

Values = Mapping[str, object]
"""What a verdict looked at: facts by their written names, ``mark`` (the panel's), ``reason`` (the decider's words)."""


def reason_text(blueprint: Blueprint, stage: Stage, code: str, *, values: Values | None = None) -> Text:
    """The sentence for a reason ``code`` (appendix E), as exact as ``values`` allow."""
    known = values or {}
    kind, _, name = code.partition(".")
    if kind == "missing":
        return _MISSING.format(fact=head(fact_text(blueprint, name)))
    if kind == "rule":
        rules, value = _rules(stage, name), known.get(name)
        return asked(blueprint, rules) if value is None else broken(blueprint, rules, value)
    if code in _PLAIN:
        return _PLAIN[code]
    return _sent_home(blueprint, stage, code, known)


def gate_text(blueprint: Blueprint, stage: Stage) -> list[Text]:
    """How one passes the stage: a sentence for each line and step, in order."""
    sentences = [sentence for step in stage.gate for sentence in step_text(blueprint, stage, step)]
    return sentences or [_DOING[stage.kind]]


_MISSING = Text(
    ko="{fact}: 확인된 값이 없어 통과하지 못했습니다. 빠진 내용이 있는지 운영자에게 문의하세요.",
    en="{fact}: nothing is known of it, so this could not pass. Ask the operator what is lacking.",
)


def _rules(stage: Stage, name: str) -> list[Rule]:
    return [rule for step in stage.gate if isinstance(step, RuleStep) for rule in step.rules if rule.name == name]


# --- the other steps ----------------------------------------------------------------------------------------

_PLAIN = {
    "disqualified": Text(ko="실격되었습니다.", en="This was disqualified."),
    "not-handed-in": Text(ko="기한 안에 제출되지 않았습니다.", en="Nothing was handed in before the window closed."),
    "not-opened": Text(ko="기한 안에 참여가 시작되지 않았습니다.", en="It was not begun before the window closed."),
}


def _sent_home(blueprint: Blueprint, stage: Stage, code: str, values: Values) -> Text:
    """Why a rank, a panel, a decision or a lacking proof sent a turn home."""
    step = next((step for step in stage.gate if _KINDS[type(step)] == code.partition(".")[0]), None)
    take = getattr(step, "take", None)
    if code in _FULL and take is not None:
        return _FULL[code].format(number=_counted(blueprint, stage, take))
    match step:
        case RankStep():
            return _outranked(blueprint, stage, step)
        case PanelStep(threshold=threshold):
            mark = values.get("mark")
            said = same("") if mark is None else _MARK.format(mark=value_text(blueprint, mark))
            return _BELOW.format(threshold=threshold, mark=said)
        case DecideStep(role=role):
            reason = values.get("reason")
            said = _BECAUSE.format(reason=reason) if reason else same("")
            return _REFUSED.format(role=_within(word_of(blueprint, role)), reason=said)
        case ExternalStep(body=body, proof=proof):
            return _UNPROVED.format(body=word_of(blueprint, body), proof=word_of(blueprint, proof))
    return same(code)


_KINDS: Mapping[type[Step], str] = {
    RuleStep: "rule",
    RankStep: "rank",
    PanelStep: "panel",
    DecideStep: "decide",
    ExternalStep: "external",
}
_OUTRANKED = {
    False: Text(
        ko="{fact} 순위가 상위 {number} 안에 들지 못했습니다.",
        en="The ranking by {fact} left this outside the first {number}.",
    ),
    True: Text(
        ko="선택 항목별 {fact} 순위가 상위 {number} 안에 들지 못했습니다.",
        en="The ranking by {fact} left this outside the first {number} of each option.",
    ),
}
_BELOW = Text(
    ko="심사 평균이 기준인 {threshold}점에 미치지 못했습니다{mark}.",
    en="The panel's mean mark is below the {threshold} that it takes to pass{mark}.",
)
_MARK = Text(ko="(평균 {mark}점)", en=" (it is {mark})")
_FULL = {
    "panel.full": Text(
        ko="심사 기준은 넘었지만 상위 {number} 안에 들지 못했습니다.",
        en="The panel's mark is high enough to pass, but this is not among the first {number}.",
    ),
    "decide.full": Text(ko="정원({number})이 모두 찼습니다.", en="All places ({number}) are taken."),
}
_REFUSED = Text(ko="{role}의 승인을 받지 못했습니다.{reason}", en="The {role} did not say yes.{reason}")
_BECAUSE = Text(ko=" 사유: {reason}", en=" Reason: {reason}")
_UNPROVED = Text(
    ko="{body}에서 발급한 증빙({proof})이 확인되지 않았습니다.",
    en="The proof ({proof}) from {body} was not verified.",
)


def _within(text: Text) -> Text:
    """As a word inside a sentence: English loses its capital, unless it is an abbreviation's."""
    return Text(ko=text.ko, en=text.en if text.en[1:2].isupper() else text.en[:1].lower() + text.en[1:])


def _counted(blueprint: Blueprint, stage: Stage, number: int) -> Text:
    """So many of what takes a turn here: people, teams, organisations, items."""
    subject = Subject.TEAM if stage.unit is Unit.TEAM else blueprint.subject
    subject = Subject.PERSON if stage.unit is Unit.PERSON else subject
    one = number == 1
    ko, en = {
        Subject.PERSON: ("명", "person" if one else "people"),
        Subject.TEAM: ("팀", "team" if one else "teams"),
        Subject.ORG: ("곳", "organisation" if one else "organisations"),
        Subject.CONSORTIUM: ("개 컨소시엄", "consortium" if one else "consortia"),
        Subject.ITEM: ("건", "item" if one else "items"),
    }[subject]
    return Text(ko=f"{number}{ko}", en=f"{number} {en}")


def _top(blueprint: Blueprint, stage: Stage, number: int) -> dict[str, Text]:
    """The first so many as a subject with its verb: ``top`` "top person", ``pass_`` "passes"."""
    counted = _counted(blueprint, stage, number)
    top = Text(ko=f"상위 {counted.ko}", en=f"top {counted.en.removeprefix('1 ')}")
    return {"top": top, "pass_": Text(ko="통과합니다", en="passes" if number == 1 else "pass")}


def _outranked(blueprint: Blueprint, stage: Stage, step: RankStep) -> Text:
    number = _counted(blueprint, stage, step.take)
    return _OUTRANKED[step.per_option].format(fact=_within(_ranked_by(blueprint, step.by)), number=number)


def _ranked_by(blueprint: Blueprint, by: str) -> Text:
    """A fact inside a sentence: 2단계의 점수, score in phase 2."""
    there, _, fact = by.rpartition(".")
    word = word_of(blueprint, fact)
    if not there:
        return word
    stage = word_of(blueprint, there)
    return Text(ko=f"{stage.ko}의 {word.ko}", en=f"{word.en} in {stage.en}")


# --- how one passes -----------------------------------------------------------------------------------------

_DOING = {  # what handing in means (appendix C), where no gate judges it
    Kind.FORM: Text(ko="제출하면 통과합니다.", en="Handing in is enough to pass."),
    Kind.LEARN: Text(ko="과정을 마치면 통과합니다.", en="Passes when the courses are done."),
    Kind.TEST: Text(ko="응시하면 통과합니다.", en="Taking it is enough to pass."),
    Kind.ROUND: Text(ko="채점된 제출이 있으면 통과합니다.", en="One scored attempt is enough to pass."),
    Kind.PROJECT: Text(ko="결과물을 모두 내면 통과합니다.", en="Passes when everything is handed in."),
    Kind.EVENT: Text(ko="행사가 끝나면 통과합니다.", en="Passes when it is over."),
    Kind.WORK: Text(ko="맡은 일을 마치면 통과합니다.", en="Passes when the work has ended."),
}
_RANKS = {  # by: whether places are counted for each option
    False: Text(ko="{fact} {top}이 {pass_}.", en="The {top} by {fact} {pass_}."),
    True: Text(ko="선택 항목마다 {fact} {top}이 {pass_}.", en="The {top} by {fact} {pass_}, in each option."),
}
_MARKS = {  # by whether one reviewer is alone with it
    True: Text(ko="심사위원 1명이 채점합니다({rubric}). {cut}", en="One reviewer marks it ({rubric}). {cut}"),
    False: Text(ko="심사위원 {each}명이 채점합니다({rubric}). {cut}", en="{each} reviewers mark it ({rubric}). {cut}"),
}
_CUTS = {  # by: whether there is a mark to reach, whether places are counted
    (False, False): Text(ko="심사를 마치면 통과합니다.", en="Once marked, it passes."),
    (True, False): Text(ko="평균 {threshold}점 이상이면 통과합니다.", en="A mean of {threshold} or more passes."),
    (False, True): Text(ko="심사 평균 {top}이 {pass_}.", en="The {top} by mean mark {pass_}."),
    (True, True): Text(
        ko="평균 {threshold}점 이상 중에서 {top}이 {pass_}.",
        en="Of those with a mean of {threshold} or more, the {top} {pass_}.",
    ),
}
_DECIDES = Text(
    ko="{role}의 승인을 받으면 통과합니다.{checks}{take}", en="Passes when the {role} says yes.{checks}{take}"
)
_PROVES = Text(
    ko="{body}에서 발급한 증빙({proof})이 확인되면 통과합니다.",
    en="Passes when the proof ({proof}) from {body} is verified.",
)


def step_text(blueprint: Blueprint, stage: Stage, step: Step) -> list[Text]:
    """How one passes one step of a stage's gate."""
    sentences = _plainly(blueprint, stage, step)
    if not step.options:
        return sentences
    chosen = listed(word_of(blueprint, option) for option in step.options)
    return [Text(ko=f"[{chosen.ko}] {text.ko}", en=f"[{chosen.en}] {text.en}") for text in sentences]


def _plainly(blueprint: Blueprint, stage: Stage, step: Step) -> list[Text]:
    match step:
        case RuleStep(rules=rules):
            named = dict.fromkeys(rule.name for rule in rules)
            return [asked(blueprint, [rule for rule in rules if rule.name == name]) for name in named]
        case RankStep():
            fact = _within(_ranked_by(blueprint, step.by))
            return [_RANKS[step.per_option].format(fact=fact, **_top(blueprint, stage, step.take))]
        case PanelStep():
            return [_marks(blueprint, stage, step)]
        case DecideStep(role=role):
            take, checks = _at_most(blueprint, stage, step.take), _checked(blueprint, step.checks)
            return [_DECIDES.format(role=_within(word_of(blueprint, role)), take=take, checks=checks)]
        case ExternalStep():
            return [_PROVES.format(body=word_of(blueprint, step.body), proof=word_of(blueprint, step.proof))]


def _marks(blueprint: Blueprint, stage: Stage, step: PanelStep) -> Text:
    weights = [(word_of(blueprint, name), weight) for name, weight in step.rubric.items()]
    rubric = listed(Text(ko=f"{word.ko} {weight}", en=f"{word.en} {weight}") for word, weight in weights)
    top = _top(blueprint, stage, step.take or 0)
    cut = _CUTS[step.threshold > 0, step.take is not None].format(threshold=step.threshold, **top)
    return _MARKS[step.each == 1].format(each=step.each, rubric=rubric, cut=cut)


def _at_most(blueprint: Blueprint, stage: Stage, take: int | None) -> Text:
    if take is None:
        return same("")
    number = _counted(blueprint, stage, take)
    return Text(ko=f" 정원은 {number.ko}입니다.", en=f" There is room for {number.en}.")


def _checked(blueprint: Blueprint, checks: str | None) -> Text:
    """What a decider confirms."""
    if checks is None:
        return same("")
    word = word_of(blueprint, checks)
    return Text(ko=f" 확인 사항은 ‘{word.ko}’입니다.", en=f" What is checked: {word.en}.")
