"""Learning paths, and what providers are asked to teach."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import one
from dure.api.learning.catalogue import ITEM
from dure.api.shapes import In, Moment, Out, Page, Paging, Words, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.learning import rules
from dure.learning.models import Item, LearningPath, PathLack, RevisionTask
from dure.learning.models.paths import LEAST_MINUTES, MOST_MINUTES
from dure.learning.operations import paths, revisions
from dure.learning.queries import paths as queries
from dure.learning.queries.paths import Stop, Way, paths_of, way_of
from dure.skills.models import JobRole

router = Router(tags=["learning"])
PATH = Text(ko="학습 경로", en="learning path")
ROLE = Text(ko="직무", en="job role")
TASK = Text(ko="개정 과제", en="revision task")
Minutes = Annotated[int, Field(ge=LEAST_MINUTES, le=MOST_MINUTES)]


class PaceIn(In):
    """Minutes a week, and the last day."""

    minutes_a_week: Minutes
    until: date


class PathIn(PaceIn):
    role: UUID


class PathItemIn(In):
    """What somebody says of an item: that they do ``without`` it or let it in ``again``, or have ``done`` it or not."""

    says: Literal["without", "again", "done", "undone"]


class LearningPathOut(Out):
    id: UUID
    role: UUID
    name: Words
    minutes_a_week: int
    until: date
    sought: bool

    @classmethod
    def of(cls, row: LearningPath) -> Self:
        return cls(**_told(row))


class ClimbOut(Out):
    skill: UUID
    name: Words
    level: int


class PathStepOut(Out):
    """An item from a Monday to a Sunday. ``leads_to``: why it is there; ``instead``: items that lead there, too."""

    item: UUID
    cohort: UUID | None
    first: date
    last: date
    minutes: int
    leads_to: list[ClimbOut]
    instead: list[UUID]

    @classmethod
    def of(cls, stop: Stop) -> Self:
        step = stop.step
        climbs = [
            ClimbOut(skill=one.skill_id, name=Words.of(one.skill.name), level=one.level) for one in step.climbs.all()
        ]
        return cls(
            item=step.item_id, cohort=step.cohort_id, first=step.first, last=step.last, minutes=step.minutes,
            leads_to=climbs, instead=[item.pk for item in stop.others],
        )  # fmt: skip


class PathLackOut(ClimbOut):
    """A level that no plan reaches: ``untaught``, ``closed`` (full, or not held in time) or too little ``time``."""

    why: str

    @classmethod
    def of(cls, row: PathLack) -> Self:
        return cls(skill=row.skill_id, name=Words.of(row.skill.name), level=row.level, why=row.why)


class WholePathOut(LearningPathOut):
    """``sought``: a worker still looks for a shorter one. ``proven``: there is none; else none takes less than
    ``bound`` minutes."""

    minutes: int
    bound: int
    proven: bool
    steps: list[PathStepOut]
    done: list[UUID]
    lacks: list[PathLackOut]

    @classmethod
    def of(cls, row: LearningPath) -> Self:
        way: Way = way_of(row)
        return cls(
            **_told(row), minutes=way.minutes, bound=row.bound, proven=way.proven,
            steps=[PathStepOut.of(stop) for stop in way.stops], done=[step.item_id for step in way.done],
            lacks=[PathLackOut.of(lack) for lack in way.lacks],
        )  # fmt: skip


def _told(row: LearningPath) -> dict[str, Any]:
    names = ("id", "minutes_a_week", "until")
    told = {name: getattr(row, name) for name in names}
    return {**told, "role": row.role_id, "name": Words.of(row.role.name), "sought": row.is_sought}


@router.get("/me/paths", response=Page[LearningPathOut])
def own(request: Asked, asked: Query[Paging]) -> Page[LearningPathOut]:
    """One's learning paths."""
    return paged(paths_of(request.auth), asked, lambda rows: [LearningPathOut.of(row) for row in rows])


@writes(router.post, "/me/paths", WholePathOut, status=201)
def plan(request: Asked, body: PathIn) -> LearningPath:
    """Plan the way to a job role: a good plan at once, and the shortest once a worker has found it."""
    role = one(JobRole.objects.all(), "role.missing", ROLE, pk=body.role)
    return paths.open_path(request.auth, role=role, minutes_a_week=body.minutes_a_week, until=body.until)


@router.get("/me/paths/{uuid:path_id}", response=WholePathOut)
def show(request: Asked, path_id: UUID) -> WholePathOut:
    """A path with its items week by week, why each, what else leads there, and what cannot be closed."""
    return WholePathOut.of(_own(request, path_id))


@writes(router.put, "/me/paths/{uuid:path_id}", WholePathOut)
def change(request: Asked, path_id: UUID, body: PaceIn) -> LearningPath:
    """Give it another pace or another last day."""
    return paths.change_path(_own(request, path_id), minutes_a_week=body.minutes_a_week, until=body.until)


@writes(router.put, "/me/paths/{uuid:path_id}/items/{uuid:item_id}", WholePathOut)
def choose(request: Asked, path_id: UUID, item_id: UUID, body: PathItemIn) -> LearningPath:
    """Plan without an item or with it again, or say that one has done it elsewhere or has not."""
    path = _own(request, path_id)
    item = one(Item.objects.all(), "item.missing", ITEM, pk=item_id)
    if body.says == "without":
        paths.leave_out(path, item=item)
    elif body.says == "again":
        paths.take_in_again(path, item=item)
    elif body.says == "done":
        paths.say_done(request.auth, item=item)
    else:
        paths.take_word_back(request.auth, item=item)
    return _own(request, path_id)


@writes(router.delete, "/me/paths/{uuid:path_id}", LearningPathOut)
def leave(request: Asked, path_id: UUID) -> LearningPath:
    """Give a path up; what was learnt stays."""
    return paths.leave_path(_own(request, path_id))


def _own(request: Asked, path_id: UUID) -> LearningPath:
    rows = LearningPath.objects.filter(person=request.auth, left_at=None).select_related("person", "role")
    return one(rows, "path.missing", PATH, pk=path_id)


# --- where the curriculum lags


class RevisionAsked(Paging):
    state: Literal["", "open", "answered", "closed"] = ""


class RevisionAnswerIn(In):
    """What the provider will do; or, where it ``declines``, why it will not teach the skill."""

    text: Annotated[str, Field(min_length=1, max_length=revisions.MOST_WORDS)]
    declines: bool = False


class RevisionOut(Out):
    """``before`` and ``lately``: how often the skill was asked for in a month, on average."""

    id: UUID
    provider: str
    skill: UUID
    name: Words
    state: str
    before: float
    lately: float
    answer: str
    closing: str
    item: UUID | None
    made_at: Moment

    @classmethod
    def of(cls, row: RevisionTask) -> Self:
        told = {name: getattr(row, name) for name in ("id", "state", "answer", "closing", "made_at")}
        return cls(
            **told, provider=row.provider.key, skill=row.skill_id, name=Words.of(row.skill.name),
            before=row.before / 1000, lately=row.lately / 1000, item=row.item_id,
        )  # fmt: skip


@router.get("/learning/revisions", response=Page[RevisionOut])
def revision_tasks(request: Asked, asked: Query[RevisionAsked]) -> Page[RevisionOut]:
    """Skills that the providers one looks after are asked to teach."""
    rows = queries.revisions(rules.curated_by(request.auth), state=asked.state)
    return paged(rows, asked, lambda found: [RevisionOut.of(row) for row in found])


@writes(router.post, "/learning/revisions/{uuid:task_id}/answer", RevisionOut)
def answer(request: Asked, task_id: UUID, body: RevisionAnswerIn) -> RevisionTask:
    """Say what the provider will do; a task closes by itself once something listed teaches the skill."""
    rows = RevisionTask.objects.filter(provider__in=rules.curated_by(request.auth).order_by().values("pk"))
    task = one(rows.select_related("provider", "skill"), "revision.missing", TASK, pk=task_id)
    reply = revisions.decline if body.declines else revisions.answer
    return reply(task, by=request.auth, text=body.text)
