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
class SkillsTaught(Fact):
    """An item teaches other skills than before, or is listed again."""

    item: UUID


@dataclass(frozen=True)
class CohortPlanned(Fact):
    """A cohort is new, or its dates, seats or teachers are other ones."""

    cohort: UUID


@dataclass(frozen=True)
class CohortPeopleChanged(Fact):
    """Other people have a seat in a cohort than before; told once, however many they are."""

    cohort: UUID


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


@dataclass(frozen=True)
class HandedIn(Fact):
    """A learner or a group handed an assignment in."""

    hand_in: UUID


@dataclass(frozen=True)
class MarkReleased(Fact):
    """A mark counts from now on, and its learners see it: newly released, or changed after a regrade."""

    mark: UUID


@dataclass(frozen=True)
class AwardProposed(Fact):
    """A registrar proposed somebody to the awarding committee: on that day the audit found everything."""

    candidacy: UUID


@dataclass(frozen=True)
class Awarded(Fact):
    """The committee awarded somebody their degree."""

    candidacy: UUID


@dataclass(frozen=True)
class TranscriptWritten(Fact):
    """A transcript was made and waits for its signature."""

    transcript: UUID
