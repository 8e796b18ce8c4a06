"""What is to be done at a programme now, the most pressing first, each with the button that leads there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from dure.blueprint.model import DecideStep, Entry, PanelStep, Stage
from dure.core import clock
from dure.joints.awaited import Awaited
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, ProgrammeState, TurnState
from dure.programmes.queries.health import Health
from dure.site import words

BEHIND = timedelta(days=7)  # a review that has waited so long is late


@dataclass(frozen=True)
class Todo:
    """One thing to do. ``late``: it ought to have been done already; ``at``: when it ends by itself."""

    text: str
    label: str
    url: str
    late: bool = False
    at: datetime | None = None


@dataclass(frozen=True)
class Due:
    """What waits for a confirmation or for a second person."""

    confirmations: int = 0
    payments: int = 0


def todos_of(
    programme: Programme, health: Mapping[str, Health], awaited: Mapping[str, Awaited], due: Due
) -> list[Todo]:
    """Late things first, then in the order of the stages."""
    found = [*_life(programme)]
    for stage in blueprint_of(programme).stages:
        found += _of_stage(programme, stage, health[stage.id], awaited[stage.id])
    return sorted([*found, *_due(programme, due)], key=lambda todo: not todo.late)


def _life(programme: Programme) -> Iterator[Todo]:
    slug = programme.slug
    if programme.state == ProgrammeState.DRAFT:
        yield Todo(
            gettext("It is a draft that nobody sees."), gettext("Announce …"), reverse("desk-publish", args=[slug])
        )
    if programme.state == ProgrammeState.PUBLISHED:
        yield Todo(
            gettext("It is announced and takes no entries yet."),
            gettext("Take entries …"),
            reverse("desk-open", args=[slug]),
        )


def _of_stage(programme: Programme, stage: Stage, health: Health, awaited: Awaited) -> Iterator[Todo]:
    title = words.word(blueprint_of(programme), stage.id)
    here = _Here(programme.slug, stage.id, title)
    if health.held:
        yield Todo(
            gettext("%(stage)s: the result is confirmed and nobody knows it yet.") % {"stage": title},
            gettext("Release …"), reverse("settle", args=[programme.slug, stage.id]), late=True,
        )  # fmt: skip
    elif health.due and not awaited.anything:
        text = ngettext(
            "%(stage)s is over: %(n)s hand-in waits for its result.",
            "%(stage)s is over: %(n)s hand-ins wait for their result.",
            health.handed_in,
        )
        yield here.todo(text, health.handed_in, gettext("Settle …"), "settle", late=True)
    yield from _asked(stage, awaited, here, over=health.due)
    waiting = health.states[TurnState.WAITING]
    if waiting and stage.entry in {Entry.INVITE, Entry.NOMINATE}:
        text = ngettext("%(stage)s: %(n)s waits to be invited.", "%(stage)s: %(n)s wait to be invited.", waiting)
        yield here.todo(text, waiting, gettext("Choose whom to invite"), "desk-cohort", state="waiting")
    if health.closing:
        text = ngettext(
            "%(stage)s closes within three days: %(n)s has not finished.",
            "%(stage)s closes within three days: %(n)s have not finished.",
            health.closing,
        )
        yield here.todo(text, health.closing, gettext("Remind them"), "desk-cohort", state="open",
                    at=health.closes_first)  # fmt: skip


def _asked(stage: Stage, awaited: Awaited, here: "_Here", *, over: bool) -> Iterator[Todo]:
    """What people or outside bodies are asked at the stage's gate; late where its window is ``over``."""
    if awaited.decisions and any(isinstance(step, DecideStep) for step in stage.gate):
        text = ngettext(
            "%(stage)s: %(n)s waits for a decision.", "%(stage)s: %(n)s wait for a decision.", awaited.decisions
        )
        yield here.todo(text, awaited.decisions, gettext("Decide the next one"), "desk-next", late=over)
    if awaited.seats and any(isinstance(step, PanelStep) for step in stage.gate):
        text = ngettext(
            "%(stage)s: %(n)s reviewer's seat is empty.", "%(stage)s: %(n)s reviewers' seats are empty.", awaited.seats
        )
        yield here.todo(text, awaited.seats, gettext("Assign reviewers"), "desk-stage", late=over)
    if awaited.reviews:
        late = over or (awaited.reviews_since is not None and awaited.reviews_since < clock.now() - BEHIND)
        text = ngettext(
            "%(stage)s: %(n)s review is not done.", "%(stage)s: %(n)s reviews are not done.", awaited.reviews
        )
        yield here.todo(text, awaited.reviews, gettext("See who is behind"), "desk-stage", late=late)
    if awaited.proofs:
        text = ngettext(
            "%(stage)s: %(n)s proof waits to be verified.", "%(stage)s: %(n)s proofs wait to be verified.",
            awaited.proofs,
        )  # fmt: skip
        yield here.todo(text, awaited.proofs, gettext("Verify them"), "desk-stage", late=over)


@dataclass(frozen=True)
class _Here:
    """The stage that a thing is to be done at."""

    slug: str
    stage: str
    title: str

    def todo(self, text: str, n: int, label: str, page: str, **more: Any) -> Todo:
        """``page``: of the stage; of all participants, those at the stage in the ``state`` given."""
        state = more.pop("state", "")
        url = reverse(page, args=[self.slug] if state else [self.slug, self.stage])
        query = f"?stage={self.stage}&state={state}" if state else ""
        return Todo(text % {"stage": self.title, "n": f"{n:,}"}, label, f"{url}{query}", **more)


def _due(programme: Programme, due: Due) -> Iterator[Todo]:
    if due.payments:
        text = ngettext(
            "%(n)s payment waits for a second person.", "%(n)s payments wait for a second person.", due.payments
        )
        yield Todo(
            text % {"n": f"{due.payments:,}"}, gettext("See the payments"), reverse("desk-money", args=[programme.slug])
        )
    if due.confirmations:
        text = ngettext(
            "%(n)s give or provision waits to be confirmed.",
            "%(n)s gives and provisions wait to be confirmed.",
            due.confirmations,
        )
        url = f"{reverse('desk-gives', args=[programme.slug])}?state=due"
        yield Todo(text % {"n": f"{due.confirmations:,}"}, gettext("Confirm them"), url)
