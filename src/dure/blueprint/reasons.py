"""Verdicts and gates in plain words, Korean and English: what an applicant reads instead of a code or a rule."""

import re
from collections.abc import Iterable, Mapping

import polars as pl

from dure.blueprint import columns
from dure.blueprint.model import (
    Blueprint,
    DecideStep,
    ExternalStep,
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

Values = Mapping[str, object]
"""What a verdict looked at: facts by their written names, ``mark`` (the panel's), ``reason`` (the decider's words)."""

_FACTS = {
    "age": Text(ko="나이", en="age"),
    "employer": Text(ko="소속 기관", en="employer"),
    "degree": Text(ko="학위", en="degree"),
    "major": Text(ko="전공", en="major"),
    "year": Text(ko="학년", en="year of study"),
    "consent": Text(ko="채용 담당자 공개 동의", en="consent to be shown to recruiters"),
    "kind": Text(ko="기관 유형", en="kind of organisation"),
    "staff": Text(ko="직원 수", en="number of staff"),
    "option": Text(ko="선택 항목", en="option"),
    "match": Text(ko="요건 부합도", en="fit to the needs"),
    "mark": Text(ko="심사 점수", en="panel's mark"),
    "files": Text(ko="첨부 파일 수", en="number of files"),
    "completion": Text(ko="이수율", en="completion"),
    "attendance": Text(ko="출석률", en="attendance"),
    "grade": Text(ko="평점", en="grade"),
    "credits": Text(ko="취득 학점", en="credits earned"),
    "score": Text(ko="점수", en="score"),
    "public-score": Text(ko="공개 점수", en="public score"),
    "attempts": Text(ko="제출 횟수", en="attempts"),
    "code": Text(ko="코드 제출", en="code handed in"),
    "proof": Text(ko="증빙", en="proof"),
    "milestones": Text(ko="단계 달성률", en="milestones accepted"),
    "reports": Text(ko="보고서 제출률", en="reports handed in"),
    "late": Text(ko="지연 횟수", en="late reports"),
    "deliverables": Text(ko="결과물 수", en="deliverables"),
    "attended": Text(ko="참석률", en="part attended"),
    "minutes": Text(ko="회의록", en="minutes"),
    "votes": Text(ko="찬성 비율", en="votes in favour"),
    "contacts": Text(ko="연락처 수", en="contacts"),
    "days": Text(ko="근무 일수", en="days worked"),
    "hours": Text(ko="근무 시간", en="hours worked"),
    "rating": Text(ko="평가 점수", en="rating"),
    "yes": Text(ko="예", en="yes"),
    "no": Text(ko="아니요", en="no"),
}
_NUMBERS = {
    ">=": Text(ko="{value} 이상이어야", en="must be at least {value}"),
    ">": Text(ko="{value}보다 커야", en="must be more than {value}"),
    "<=": Text(ko="{value} 이하여야", en="must be at most {value}"),
    "<": Text(ko="{value}보다 작아야", en="must be less than {value}"),
}
_DATES = {
    ">=": Text(ko="{value} 또는 그 이후여야", en="must be {value} or later"),
    ">": Text(ko="{value}보다 늦어야", en="must be later than {value}"),
    "<=": Text(ko="{value} 또는 그 이전이어야", en="must be {value} or earlier"),
    "<": Text(ko="{value}보다 빨라야", en="must be earlier than {value}"),
}
_WORDS = {
    "=": Text(ko="‘{value}’에 해당해야", en="must be {value}"),
    "!=": Text(ko="‘{value}’에 해당하지 않아야", en="must not be {value}"),
    "in": Text(ko="{value} 중 하나여야", en="must be one of {value}"),
    "has": Text(ko="‘{value}’ 항목이 있어야", en="must include {value}"),
}


def reason_text(blueprint: Blueprint, stage: Stage, code: str, *, values: Values | None = None) -> Text:
    """The sentence for a reason ``code`` (appendix E), as exact as ``values`` allow."""
    known = values or {}
    kind, _, name = code.partition(".")
    if kind == "missing":
        return _MISSING.format(fact=_head(fact_text(blueprint, name)))
    if kind == "rule":
        return _broken(blueprint, _rules(stage, name), known.get(name))
    if code in _PLAIN:
        return _PLAIN[code]
    return _sent_home(blueprint, stage, code, known)


def rule_text(blueprint: Blueprint, rule: Rule) -> Text:
    """One line of a rule as a sentence: “Age: must be at least 19.”"""
    return _broken(blueprint, [rule], None)


def gate_text(blueprint: Blueprint, stage: Stage) -> list[Text]:
    """How one passes the stage: a sentence for each line and step, in order."""
    sentences = [sentence for step in stage.gate for sentence in _step(blueprint, stage, step)]
    return sentences or [Text(ko="제출하면 통과합니다.", en="Handing in is enough to pass.")]


def fact_text(blueprint: Blueprint, name: str) -> Text:
    """A fact's name (``fact`` or ``stage.fact``) as people read it."""
    stage, _, fact = name.rpartition(".")
    word = _word(blueprint, fact)
    if not stage:
        return word
    there = _word(blueprint, stage)
    return Text(ko=f"{there.ko} – {word.ko}", en=f"{there.en} – {word.en}")


# --- rules --------------------------------------------------------------------------------------------------

_MISSING = Text(
    ko="{fact}: 확인된 값이 없어 통과하지 못했습니다. 빠진 내용이 있는지 운영자에게 문의하세요.",
    en="{fact}: nothing is known of it, so this could not pass. Ask the operator what is lacking.",
)


def _rules(stage: Stage, name: str) -> list[Rule]:
    return [rule for step in stage.gate if isinstance(step, RuleStep) for rule in step.rules if rule.name == name]


def _broken(blueprint: Blueprint, rules: list[Rule], value: object) -> Text:
    """The conditions on one fact and, where it is known, the value that did not meet them."""
    fact = _head(fact_text(blueprint, rules[0].name))
    broken = [rule for rule in rules if value is not None and not _held(rule, value)]
    conditions = [_condition(blueprint, rule) for rule in broken or rules]
    ko, en = " 하고 ".join(c.ko for c in conditions), " and ".join(c.en for c in conditions)
    if value is None:
        return Text(ko=f"{fact.ko}: {ko} 합니다.", en=f"{fact.en}: {en}.")
    found = _value(blueprint, value)
    return Text(ko=f"{fact.ko}: {ko} 하는데 {found.ko}입니다.", en=f"{fact.en}: {en}, but is {found.en}.")


def _held(rule: Rule, value: object) -> bool:
    fact = pl.DataFrame({"fact": [value]})
    return bool(fact.select(columns.holds(rule, "fact", fact.schema["fact"])).item())


def _condition(blueprint: Blueprint, rule: Rule) -> Text:
    written = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    phrase = _WORDS.get(rule.op) or (_DATES if re.match(r"\d{4}-", written[0]) else _NUMBERS)[rule.op]
    return phrase.format(value=_listed([_value(blueprint, text) for text in written]))


def _value(blueprint: Blueprint, value: object) -> Text:
    match value:
        case None:
            return Text(ko="없음", en="nothing")
        case bool():
            return _FACTS["yes" if value else "no"]
        case list() | tuple():
            return _listed([_value(blueprint, one) for one in value])
        case float():
            return _same(f"{value:.6g}" if abs(value) < 1e6 else f"{value:,.0f}")
    text = str(value)
    number = columns.number_in(text)
    written = _grouped(number) if isinstance(number, int) else text
    return _same(written) if text[:1].isdigit() or number is not None else _word(blueprint, text)


def _grouped(number: int) -> str:
    """Thousands apart, from five digits on: a year stays as people write it."""
    return f"{number:,}" if abs(number) >= 10_000 else str(number)


def _word(blueprint: Blueprint, id_: str) -> Text:
    if id_ in (blueprint.words or {}):
        return blueprint.word(id_)
    return _FACTS.get(id_) or blueprint.word(id_)


def _listed(texts: Iterable[Text]) -> Text:
    known = list(texts)
    return Text(ko=", ".join(t.ko for t in known), en=", ".join(t.en for t in known))


def _same(text: str) -> Text:
    return Text(ko=text, en=text)


def _head(text: Text) -> Text:
    """As the first word of a sentence."""
    return Text(ko=text.ko, en=text.en[:1].upper() + text.en[1:])


# --- the other steps ----------------------------------------------------------------------------------------

_PLAIN = {
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
            return _rank(blueprint, stage, step, _OUTRANKED)
        case PanelStep(threshold=threshold):
            mark = values.get("mark")
            said = _same("") if mark is None else _MARK.format(mark=_value(blueprint, mark))
            return _BELOW.format(threshold=threshold, mark=said)
        case DecideStep(role=role):
            reason = str(values.get("reason") or "")
            said = _BECAUSE.format(reason=reason) if reason else _same("")
            return _REFUSED.format(role=_within(_word(blueprint, role)), reason=said)
        case ExternalStep(body=body, proof=proof):
            return _UNPROVED.format(body=_word(blueprint, body), proof=_word(blueprint, proof))
    return _same(code)


_KINDS: Mapping[type[Step], str] = {
    RuleStep: "rule",
    RankStep: "rank",
    PanelStep: "panel",
    DecideStep: "decide",
    ExternalStep: "external",
}
_OUTRANKED = Text(
    ko="{option}{fact} 순위가 상위 {number} 안에 들지 못했습니다.",
    en="The ranking by {fact} left this outside the first {number}{option}.",
)
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


def _rank(blueprint: Blueprint, stage: Stage, step: RankStep, sentence: Text) -> Text:
    per = Text(ko="선택 항목별 ", en=" of each option") if step.per_option else _same("")
    number = _counted(blueprint, stage, step.take)
    return sentence.format(fact=_within(fact_text(blueprint, step.by)), number=number, option=per)


# --- how one passes -----------------------------------------------------------------------------------------

_RANKS = Text(ko="{option}{fact} 상위 {number}이 통과합니다.", en="By {fact}, the first {number}{option} pass.")
_MARKS = Text(ko="심사위원 {each}명이 채점합니다({rubric}). {cut}", en="{each} reviewers mark it ({rubric}). {cut}")
_CUTS = {  # by: whether there is a mark to reach, whether places are counted
    (False, False): Text(ko="심사를 마치면 통과합니다.", en="Once marked, it passes."),
    (True, False): Text(ko="평균 {threshold}점 이상이면 통과합니다.", en="A mean of {threshold} or more passes."),
    (False, True): Text(ko="평균이 높은 순으로 {number}이 통과합니다.", en="The {number} with the highest means pass."),
    (True, True): Text(
        ko="평균 {threshold}점 이상 가운데 높은 순으로 {number}이 통과합니다.",
        en="Of the means of {threshold} or more, the highest {number} pass.",
    ),
}
_DECIDES = Text(ko="{role}의 승인을 받으면 통과합니다.{take}", en="Passes when the {role} says yes.{take}")
_PROVES = Text(
    ko="{body}에서 발급한 증빙({proof})이 확인되면 통과합니다.",
    en="Passes when the proof ({proof}) from {body} is verified.",
)


def _step(blueprint: Blueprint, stage: Stage, step: Step) -> list[Text]:
    sentences = _plainly(blueprint, stage, step)
    if not step.options:
        return sentences
    chosen = _listed(_word(blueprint, option) for option in step.options)
    return [Text(ko=f"[{chosen.ko}] {text.ko}", en=f"[{chosen.en}] {text.en}") for text in sentences]


def _plainly(blueprint: Blueprint, stage: Stage, step: Step) -> list[Text]:
    match step:
        case RuleStep(rules=rules):
            return [rule_text(blueprint, rule) for rule in rules]
        case RankStep():
            return [_rank(blueprint, stage, step, _RANKS)]
        case PanelStep():
            return [_marks(blueprint, stage, step)]
        case DecideStep(role=role):
            take = _at_most(blueprint, stage, step.take)
            return [_DECIDES.format(role=_within(_word(blueprint, role)), take=take)]
        case ExternalStep():
            return [_PROVES.format(body=_word(blueprint, step.body), proof=_word(blueprint, step.proof))]


def _marks(blueprint: Blueprint, stage: Stage, step: PanelStep) -> Text:
    weights = [(_word(blueprint, name), weight) for name, weight in step.rubric.items()]
    rubric = _listed(Text(ko=f"{word.ko} {weight}", en=f"{word.en} {weight}") for word, weight in weights)
    number = _counted(blueprint, stage, step.take or 0)
    cut = _CUTS[step.threshold > 0, step.take is not None].format(threshold=step.threshold, number=number)
    return _MARKS.format(each=step.each, rubric=rubric, cut=cut)


def _at_most(blueprint: Blueprint, stage: Stage, take: int | None) -> Text:
    if take is None:
        return _same("")
    number = _counted(blueprint, stage, take)
    return Text(ko=f" 정원은 {number.ko}입니다.", en=f" There is room for {number.en}.")
