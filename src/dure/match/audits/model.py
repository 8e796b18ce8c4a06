"""What a degree asks for, what somebody has, and what an audit says. Credits and grades are exact decimals."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from dure.core.text import Text

BEST = Decimal("4.5")
"""The best grade there is."""
NONE = Decimal(0)


@dataclass(frozen=True)
class Area:
    """Credits of one sort. A record belongs to it by its own area, or because its course is one of ``courses``."""

    key: str
    title: Text
    credits: Decimal
    courses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Core:
    """``take`` of ``courses`` have to be passed; one course fills one place of one list."""

    title: Text
    courses: tuple[str, ...]
    take: int


@dataclass(frozen=True)
class Recognition:
    """``by`` recognises the degree from ``since`` on (None: always); until then it is called ``before``."""

    by: Text
    since: date | None
    before: Text


@dataclass(frozen=True)
class Requirement:
    """What one degree, on one track, asks for.

    ``home`` awards it; credits of ``partners`` count like its own, those of ``recognised`` as transferred, of which at
    most ``transfer`` count. A course is passed from ``passes_from`` on. ``grade`` (0 to 4.5) and ``attendance`` (0 to
    1) are means weighted by credits. Credits count for ``years`` from the day they were earned. ``award`` is what the
    home's issuer calls it.
    """

    title: Text
    home: str
    credits: Decimal
    award: str = ""
    areas: tuple[Area, ...] = ()
    core: tuple[Core, ...] = ()
    grade: Decimal | None = None
    passes_from: Decimal = Decimal(1)
    attendance: Decimal | None = None
    thesis: bool = False
    residency: Decimal = NONE
    partners: frozenset[str] = frozenset()
    transfer: Decimal = NONE
    recognised: frozenset[str] = frozenset()
    years: int | None = None
    recognition: Recognition | None = None

    def is_recognised_on(self, day: date) -> bool:
        known = self.recognition
        return known is None or known.since is None or day >= known.since

    def name_on(self, day: date) -> Text:
        """What is awarded to who completes it on that day."""
        if self.recognition is None or self.is_recognised_on(day):
            return self.title
        return self.recognition.before


@dataclass(frozen=True)
class Record:
    """One course that somebody took, or their thesis. ``grade`` None: passed without one. ``planned``: not yet taken.

    ``transfer``: it counts as transferred wherever it is from.
    """

    key: str
    issuer: str
    course: str
    credits: Decimal
    earned: date
    area: str = ""
    grade: Decimal | None = None
    attendance: Decimal | None = None
    transfer: bool = False
    thesis: bool = False
    planned: bool = False

    def is_one_of(self, courses: frozenset[str] | tuple[str, ...]) -> bool:
        """A list names a course by its code, or by issuer and code where codes clash: ``snu/ai-101``."""
        return self.course in courses or f"{self.issuer}/{self.course}" in courses


class Why(StrEnum):
    """Why a record does not count."""

    LATER = "later"
    REPLACED = "replaced"
    ISSUER = "issuer"
    EXPIRED = "expired"
    FAILED = "failed"
    CAP = "cap"


@dataclass(frozen=True)
class Placed:
    """A record that counts: in which area (None: only towards the whole), and for which core list."""

    record: Record
    area: Area | None
    core: Core | None
    transferred: bool


@dataclass(frozen=True)
class Left:
    """A record that does not count."""

    record: Record
    why: Why


class Sort(StrEnum):
    CREDITS = "credits"
    AREA = "area"
    CORE = "core"
    RESIDENCY = "residency"
    GRADE = "grade"
    ATTENDANCE = "attendance"
    THESIS = "thesis"


@dataclass(frozen=True)
class Line:
    """One condition. ``has`` of a mean is cut at two decimals, never rounded up: it reads below what it misses.

    ``lacks``: credits, courses, or how far a mean is below. ``best``: so many more credits at the best grade, or
    attended in full, would lift a mean (None: no number would). ``courses``: any of these would fill a core list.
    """

    sort: Sort
    title: Text
    asked: Decimal
    has: Decimal
    lacks: Decimal
    best: Decimal | None = None
    courses: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        return not self.lacks


@dataclass(frozen=True)
class Audit:
    """What an audit found on a day. ``further``: so many more credits, in the right areas, would be enough of them."""

    requirement: Requirement
    on: date
    lines: tuple[Line, ...]
    placed: tuple[Placed, ...]
    left: tuple[Left, ...]
    further: Decimal

    @property
    def met(self) -> bool:
        return all(line.met for line in self.lines)

    @property
    def missing(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if not line.met)

    @property
    def name(self) -> Text:
        """What is awarded on that day."""
        return self.requirement.name_on(self.on)
