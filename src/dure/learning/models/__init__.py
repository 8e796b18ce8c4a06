"""Tables of learning: providers and what they offer, courses, cohorts and those who take them."""

from dure.learning.models.courses import (
    COURSE_MOVES,
    Cohort,
    CohortSeat,
    Course,
    CourseState,
    Duty,
    Lesson,
    LessonFile,
    LessonKind,
    Mode,
)
from dure.learning.models.enrolments import ENROLMENT_MOVES, SEATED, Enrolment, EnrolmentState, Progress
from dure.learning.models.imports import IMPORT_MOVES, Format, Import, ImportState
from dure.learning.models.items import (
    Facet,
    Item,
    ItemKind,
    ItemNeed,
    ItemPart,
    ItemPieces,
    ItemSkill,
    ItemText,
    Tag,
)
from dure.learning.models.paths import ItemSaid, LackWhy, LearningPath, PathClimb, PathLack, PathStep
from dure.learning.models.providers import Connection, Provider, Source
from dure.learning.models.revisions import REVISION_MOVES, Closing, RevisionState, RevisionTask

__all__ = [
    "COURSE_MOVES",
    "ENROLMENT_MOVES",
    "IMPORT_MOVES",
    "REVISION_MOVES",
    "SEATED",
    "Closing",
    "Cohort",
    "CohortSeat",
    "Connection",
    "Course",
    "CourseState",
    "Duty",
    "Enrolment",
    "EnrolmentState",
    "Facet",
    "Format",
    "Import",
    "ImportState",
    "Item",
    "ItemKind",
    "ItemNeed",
    "ItemPart",
    "ItemPieces",
    "ItemSaid",
    "ItemSkill",
    "ItemText",
    "LackWhy",
    "LearningPath",
    "Lesson",
    "LessonFile",
    "LessonKind",
    "Mode",
    "PathClimb",
    "PathLack",
    "PathStep",
    "Progress",
    "Provider",
    "RevisionState",
    "RevisionTask",
    "Source",
    "Tag",
]
