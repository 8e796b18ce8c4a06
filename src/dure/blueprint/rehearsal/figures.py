"""The numbers that expressions ask a rehearsal for (appendix H, right column)."""

from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from fractions import Fraction

import numpy as np
import polars as pl

from dure.blueprint import columns
from dure.blueprint.bands import band_names, written
from dure.blueprint.facts import Sort, evidence_of
from dure.blueprint.gives import line_shares
from dure.blueprint.model import Blueprint, LearnDo, MoneyGive
from dure.blueprint.rehearsal.run import Run, StageRun
from dure.blueprint.rehearsal.tally import Tally, offered
from dure.blueprint.rehearsal.units import Mask
from dure.blueprint.rules import parse_rule

Number = int | Fraction | None
_EXACT = Context(prec=60)


class RehearsalFigures:
    """What each function of the language counts, in a rehearsal; with ``group`` only for those travellers."""

    def __init__(self, run: Run, group: Mask | None = None) -> None:
        self.run = run
        self.group = group
        self.tally = Tally(run, group)

    def call(self, function: str, arguments: tuple[str, ...]) -> Number:
        """The function's number for these arguments."""
        if function in _BY_STAGE:
            return _BY_STAGE[function](self, self.run.stages[arguments[0]], *arguments[1:])
        if function in _BY_NAME:
            return _named(_BY_NAME[function](self.tally), arguments[0])
        if function == "lines":
            return self._lines(arguments[0])
        return 0  # uses, holders: nobody uses or shows anything in a rehearsal

    def parties(self) -> int:
        """Organisations: as many as a programme binds, else ``count``, else ``min``, else one for each party."""
        bound = {name: value for name, value in self.run.bind.items() if isinstance(value, tuple)}
        parties = self.run.blueprint.parties.items()
        return sum(len(bound[name]) if name in bound else party.count or party.min or 1 for name, party in parties)

    def groups(self, stage: str, field: str, bands: tuple[int | float, ...]) -> list[str]:
        """The values of the field among the turns that are not out; bands in their order."""
        values = set(self._values(stage, field, bands)["value"].drop_nulls())
        if bands:
            return [band for band in band_names(bands) if band in values]
        return sorted(values)

    def within(self, stage: str, field: str, value: str, bands: tuple[int | float, ...]) -> "RehearsalFigures":
        """The same figures for those whose turn at ``stage`` has that value."""
        here = self.run.stages[stage]
        turns = self._values(stage, field, bands).filter(pl.col("value") == value)["turn"]
        chosen = np.zeros(len(here.firsts), dtype=bool)
        chosen[turns.to_numpy()] = True
        group = np.zeros(self.run.cohort.travellers, dtype=bool)
        group[here.units.members[chosen[here.units.unit_of_member]]] = True
        return RehearsalFigures(self.run, group if self.group is None else group & self.group)

    # --- turns ------------------------------------------------------------------------------------------------

    def entered(self, here: StageRun) -> int:
        return int(self.tally.touched(here).sum())

    def passed(self, here: StageRun) -> int:
        return int((self.tally.touched(here) & here.passed).sum())

    def out(self, here: StageRun) -> int:
        return int((self.tally.touched(here) & ~here.passed).sum())

    def people(self, here: StageRun) -> int:
        if not self.run.blueprint.subject.has_persons:
            return 0
        members = here.units.members
        return len(members) if self.group is None else int(self.group[members].sum())

    def nothing(self, here: StageRun) -> int:
        return 0

    def unknown(self, here: StageRun) -> None:
        return None

    def share(self, here: StageRun, text: str) -> Number:
        rule = parse_rule(text)
        left = self._left(here)
        if rule is None or not left.any():
            return None
        fact = self.run.fact(here, rule.name).alias(rule.name)
        kind = fact.dtype
        meets = ~columns.missing(rule.name, kind) & columns.holds(rule, rule.name, kind)
        held = fact.to_frame().select(meets.fill_null(value=False)).to_series().to_numpy()
        return Fraction(int((held & left).sum()), int(left.sum()))

    def sum(self, here: StageRun, name: str = "hours") -> Fraction:
        return _exact_sum(self._numbers(here, name))

    def mean(self, here: StageRun, name: str) -> Number:
        numbers = self._numbers(here, name)
        return _exact_sum(numbers) / len(numbers) if len(numbers) else None

    def _numbers(self, here: StageRun, name: str) -> pl.Series:
        frame = here.evidence(name).alias(name).to_frame()
        values = frame.select(columns.number(name, frame.schema[name])).to_series()
        return values.filter(pl.Series(self._left(here), dtype=pl.Boolean)).drop_nulls()

    def _left(self, here: StageRun) -> Mask:
        """The turns neither out nor withdrawn."""
        return self.tally.touched(here) & here.passed

    def _values(self, stage: str, field: str, bands: tuple[int | float, ...]) -> pl.DataFrame:
        """``turn, value``: what each turn that is not out falls under; a turn falls under each word of words."""
        here = self.run.stages[stage]
        values = here.evidence(field)
        if bands:
            band = pl.Series(np.searchsorted(bands, values.fill_null(0).to_numpy(), side="right"))
            values = pl.Series(band_names(bands)).gather(band.set(values.is_null(), None))
        elif values.dtype.is_numeric():
            values = values.map_elements(written, return_dtype=pl.String)
        frame = pl.DataFrame({"turn": np.arange(len(values)), "value": values.cast(pl.String)})
        frame = frame.filter(pl.Series(self._left(here), dtype=pl.Boolean))
        if _is_words(self.run.blueprint, here, field):
            words = pl.col("value").str.replace_all(r"[,\s]+", " ").str.strip_chars().str.split(" ")
            frame = frame.with_columns(words).explode("value").unique()
        return frame

    # --- what is offered --------------------------------------------------------------------------------------

    def items(self, here: StageRun) -> int:
        return len(here.stage.do.items) if isinstance(here.stage.do, LearnDo) else 0

    def item_hours(self, here: StageRun) -> Fraction:
        items = here.stage.do.items if isinstance(here.stage.do, LearnDo) else ()
        return sum((Fraction(str(item.hours or 0)) for item in items), Fraction(0))

    def options(self, here: StageRun) -> int:
        return len(offered(self.run.blueprint, here.stage))

    def per_option(self, here: StageRun) -> int:
        """The most that passed in one option."""
        if here.options is None:
            return 0
        chosen = here.options.filter(pl.Series(self._left(here), dtype=pl.Boolean)).explode().drop_nulls()
        return max(chosen.value_counts()["count"].to_list(), default=0)

    def _lines(self, name: str) -> Fraction:
        gives = (give for stage in self.run.blueprint.stages for give in stage.gives if isinstance(give, MoneyGive))
        return sum((line_shares(give) for give in gives if name in {give.type, "any"}), Fraction(0))


_BY_STAGE: Mapping[str, Callable[..., Number]] = {
    "in": RehearsalFigures.entered,
    "pass": RehearsalFigures.passed,
    "out": RehearsalFigures.out,
    "people": RehearsalFigures.people,
    "late": RehearsalFigures.nothing,
    "days": RehearsalFigures.unknown,
    "share": RehearsalFigures.share,
    "sum": RehearsalFigures.sum,
    "mean": RehearsalFigures.mean,
    "hours": RehearsalFigures.sum,
    "items": RehearsalFigures.items,
    "sum_hours": RehearsalFigures.item_hours,
    "options": RehearsalFigures.options,
    "per_option": RehearsalFigures.per_option,
}
_BY_NAME: Mapping[str, Callable[[Tally], Mapping[str, int | Fraction]]] = {
    "money": Tally.money,
    "credential": Tally.credentials,
    "privilege": Tally.privileges,
    "published": Tally.published,
    "spawned": Tally.spawned,
    "provided": Tally.provided,
}


def _named(numbers: Mapping[str, int | Fraction], name: str) -> int | Fraction:
    return sum(numbers.values()) if name == "any" else numbers.get(name, 0)


def _exact_sum(numbers: pl.Series) -> Fraction:
    """The sum of the decimals as written, not of their binary images."""
    total = Decimal(0)
    for value, count in numbers.alias("value").value_counts().iter_rows():
        total = _EXACT.add(total, _EXACT.multiply(Decimal(repr(value)), Decimal(count)))
    return Fraction(total)


def _is_words(blueprint: Blueprint, here: StageRun, field: str) -> bool:
    """Whether the field holds several words: asked so, or several options chosen."""
    known = evidence_of(blueprint, here.stage).get(field)
    there = blueprint.options_stage(here.stage.id)
    several = field == "option" and there is not None and there.choose > 1
    return several or (known is not None and known.sort is Sort.WORDS)
