"""The three files: blueprint, programme, agreement, and the stages they speak of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dure.blueprint.model.basics import Bind, Entry, Kind, Need, Party, Path, Role, Subject, Unit, Value
from dure.blueprint.model.gate import RankStep, Step
from dure.blueprint.model.gives import Give, MoneyGive
from dure.blueprint.model.when import Asked, Duration, Moment, Window
from dure.blueprint.model.work import Do, Provision
from dure.core.text import Text


@dataclass(frozen=True, slots=True)
class TeamSize:
    min: int
    max: int


@dataclass(frozen=True, slots=True)
class After:
    """One of ``after``: passed ``stage``, or (``out``) out of it for good."""

    stage: str
    out: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    id: str
    kind: Kind
    do: Do
    after: tuple[After, ...]  # resolved: left out = the stage before; () = a start
    entry: Entry | None = None
    join_any: bool = False
    unit: Unit | None = None  # resolved for person and team subjects; None otherwise
    team: TeamSize | None = None
    options: tuple[str, ...] | Bind | None = None  # its own; ``Blueprint.options_at`` gives those in force
    choose: int = 1
    when: Window | None = None
    provides: tuple[Provision, ...] = ()
    gate: tuple[Step, ...] = ()
    again: bool = False  # written ``else: again``
    gives: tuple[Give, ...] = ()

    @property
    def settles_as_set(self) -> bool:
        """Whether its gate has a ``rank`` or a ``take``, or its money waits for the order or number of all: then it
        settles once, for all (appendix E, When; G, ``ranks`` and ``pool``)."""
        compares = any(isinstance(s, RankStep) or getattr(s, "take", None) is not None for s in self.gate)
        return compares or any(isinstance(g, MoneyGive) and (g.ranks or g.pool is not None) for g in self.gives)


@dataclass(frozen=True, slots=True)
class Measure:
    id: str
    title: str
    expression: str  # written ``is``; numbers too
    by: Asked | None = None  # stage and field
    bands: tuple[int | float, ...] = ()
    source: str | None = None
    target: int | float | None = None


Spread = str | int | float | bool | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Rehearse:
    entries: int
    facts: Mapping[str, Spread]
    evidence: Mapping[str, Spread]
    external: Mapping[str, int]
    bind: Mapping[str, int | tuple[str, ...]]
    expect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blueprint:
    name: str
    title: Text
    subject: Subject
    parties: Mapping[str, Party]
    roles: Mapping[str, Role]
    stages: tuple[Stage, ...]
    item: str | None = None
    needs: tuple[Need, ...] = ()
    measures: tuple[Measure, ...] = ()
    words: Mapping[str, Text] | None = None
    rehearse: Rehearse | None = None
    seed: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    notes: Mapping[Path, str] = field(default_factory=dict)  # every ``note`` by its path; shown, never computed with

    positions: Mapping[str, int] = field(init=False, repr=False, compare=False)  # of each stage, by its id

    def __post_init__(self) -> None:
        object.__setattr__(self, "positions", {stage.id: at for at, stage in enumerate(self.stages)})

    def stage(self, stage_id: str) -> Stage:
        """The stage of that id; KeyError where there is none."""
        return self.stages[self.positions[stage_id]]

    def position(self, stage_id: str) -> int:
        return self.positions[stage_id]

    def options_stage(self, stage_id: str) -> Stage | None:
        """The stage whose options are in force at ``stage_id``: its own, else the latest earlier one that has any."""
        for stage in reversed(self.stages[: self.position(stage_id) + 1]):
            if stage.options is not None:
                return stage
        return None

    def follows(self, stage_id: str) -> tuple[Stage, ...]:
        """The stages that come after ``stage_id`` (by passing it or by being out of it)."""
        return tuple(s for s in self.stages if any(a.stage == stage_id for a in s.after))

    def word(self, name: str) -> Text:
        """What people read instead of an id; the id itself where ``words`` is silent."""
        return (self.words or {}).get(name) or Text(ko=name.replace("-", " "), en=name.replace("-", " "))


Bound = Mapping[str, int | str | tuple[str, ...]]  # what a programme binds; dates stay as written


@dataclass(frozen=True, slots=True)
class Programme:
    name: str
    blueprint: str
    title: Text | None = None
    zone: str = "Asia/Seoul"
    bind: Bound = field(default_factory=dict)
    seed: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    notes: Mapping[Path, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duty:
    by: tuple[str, ...]
    does: str
    id: str | None = None
    measure: str | None = None
    due: Moment | Bind | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    name: str
    kind: str
    parties: Mapping[str, Party]
    covers: tuple[str, ...]
    duties: tuple[Duty, ...] = ()
    title: Text | None = None
    signed: Moment | None = None
    length: Duration | None = None  # written ``for``
    goal: str | None = None
    where: str | None = None
    bind: Bound = field(default_factory=dict)
    seed: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    notes: Mapping[Path, str] = field(default_factory=dict)
