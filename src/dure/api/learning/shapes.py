"""What requests and answers about courses are made of."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from dure.api.learning.catalogue import Slug
from dure.api.shapes import Email, GivenMoment, In, Line, Moment, Out, PersonRef, Prose, Whole, Words
from dure.learning.models import Cohort, Course, Enrolment, Lesson
from dure.learning.operations import proofs, rosters
from dure.learning.queries.courses import evidence_of
from dure.learning.queries.reports import Line as ReportLine
from dure.learning.quizzes import Marked
from dure.learning.steps import Step, steps_of

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=3)]


class CourseIn(In):
    """``options`` are its tracks, of which each learner takes one."""

    key: Key
    title: Words
    about: Words = Words(ko="", en="")
    mode: Literal["online", "offline", "blended"] = "online"
    credits: Annotated[Decimal, Field(ge=0, le=999, decimal_places=1)] = Decimal(0)
    hours: Annotated[Decimal, Field(ge=0, le=99_999, decimal_places=1)] = Decimal(0)
    options: Annotated[list[Line], Field(max_length=20)] = []
    in_order: bool = True


class CourseOut(Out):
    id: UUID
    key: str
    provider: str
    title: Words
    about: Words
    mode: str
    credits: float
    hours: float
    options: list[str]
    state: str

    @classmethod
    def of(cls, row: Course) -> Self:
        told = {name: getattr(row, name) for name in ("id", "key", "mode", "options", "state")}
        return cls(
            **told, provider=row.provider.key, title=Words.of(row.title), about=Words.of(row.about),
            credits=float(row.credits), hours=float(row.hours),
        )  # fmt: skip


class CohortIn(In):
    name: Line
    opens_at: GivenMoment | None = None
    closes_at: GivenMoment | None = None
    join_until: GivenMoment | None = None
    self_service: bool = True
    capacity: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    price: Whole = 0


class CohortOut(Out):
    """``taken`` of ``capacity`` seats (null: without bound) are taken."""

    id: UUID
    name: str
    opens_at: Moment | None
    closes_at: Moment | None
    join_until: Moment | None
    self_service: bool
    capacity: int | None
    taken: int
    price: int

    @classmethod
    def of(cls, row: Cohort) -> Self:
        row.refresh_from_db(fields=["taken"])
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class LessonIn(In):
    """``quiz`` as text: ? question, * right, - wrong, = short answer, ! why; Korean after ||. ``item``: of the
    catalogue."""

    kind: Literal["page", "quiz", "outside", "session", "assignment"] = "page"
    title: Words
    body: Words = Words(ko="", en="")
    address: Annotated[str, StringConstraints(max_length=500)] = ""
    item: UUID | None = None
    quiz: Prose = ""
    minutes: Annotated[int, Field(ge=1, le=99_999)] | None = None
    for_options: Annotated[list[Line], Field(max_length=20)] = []
    required: bool = True


class LessonOut(Out):
    id: UUID
    kind: str
    title: Words
    for_options: list[str]
    required: bool
    minutes: int | None

    @classmethod
    def of(cls, row: Lesson) -> Self:
        told = {name: getattr(row, name) for name in ("id", "kind", "for_options", "required", "minutes")}
        return cls(**told, title=Words.of(row.title))


class WholeCourseOut(CourseOut):
    lessons: list[LessonOut]
    cohorts: list[CohortOut]

    @classmethod
    def of(cls, row: Course) -> Self:
        lessons = [LessonOut.of(lesson) for lesson in row.lessons.filter(retired_at=None)]
        groups = [CohortOut.of(cohort) for cohort in row.cohorts.order_by("-pk")[:100]]
        return cls(**dict(CourseOut.of(row)), lessons=lessons, cohorts=groups)


class LearningStepOut(Out):
    """``locked``: another lesson comes first. ``position``: where in it they were, on any device."""

    lesson: UUID
    title: Words
    kind: str
    done: bool
    locked: bool
    position: int
    score: float | None

    @classmethod
    def of(cls, step: Step) -> Self:
        row = step.progress
        score = float(row.score) if row and row.score is not None else None
        return cls(
            lesson=step.lesson.pk, title=Words.of(step.lesson.title), kind=step.lesson.kind, done=step.is_done,
            locked=step.locked, position=row.position if row else 0, score=score,
        )  # fmt: skip


class EnrolmentOut(Out):
    """``evidence``: completion and attendance 0 to 1, grade 0 to 4.5, credits, hours; what nobody noted is left out."""

    id: UUID
    course: str
    cohort: UUID
    person: PersonRef
    organisation: str | None
    option: str
    state: str
    extended_until: Moment | None
    evidence: dict[str, float]

    @classmethod
    def of(cls, row: Enrolment) -> Self:
        organisation = row.organisation.short if row.organisation else None
        return cls(
            id=row.pk, course=row.cohort.course.key, cohort=row.cohort_id, person=PersonRef.of(row.person),
            organisation=organisation, option=row.option, state=row.state, extended_until=row.extended_until,
            evidence=evidence_of(row),
        )  # fmt: skip

    @classmethod
    def many(cls, rows: Sequence[Enrolment]) -> list[Self]:
        return [cls.of(row) for row in rows]


class WholeEnrolmentOut(EnrolmentOut):
    steps: list[LearningStepOut]

    @classmethod
    def of(cls, row: Enrolment) -> Self:
        row.refresh_from_db()
        return cls(**dict(EnrolmentOut.of(row)), steps=[LearningStepOut.of(step) for step in steps_of(row)])


class JoinIn(In):
    option: Line = ""


class EnterIn(In):
    """``email`` of somebody who is registered; ``organisation`` sends them and pays."""

    email: Email
    option: Line = ""
    organisation: Slug | None = None


class NotesIn(In):
    """What is null is not given; ``extended_until``: their own close."""

    attendance: Share | None = None
    grade: Annotated[Decimal, Field(ge=0, le=Decimal("4.5"), decimal_places=2)] | None = None
    extended_until: GivenMoment | None = None


class LearningAnswersIn(In):
    """For each question in order the places of the choices that are made, or the text that is written."""

    answers: Annotated[list[Annotated[list[Line], Field(max_length=50)]], Field(max_length=50)]


class MarkedOut(Out):
    right: list[bool]
    score: float
    passed: bool

    @classmethod
    def of(cls, told: tuple[Marked, Lesson]) -> Self:
        marked, lesson = told
        return cls(right=marked.right, score=float(marked.score), passed=marked.score >= lesson.pass_share)


class LearningProofIn(In):
    proof: Annotated[str, StringConstraints(max_length=300)] = ""


class TeacherIn(In):
    email: Email
    duty: Literal["instructor", "mentor"] = "instructor"


class RosterOut(Out):
    """What was done or, with ``check_only``, would be."""

    rows: int
    new: int
    waiting: int
    changed: int
    same: int

    @classmethod
    def of(cls, told: rosters.Roster) -> Self:
        return cls(rows=told.rows, new=len(told.new), waiting=told.waiting, changed=len(told.changed), same=told.same)


class ProvenOut(Out):
    rows: int
    new: int

    @classmethod
    def of(cls, told: proofs.Proven) -> Self:
        return cls(rows=told.rows, new=told.new)


class LearningLineOut(Out):
    """``completion``: the mean of those with a seat; ``cost`` and ``each`` (of one who finished) in won."""

    cohort: UUID
    organisation: str | None
    seats: int
    waiting: int
    finished: int
    completion: float | None
    hours: float
    cost: int
    each: int | None

    @classmethod
    def of(cls, line: ReportLine) -> Self:
        told = {name: getattr(line, name) for name in ("seats", "waiting", "finished", "completion", "cost", "each")}
        organisation = line.organisation.short if line.organisation else None
        return cls(**told, cohort=line.cohort.pk, organisation=organisation, hours=float(line.hours))
