"""What a blueprint, a programme and an agreement are once read: frozen nouns, in the order of the files' keys.

Everything here is sound in shape (BP0 and BP1 refuse the rest); whether it hangs together is lint's work.
Places in the file are not kept here: a model's path (``("stages", 2, "gate", 0)``) finds them in the document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from dure.core.text import Text


class Bind(StrEnum):
    """The one word that a programme fills in."""

    BIND = "bind"


BIND = Bind.BIND
Path = tuple[str | int, ...]
Value = str | int | float | bool | date | datetime | None


class Subject(StrEnum):
    PERSON = "person"
    TEAM = "team"
    ORG = "org"
    CONSORTIUM = "consortium"
    ITEM = "item"

    @property
    def has_persons(self) -> bool:
        """Whether persons travel (person, team); else the case itself does."""
        return self in {Subject.PERSON, Subject.TEAM}


class Kind(StrEnum):
    FORM = "form"
    LEARN = "learn"
    TEST = "test"
    ROUND = "round"
    PROJECT = "project"
    EVENT = "event"
    WORK = "work"


class Entry(StrEnum):
    OPEN = "open"
    INVITE = "invite"
    NOMINATE = "nominate"
    MATCH = "match"


class Unit(StrEnum):
    PERSON = "person"
    TEAM = "team"


class Ability(StrEnum):
    """What a role can do."""

    OPERATE = "operate"
    TEACH = "teach"
    SUPERVISE = "supervise"
    REVIEW = "review"
    DECIDE = "decide"
    MENTOR = "mentor"
    RECRUIT = "recruit"
    WORK = "work"
    PROVIDE = "provide"


PARTY_KINDS = ("company", "university", "institute", "government", "sme", "startup", "association")
CONFLICTS = ("same-org", "same-department", "same-team", "line-manager", "own-proposal", "own-student",
             "co-author", "past-employer", "family")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Party:
    kind: str
    title: str | None = None  # written ``as``; shown only
    bind: bool = False
    count: int | None = None
    min: int | None = None


@dataclass(frozen=True, slots=True)
class Role:
    at: tuple[str, ...]  # party keys; ``("any",)``
    can: tuple[Ability, ...]
    holds: str | None = None
    found: Literal["match", "call"] | None = None


@dataclass(frozen=True, slots=True)
class Need:
    skill: str
    level: int  # 1-5


# --- when ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: ``number`` of ``unit`` (h d w m y; m and y are calendar months, last day clamped)."""

    number: int
    unit: Literal["h", "d", "w", "m", "y"]

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as written: ``text`` with its precision. Without a time it opens at its first moment, closes after
    its last (in the programme's zone)."""

    text: str  # YYYY[-MM[-DD[Thh:mm[:ss][Z|±hh:mm]]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A date that a form asked before: ``stage.field``."""

    stage: str
    field: str


When = Moment | Asked | Bind


@dataclass(frozen=True, slots=True)
class Window:
    """``when``: which keys stand together is checked by lint (BP602)."""

    start: When | None = None  # written ``from``
    end: When | None = None  # written ``to``
    length: Duration | None = None  # written ``for``
    within: Duration | None = None
    every: Duration | None = None
    beside: str | None = None  # written ``with``: another stage


# --- do -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a form asks. ``type`` text number date yes-no words choice; ``choices`` for choice only."""

    name: str
    type: Literal["text", "number", "date", "yes-no", "words", "choice"] = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormDo:
    ask: tuple[Question, ...] = ()
    attach: tuple[str, ...] = ()
    fee: int | Bind | None = None
    lead: str | None = None
    what: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A learning item."""

    id: str
    type: str
    by: str | None = None
    source: str | None = None
    version: str | None = None
    adapter: str | None = None
    options: tuple[str, ...] = ()  # written ``for``
    credits: float | None = None
    hours: float | None = None
    skill: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class LearnDo:
    mode: str
    items: tuple[Item, ...]
    skip: Literal["shown"] | None = None
    what: str | None = None


@dataclass(frozen=True, slots=True)
class TestDo:
    type: Literal["exam", "coding", "interview", "survey", "external"]
    by: str
    minutes: int | None = None
    proctor: bool = False
    what: str | None = None


@dataclass(frozen=True, slots=True)
class RoundDo:
    metric: str
    daily: int | None = None
    total: int | None = None
    sealed: bool = False
    code: Literal["none", "allowed", "required"] = "none"
    where: str | None = None
    baseline: float | None = None
    what: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectDo:
    topic: Literal["own", "given"]
    milestones: tuple[str, ...]
    with_roles: Mapping[str, int]  # written ``with``: role -> exactly so many of one's own
    reports: tuple[str, ...] = ()
    source: str | None = None
    at: tuple[str, ...] = ()
    budget: str | None = None
    what: str | None = None


@dataclass(frozen=True, slots=True)
class EventDo:
    type: Literal["seminar", "workshop", "ceremony", "fair", "booth", "board"]
    where: str | None = None
    days: int | None = None
    keeps: tuple[str, ...] = ()
    to: str | None = None
    what: str | None = None


@dataclass(frozen=True, slots=True)
class WorkDo:
    type: Literal["internship", "dispatch", "hire", "assignment", "mentor", "maintain"]
    with_roles: Mapping[str, int]  # written ``with``
    at: tuple[str, ...] = ()
    to: str | None = None
    job: str | None = None
    what: str | None = None


Do = FormDo | LearnDo | TestDo | RoundDo | ProjectDo | EventDo | WorkDo


@dataclass(frozen=True, slots=True)
class Provision:
    """One of ``provides``; ``party`` is written ``from``; without ``amount`` it is not metered."""

    type: Literal["compute", "data", "model", "facility", "space", "advice"]
    party: str
    what: str | None = None
    amount: int | float | Bind | None = None
    unit: str | None = None
    per: Literal["unit", "entry"] | None = None
    terms: str | None = None
    holds: str | None = None


# --- gate ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """``fact op value``; ``stage`` only when written ``stage.fact``. ``value`` as text, ``in``: texts."""

    fact: str
    op: Literal["=", "!=", ">", ">=", "<", "<=", "in", "has"]
    value: str | tuple[str, ...]
    stage: str | None = None
    text: str = ""  # as written

    @property
    def name(self) -> str:
        return f"{self.stage}.{self.fact}" if self.stage else self.fact


@dataclass(frozen=True, slots=True)
class RuleStep:
    rules: tuple[Rule, ...]
    options: tuple[str, ...] = ()  # written ``for``, in every step


@dataclass(frozen=True, slots=True)
class RankStep:
    by: str  # ``fact`` or ``stage.fact``
    take: int
    per_option: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelStep:
    roles: tuple[str, ...]
    rubric: Mapping[str, int | float]
    each: int
    conflicts: tuple[str, ...]
    threshold: int | float = 0  # written ``pass``
    take: int | None = None
    include: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecideStep:
    role: str
    take: int | None = None
    says: str | None = None
    reason: Literal["required"] | None = None
    checks: str | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalStep:
    body: str
    proof: str
    options: tuple[str, ...] = ()


Step = RuleStep | RankStep | PanelStep | DecideStep | ExternalStep


# --- gives --------------------------------------------------------------------------------------------------

PASSED, ENTRANTS, CONTACTS = "passed", "entrants", "contacts"


@dataclass(frozen=True, slots=True)
class Recognition:
    by: str
    start: Moment | Mapping[str, Moment] | None = None  # written ``from``; by option
    before: str | None = None


@dataclass(frozen=True, slots=True)
class CredentialGive:
    name: str
    type: Literal["badge", "certificate", "degree", "title", "licence"]
    level: str | None = None  # a text or ``option``
    valid: Duration | None = None
    recognised: Recognition | None = None
    to: str = PASSED


@dataclass(frozen=True, slots=True)
class MoneyGive:
    """Exactly one of ``amount``, ``ranks``, ``pool``."""

    type: str
    amount: int | Bind | None = None
    ranks: tuple[int, ...] = ()
    pool: int | Bind | None = None
    per: Literal["unit", "entry", "option"] | None = None
    total: int | None = None
    party: str | None = None  # written ``from``
    lines: Mapping[str, int | float] | None = None
    months: int | None = None
    every: Duration = Duration(1, "m")
    budget: str | None = None
    year: int | None = None
    currency: str = "KRW"
    to: str = PASSED


@dataclass(frozen=True, slots=True)
class PrivilegeGive:
    type: str
    at: str
    job: str | None = None
    within: Duration | None = None
    uses: int | None = None
    to: str = PASSED


@dataclass(frozen=True, slots=True)
class PublishGive:
    type: str  # a text or ``option``
    where: Literal["hub", "open", "members"]
    licence: str | None = None
    metadata: str | None = None
    what: str | None = None
    once: bool = False
    to: str = PASSED


@dataclass(frozen=True, slots=True)
class SpawnGive:
    blueprint: str
    title: str | None = None  # written ``as``
    to: str = PASSED


@dataclass(frozen=True, slots=True)
class RoleGive:
    role: str
    to: str = PASSED


Give = CredentialGive | MoneyGive | PrivilegeGive | PublishGive | SpawnGive | RoleGive


# --- stage, blueprint ---------------------------------------------------------------------------------------


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
        """Whether its gate has a ``rank`` or a ``take``: then it settles once, for all (appendix E, When)."""
        return any(isinstance(s, RankStep) or getattr(s, "take", None) is not None for s in self.gate)


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

    def stage(self, id: str) -> Stage:  # noqa: A002 -- the language's own word
        """The stage of that id; KeyError where there is none."""
        return self.stages[self.positions[id]]

    def position(self, id: str) -> int:  # noqa: A002
        return self.positions[id]

    def options_stage(self, id: str) -> Stage | None:  # noqa: A002
        """The stage whose options are in force at ``id``: its own, else the latest earlier one that has any."""
        for stage in reversed(self.stages[: self.position(id) + 1]):
            if stage.options is not None:
                return stage
        return None

    def follows(self, id: str) -> tuple[Stage, ...]:  # noqa: A002
        """The stages that come after ``id`` (by passing it or by being out of it)."""
        return tuple(s for s in self.stages if any(a.stage == id for a in s.after))

    def word(self, id: str) -> Text:  # noqa: A002
        """What people read instead of an id; the id itself where ``words`` is silent."""
        return (self.words or {}).get(id) or Text(ko=id.replace("-", " "), en=id.replace("-", " "))


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
