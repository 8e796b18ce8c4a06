"""The columns of the table of participants: what each is called and what stands in it, alike on page and in file."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext

from dure.blueprint.facts import evidence_of
from dure.blueprint.model import Blueprint
from dure.blueprint.reasons import fact_text
from dure.joints.sheets.cells import Cell
from dure.people.days import today
from dure.people.models import Membership
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Case, Programme
from dure.programmes.queries.cohort import options_stages
from dure.programmes.queries.passages import Glimpse, Leg, legs_of
from dure.site import words
from dure.site.desk.filters import Asked
from dure.site.drawing import drawn
from dure.site.templatetags.dure import shown
from dure.site.words import language
from dure.store.worded import padded, valued

FACT, STAGE = "fact.", "stage."
Few = TypeVar("Few", bound=Hashable)
DONE = frozenset({"handed-in", "late", "mark"})


class Shown(NamedTuple):
    """What stands in a cell; ``tag``: the state whose colour it has."""

    text: Cell
    tag: str = ""

    @property
    def html(self) -> str:
        """As the page shows it: a table has hundreds, and a template's branches cost ten times this."""
        return _tag(self.tag, str(self.text)) if self.tag else shown(self.text)


@lru_cache(256)
def _tag(tag: str, text: str) -> SafeString:
    """States of stages in words are few, and each stands in many lines."""
    return drawn('<span class="tag {}">{}</span>', tag, text)


NOTHING = Shown("")


@dataclass
class Column:
    """``prepare`` is told the rows to come, so that a column that looks further looks once for all of them."""

    name: str
    title: str
    cell: Callable[[Glimpse], Shown]
    prepare: Callable[[Sequence[Glimpse]], None] = field(default=lambda _: None)

    @property
    def asks_evidence(self) -> bool:
        return self.name.startswith(FACT)

    @property
    def asks_done(self) -> bool:
        return self.name in DONE


def glimpses_of(cases: Sequence[Case], columns: Sequence[Column]) -> list[Glimpse]:
    """The cases with what the columns show of them."""
    done, evidence = any(c.asks_done for c in columns), any(c.asks_evidence for c in columns)
    found = legs_of(cases, done=done, evidence=evidence)
    for column in columns:
        column.prepare(found)
    return found


def columns_of(programme: Programme, asked: Asked) -> list[Column]:
    """The columns that were asked for, else those that fit the filter."""
    known = {column.name: column for column in _all(programme, asked)}
    chosen = [known[name] for name in asked.columns if name in known]
    return chosen or [known[name] for name in _usual(asked) if name in known]


def offered(programme: Programme, asked: Asked, columns: Sequence[Column]) -> list[tuple[str, str, bool]]:
    """Every column that there is, with its title and whether it is among those that are shown."""
    shown = {column.name for column in columns}
    return [(column.name, column.title, column.name in shown) for column in _all(programme, asked)]


def _usual(asked: Asked) -> tuple[str, ...]:
    if asked.group.stage:
        return ("here", "option", "handed-in", "late", "mark")
    return ("organisation", "state", "latest", "option")


class _Said(dict[Few, Shown]):
    """What is told of each of few things that stand in many lines: put into words once."""

    def __init__(self, say: Callable[[Few], Shown]) -> None:
        super().__init__()
        self._say = say

    def __missing__(self, few: Few) -> Shown:
        self[few] = told = self._say(few)
        return told


def _case_state() -> Callable[[Glimpse], Shown]:
    said = _Said[str](lambda state: Shown(str(words.CASE_STATES[state]), state))
    return lambda passage: said[passage.case.state]


def _all(programme: Programme, asked: Asked) -> list[Column]:
    blueprint = blueprint_of(programme)
    stage = asked.group.stage
    found = [
        Column("email", gettext("Email"), _email),
        _organisation(),
        Column("state", gettext("State of the case"), _case_state()),
        Column("latest", gettext("Stands at"), _latest(blueprint)),
        Column("entered", gettext("Entered"), lambda p: Shown(f"{localtime(p.case.entered_at):%Y-%m-%d %H:%M}")),
    ]
    if chosen_at := options_stages(programme, stage):
        found.append(Column("option", gettext("Option"), _option(blueprint, chosen_at)))
    if stage:
        found += _at_stage(programme, stage)
    return [*found, *(_stage_column(one.id, words.word(blueprint, one.id)) for one in blueprint.stages)]


def _at_stage(programme: Programme, stage: str) -> list[Column]:
    blueprint = blueprint_of(programme)
    here = [
        Column("here", gettext("State"), _state(stage)),
        Column("handed-in", gettext("Handed in"), _of_turn(stage, _handed_in)),
        Column("late", gettext("Late"), _of_turn(stage, lambda turn: gettext("Late") if turn.late else "")),
        Column("mark", gettext("Mark"), _of_turn(stage, lambda turn: turn.mark)),
    ]
    if not any(name == "panel" for name in _gate_kinds(programme, stage)):
        here.pop()
    facts = evidence_of(blueprint, blueprint.stage(stage))
    return [*here, *(_fact(stage, name, words.say(fact_text(blueprint, name))) for name in facts if name != "mark")]


def _gate_kinds(programme: Programme, stage: str) -> list[str]:
    gate = blueprint_of(programme).stage(stage).gate
    return [type(step).__name__.removesuffix("Step").lower() for step in gate]


def _of_turn(stage: str, value: Callable[[Leg], Cell]) -> Callable[[Glimpse], Shown]:
    def cell(passage: Glimpse) -> Shown:
        turn = passage.turns.get(stage)
        found = value(turn) if turn else None
        return NOTHING if found is None else Shown(found)

    return cell


def _handed_in(turn: Leg) -> str:
    return f"{localtime(turn.handed_in_at):%Y-%m-%d %H:%M}" if turn.handed_in_at else ""


def _fact(stage: str, name: str, title: str) -> Column:
    def value(turn: Leg) -> Cell:
        found: Any = turn.values.get(name) if turn.values else None
        return str(words.YES_NO[found]) if found in ("yes", "no") else found

    return Column(f"{FACT}{name}", title, _of_turn(stage, value))


def _stage_column(stage: str, title: str) -> Column:
    return Column(f"{STAGE}{stage}", title, _state(stage))


def _state(stage: str) -> Callable[[Glimpse], Shown]:
    said = _Said[str](lambda state: Shown(str(words.TURN_STATES[state]), state))

    def cell(passage: Glimpse) -> Shown:
        turn = passage.turns.get(stage)
        return said[turn.state] if turn else NOTHING

    return cell


def _latest(blueprint: Blueprint) -> Callable[[Glimpse], Shown]:
    said = _Said[tuple[str, str]](
        lambda at: Shown(f"{words.word(blueprint, at[0])}: {words.TURN_STATES[at[1]]}", at[1])
    )

    def cell(passage: Glimpse) -> Shown:
        turn = passage.latest
        return said[turn.stage, turn.state] if turn else NOTHING

    return cell


def _option(blueprint: Blueprint, stages: Sequence[str]) -> Callable[[Glimpse], Shown]:
    """What holds at the stage; without one, what was chosen last."""
    said = _Said[tuple[str, ...]](lambda chosen: Shown(words.listed(blueprint, chosen)))

    def cell(passage: Glimpse) -> Shown:
        turns = [passage.turns[name] for name in stages if name in passage.turns]
        return said[tuple(next((turn.options for turn in reversed(turns) if turn.options), ()))]

    return cell


def _email(passage: Glimpse) -> Shown:
    emails = [person.email for person in passage.people] or [passage.case.entered_by.email]
    return Shown(", ".join(emails))


@dataclass(frozen=True)
class _Places:
    """Asks where persons belong on a day, by the organisations' names in a language."""

    language: str

    def __call__(self, day: date, *persons: UUID) -> "QuerySet[Membership, Any]":
        rows = Membership.objects.on(day).filter(person__in=persons)
        return rows.values_list("person", f"organisation__name_{self.language}")


def _organisation() -> Column:
    """The organisation that travels, else where its persons belong today."""
    belongs: dict[UUID, list[str]] = defaultdict(list)

    def prepare(passages: Sequence[Glimpse]) -> None:
        belongs.clear()
        people = [person.pk for passage in passages for person in passage.people]
        for person, name in valued(_Places(language()), today(), *padded(people)):
            if name not in belongs[person]:
                belongs[person].append(name)

    def cell(passage: Glimpse) -> Shown:
        if passage.case.organisation:
            return Shown(passage.case.organisation.title[language()])
        names = dict.fromkeys(name for person in passage.people for name in belongs.get(person.pk, ()))
        return Shown(", ".join(names))

    return Column("organisation", gettext("Organisation"), cell, prepare)
