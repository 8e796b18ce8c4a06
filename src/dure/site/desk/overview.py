"""The desk's first pages: the programmes one runs, and one programme as it stands now."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from dure.audit.models import AuditRow
from dure.blueprint.model import Ability, Stage
from dure.core import clock
from dure.joints.awaited import awaited_in
from dure.joints.paying import payments_in
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import (
    Case,
    Given,
    GivenState,
    Programme,
    ProgrammeState,
    Provided,
    ProvidedState,
    Seat,
    Settlement,
    SettlementState,
    Turn,
    TurnState,
)
from dure.programmes.queries.health import Health, handed_in, health_of, people_at
from dure.programmes.windows import close_of, closings_of, span_of
from dure.site import figures, words
from dure.site.desk.stage import Line, lines_of
from dure.site.desk.todo import Due, todos_of
from dure.site.drawing import drawn
from dure.site.visitors import desk_for, person_of
from dure.store.worded import asked

PAGE = 30
_CARD = (
    '<li class="card"><p class="row"><span class="tag {}">{}</span>{}</p><h{}><a href="{}">{}</a></h{}>'
    '<p class="bottom">{}{}</p></li>'
)
_LATE = '<span class="tag out">{}</span>'


@dataclass(frozen=True)
class Run:
    """A programme in the list of those one runs: sets that are over or not released yet, and the next deadline."""

    programme: Programme
    late: int
    deadline: datetime | None

    @property
    def card(self) -> SafeString:
        """As the list shows it: there are thirty, and a template takes three times as long for each."""
        return self._card(2)

    @property
    def card_below(self) -> SafeString:
        """The same in a list that has a heading of its own."""
        return self._card(3)

    def _card(self, level: int) -> SafeString:
        programme = self.programme
        state, title = words.PROGRAMME_STATES[programme.state], words.say(programme.title)
        address = reverse("desk", args=[programme.slug])
        return drawn(_CARD, programme.state, state, self._late, level, address, title, level, self._entered, self._next)

    @property
    def _late(self) -> str:
        told = ngettext("%(n)s result is late", "%(n)s results are late", self.late) % {"n": self.late}
        return drawn(_LATE, told) if self.late else ""

    @property
    def _entered(self) -> str:
        n = self.programme.cases_entered
        return ngettext("%(shown)s case entered", "%(shown)s cases entered", n) % {"shown": figures.number(n)}

    @property
    def _next(self) -> str:
        until = figures.when(self.deadline, self.programme.zone, figures.until)
        return drawn("<br>{}: {}", gettext("Next deadline"), until) if self.deadline else ""


@dataclass(frozen=True)
class Flow:
    """One stage in the funnel: ``per_cent`` of those who came to the stages it follows (none: it is a start)."""

    step: Line
    health: Health
    largest: int
    per_cent: int | None


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The programmes that the visitor operates, those under way first, with what is late and what ends next."""
    found = operated_by(person_of(request)).exclude(state=ProgrammeState.CLOSED).order_by("-pk")
    closed = operated_by(person_of(request)).filter(state=ProgrammeState.CLOSED).order_by("-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    titles = closed.only("slug", "title_ko", "title_en")
    seen = {"page": page, "runs": _runs(list(page)), "closed": titles[:PAGE]}
    return render(request, "desk/index.html", seen)


def runs_of(person: Person, *, most: int) -> list[Run]:
    """The newest programmes that somebody runs and that are not over, those with something late first."""
    live = operated_by(person).exclude(state=ProgrammeState.CLOSED).order_by("-pk")[: 3 * most]
    return sorted(_runs(list(live)), key=lambda run: not run.late)[:most]


def operated_by(person: Person) -> "QuerySet[Programme]":
    """Programmes at whose desk somebody sits."""
    if rules.is_operator(person):
        return Programme.objects.all()
    return Programme.objects.filter(is_run(person.pk, seated_at(person)))


def is_run(person: UUID, seated: Sequence[UUID]) -> Q:
    """Programmes that somebody made, and those at whose desk they are ``seated``."""
    return Q(made_by=person) | Q(pk__in=seated)


def seated_at(person: Person) -> list[UUID]:
    """Programmes in which somebody sits in a role that operates."""
    return [seat.programme_id for seat in rules.seats_of(person) if _operates(seat)]


def _operates(seat: Seat) -> bool:
    role = blueprint_of(seat.programme).roles.get(seat.role)
    return role is not None and Ability.OPERATE in role.can


def _runs(programmes: Sequence[Programme]) -> list[Run]:
    late = _late(programmes)
    prefetch_related_objects(programmes, "closings")
    return [Run(programme, late[programme.pk], _next_close(_closes(programme))) for programme in programmes]


def _closes(programme: Programme) -> Iterator[datetime | None]:
    closings = closings_of(programme)
    return (close_of(one.id, span_of(programme, one), closings) for one in blueprint_of(programme).stages)


def _late(programmes: Sequence[Programme]) -> Mapping[UUID, int]:
    """By programme, how many sets are over and not settled, or confirmed and not released."""
    known = {programme.pk: programme for programme in programmes}
    found: dict[UUID, int] = defaultdict(int)
    over = Turn.objects.filter(programme__in=known, state=TurnState.HANDED_IN, closes_at__lte=clock.now())
    for pk, stage in over.order_by().values_list("programme", "stage").distinct():
        found[pk] += blueprint_of(known[pk]).stage(stage).settles_as_set
    held = Settlement.objects.filter(programme__in=known, state=SettlementState.CONFIRMED)
    for pk, n in held.order_by().values_list("programme").annotate(Count("pk")):
        found[pk] += n
    return found


def _next_close(closes: Iterable[datetime | None]) -> datetime | None:
    """The next of the closes of stages, as far as they are known."""
    now = clock.now()
    return min((close for close in closes if close and close > now), default=None)


@login_required
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """One programme: what is to be done, and how many stand where."""
    return render(request, "desk/show.html", _as_it_stands(desk_for(request, slug), _version()))


@login_required
@require_safe
def now(request: HttpRequest, slug: str) -> HttpResponse:
    """The part of the page that changes, for whoever keeps it open: nothing at all while nothing has changed."""
    programme = desk_for(request, slug)
    version = _version()
    if request.GET.get("seen") == version:
        return HttpResponse(status=204, headers={"ETag": f'"{version}"'})
    answer = render(request, "desk/now.html", _as_it_stands(programme, version))
    answer["ETag"] = f'"{version}"'
    return answer


def _version() -> str:
    """The newest row of the log: every write leaves one there, so what follows from no newer row is still true."""
    newest = AuditRow.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest.hex if newest else "0"


def _as_it_stands(programme: Programme, version: str) -> dict[str, object]:
    """``version`` was read before, so that what is written meanwhile is asked for again."""
    health, lines = health_of(programme), lines_of(programme)
    confirmations = sum(n for (n,) in asked(_due, programme.pk))
    due = Due(confirmations, payments=payments_in(programme, state="proposed").count())
    return {
        "programme": programme,
        "blueprint": blueprint_of(programme),
        "tab": "overview",
        "flows": _flows(lines, health, people_at(programme, health)),
        "todos": todos_of(programme, health, awaited_in(programme, handed_in(health)), due),
        "entered": programme.cases_entered,
        "states": Counter(dict(asked(_cases, programme.pk))),
        "deadline": _next_close(line.closes for line in lines),
        "version": version,
    }


def _due(programme: UUID) -> "QuerySet[Any, Any]":
    """How many gives and how many provisions wait to be confirmed."""
    gives = Given.objects.filter(programme=programme, state=GivenState.DUE).exclude(kind="money", via="fund")
    provisions = Provided.objects.filter(programme=programme, state=ProvidedState.DUE)
    counts: list[QuerySet[Any, Any]] = [
        rows.order_by().values("state").annotate(n=Count("*")).values_list("n") for rows in (gives, provisions)
    ]
    return counts[0].union(counts[1], all=True)


def _cases(programme: UUID) -> "QuerySet[Case, tuple[str, int]]":
    return Case.objects.filter(programme=programme).order_by().values_list("state").annotate(n=Count("*"))


def _flows(lines: Sequence[Line], health: Mapping[str, Health], people: Mapping[str, int]) -> list[Flow]:
    largest = max((one.entered for one in health.values()), default=0) or 1
    return [Flow(step, health[step.stage.id], largest, _share(step.stage, people)) for step in lines]


def _share(stage: Stage, people: Mapping[str, int]) -> int | None:
    """Per cent of those who came to the stages before, person by person where teams form: of stages that all have to
    be passed, of the smallest; where any of them will do, of all together."""
    came = [people[before] for before in dict.fromkeys(after.stage for after in stage.after)]
    base = (sum if stage.join_any else min)(came) if came else 0
    return round(100 * people[stage.id] / base) if base else None
