"""What happened in learning, told to whoever asked."""

from dataclasses import dataclass
from uuid import UUID

from dure.core.events import Fact


@dataclass(frozen=True)
class CatalogueImported(Fact):
    """A provider's catalogue changed: items came, changed or were retired."""

    provider: UUID
    report: UUID


@dataclass(frozen=True)
class ItemRetired(Fact):
    item: UUID


@dataclass(frozen=True)
class Enrolled(Fact):
    """Somebody has a seat in a cohort, at once or after waiting."""

    enrolment: UUID


@dataclass(frozen=True)
class ItemFinished(Fact):
    """Somebody did one lesson of their course."""

    enrolment: UUID
    lesson: UUID


@dataclass(frozen=True)
class CourseFinished(Fact):
    """Somebody did every required lesson of their own track."""

    enrolment: UUID


@dataclass(frozen=True)
class ResultNoted(Fact):
    """An instructor wrote down somebody's attendance or grade."""

    enrolment: UUID


@dataclass(frozen=True)
class Withdrawn(Fact):
    enrolment: UUID
