"""What requests and answers about assignments are made of. Points are decimals, written as text."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from dure.api.shapes import Email, GivenMoment, In, Line, Moment, Out, PersonRef, Prose, Whole, Words
from dure.learning.marks import written_scale
from dure.learning.models import (
    Assignment,
    GradeScale,
    HandIn,
    Mark,
    Marking,
    MarkState,
    Regrade,
    RubricVersion,
    Work,
    WorkFile,
)
from dure.learning.operations.assignments.sheets import Taken
from dure.learning.queries.assignments import Preview, latest, rubric_of
from dure.people.models import Person

Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=3)]
Given = dict[Annotated[str, StringConstraints(pattern=r"^c\d{1,2}$")], Line]
Text = Annotated[str, StringConstraints(max_length=100_000)]
Said = Annotated[str, StringConstraints(max_length=5_000)]


class AssignmentIn(In):
    """``rubric`` is plain text, as the guide to assignments has it; a change of it is a new version."""

    title: Words
    about: Words = Words(ko="", en="")
    rubric: Annotated[str, StringConstraints(max_length=50_000)]
    lesson: UUID | None = None
    due_at: GivenMoment | None = None
    late_days: Annotated[int, Field(ge=0, le=365)] = 0
    late_per_day: Share = Decimal(0)
    grace_minutes: Annotated[int, Field(ge=0, le=1440)] = 0
    group_most: Annotated[int, Field(ge=1, le=50)] = 1
    each: Literal[1, 2] = 1
    gap: Annotated[Decimal, Field(ge=0, le=1, decimal_places=2)] = Decimal("0.15")
    scheme: Literal["scale", "pass"] = "scale"
    pass_share: Annotated[Decimal, Field(ge=0, le=1, decimal_places=2)] = Decimal("0.60")
    weight: Annotated[Decimal, Field(ge=0, le=999, decimal_places=2)] = Decimal(1)
    regrade_days: Annotated[int, Field(ge=0, le=365)] = 7


class RubricLevelOut(Out):
    points: Decimal
    text: Words


class CriterionOut(Out):
    key: str
    text: Words
    most: Decimal
    levels: list[RubricLevelOut]


class AssignmentRubricOut(Out):
    number: int
    most: Decimal
    criteria: list[CriterionOut]

    @classmethod
    def of(cls, version: RubricVersion) -> Self:
        read = version.read
        criteria = [
            CriterionOut(
                key=one.key, text=Words.of(one.text), most=one.most,
                levels=[RubricLevelOut(points=level.points, text=Words.of(level.text)) for level in one.levels],
            )
            for one in read.criteria
        ]  # fmt: skip
        return cls(number=version.number, most=read.most, criteria=criteria)


class AssignmentOut(Out):
    id: UUID
    cohort: UUID
    lesson: UUID | None
    title: Words
    about: Words
    state: str
    due_at: Moment | None
    late_days: int
    late_per_day: Decimal
    grace_minutes: int
    group_most: int
    each: int
    gap: Decimal
    scheme: str
    pass_share: Decimal
    weight: Decimal
    regrade_days: int
    released_at: Moment | None
    rubric: AssignmentRubricOut

    @classmethod
    def of(cls, row: Assignment) -> Self:
        names = ("id", "state", "due_at", "late_days", "late_per_day", "grace_minutes", "group_most", "each", "gap",
                 "scheme", "pass_share", "weight", "regrade_days", "released_at")  # fmt: skip
        return cls(
            cohort=row.cohort_id, lesson=row.lesson_id, title=Words.of(row.title), about=Words.of(row.about),
            rubric=AssignmentRubricOut.of(rubric_of(row)), **{name: getattr(row, name) for name in names},
        )  # fmt: skip


class WorkFileOut(Out):
    id: UUID
    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, row: WorkFile) -> Self:
        return cls(id=row.pk, name=row.name, size=row.size, sha256=row.sha256)


class HandInOut(Out):
    """A receipt: what was handed in, as it was then. ``fingerprint`` is the SHA-256 of its text and files."""

    id: UUID
    assignment: UUID
    number: int
    at: Moment
    by: PersonRef
    text: str
    files: list[WorkFileOut]
    fingerprint: str

    @classmethod
    def of(cls, row: HandIn) -> Self:
        files = [WorkFileOut.of(file) for file in row.files.all()]
        return cls(
            id=row.pk, assignment=row.work.assignment_id, number=row.number, at=row.at, by=PersonRef.of(row.by),
            text=row.text, files=files, fingerprint=row.fingerprint,
        )  # fmt: skip


class MarkOut(Out):
    """``points`` of ``most`` count: ``raw`` less ``late``, which is a share of all."""

    by_criterion: dict[str, Decimal]
    raw: Decimal
    most: Decimal
    late: Decimal
    points: Decimal
    passed: bool
    state: str
    remark: str

    @classmethod
    def of(cls, row: Mark) -> Self:
        names = ("by_criterion", "raw", "most", "late", "points", "passed", "state", "remark")
        return cls(**{name: getattr(row, name) for name in names})


class OwnWorkOut(Out):
    """One's own work: the draft, how often it was saved, the last hand-in, and the mark once it is released."""

    assignment: UUID
    due_at: Moment | None
    closes_at: Moment | None
    draft: str
    saves: int
    files: list[WorkFileOut]
    hand_in: HandInOut | None
    mark: MarkOut | None

    @classmethod
    def of(cls, row: Work) -> Self:
        hand_in = latest(row)
        mark = Mark.objects.filter(work=row, state=MarkState.RELEASED).select_related("work__assignment").first()
        return cls(
            assignment=row.assignment_id, due_at=row.due_at, closes_at=row.closes_at, draft=row.draft, saves=row.saves,
            files=[WorkFileOut.of(file) for file in row.files.filter(hand_in=None)],
            hand_in=HandInOut.of(hand_in) if hand_in else None, mark=MarkOut.of(mark) if mark else None,
        )  # fmt: skip


class DraftIn(In):
    """``saves``: how often the draft had been saved when it was changed."""

    text: Text
    saves: Whole


class RegradeIn(In):
    text: Said


class RegradeOut(Out):
    id: UUID
    state: str
    text: str
    answer: str
    before: Decimal
    after: Decimal | None

    @classmethod
    def of(cls, row: Regrade) -> Self:
        names = ("id", "state", "text", "answer", "before", "after")
        return cls(**{name: getattr(row, name) for name in names})


class RegradeAnswerIn(In):
    """With ``points`` it is upheld, and the mark changes to them."""

    answer: Said
    points: Given | None = None


class MarkingOut(Out):
    """One's own marks for one hand-in, without whose it is."""

    id: UUID
    assignment: UUID
    state: str
    points: dict[str, Decimal]
    comment: str
    saves: int
    rubric: AssignmentRubricOut
    text: str
    files: list[WorkFileOut]

    @classmethod
    def of(cls, row: Marking) -> Self:
        hand_in = latest(row.work)
        if hand_in is None:
            raise TypeError("only what was handed in is marked")
        return cls(
            id=row.pk, assignment=row.work.assignment_id, state=row.state, points=row.read, comment=row.comment,
            saves=row.saves, rubric=AssignmentRubricOut.of(hand_in.rubric), text=hand_in.text,
            files=[WorkFileOut.of(file) for file in hand_in.files.all()],
        )  # fmt: skip


class GivenMarksIn(In):
    """``rubric`` is the version that they were given by, ``saves`` how often they had been saved before."""

    points: Given
    comment: Prose = ""
    saves: Whole
    rubric: Whole


class GradersIn(In):
    emails: Annotated[list[Email], Field(max_length=200)]


class GroupsIn(In):
    groups: dict[Annotated[str, StringConstraints(min_length=1, max_length=80)], list[Email]]


class ExtensionIn(In):
    """``until`` left out: everybody's due time holds again."""

    email: Email
    until: GivenMoment | None = None


class ScaleIn(In):
    """A cut a line, such as ``A+ 95 4.5``: letter, per cent, grade points; the last one at 0 per cent."""

    scale: Annotated[str, StringConstraints(max_length=2_000)]


class ScaleOut(Out):
    scale: str

    @classmethod
    def of(cls, row: GradeScale) -> Self:
        return cls(scale=written_scale(row.read))


class GroupsOut(Out):
    formed: int

    @classmethod
    def of(cls, formed: int) -> Self:
        return cls(formed=formed)


class HandedWorkOut(Out):
    """A work as a moderator sees it."""

    id: UUID
    name: str
    people: list[PersonRef]
    versions: int
    due_at: Moment | None
    mark: MarkOut | None

    @classmethod
    def of(cls, row: Work) -> Self:
        mark = Mark.objects.filter(work=row).select_related("work__assignment").first()
        return cls._made(row, mark)

    @classmethod
    def many(cls, rows: Sequence[Work]) -> list[Self]:
        return [cls._made(row, getattr(row, "mark", None)) for row in rows]

    @classmethod
    def _made(cls, row: Work, mark: Mark | None) -> Self:
        people: list[Person] = [member.enrolment.person for member in row.members.all()]
        due: datetime | None = row.due_at
        return cls(
            id=row.pk, name=row.name, people=[PersonRef.of(person) for person in people], versions=row.handed_in,
            due_at=due, mark=MarkOut.of(mark) if mark else None,
        )  # fmt: skip


class DecidedIn(In):
    points: Given
    remark: Said = ""


class ThirdIn(In):
    email: Email


class CorrectedIn(In):
    points: Given
    why: Said


class ChangedGradeOut(Out):
    person: PersonRef
    before: Decimal | None
    after: Decimal | None


class ReleasePreviewOut(Out):
    """What a release would do: marks that come out, of which ``fail`` do not pass; hand-ins that stay ``behind``; how
    many have handed nothing in; and the grades that change."""

    marks: int
    fail: int
    behind: int
    none: int
    grades: list[ChangedGradeOut]

    @classmethod
    def of(cls, shown: Preview) -> Self:
        grades = [
            ChangedGradeOut(person=PersonRef.of(row.person), before=before, after=after)
            for row, before, after in shown.grades
        ]
        return cls(marks=shown.marks, fail=shown.fail, behind=shown.behind, none=shown.none, grades=grades)


class ReleasedMarksOut(Out):
    released: int

    @classmethod
    def of(cls, marks: Sequence[Mark]) -> Self:
        return cls(released=len(marks))


class TakenMarksOut(Out):
    rows: int
    changed: int
    same: int

    @classmethod
    def of(cls, taken: Taken) -> Self:
        return cls(rows=taken.rows, changed=len(taken.changed), same=taken.same)
