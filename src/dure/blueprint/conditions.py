"""Facts, values and rules in plain words, Korean and English: what is asked of somebody, and what was found."""

import re
from collections.abc import Iterable

import polars as pl

from dure.blueprint import columns
from dure.blueprint.model import Blueprint, FormDo, Rule
from dure.core.particles import fill
from dure.core.text import Text

FACTS = {
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
    "attended": Text(ko="참석률", en="attendance"),
    "minutes": Text(ko="회의록", en="minutes"),
    "votes": Text(ko="찬성 비율", en="votes in favour"),
    "contacts": Text(ko="연락처 수", en="contacts"),
    "days": Text(ko="근무 일수", en="days worked"),
    "hours": Text(ko="근무 시간", en="hours worked"),
    "rating": Text(ko="평가 점수", en="rating"),
    "yes": Text(ko="예", en="yes"),
    "no": Text(ko="아니요", en="no"),
}
_PER_CENT = frozenset({"completion", "attendance", "milestones", "reports", "attended", "votes", "match"})
_UNITS = {"age": "세", "days": "일", "hours": "시간", "credits": "학점", "rating": "점"}
_CONDITIONS = {  # in Korean as it goes on and as it ends; in English
    ">=": ("{value} 이상이고", "{value} 이상이어야", "at least {value}"),
    ">": ("{value}보다 크고", "{value}보다 커야", "more than {value}"),
    "<=": ("{value} 이하이고", "{value} 이하여야", "at most {value}"),
    "<": ("{value}보다 작고", "{value}보다 작아야", "less than {value}"),
    "=": ("{value}(이)고", "{value}이어(여)야", "{value}"),
    "!=": ("{value}이(가) 아니고", "{value}이(가) 아니어야", "{value}"),
    "in": ("{value} 중 하나이고", "{value} 중 하나여야", "{value}"),
    "has": ("{value}이(가) 있고", "{value}이(가) 있어야", "{value}"),
}
_DATES = {
    ">=": ("{value} 또는 그 이후이고", "{value} 또는 그 이후여야", "{value} or later"),
    ">": ("{value}보다 늦고", "{value}보다 늦어야", "later than {value}"),
    "<=": ("{value} 또는 그 이전이고", "{value} 또는 그 이전이어야", "{value} or earlier"),
    "<": ("{value}보다 빠르고", "{value}보다 빨라야", "earlier than {value}"),
}
_VERBS = {"has": "include", "!=": "not be"}


def word_of(blueprint: Blueprint, id_: str) -> Text:
    """What people read instead of an id: the blueprint's own word, else the language's, else the id."""
    if id_ in (blueprint.words or {}):
        return blueprint.word(id_)
    return FACTS.get(id_) or blueprint.word(id_)


def fact_text(blueprint: Blueprint, name: str) -> Text:
    """A fact's name (``fact`` or ``stage.fact``) as people read it."""
    stage, _, fact = name.rpartition(".")
    word = word_of(blueprint, fact)
    if not stage:
        return word
    there = word_of(blueprint, stage)
    return Text(ko=f"{there.ko} – {word.ko}", en=f"{there.en} – {word.en}")


def asked(blueprint: Blueprint, rules: list[Rule]) -> Text:
    """What rules on one fact ask of it: “나이: 19세 이상이고 29세 이하여야 합니다.”"""
    fact, (ko, en) = head(fact_text(blueprint, rules[0].name)), _conditions(blueprint, rules)
    return Text(ko=f"{fact.ko}: {ko} 합니다.", en=f"{fact.en} must {en}.")


def broken(blueprint: Blueprint, rules: list[Rule], value: object) -> Text:
    """The rules on one fact that ``value`` does not keep, and the value."""
    fact = head(fact_text(blueprint, rules[0].name))
    ko, en = _conditions(blueprint, [rule for rule in rules if not _held(rule, value)] or rules)
    found = _measured(blueprint, rules[0].fact, value)
    return Text(ko=f"{fact.ko}: {ko} 하는데 {found.ko}입니다.", en=f"{fact.en} must {en}, but is {found.en}.")


def value_text(blueprint: Blueprint, value: object) -> Text:
    """A value of a fact as people write it."""
    match value:
        case None:
            return Text(ko="없음", en="nothing")
        case bool():
            return FACTS["yes" if value else "no"]
        case list() | tuple():
            return listed([value_text(blueprint, one) for one in value])
        case float():
            return same(f"{value:.6g}" if abs(value) < 1e6 else f"{value:,.0f}")
    text = str(value)
    number = columns.number_in(text)
    written = _grouped(number) if isinstance(number, int) else text
    return same(written) if text[:1].isdigit() or number is not None else word_of(blueprint, text)


def listed(texts: Iterable[Text], *, last: str = ", ") -> Text:
    """Several between commas; in English ``last`` stands before the last one."""
    known = list(texts)
    en = [text.en for text in known]
    return Text(ko=", ".join(t.ko for t in known), en=last.join(filter(None, [", ".join(en[:-1]), *en[-1:]])))


def same(text: str) -> Text:
    return Text(ko=text, en=text)


def head(text: Text) -> Text:
    """As the first word of a sentence."""
    return Text(ko=text.ko, en=text.en[:1].upper() + text.en[1:])


def _conditions(blueprint: Blueprint, rules: list[Rule]) -> tuple[str, str]:
    """All of them, in Korean up to the last verb (``… 이상이어야``), in English what comes after "must"."""
    phrases = [_condition(blueprint, rule) for rule in rules]
    ko = " ".join([*(goes_on for goes_on, _, _ in phrases[:-1]), phrases[-1][1]])
    verb = _VERBS.get(rules[0].op, "be")
    others = (f"{_VERBS.get(rule.op, 'be')} {phrase}" for rule, (_, _, phrase) in zip(rules, phrases, strict=True))
    return ko, f"{verb} {' and '.join(other.removeprefix(f'{verb} ') for other in others)}"


def _condition(blueprint: Blueprint, rule: Rule) -> tuple[str, str, str]:
    written = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    value = listed([_quoted(_measured(blueprint, rule.fact, text)) for text in written], last=" or ")
    if _is_date(written[0]) and rule.op in _DATES:
        phrase = _DATES[rule.op]
    else:
        phrase = _CONDITIONS["=" if rule.op == ">=" and value.en == "100%" else rule.op]
    goes_on, ends = (fill(ko, {"value": value.ko}) for ko in phrase[:2])
    return goes_on, ends, phrase[2].format(value=value.en)


def _is_date(text: str) -> bool:
    return re.match(r"\d{4}-", text) is not None


def _measured(blueprint: Blueprint, fact: str, value: object) -> Text:
    """A value of the language's own facts with its unit; parts of a whole in per cent."""
    if isinstance(value, list | tuple):
        return listed([_measured(blueprint, fact, one) for one in value])
    text = value_text(blueprint, value)
    number = columns.number_in(str(value))
    if number is None or _asks(blueprint, fact):
        return text
    if fact in _PER_CENT:
        return same(f"{number * 100:g}%")
    return Text(ko=f"{text.ko}{_UNITS.get(fact, '')}", en=text.en)


def _asks(blueprint: Blueprint, fact: str) -> bool:
    """Whether a form asks for a fact of that name: then only its author knows the unit."""
    forms = (stage.do for stage in blueprint.stages if isinstance(stage.do, FormDo))
    return any(question.name == fact for do in forms for question in do.ask)


def _quoted(text: Text) -> Text:
    """Words in quotes, so that they do not run into the sentence; numbers and dates as they are."""
    if text.en[:1].isdigit() or text.en[:1] == "-":
        return text
    return Text(ko=f"‘{text.ko}’", en=f"“{text.en}”")


def _held(rule: Rule, value: object) -> bool:
    fact = pl.DataFrame({"fact": [value]})
    return bool(fact.select(columns.holds(rule, "fact", fact.schema["fact"])).item())


def _grouped(number: int) -> str:
    """Thousands apart, from five digits on: a year stays as people write it."""
    return f"{number:,}" if abs(number) >= 10_000 else str(number)
