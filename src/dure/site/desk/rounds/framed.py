"""A round for those who run it, by its own address: at the desk of its programme, or by itself where it has none."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from dure.challenges.models import Round
from dure.core.errors import Missing
from dure.joints.models import RoundTask
from dure.joints.running import runs
from dure.programmes.rules import operates
from dure.site import words
from dure.site.challenges.tasks import NO_TASK, title_of
from dure.site.desk.rounds.door import round_at
from dure.site.visitors import person_of


def round_for(request: HttpRequest, round_id: UUID) -> Round:
    """A round that the visitor runs. Raises Missing."""
    round_ = Round.objects.filter(pk=round_id).first()
    if round_ is None or not runs(person_of(request), round_):
        raise Missing("round.missing", NO_TASK)
    return round_


def framed(request: HttpRequest, round_: Round, part: str) -> dict[str, Any]:
    """What a page about it shows above, and the ``frame`` that it stands in with its row of
    sister pages, ``nav``; ``part``: the page."""
    place = RoundTask.objects.filter(task__round=round_).select_related("programme").first()
    if place is not None and operates(person_of(request), place.programme):
        seen = round_at(request, place.programme.slug, place.stage).seen(part)
        return {**seen, "frame": "desk/rounds/frame.html", "nav": "desk/rounds/nav.html"}
    tasks = round_.tasks.select_related("round", "environment", "round_task__programme").order_by("pk")
    return {
        "frame": "rounds/frame.html", "nav": "rounds/nav.html", "round": round_, "part": part,
        "title": words.say(round_.title), "is_placed": place is not None,
        "tasks": [(task, title_of(task)) for task in tasks],
    }  # fmt: skip
