"""What follows from a verdict: the six kinds of give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dure.blueprint.model.basics import Bind
from dure.blueprint.model.when import Duration, Moment

PASSED, ENTRANTS, CONTACTS = "passed", "entrants", "contacts"
MONTHLY = Duration(1, "m")


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
    every: Duration = MONTHLY
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
