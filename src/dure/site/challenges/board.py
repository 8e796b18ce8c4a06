"""A task's board: pages of it, the visitor's own row, who is looked for, how scores spread, and the file of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dure.challenges.labels import Part
from dure.challenges.models import EntrantMember, Ratio, Round, Task
from dure.challenges.queries import (
    Row,
    asked_on_board,
    beside,
    board,
    board_of,
    board_version,
    columns_of,
    found,
    own_row,
    parts_shown,
    places,
    scores,
    usual_part,
    whole,
)
from dure.core import clock
from dure.core.once import once
from dure.core.text import Text
from dure.joints.pages import pages_beside
from dure.joints.sheets.cells import Cell
from dure.joints.sheets.tables import CONTENT_TYPES, write
from dure.people.models import Person
from dure.site import words
from dure.site.challenges.lines import drawn
from dure.site.challenges.listing import challenge_of
from dure.site.challenges.tasks import attempts_page, metric_of, task_for, title_of
from dure.site.challenges.watching import is_as_seen, part_of
from dure.site.charts import Bar, Spread
from dure.site.visitors import visitor
from dure.site.watched import unless_tagged
from dure.store import worded

SHOWN, FOUND = 50, 20
FEW, MANY = 5, 1_000  # below FEW scores there is nothing to draw; one among MANY hardly changes the picture
OUTER = 0.02  # the part of the scores at either end that the outermost bars take in


@dataclass(frozen=True)
class Look:
    """What somebody looks at. Two looks are equal when they show the same; none is kept longer than a minute."""

    version: str
    after: str
    typed: str
    language: str
    zone: str
    minute: int
    part: Part | None
    parts: tuple[Part, ...]
    task: Task = field(compare=False)
    person: Person | None = field(compare=False)
    pages: tuple[tuple[str, str], ...] = ()  # of text, by name and title: the whole page alone leads to them

    @property
    def shown(self) -> Part:
        return self.part or usual_part(self.task)

    @property
    def address(self) -> str:
        """Where its first page is."""
        address = reverse("board", args=[self.task.pk])
        return f"{address}?part={self.part}" if self.part else address


@dataclass(frozen=True)
class Lines:
    """A page of a board as it is sent to everybody."""

    html: str
    next: str | None


@require_safe
def show(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """The board's page; unchanged for this browser, it costs next to nothing."""
    look = _look(request, task_id)
    look = replace(look, pages=tuple((one.page.name, words.say(one.title)) for one in pages_beside(look.task.pk)))

    def draw() -> HttpResponse:
        seen = {"title": title_of(look.task), "main": _written("challenges/board_main.html", look, *_own(look))}
        return render(request, "challenges/board.html", seen)

    return unless_tagged(request, _told(request, look), draw)


@require_safe
def lines(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """The board alone, for a page that watches it: nothing while the board is the one that was ``seen``."""
    if is_as_seen(request, task_id, viewer=visitor(request)):
        return HttpResponse(status=204)  # most answers, so they read nothing that only a board needs
    look = _look(request, task_id)
    return HttpResponse(_written("challenges/board_part.html", look, *_own(look)))


@require_safe
def file(request: HttpRequest, task_id: UUID, format_: str) -> HttpResponse:
    """The whole board that the visitor sees, as CSV or XLSX."""
    look = _look(request, task_id)
    header = [
        gettext("Place"), gettext("Who"), gettext("Score"), gettext("Number of attempts"), gettext("Reached"),
        *(column.title for column in columns_of(look.task, viewer=None)), *map(words.say, _asked(look.task.round)),
        *_more(look.task.round),
    ]  # fmt: skip
    content = write(header, _whole(look), format=format_)
    answer = HttpResponse(content, content_type=CONTENT_TYPES[format_])
    answer["Content-Disposition"] = f'attachment; filename="board-{look.task.pk}-{look.shown}.{format_}"'
    return answer


def _look(request: HttpRequest, task_id: UUID) -> Look:
    """Raises Missing where the visitor may see no board, or no final one yet."""
    person, task, part = visitor(request), task_for(task_id), part_of(request)
    return Look(
        version=board_version(task, viewer=person, part=part),
        after=request.GET.get("after", ""),
        typed=request.GET.get("q", "").strip(),
        language=words.language(),
        zone=str(timezone.get_current_timezone()),
        minute=clock.minute(),
        part=part,
        parts=tuple(parts_shown(task, viewer=person)),
        task=task,
        person=person,
    )


def _told(request: HttpRequest, look: Look) -> str:
    """The same for the same board on the same page of the same browser, for at most a minute."""
    return repr((look.version, look.minute, look.language, request.get_full_path(), request.headers.get("Cookie")))


def _own(look: Look) -> tuple[Row | None, str]:
    """The visitor's own line, and where they hand in; empty for those who take no part."""
    if look.person is None:
        return None, ""
    members = EntrantMember.objects.filter(task=look.task, person=look.person)
    member = members.select_related("entrant__task__round", "entrant__round_turn").first()
    if member is None:
        return None, ""
    return own_row(member.entrant, viewer=look.person, part=look.part), attempts_page(member.entrant)


@once(most=512)
def _written(template: str, look: Look, own: Row | None, mine: str) -> SafeString:
    """A template of the board for everybody who sees the same of it."""
    round_, challenge, page = look.task.round, challenge_of(look.task), _lines(look)
    tasks = worded.found(_tasks, round_.pk)
    everybody = places(look.task, viewer=look.person, part=look.part)
    seen = {
        "task": look.task,
        "round": round_,
        "challenge": challenge,
        "title": title_of(look.task),
        "metric": metric_of(look.task),
        "tasks": [(other, title_of(other)) for other in tasks],
        "look": look,
        "columns": columns_of(look.task, viewer=None),
        "asked": _asked(round_),
        "rows": _with_own(page.html, own),
        "next": page.next,
        "all": everybody,
        "own": own,
        "mine": mine,
        "bars": _bars(look, everybody, own.score if own else None),
        "watched": not (look.typed or look.after) and challenge.phase == "open",
    }
    return render_to_string(template, seen)


def _tasks(round_: UUID) -> QuerySet[Task]:
    return Task.objects.filter(round=round_).select_related("round", "round_task__programme").order_by("pk")


@once(most=256)
def _lines(look: Look) -> Lines:
    if look.typed:
        page = found(look.task, look.typed, viewer=look.person, part=look.part, limit=FOUND)
    else:
        page = board(look.task, viewer=look.person, part=look.part, after=look.after or None, limit=SHOWN)
    columns = columns_of(look.task, viewer=None)
    sides = beside(look.task, page.rows, columns, part=page.part)
    return Lines(drawn(look.task, zip(page.rows, sides, strict=True)), page.next)


def _with_own(html: str, own: Row | None) -> SafeString:
    """Lines that were written for everybody, with the visitor's own marked."""
    mark = f'data-entrant="{own.entrant}"' if own else ""
    return mark_safe(html.replace(mark, f'{mark} class="own"') if mark else html)  # noqa: S308 -- a template wrote it


def _bars(look: Look, everybody: int, own: float | None) -> list[Bar]:
    """How the scores spread, and where the visitor's own is."""
    if everybody < FEW:
        return []
    version = look.version if everybody < MANY else board_of(look.version)  # then it is the minute's
    spread = _spread(replace(look, version=version, after="", typed="", language="", zone=""))
    return spread.bars(own=None if own is None else min(max(own, spread.low), spread.high))


@once(most=64)
def _spread(look: Look) -> Spread:
    """A few scores far off do not press all others into one bar."""
    values = sorted(scores(look.task, viewer=look.person, part=look.part))
    beyond = int(len(values) * OUTER)
    low, high = values[beyond], values[-1 - beyond]
    return Spread.of([min(max(value, low), high) for value in values])


def _asked(round_: Round) -> list[Text]:
    """The headings of what entrants answered."""
    return [question.title for question in asked_on_board(round_)]


def _more(round_: Round) -> list[str]:
    """The headings of what stands beside the score, as the round says."""
    headings = {gettext("Ratio"): round_.ratio_to != Ratio.NONE, gettext("Seconds"): round_.shows_seconds}
    return [heading for heading, is_shown in headings.items() if is_shown]


def _whole(look: Look) -> Iterator[list[Cell]]:
    columns, round_ = columns_of(look.task, viewer=None), look.task.round
    for row, side in whole(look.task, columns, viewer=look.person, part=look.part):
        answers = map(words.say, side.answers)
        figures = ((side.ratio, round_.ratio_to != Ratio.NONE), (side.seconds, round_.shows_seconds))
        more = [figure for figure, is_shown in figures if is_shown]
        yield [row.place, row.title, row.score, row.attempts, row.at, *side.values, *answers, *more]
