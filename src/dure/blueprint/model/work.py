"""What a stage asks to be done (``do``) and what it puts at disposal (``provides``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dure.blueprint.model.basics import Bind


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
