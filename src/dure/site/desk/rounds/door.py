"""Which round of which programme a page of the desk is about, and who may open rounds."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dure.blueprint.model import Stage
from dure.challenges.models import Round, Task
from dure.core.errors import Forbidden, Missing
from dure.core.text import Text
from dure.joints.models import RoundTask
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from dure.site import words
from dure.site.challenges.tasks import title_of
from dure.site.desk.stage import stage_for
from dure.site.visitors import desk_for, person_of
from dure.store.worded import found

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
_NOT_SET_UP = Text(
    ko="이 단계에는 아직 과제가 없습니다. ‘과제와 채점’에서 먼저 과제를 등록하세요.",
    en="No task is set up at this stage yet: set one up under “Tasks and scoring” first.",
)
_NOT_A_MAKER = Text(
    ko="대회를 열 권한이 없습니다. 소속 기관의 관리자에게 권한을 요청하세요.",
    en="You may not open rounds. Ask whoever looks after your organisation.",
)


@dataclass(frozen=True)
class Place:
    """A round stage whose tasks are set up."""

    programme: Programme
    stage: Stage
    tasks: list[Task]

    @property
    def round(self) -> Round:
        return self.tasks[0].round

    @property
    def title(self) -> str:
        return words.word(blueprint_of(self.programme), self.stage.id)

    def seen(self, part: str) -> dict[str, object]:
        """What every page about the round shows above; ``part``: the page."""
        return {
            "programme": self.programme, "stage": self.stage, "title": self.title, "tab": "stages", "part": part,
            "round": self.round, "tasks": [(task, title_of(task)) for task in self.tasks],
        }  # fmt: skip


def round_at(request: HttpRequest, slug: str, stage: str) -> Place:
    """The round of a stage, for those who operate its programme. Raises Missing where no task is set up."""
    programme = desk_for(request, slug)
    written = stage_for(programme, stage)
    rows = found(_tasks_at, programme.pk, stage)
    tasks = [row.task for row in rows]
    if not tasks:
        raise Missing("round.no-task", _NOT_SET_UP)
    for row in rows:
        row.task.round_task = row
        row.programme = programme
    return Place(programme, written, tasks)


def _tasks_at(programme: UUID, stage: str) -> "QuerySet[RoundTask]":
    needed = ("task__round", "task__environment", "task__labels", "task__inputs", "task__scorer")
    rows = RoundTask.objects.filter(programme=programme, stage=stage).order_by("pk")
    return rows.select_related(*needed)


def for_makers(view: View[P]) -> View[P]:
    """The page is for those who may make programmes."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        if not rules.may_make(person_of(request)):
            raise Forbidden("round.not-a-maker", _NOT_A_MAKER)
        return view(request, *args, **named)

    return guarded
