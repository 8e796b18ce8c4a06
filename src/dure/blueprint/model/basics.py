"""Who and how: subjects, kinds, abilities, parties, roles, needs."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal


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
