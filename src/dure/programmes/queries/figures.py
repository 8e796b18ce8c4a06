"""The numbers that expressions ask a live programme for (appendix H, left column)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db.models import QuerySet

from dure.blueprint import columns
from dure.blueprint.bands import band_names, band_of, written
from dure.blueprint.facts import Sort, evidence_of
from dure.blueprint.gives import line_shares
from dure.blueprint.model import ENTRANTS, PASSED, LearnDo, MoneyGive, Stage
from dure.blueprint.rules import parse_rule
from dure.programmes.frozen import blueprint_of, options_at
from dure.programmes.models import Given, GivenState, Programme, Provided, Turn, TurnState
from dure.programmes.queries.frames import frame_of
from dure.programmes.queries.standing import Standing, Traveller, standing, travellers_by_turn

Number = int | Fraction | None
LEFT = frozenset({TurnState.OUT, TurnState.WITHDRAWN})


class _Seen(NamedTuple):
    """One turn that was ever opened: as the gate sees it, and what else is counted."""

    row: Standing
    opened_at: datetime
    late: bool


@dataclass(frozen=True)
class _Taken:
    """The turns of one stage, with their members."""

    stage: Stage
    turns: Sequence[_Seen]
    members: Mapping[UUID, Sequence[Traveller]]


class LiveFigures:
    """What each function counts in a programme as it stands; with ``group`` (members' ids) only for those."""

    def __init__(self, programme: Programme, group: frozenset[int] | None = None) -> None:
        self.programme = programme
        self.blueprint = blueprint_of(programme)
        self.group = group
        self._taken: dict[str, _Taken] = {}

    def call(self, function: str, arguments: tuple[str, ...]) -> Number:
        if function in _COUNTED and self.group is None:
            return self._opened(arguments[0]).filter(**_COUNTED[function]).count()
        if function in _BY_STAGE:
            return _BY_STAGE[function](self, self._at(arguments[0]), *arguments[1:])
        if function in _BY_NAME:
            counts = _BY_NAME[function](self)
            return sum(counts.values()) if arguments[0] == "any" else counts.get(arguments[0], 0)
        if function == "lines":
            return self._lines(arguments[0])
        return 0  # uses, holders: no room records them yet

    def parties(self) -> int:
        return self.programme.parties.count()

    def groups(self, stage: str, field: str, bands: tuple[int | float, ...]) -> list[str]:
        values = {value for _, falls in self._values(stage, field, bands) for value in falls}
        return [band for band in band_names(bands) if band in values] if bands else sorted(values)

    def within(self, stage: str, field: str, value: str, bands: tuple[int | float, ...]) -> Self:
        taken = self._at(stage)
        found = {
            member.pk
            for turn, falls in self._values(stage, field, bands)
            if value in falls
            for member in taken.members[turn.pk]
        }
        return type(self)(self.programme, frozenset(found if self.group is None else found & self.group))

    # --- turns

    def _at(self, stage_id: str) -> _Taken:
        if stage_id not in self._taken:
            stage = self.blueprint.stage(stage_id)
            rows = self._opened(stage_id)
            more = {pk: (at, late) for pk, at, late in rows.values_list("pk", "opened_at", "late") if at}
            found = sorted(standing(rows), key=lambda row: (row.number, row.pk))
            members = travellers_by_turn(row.pk for row in found)
            turns = [_Seen(row, *more[row.pk]) for row in found if self._is_mine(members[row.pk])]
            self._taken[stage_id] = _Taken(stage, turns, members)
        return self._taken[stage_id]

    def _opened(self, stage: str) -> "QuerySet[Turn]":
        return Turn.objects.filter(programme=self.programme, stage=stage, opened_at__isnull=False)

    def _is_mine(self, members: Sequence[Traveller]) -> bool:
        return self.group is None or any(m.pk in self.group for m in members)

    def _mine(self, taken: _Taken, turn: UUID) -> list[Traveller]:
        return [m for m in taken.members[turn] if self.group is None or m.pk in self.group]

    def entered(self, taken: _Taken) -> int:
        return len(taken.turns)

    def passed(self, taken: _Taken) -> int:
        return sum(turn.row.state == TurnState.PASSED for turn in taken.turns)

    def out(self, taken: _Taken) -> int:
        """All that are out now, those whom nobody opened among them."""
        return sum(turn.row.state == TurnState.OUT for turn in taken.turns) + self._left_behind(taken.stage.id)

    def _left_behind(self, stage: str) -> int:
        rows = Turn.objects.filter(programme=self.programme, stage=stage, state=TurnState.OUT, opened_at__isnull=True)
        return sum(self._is_mine(members) for members in travellers_by_turn(rows.values_list("pk", flat=True)).values())

    def people(self, taken: _Taken) -> int:
        return len({m.person_id for turn in taken.turns for m in self._mine(taken, turn.row.pk) if m.person_id})

    def late(self, taken: _Taken) -> int:
        return sum(turn.late or bool((turn.row.values or {}).get("late")) for turn in taken.turns)

    def days(self, taken: _Taken) -> Number:
        """Mean days from the opening of a case's first turn to the opening of its turn here."""
        lengths = [
            turn.opened_at - self._first_openings[turn.row.case_id]
            for turn in taken.turns
            if turn.row.case_id in self._first_openings
        ]
        seconds = sum((Fraction(length.total_seconds()) for length in lengths), Fraction(0))
        return seconds / 86_400 / len(lengths) if lengths else None

    @cached_property
    def _first_openings(self) -> dict[UUID, datetime]:
        rows = Turn.objects.filter(programme=self.programme, opened_at__isnull=False)
        return {case: at for case, at in rows.order_by("-opened_at").values_list("case_id", "opened_at") if at}

    def _standing(self, taken: _Taken) -> list[Standing]:
        """The turns neither out nor withdrawn."""
        return [turn.row for turn in taken.turns if turn.row.state not in LEFT]

    def share(self, taken: _Taken, text: str) -> Number:
        rule = parse_rule(text)
        turns = self._standing(taken)
        if rule is None or not turns:
            return None
        rows = frame_of(self.programme, taken.stage, turns, names=[rule.name]).rows
        kind = rows.schema[rule.name]
        meets = ~columns.missing(rule.name, kind) & columns.holds(rule, rule.name, kind)
        return Fraction(int(rows.select(meets.fill_null(value=False)).to_series().sum()), len(turns))

    def sum(self, taken: _Taken, name: str = "hours") -> Fraction:
        return sum(self._numbers(taken, name), Fraction(0))

    def mean(self, taken: _Taken, name: str) -> Number:
        numbers = self._numbers(taken, name)
        return sum(numbers, Fraction(0)) / len(numbers) if numbers else None

    def _numbers(self, taken: _Taken, name: str) -> list[Fraction]:
        rows = frame_of(self.programme, taken.stage, self._standing(taken), names=[name]).rows
        values = rows.select(columns.number(name, rows.schema[name])).to_series().drop_nulls()
        return [Fraction(Decimal(repr(value))) for value in values.to_list()]

    def _values(self, stage_id: str, field: str, bands: tuple[int | float, ...]) -> list[tuple[Standing, list[str]]]:
        """What each turn neither out nor withdrawn falls under: several values where the field holds words."""
        taken = self._at(stage_id)
        turns = self._standing(taken)
        rows = frame_of(self.programme, taken.stage, turns, names=[] if field == "option" else [field]).rows
        values: list[Any] = rows["options"].to_list() if field == "option" else rows[field].to_list()
        known = evidence_of(self.blueprint, taken.stage).get(field)
        words = known is not None and known.sort is Sort.WORDS
        return [(turn, _falls(value, bands, words=words)) for turn, value in zip(turns, values, strict=True)]

    # --- what is offered

    def items(self, taken: _Taken) -> int:
        return len(taken.stage.do.items) if isinstance(taken.stage.do, LearnDo) else 0

    def item_hours(self, taken: _Taken) -> Fraction:
        items = taken.stage.do.items if isinstance(taken.stage.do, LearnDo) else ()
        return sum((Fraction(str(item.hours or 0)) for item in items), Fraction(0))

    def options(self, taken: _Taken) -> int:
        return len(options_at(self.programme, taken.stage.id))

    def per_option(self, taken: _Taken) -> int:
        """The most that passed in one option."""
        won = [turn.row for turn in taken.turns if turn.row.state == TurnState.PASSED]
        chosen = frame_of(self.programme, taken.stage, won, names=[]).rows["options"].to_list()
        return max(Counter(option for options in chosen for option in options).values(), default=0)

    def _lines(self, name: str) -> Fraction:
        gives = (give for stage in self.blueprint.stages for give in stage.gives if isinstance(give, MoneyGive))
        return sum((line_shares(give) for give in gives if name in {give.type, "any"}), Fraction(0))

    # --- what was given

    def _given(self, kind: str) -> list[Given]:
        rows = Given.objects.filter(programme=self.programme, kind=kind).exclude(state=GivenState.REVOKED)
        found = list(rows.select_related("turn"))
        return found if self.group is None else [given for given in found if self._touches(given)]

    def _touches(self, given: Given) -> bool:
        """Whether a give is the group's: its person's, or its turn's where it goes to no member."""
        if given.turn is None or self.group is None:
            return False
        mine = self._mine(self._at(given.stage), given.turn.pk) if self._known(given) else []
        to = self.blueprint.stage(given.stage).gives[given.index].to
        if given.person_id and to in {PASSED, ENTRANTS}:
            return any((m.person_id or m.entered_by_id) == given.person_id for m in mine)
        return bool(mine)

    def _known(self, given: Given) -> bool:
        return given.turn_id in self._at(given.stage).members

    def _counts(self, kind: str) -> dict[str, int]:
        return dict(Counter(given.name for given in self._given(kind)))

    def credentials(self) -> dict[str, int]:
        return self._counts("credential")

    def privileges(self) -> dict[str, int]:
        return self._counts("privilege")

    def published(self) -> dict[str, int]:
        return self._counts("publish")

    def spawned(self) -> dict[str, int]:
        return self._counts("spawn")

    def roles(self) -> dict[str, int]:
        return self._counts("role")

    def money(self) -> dict[str, int]:
        """All payments committed, by type; in a group those persons' shares."""
        sums: Counter[str] = Counter()
        for given in self._given("money"):
            sums[given.name] += (given.amount or 0) if self.group is None else self._shared(given)
        return dict(sums)

    def _shared(self, given: Given) -> int:
        to = self.blueprint.stage(given.stage).gives[given.index].to
        if to not in {PASSED, ENTRANTS} or not self.blueprint.subject.has_persons or given.turn is None:
            return given.amount or 0
        mine = {str(m.person_id) for m in self._mine(self._at(given.stage), given.turn.pk)}
        parts: list[int] = [share["amount"] for share in given.details["shares"] if share.get("person") in mine]
        return sum(parts) * int(given.details["instalments"])

    def provided(self) -> dict[str, Fraction]:
        """Amounts put at disposal, by type; in a group only what is per unit or entry."""
        sums: dict[str, Fraction] = {}
        for row in Provided.objects.filter(programme=self.programme, amount__isnull=False).select_related("turn"):
            sums[row.type] = sums.get(row.type, Fraction(0)) + self._portion(row)
        return sums

    def _portion(self, row: Provided) -> Fraction:
        whole = Fraction(row.amount or 0)
        if self.group is None:
            return whole
        if row.turn is None:
            return Fraction(0)
        taken = self._at(row.stage)
        members = taken.members.get(row.turn.pk, ())
        if self.blueprint.stage(row.stage).provides[row.index].per == "entry":
            cases = {m.case_id for m in members}
            return whole * len(cases & self._cases(taken)) / len(cases) if cases else Fraction(0)
        return whole if self._is_mine(members) else Fraction(0)

    def _cases(self, taken: _Taken) -> set[UUID]:
        """The cases of whoever took a turn here: a case is provided for with the first of its turns, for all."""
        return {m.case_id for turn in taken.turns for m in self._mine(taken, turn.row.pk)}


class RehearsedFigures(LiveFigures):
    """The same, where a rehearsal has no clock and nobody who uses or shows anything (appendix H, right column)."""

    def call(self, function: str, arguments: tuple[str, ...]) -> Number:
        if function == "days":
            return None
        return 0 if function in {"late", "uses", "holders"} else super().call(function, arguments)

    def _left_behind(self, stage: str) -> int:
        return 0  # who is left behind is nowhere in a rehearsal


def _falls(value: Any, bands: tuple[int | float, ...], *, words: bool) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [str(v) for v in value]
    if bands:
        return [band_of(float(value), bands)]
    if words:
        return list(dict.fromkeys(str(value).replace(",", " ").split()))
    return [written(value) if isinstance(value, int | float) else str(value)]


_COUNTED: Mapping[str, Mapping[str, str]] = {"in": {}, "pass": {"state": TurnState.PASSED}}  # where nobody is left out
_BY_STAGE: Mapping[str, Callable[..., Number]] = {
    "in": LiveFigures.entered,
    "pass": LiveFigures.passed,
    "out": LiveFigures.out,
    "people": LiveFigures.people,
    "late": LiveFigures.late,
    "days": LiveFigures.days,
    "share": LiveFigures.share,
    "sum": LiveFigures.sum,
    "mean": LiveFigures.mean,
    "hours": LiveFigures.sum,
    "items": LiveFigures.items,
    "sum_hours": LiveFigures.item_hours,
    "options": LiveFigures.options,
    "per_option": LiveFigures.per_option,
}
_BY_NAME: Mapping[str, Callable[[LiveFigures], Mapping[str, int | Fraction]]] = {
    "money": LiveFigures.money,
    "credential": LiveFigures.credentials,
    "privilege": LiveFigures.privileges,
    "published": LiveFigures.published,
    "spawned": LiveFigures.spawned,
    "provided": LiveFigures.provided,
}

__all__ = ["LiveFigures", "RehearsedFigures"]
