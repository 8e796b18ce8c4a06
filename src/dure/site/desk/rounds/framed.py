"""A round for those who run it, by its own address: at the desk of its programme, or by itself where it has none."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from dure.challenges.models import Round, Task
from dure.core.errors import Missing
from dure.joints.models import RoundTask
from dure.joints.running import runs
from dure.programmes.rules import operates
from dure.site import words
from dure.site.challenges.tasks import NO_TASK, title_of
from dure.site.desk.rounds.door import round_at
from dure.site.visitors import person_of
from dure.store.worded import found


def round_for(request: HttpRequest, round_id: UUID) -> Round:
    """A round that the visitor runs. Raises Missing."""
    for round_ in found(_round, round_id):
        if runs(person_of(request), round_):
            return round_
    raise Missing("round.missing", NO_TASK)


def _round(round_id: UUID) -> "QuerySet[Round]":
    return Round.objects.filter(pk=round_id)


def framed(request: HttpRequest, round_: Round, part: str) -> dict[str, Any]:
    """What a page about it shows above, and the ``frame`` that it stands in with its row of
    sister pages, ``nav``; ``part``: the page."""
    place = next(iter(found(_places, round_.pk)), None)
    if place is not None and operates(person_of(request), place.programme):
        seen = round_at(request, place.programme.slug, place.stage).seen(part)
        return {**seen, "frame": "desk/rounds/frame.html", "nav": "desk/rounds/nav.html"}
    tasks = found(_tasks, round_.pk)
    return {
        "frame": "rounds/frame.html", "nav": "rounds/nav.html", "round": round_, "part": part,
        "title": words.say(round_.title), "is_placed": place is not None,
        "tasks": [(task, title_of(task)) for task in tasks],
    }  # fmt: skip


def _tasks(round_id: UUID) -> "QuerySet[Task]":
    rows = Task.objects.filter(round=round_id).order_by("pk")
    return rows.select_related("round", "environment", "round_task__programme")


def _places(round_id: UUID) -> "QuerySet[RoundTask]":
    return RoundTask.objects.filter(task__round=round_id).select_related("programme").order_by("pk")
