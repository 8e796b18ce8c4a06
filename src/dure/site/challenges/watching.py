"""Boards that pages watch: hundreds of open pages ask all the time, and most hear that nothing has changed."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from dure.challenges.labels import Part
from dure.challenges.models import Task
from dure.challenges.queries import board_version
from dure.core.errors import Missing
from dure.people.models import Person

Answer = Callable[[HttpRequest], HttpResponse]
BEFORE, AFTER = "/tasks/", "/lines/"  # the task's id stands between them


def unchanged(answer: Answer) -> Answer:
    """Answers before anybody knows who asks where the board is the one that was ``seen`` and anybody may see it:
    whoever asks would hear the same. All else goes on its way.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path
        if path.startswith(BEFORE) and path.endswith(AFTER) and _is_seen_by_anybody(request):
            return HttpResponse(status=204)
        return answer(request)

    return middleware


def _is_seen_by_anybody(request: HttpRequest) -> bool:
    try:
        return is_as_seen(request, UUID(request.path[len(BEFORE) : -len(AFTER)]), viewer=None)
    except (ValueError, Missing):  # no id, or a board that is not for everybody
        return False


def is_as_seen(request: HttpRequest, task_id: UUID, *, viewer: Person | None) -> bool:
    """Whether the board is the one whose version the page has ``seen``. Raises Missing where the viewer sees none."""
    seen = request.GET.get("seen")
    found = Task.objects.select_related("round").filter(pk=task_id) if seen else ()
    return any(seen == board_version(task, viewer=viewer, part=part_of(request)) for task in found)


def part_of(request: HttpRequest) -> Part | None:
    """The board that was asked for; None for whichever is shown now."""
    asked = request.GET.get("part", "")
    return Part(asked) if asked in set(Part) else None
