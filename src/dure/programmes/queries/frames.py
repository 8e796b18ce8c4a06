"""Turns as columns for the gate, and where each fact comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import polars as pl

from dure.blueprint.facts import Origin, resolve
from dure.blueprint.gates import facts_used
from dure.blueprint.model import Stage, Subject
from dure.core import clock
from dure.people.queries import known, known_of_organisations
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Programme
from dure.programmes.queries.standing import Standing, Traveller, taken_by, travellers_by_turn

DTYPES: Mapping[str, pl.DataType] = {"number": pl.Float64(), "date": pl.Date()}
Source = dict[str, Any]  # {"value": …, "source": …} as kept with a decision


@dataclass(frozen=True)
class Frame:
    """``rows``: what ``gates.judge`` wants; ``facts``: by turn, each fact used with its value and its source."""

    rows: pl.DataFrame
    facts: Mapping[UUID, Mapping[str, Source]]


def frame_of(
    programme: Programme, stage: Stage, turns: Sequence[Standing], names: Sequence[str] | None = None
) -> Frame:
    """The facts of ``turns`` (kept in their order) that the stage's gate uses, or those in ``names``."""
    used = facts_used(stage) if names is None else names
    reading = _Reading(programme, stage, turns)
    columns = {name: reading.column(name) for name in used}
    options = reading.options()
    rows = pl.DataFrame(
        {"turn": [str(t.pk) for t in turns], "options": options, **{n: c.values for n, c in columns.items()}},
        schema={"turn": pl.String, "options": pl.List(pl.String), **{n: c.dtype for n, c in columns.items()}},
    )
    facts = {
        t.pk: {n: {"value": _plain(c.values[i]), "source": c.sources[i]} for n, c in columns.items()}
        for i, t in enumerate(turns)
    }
    return Frame(rows, facts)


@dataclass(frozen=True)
class _Column:
    values: list[Any]
    dtype: pl.DataType
    sources: list[str]


class _Reading:
    """One pass over the turns of a stage: members, other stages' turns and profiles are each fetched once."""

    def __init__(self, programme: Programme, stage: Stage, turns: Sequence[Standing]) -> None:
        self.programme = programme
        self.blueprint = blueprint_of(programme)
        self.stage = stage
        self.turns = turns
        self._elsewhere: dict[str, dict[int, dict[str, Standing]]] = {}
        self._profiles: dict[str, Mapping[UUID, Any]] = {}

    @cached_property
    def members(self) -> dict[UUID, list[Traveller]]:
        """Fetched only where a fact is not the turn's own."""
        return travellers_by_turn(turn.pk for turn in self.turns)

    @cached_property
    def everyone(self) -> list[Traveller]:
        return [m for turn in self.turns for m in self.members[turn.pk]]

    def column(self, name: str) -> _Column:
        origin = resolve(self.blueprint, self.stage.id, name)
        if origin is None:
            return _Column([None] * len(self.turns), pl.String(), [""] * len(self.turns))
        if origin.field == "option":
            origin = self._choice(origin)
        dtype = DTYPES.get(origin.sort, pl.String())
        if origin.source == "profile":
            return self._profile(origin, dtype)
        if origin.stage == self.stage.id:
            values = [_typed(_own(turn, origin.field), origin) for turn in self.turns]
            return _Column(values, dtype, [self.stage.id] * len(values))
        return self._from_elsewhere(origin, dtype)

    def _choice(self, origin: Origin) -> Origin:
        """An option is asked of the stage that offered those in force there (decision 0002, Choice of a team)."""
        offered = self.blueprint.options_stage(origin.stage or self.stage.id)
        return replace(origin, stage=offered.id) if offered else origin

    def options(self) -> list[list[str]]:
        """The options each turn stands under: its own, else those of its member's latest stage with any."""
        source = self.blueprint.options_stage(self.stage.id)
        if source is None or not options_at(self.programme, self.stage.id):
            return [[] for _ in self.turns]
        if source.id == self.stage.id:
            return [list(turn.options) for turn in self.turns]
        other = self._at(source.id)
        return [
            list(taken.options) if (taken := other[self.members[t.pk][0].pk].get(source.id)) else [] for t in self.turns
        ]

    def _at(self, stage_id: str) -> dict[int, dict[str, Standing]]:
        if stage_id not in self._elsewhere:
            self._elsewhere[stage_id] = taken_by((m.pk for m in self.everyone), [stage_id])
        return self._elsewhere[stage_id]

    def _from_elsewhere(self, origin: Origin, dtype: pl.DataType) -> _Column:
        """One value where the same unit took that stage; else one a member, in a list."""
        stage_id = origin.stage or ""
        other = self._at(stage_id)
        rows = [[other[m.pk].get(stage_id) for m in self.members[t.pk]] for t in self.turns]
        lists = [[_typed(_own(taken, origin.field), origin) for taken in _distinct(row)] for row in rows]
        return _listed(lists, dtype, [stage_id] * len(rows))

    def _profile(self, origin: Origin, dtype: pl.DataType) -> _Column:
        found = self._profile_of(origin.field)
        rows = [[found.get(self._who(m) or t.pk) for m in self.members[t.pk]] for t in self.turns]
        lists = [[_typed(k.value if k else None, origin) for k in row] for row in rows]
        return _listed(lists, dtype, [str(row[0].source) if row and row[0] else "" for row in rows])

    def _profile_of(self, field: str) -> Mapping[UUID, Any]:
        if field not in self._profiles:
            ids = [who for who in {self._who(m) for m in self.everyone} if who]
            day = clock.now().astimezone(ZoneInfo(self.programme.zone)).date()
            if self.blueprint.subject.has_persons or self.blueprint.subject is Subject.ITEM:
                found = known(ids, [field], on=day, scope=self.programme.slug)
            else:
                found = known_of_organisations(ids, [field])
            self._profiles[field] = {who: facts.get(field) for who, facts in found.items()}
        return self._profiles[field]

    def _who(self, member: Traveller) -> UUID | None:
        """Whose profile counts: the person's; an organisation's or consortium's lead; an item's proposer."""
        if member.person_id:
            return member.person_id
        return member.entered_by_id if self.blueprint.subject is Subject.ITEM else member.organisation_id


def _distinct(row: list[Standing | None]) -> list[Standing | None]:
    """The one turn that all members share, or each member's own."""
    return row[:1] if row and all(t is not None and t.pk == (row[0] and row[0].pk) for t in row) else row


def _listed(lists: list[list[Any]], dtype: pl.DataType, sources: list[str]) -> _Column:
    if all(len(values) <= 1 for values in lists):
        return _Column([values[0] if values else None for values in lists], dtype, sources)
    return _Column(lists, pl.List(dtype), sources)


def _own(turn: Standing | None, field: str) -> Any:
    if turn is None:
        return None
    if field == "option":
        return ", ".join(turn.options) or None
    if field in {"match", "mark"}:
        return getattr(turn, field)
    return turn.values.get(field) if turn.values else None


def _typed(value: Any, origin: Origin) -> Any:
    """The value as its sort says: numbers as numbers, words joined by commas, all else as text."""
    if value is None or value == "":
        return None
    if origin.sort == "number":
        return float(value)
    if origin.sort == "date":
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value
