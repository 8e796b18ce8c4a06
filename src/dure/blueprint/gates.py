"""Judging: a gate compiled to columns. The same code judges a rehearsal of a million turns and a live turn alone.

A frame of turns goes in, one row a turn in standing order (hand-in, then case id):

* ``turn``: any id · ``options``: list of texts, or null;
* a column for each of ``facts_used``, named as the gate writes it (``score``, ``phase2.score``): numbers, texts,
  dates; a List column holds a team's members one by one (a rule must hold for all of them, a rank takes their mean;
  an empty list or a null inside is a missing fact);
* a column for each of ``inputs_used``, what people have said: ``step.k.mark`` 0-100 (null: reviews are missing),
  ``step.k.says`` (null: nobody has decided), ``step.k.proof`` (null: not verified yet).

A verdict comes out for each row: ``passed``, ``out`` with the reason's code (appendix E), or ``pending``: what it
waits for is not in. A pending row of a turn-by-turn step waits alone. A ``rank`` or ``take`` compares, so while one of
those it compares is pending, all of them are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import polars as pl

from dure.blueprint import columns
from dure.blueprint.model import DecideStep, ExternalStep, PanelStep, RankStep, RuleStep, Stage, Step

PASSED, OUT, PENDING = "passed", "out", "pending"

Ask = Callable[[int, pl.Series], pl.Series]
"""Gives an input step by step instead of by column: (step, numbers of the rows that reached it, in order) -> values."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Turns that were equal at a cut; the standing order decided between them."""

    step: int
    option: str | None
    value: float
    turns: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """``rows``, in the order given: turn, verdict, reason, step (the one that decided), place and place_in_option (1
    is first, in the order that the gate left; passed turns only), mark (of the last panel that sat)."""

    rows: pl.DataFrame
    ties: tuple[Tie, ...]
    judged: tuple[int, ...]  # by step: how many turns reached it


def judge(stage: Stage, turns: pl.DataFrame, *, steps: range | None = None, ask: Ask | None = None) -> Judgement:
    """Judge ``turns`` by the stage's gate, or by some first ``steps`` of it (``early_steps`` judge at hand-in)."""
    court = _Court(stage, turns, ask)
    for k in range(len(stage.gate)) if steps is None else steps:
        court.hear(k, stage.gate[k])
    return court.judgement()


def early_steps(stage: Stage) -> range:
    """The steps before the first that compares: they judge at hand-in, whatever the others wait for."""
    compares = (k for k, step in enumerate(stage.gate) if _compares(step))
    return range(next(compares, len(stage.gate)))


def facts_used(stage: Stage) -> list[str]:
    """The facts that the gate asks for, as written, each once; a mark that its own panel gives is none of them."""
    names: dict[str, None] = {}
    own_mark: set[str] = set()
    for step in stage.gate:
        names |= dict.fromkeys(name for name in _names(step) if name not in own_mark)
        if isinstance(step, PanelStep):
            own_mark = {"mark", f"{stage.id}.mark"}
    return list(names)


def inputs_used(stage: Stage) -> list[str]:
    """The columns that people fill: marks, decisions, proofs."""
    return [name for k, step in enumerate(stage.gate) if (name := input_of(k, step))]


def input_of(k: int, step: Step) -> str | None:
    """The column that step ``k`` reads; rules and ranks need nobody."""
    match step:
        case PanelStep():
            return f"step.{k}.mark"
        case DecideStep():
            return f"step.{k}.says"
        case ExternalStep():
            return f"step.{k}.proof"
    return None


def _names(step: Step) -> Iterable[str]:
    match step:
        case RuleStep(rules=rules):
            return [rule.name for rule in rules]
        case RankStep(by=by):
            return [by]
    return []


def _compares(step: Step) -> bool:
    return getattr(step, "take", None) is not None


# --- the court: rows stand in order, each step sends some of them home ------------------------------------------


@dataclass
class _Court:
    """``standing``: the numbers of the rows still in, in order, with their marks; facts are fetched when asked for."""

    stage: Stage
    turns: pl.DataFrame
    ask: Ask | None
    standing: pl.DataFrame = field(init=False)
    gone: list[pl.DataFrame] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    reached: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        rows = pl.int_range(self.turns.height, dtype=pl.UInt32, eager=True)
        self.standing = pl.DataFrame({"row": rows}).with_columns(pl.lit(None, pl.Float64).alias("mark"))

    def hear(self, k: int, step: Step) -> None:
        """Let step ``k`` judge who stands there; those its ``for`` leaves out go on behind."""
        judged, others = self._split(step)
        self.reached.append(judged.height)
        heard = self._heard(k, step, judged)
        if _compares(step) and (self._awaited(step) or (heard["reason"] == PENDING).any()):
            heard = heard.with_columns(pl.lit(PENDING).alias("reason"))
        elif isinstance(step, RankStep | PanelStep):
            self.ties += _ties(k, heard, self.turns["turn"])
        out = pl.col("reason").is_not_null()
        self.gone.append(heard.filter(out).select("row", "mark", "reason", pl.lit(k).cast(pl.Int32).alias("step")))
        went_on = heard.filter(~out).select("row", "mark")
        self.standing = pl.concat([went_on, others]) if others.height else went_on

    def _split(self, step: Step) -> tuple[pl.DataFrame, pl.DataFrame]:
        if not step.options:
            return self.standing, self.standing.clear()
        chosen = self._chose(step, self.standing)
        return self.standing.filter(chosen), self.standing.filter(~chosen)

    def _chose(self, step: Step, rows: pl.DataFrame) -> pl.Series:
        """Whether each of ``rows`` has one of the step's options."""
        options = pl.col("options").cast(pl.List(pl.String)).list.set_intersection(list(step.options))
        return self._fetch(rows, "options").select((options.list.len() > 0).fill_null(value=False)).to_series()

    def _fetch(self, rows: pl.DataFrame, name: str) -> pl.DataFrame:
        """The turns' column of that name for ``rows``, in their order."""
        return self.turns.select(pl.col(name).gather(rows["row"]))

    def _options(self, rows: pl.DataFrame) -> pl.Series:
        """The (first) option of each of ``rows``; null where there is none."""
        if "options" not in self.turns.columns:
            return pl.Series("option", [None] * rows.height, dtype=pl.String)
        first = self.turns["options"].cast(pl.List(pl.String)).list.first()
        return first.gather(rows["row"]).alias("option")

    def _awaited(self, step: Step) -> bool:
        """Whether a row that this step would compare still waits at an earlier one."""
        waiting = [rows.filter(pl.col("reason") == PENDING) for rows in self.gone]
        return any(rows.height and (not step.options or self._chose(step, rows).any()) for rows in waiting)

    def _heard(self, k: int, step: Step, judged: pl.DataFrame) -> pl.DataFrame:
        """``judged`` in the order the step leaves, with a ``reason`` for each that does not go on."""
        match step:
            case RuleStep():
                facts = self._facts(judged, [rule.name for rule in step.rules])
                return judged.with_columns(facts.select(_ruled(step, facts.schema).alias("reason")))
            case RankStep():
                facts = self._facts(judged, [step.by])
                value = facts.select(columns.number(step.by, facts.schema[step.by])).to_series().alias("value")
                option = [self._options(judged)] if step.per_option else []
                return _ranked(step, judged.with_columns(value, *option))
        said = self._said(k, step, judged)
        match step:
            case PanelStep():
                return _marked(step, judged.with_columns(said.fill_nan(None).round(columns.DIGITS).alias("mark")))
            case DecideStep():
                return judged.with_columns(said).with_columns(_decided(step).alias("reason"))
            case ExternalStep():
                return judged.with_columns(said).with_columns(_yes_or("external").alias("reason"))

    def _facts(self, rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
        """Facts by their written names; a mark that the turns do not bring is the one a panel here gave."""
        brought = dict.fromkeys(name for name in names if name in self.turns.columns)
        own = {"mark", f"{self.stage.id}.mark"}.difference(brought).intersection(names)
        marked = rows.select("row", *(pl.col("mark").alias(name) for name in own))
        return marked.with_columns(*(self.turns[name].gather(rows["row"]) for name in brought))

    def _said(self, k: int, step: Step, rows: pl.DataFrame) -> pl.Series:
        """What people said of ``rows``, as column ``said``."""
        said = self.ask(k, rows["row"]) if self.ask else self._fetch(rows, input_of(k, step) or "").to_series()
        return said.cast(pl.Float64 if isinstance(step, PanelStep) else pl.Boolean).alias("said")

    def judgement(self) -> Judgement:
        left = self.standing.with_columns(_place().alias("place"), self._options(self.standing))
        left = left.select("row", "mark", "place", _place_in_option())
        rows = pl.concat([pl.DataFrame(schema=_GONE), *self.gone, left], how="diagonal").sort("row")
        verdicts = rows.select(self.turns["turn"], *_LAST_WORDS, "place", "place_in_option", "mark")
        return Judgement(verdicts, tuple(self.ties), tuple(self.reached))


_REASON = pl.col("reason")
_LAST_WORDS = (
    pl.when(_REASON.is_null())
    .then(pl.lit(PASSED))
    .when(_REASON == PENDING)
    .then(pl.lit(PENDING))
    .otherwise(pl.lit(OUT))
    .alias("verdict"),
    pl.when(_REASON != PENDING).then(_REASON).alias("reason"),
    pl.col("step"),
)
_GONE = {"row": pl.UInt32, "mark": pl.Float64, "reason": pl.String, "step": pl.Int32}


def _place() -> pl.Expr:
    return pl.int_range(1, pl.len() + 1, dtype=pl.Int64)


def _place_in_option() -> pl.Expr:
    return pl.when(pl.col("option").is_not_null()).then(_place().over("option")).alias("place_in_option")


# --- rank and panel: an order of their own ----------------------------------------------------------------------


def _ranked(step: RankStep, judged: pl.DataFrame) -> pl.DataFrame:
    place = _place().over("option") if step.per_option else _place()
    lacks = pl.when(pl.col("value").is_null()).then(pl.lit(f"missing.{step.by}"))
    reason = lacks.when(place > step.take).then(pl.lit("rank"))
    return _largest_first(judged, "value").with_columns(reason.alias("reason"))


def _marked(step: PanelStep, judged: pl.DataFrame) -> pl.DataFrame:
    mark = pl.col("mark")
    unmarked = pl.when(mark.is_null()).then(pl.lit(PENDING))
    reason = unmarked.when(mark < step.threshold).then(pl.lit("panel"))
    if step.take is not None:
        reason = reason.when(_place() > step.take).then(pl.lit("panel.full"))
    return _largest_first(judged, "mark").with_columns(mark.alias("value"), reason.alias("reason"))


def _largest_first(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    return rows.sort(by, "row", descending=[True, False], nulls_last=True)


def _ties(k: int, heard: pl.DataFrame, turns: pl.Series) -> list[Tie]:
    """Those whose value stands on both sides of a cut; per option where the step cut per option."""
    missed = heard.filter(_REASON.is_in(["rank", "panel.full"]))
    if not missed.height:
        return []
    option = pl.col("option") if "option" in heard.columns else pl.lit(None, pl.String).alias("option")
    last = heard.filter(_REASON.is_null()).group_by(option).agg(pl.col("value").min())
    first_out = missed.group_by(option).agg(pl.col("value").max())
    cuts = last.join(first_out, on=["option", "value"], nulls_equal=True).sort("option")
    return [_tie(k, heard.filter(option.eq_missing(pl.lit(at, pl.String)), pl.col("value") == value), at, value, turns)
            for at, value in cuts.iter_rows()]  # fmt: skip


def _tie(k: int, equal: pl.DataFrame, option: str | None, value: float, turns: pl.Series) -> Tie:
    return Tie(k, option, float(value), tuple(turns.gather(equal["row"])))


# --- decide and external: what somebody said --------------------------------------------------------------------

_SAID = pl.col("said")


def _yes_or(code: str) -> pl.Expr:
    return pl.when(_SAID.is_null()).then(pl.lit(PENDING)).when(~_SAID).then(pl.lit(code))


def _decided(step: DecideStep) -> pl.Expr:
    """Yes up to ``take``, in order; once that many have a yes, whoever has no answer finds the places full."""
    if step.take is None:
        return _yes_or("decide")
    full, enough = pl.lit("decide.full"), _SAID.sum() >= step.take
    return (
        pl.when(_SAID.is_null())
        .then(pl.when(enough).then(full).otherwise(pl.lit(PENDING)))
        .when(~_SAID)
        .then(pl.lit("decide"))
        .when(_SAID.cast(pl.Int64).fill_null(0).cum_sum() > step.take)
        .then(full)
    )


# --- rules: lines that must hold --------------------------------------------------------------------------------


def _ruled(step: RuleStep, kinds: pl.Schema) -> pl.Expr:
    """The first line that does not hold gives the reason."""
    reason: pl.Expr = pl.lit(None, pl.String)
    for rule in reversed(step.rules):
        name, kind = rule.name, kinds[rule.name]
        lacks = pl.when(columns.missing(name, kind)).then(pl.lit(f"missing.{name}"))
        fails = lacks.when(~columns.holds(rule, name, kind)).then(pl.lit(f"rule.{name}"))
        reason = fails.otherwise(reason)
    return reason
