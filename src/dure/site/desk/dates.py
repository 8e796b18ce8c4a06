"""When everything is: a stage's window seen and changed with who it touches, and the steps of a programme's life."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from dure.blueprint.document import Flaws
from dure.blueprint.overriding import as_written
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import ALIVE, PROGRAMME_MOVES, Programme, ProgrammeState
from dure.programmes.operations.publishing import (
    close,
    open_programme,
    preview_step,
    publish,
    run,
    set_window,
)
from dure.programmes.queries.health import states_at
from dure.site import words
from dure.site.desk.stage import head_of, lines_of, stage_for
from dure.site.visitors import desk_for

ENDS = ("from", "to")
LENGTHS: dict[str, Promise] = {
    "for": _("How long from its opening"), "within": _("Within how long from its opening"),
    "every": _("How often it comes again"), "with": _("At the same time as the stage"),
}  # fmt: skip


class _End(NamedTuple):
    """One end of a window as its two fields take it; ``asked``: a date that a form asked before."""

    name: str
    written: str

    @property
    def day(self) -> str:
        return self.written[:10] if len(self.written) >= len("2026-01-01") and self.written[4:5] == "-" else ""

    @property
    def time(self) -> str:
        return self.written[11:16]

    @property
    def asked(self) -> str:
        return "" if self.day else self.written


@dataclass(frozen=True)
class Life:
    """A step of a programme's life as a button."""

    operation: Callable[[Programme], Programme]
    state: ProgrammeState
    label: Promise
    done: Promise


LIVES: dict[str, Life] = {
    "publish": Life(publish, ProgrammeState.PUBLISHED, _("Announce"), _("The programme is announced.")),
    "open": Life(open_programme, ProgrammeState.OPEN, _("Take entries"), _("The programme takes entries.")),
    "run": Life(run, ProgrammeState.RUNNING, _("Stop taking entries"), _("No more entries are taken.")),
    "close": Life(close, ProgrammeState.CLOSED, _("End the programme"), _("The programme has ended.")),
}


@login_required
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Every stage's window, whose dates they are, and what comes next in the programme's life."""
    programme = desk_for(request, slug)
    seen = {
        "programme": programme,
        "blueprint": blueprint_of(programme),
        "tab": "dates",
        "steps": [(step, step.stage.id in programme.windows) for step in lines_of(programme)],
        "lives": [(name, life.label) for name, life in LIVES.items() if _may_become(programme, life.state)],
        "parties": programme.parties.select_related("organisation").order_by("key", "pk"),
    }
    return render(request, "desk/dates.html", seen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Put another window in the place of a stage's (``back``: its own again). Whom it touches stands above the form;
    with ``tell`` an announcement to them is begun."""
    programme = desk_for(request, slug)
    written = stage_for(programme, stage)
    sent = _sent(request.POST)
    flaws: list[str] = []
    if request.method == "POST":
        try:
            set_window(programme, stage, None if "back" in request.POST else sent)
            messages.success(request, gettext("The dates are changed."))
            return redirect(_way_on(request, slug, stage))
        except Flaws as found:
            flaws = [words.say(flaw.text) for flaw in found.flaws]
    now = sent if flaws else as_written(written.when) if written.when else {}
    states = states_at(programme, stage)
    seen = {
        **head_of(programme, written), "tab": "dates", "ends": [_End(name, now.get(name, "")) for name in ENDS],
        "lengths": [(name, LENGTHS[name], now.get(name, "")) for name in LENGTHS],
        "open_lengths": any(name in now for name in LENGTHS), "flaws": flaws,
        "overridden": stage in programme.windows, "alive": sum(states[state] for state in ALIVE),
    }  # fmt: skip
    return render(request, "desk/window.html", seen)


def _sent(post: QueryDict) -> dict[str, str]:
    """What was filled in, in the language's own words: a date, or a date with its time."""
    found = {name: post.get(name, "").strip() for name in LENGTHS}
    for name in ENDS:
        day, time = post.get(name, "").strip(), post.get(f"{name}-time", "").strip()
        found[name] = f"{day}T{time}" if day and time else day
    return {name: value for name, value in found.items() if value}


def _way_on(request: HttpRequest, slug: str, stage: str) -> str:
    if "tell" in request.POST:
        return f"{reverse('desk-announce', args=[slug])}?stage={stage}&about=dates"
    return reverse("desk-dates", args=[slug])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def life(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """What a step of the programme's life does, and then doing it."""
    programme = desk_for(request, slug)
    seen = preview_step(programme, step)
    chosen = LIVES[step]
    if request.method == "POST":
        chosen.operation(programme)
        messages.success(request, str(chosen.done))
        return redirect("desk", programme.slug)
    context = {
        "programme": programme, "tab": "dates", "preview": seen, "label": chosen.label,
        "final": step in {"publish", "close"},
    }  # fmt: skip
    return render(request, "desk/life.html", context)


def _may_become(programme: Programme, state: ProgrammeState) -> bool:
    return state in PROGRAMME_MOVES.get(ProgrammeState(programme.state), frozenset())
