"""The list of challenges: what is open now, what opens soon, what has ended."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dure.challenges.models import Round, Task
from dure.challenges.queries.listing import ahead, ended, standing_in
from dure.challenges.rules import known_to, sees_boards_of
from dure.core import clock
from dure.joints.models import RoundTask
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, ProgrammeState
from dure.programmes.windows import dates_of
from dure.site import words
from dure.site.challenges.tasks import metric_of, place_of
from dure.site.visitors import visitor
from dure.store.search import matching

PAGE = 12
_NEEDED = ("tasks__round_task__programme__closings",)
MOST = 200  # rounds that are not over; of more the newest


@dataclass(frozen=True)
class Line:
    """One task of a round."""

    task: Task
    title: str
    metric: str
    entered: int
    best: float | None


@dataclass
class Challenge:
    """A round as it stands now, and the ``stage`` of its programme that it is. ``phase``: open, soon or closed;
    ``awaited``: closed and not judged yet."""

    round: Round
    title: str
    programme: Programme | None
    opens: datetime | None
    closes: datetime | None
    stage: str = ""
    board: bool = False
    lines: list[Line] = field(default_factory=list)

    def name_of(self, task: Task) -> str:
        """A task's name in the round: its option in the programme's words."""
        if self.programme is None or not task.option:
            return task.option or self.title
        return words.word(blueprint_of(self.programme), task.option)

    @property
    def phase(self) -> str:
        now = clock.now()
        ended = self.programme is not None and self.programme.state == ProgrammeState.CLOSED
        if ended or (self.closes is not None and self.closes <= now):
            return "closed"
        return "soon" if self.opens is not None and self.opens > now else "open"

    @property
    def awaited(self) -> bool:
        return self.phase == "closed" and not self.round.is_over


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Rounds across programmes: those that take attempts by deadline, those to come, those that are over."""
    typed, person = request.GET.get("q", "").strip(), visitor(request)
    known = sorted(map(_challenge, _announced(ahead(), typed, person)[:MOST]), key=_by_date)
    pages: Page[Round] = Paginator(_announced(ended(), typed, person), PAGE).get_page(request.GET.get("page"))
    past = [_challenge(round_) for round_ in pages.object_list]
    awaited = [one for one in known if one.phase == "closed"] if pages.number == 1 else []
    shown = {phase: [one for one in known if one.phase == phase][:PAGE] for phase in ("open", "soon")}
    _fill([*shown["open"], *shown["soon"], *awaited, *past], person)
    seen = {"q": typed, **shown, "past": awaited + past, "page": pages}
    return render(request, "challenges/index.html", seen)


def _announced(rounds: "QuerySet[Round]", typed: str, person: Person | None) -> "QuerySet[Round]":
    """Those that are called so and of which the visitor learns; no round of a programme that is still a draft."""
    drafts = RoundTask.objects.filter(programme__state=ProgrammeState.DRAFT).values("task__round")
    called = matching(Round.objects.all(), typed).order_by().values("pk")
    found = rounds.filter(known_to(person)).exclude(pk__in=drafts)
    return (found.filter(pk__in=called) if typed else found).prefetch_related(*_NEEDED)


def challenges_of(rounds: Sequence[Round], person: Person) -> list[Challenge]:
    """These rounds, of drafts as well, as they stand for somebody."""
    prefetch_related_objects(rounds, *_NEEDED)
    found = list(map(_challenge, rounds))
    _fill(found, person)
    return found


def challenge_of(task: Task) -> Challenge:
    """The challenge that a task belongs to, with its dates."""
    return _dated(task.round, place_of(task))


def _challenge(round_: Round) -> Challenge:
    return _dated(round_, next(filter(None, map(place_of, round_.tasks.all())), None))


def _dated(round_: Round, place: RoundTask | None) -> Challenge:
    """A round with its dates: its own, else those of the stage that it belongs to."""
    if place is None:
        return Challenge(round_, words.say(round_.title), None, round_.opens_at, round_.closes_at)
    blueprint = blueprint_of(place.programme)
    opens, closes = dates_of(place.programme, blueprint.stage(place.stage))
    if round_.is_over:
        closes = round_.closes_at
    return Challenge(round_, words.word(blueprint, place.stage), place.programme, opens, closes, place.stage)


def _by_date(challenge: Challenge) -> tuple[bool, datetime]:
    """What is next to change first; what has no date last."""
    at = challenge.opens if challenge.phase == "soon" else challenge.closes
    return at is None, at or challenge.round.made_at


def _fill(challenges: list[Challenge], person: Person | None) -> None:
    """Each with its tasks, and whether the visitor may see its boards."""
    rounds = {challenge.round.pk: challenge for challenge in challenges}
    for stands in standing_in(rounds):
        challenge, task = rounds[stands.task.round_id], stands.task
        challenge.lines.append(Line(task, challenge.name_of(task), metric_of(task), stands.entered, stands.best))
    for pk in Round.objects.filter(sees_boards_of(person), pk__in=rounds).values_list("pk", flat=True):
        rounds[pk].board = True
