"""A rehearsal told to a programme manager: tables of words and numbers, for the terminal and for the page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dure.blueprint.flow import Passing, width
from dure.blueprint.model import Blueprint, MoneyGive
from dure.blueprint.reasons import reason_text
from dure.blueprint.rehearsal import Outcome, StageCount
from dure.core.currencies import named
from dure.core.text import Text

Cell = Text | str


@dataclass(frozen=True, slots=True)
class Table:
    """``heads`` over ``rows``; every column but the first holds numbers. No heads: names and numbers alone."""

    title: Text
    heads: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(outcome: Outcome) -> list[Table]:
    """What came out, most asked for first; nothing that is empty."""
    blueprint = outcome.blueprint
    told = [
        _flow(outcome),
        _reasons(outcome),
        _money(outcome),
        *(_named(blueprint, title, getattr(outcome, name)) for name, title in _GIVEN.items()),
        _provided(outcome),
        _work(outcome),
        _measures(outcome),
        _expected(outcome),
    ]
    return [table for table in told if table.rows]


def passing(outcome: Outcome) -> dict[str, Passing]:
    """How many came to each stage and how they left it, for the picture of the flow."""
    return {stage.id: Passing(stage.entered, stage.passed, stage.out) for stage in outcome.stages}


def headline(outcome: Outcome) -> Text:
    size = Text(
        ko="가상의 참가 {cases}건, 시드 {seed}, {seconds}초", en="{cases} made-up cases, seed {seed}, {seconds} s"
    )
    return size.format(cases=f"{outcome.cases:,}", seed=outcome.seed, seconds=outcome.seconds)


def as_text(outcome: Outcome, language: str) -> str:
    """The tables for a terminal, in one language."""
    head = [outcome.blueprint.title[language], headline(outcome)[language]]
    return "\n".join([*head, *(line for table in tables(outcome) for line in _lines(table, language))])


# --- the tables -------------------------------------------------------------------------------------------------

_GIVEN = {
    "credentials": Text(ko="자격", en="Credentials"),
    "privileges": Text(ko="혜택", en="Privileges"),
    "published": Text(ko="공개", en="Published"),
    "spawned": Text(ko="이어지는 프로그램", en="Programmes begun"),
    "roles": Text(ko="새로 맡은 역할", en="Roles taken on"),
}
_COUNT = Text(ko="수", en="Number")


def _flow(outcome: Outcome) -> Table:
    heads = (
        Text(ko="단계", en="Stage"),
        Text(ko="참여", en="In"),
        Text(ko="통과", en="Passed"),
        Text(ko="탈락", en="Out"),
        Text(ko="동점 처리", en="Ties cut"),
    )
    return Table(Text(ko="단계별 흐름", en="Flow"), heads, tuple(_counts(outcome, stage) for stage in outcome.stages))


def _counts(outcome: Outcome, stage: StageCount) -> tuple[Cell, ...]:
    numbers = (stage.entered, stage.passed, stage.out, len(stage.ties))
    return outcome.blueprint.word(stage.id), *(f"{number:,}" for number in numbers)


def _reasons(outcome: Outcome) -> Table:
    rows = [row for stage in outcome.stages for row in _reasons_at(outcome.blueprint, stage)]
    return Table(Text(ko="탈락 사유", en="Why some did not pass"), (_SENTENCE, _COUNT), tuple(rows))


_SENTENCE = Text(ko="단계와 사유", en="Stage and reason")


def _reasons_at(blueprint: Blueprint, stage: StageCount) -> Iterator[tuple[Cell, ...]]:
    where = blueprint.word(stage.id)
    for code, count in stage.reasons.items():
        why = reason_text(blueprint, blueprint.stage(stage.id), code)
        yield Text(ko=f"{where.ko} – {why.ko}", en=f"{where.en} – {why.en}"), f"{count:,}"


def _named(blueprint: Blueprint, title: Text, numbers: Mapping[str, object]) -> Table:
    return Table(title, (), tuple((blueprint.word(name), _number(value)) for name, value in numbers.items()))


def _money(outcome: Outcome) -> Table:
    gives = [give for stage in outcome.blueprint.stages for give in stage.gives if isinstance(give, MoneyGive)]
    currency = {give.type: give.currency for give in gives}
    word = outcome.blueprint.word
    rows = ((word(name), named(amount, currency[name])) for name, amount in outcome.money.items())
    return Table(Text(ko="지급액", en="Money"), (), tuple(rows))


def _provided(outcome: Outcome) -> Table:
    provisions = [provision for stage in outcome.blueprint.stages for provision in stage.provides]
    unit: dict[str, Text] = {
        provision.type: outcome.blueprint.word(provision.unit or "") for provision in provisions if provision.unit
    }
    rows = ((_PROVISIONS[name], _measured(amount, unit.get(name))) for name, amount in outcome.provided.items())
    return Table(Text(ko="제공 자원", en="Put at disposal"), (), tuple(rows))


_PROVISIONS = {
    "compute": Text(ko="컴퓨팅", en="compute"),
    "data": Text(ko="데이터", en="data"),
    "model": Text(ko="모델", en="models"),
    "facility": Text(ko="장비", en="facilities"),
    "space": Text(ko="공간", en="space"),
    "advice": Text(ko="자문", en="advice"),
}


def _measured(amount: object, unit: Text | None) -> Text:
    number = _number(amount)
    return Text(ko=f"{number} {unit.ko}", en=f"{number} {unit.en}") if unit else Text(ko=number, en=number)


def _work(outcome: Outcome) -> Table:
    """Marks, decisions, proofs and seats: how much the programme asks of each role."""
    asked: dict[str, int] = {}
    for stage in outcome.stages:
        for who, times in stage.work.items():
            asked[who] = asked.get(who, 0) + times
    rows = tuple((_who(outcome.blueprint, who), f"{times:,}") for who, times in asked.items())
    return Table(
        Text(ko="역할별 일(채점·결정·확인·배정)", en="Work by role (marks, decisions, proofs, seats)"), (), rows
    )


def _who(blueprint: Blueprint, roles: str) -> Text:
    words = [blueprint.word(role) for role in roles.split(" / ")]
    return Text(ko=" / ".join(word.ko for word in words), en=" / ".join(word.en for word in words))


def _measures(outcome: Outcome) -> Table:
    titles = {measure.id: measure.title for measure in outcome.blueprint.measures}
    rows = ((_titled(titles, name), _number(value)) for name, value in outcome.measures.items())
    return Table(Text(ko="지표", en="Measures"), (), tuple(rows))


def _titled(titles: Mapping[str, str], name: str) -> str:
    measure, bracket, value = name.partition("[")
    return f"{titles[measure]} {bracket}{value}".strip()


def _expected(outcome: Outcome) -> Table:
    heads = (
        Text(ko="기대", en="Expected"),
        Text(ko="왼쪽", en="Left"),
        Text(ko="오른쪽", en="Right"),
        Text(ko="결과", en="Holds"),
    )
    holds = {True: Text(ko="맞음", en="yes"), False: Text(ko="어긋남", en="NO")}
    rows = ((c.text, _number(c.left), _number(c.right), holds[c.holds]) for c in outcome.expect)
    return Table(Text(ko="기대 조건", en="Expectations"), heads, tuple(rows))


def _number(value: object) -> str:
    return "–" if value is None else f"{value:,}" if isinstance(value, int | float) else str(value)


# --- for a terminal ---------------------------------------------------------------------------------------------


def _lines(table: Table, language: str) -> Iterable[str]:
    rows = [tuple(head[language] for head in table.heads)] if table.heads else []
    rows += [tuple(cell[language] if isinstance(cell, Text) else cell for cell in row) for row in table.rows]
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    yield ""
    yield table.title[language]
    for row in rows:
        first, *numbers = (" " * (room - width(cell)) for cell, room in zip(row, widths, strict=True))
        yield "  ".join([f"  {row[0]}{first}", *(gap + cell for gap, cell in zip(numbers, row[1:], strict=True))])
