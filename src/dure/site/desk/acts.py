"""What can be done with many participants at once, and how each act is done to one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dure.blueprint.model import DecideStep, Entry, PanelStep, Stage
from dure.joints.bulk import Told, act_on_each
from dure.joints.gates.decide import decide
from dure.joints.gates.panel import assign_all
from dure.joints.gives.recorded import confirm
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Given, GivenState, Programme, Turn, TurnState
from dure.programmes.operations.entering import offer
from dure.programmes.queries.cohort import Group, turns_in
from dure.programmes.queries.members import members_of

YES, NO, INVITE, REVIEWERS, GIVES, ANNOUNCE = "yes", "no", "invite", "reviewers", "gives", "announce"
LABELS: dict[str, Promise] = {
    YES: _("Say yes"), NO: _("Say no"), INVITE: _("Invite"), REVIEWERS: _("Assign reviewers"),
    GIVES: _("Confirm gives"), ANNOUNCE: _("Write to them"),
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """Something to do with a group: its name and what its button says."""

    name: str

    @property
    def label(self) -> str:
        return str(LABELS[self.name])


def acts_at(programme: Programme, group: Group) -> list[Act]:
    """What fits the group: without a stage one can only write to them."""
    names = _at(blueprint_of(programme).stage(group.stage)) if group.stage else []
    return [Act(name) for name in [*names, ANNOUNCE]]


def _at(stage: Stage) -> list[str]:
    names = [YES, NO] if _step(stage, DecideStep) is not None else []
    if stage.entry not in {None, Entry.OPEN} and stage.after:
        names.append(INVITE)
    if _step(stage, PanelStep) is not None:
        names.append(REVIEWERS)
    return [*names, GIVES] if stage.gives else names


def _step(stage: Stage, sort: type[Any]) -> int | None:
    return next((number for number, step in enumerate(stage.gate) if isinstance(step, sort)), None)


def do_to_all(
    name: str, programme: Programme, group: Group, *, by: Person, reason: str = "", check_only: bool
) -> list[Told[Any]]:
    """Do the act to every turn (or due give) of the group that it could be about. Raises Refused where all of it
    is refused as one, as where reviewers are too few."""
    if name == GIVES:
        return act_on_each(_due(programme, group), lambda given: confirm(given, by=by), check_only=check_only)
    turns = list(turns_in(programme, group).select_related("programme", "case__entered_by", "evidence"))
    if name == REVIEWERS:
        return _seat(programme, group, turns, by=by, check_only=check_only)
    return act_on_each(turns, _act(name, programme, group, by, reason), check_only=check_only)


def _act(name: str, programme: Programme, group: Group, by: Person, reason: str) -> Callable[[Turn], object]:
    stage = blueprint_of(programme).stage(group.stage)
    if name == INVITE:
        return lambda turn: offer(programme, stage.id, to=_first(turn), by=by, turn=turn, note=reason[:400])
    step = _step(stage, DecideStep)
    return lambda turn: decide(turn, -1 if step is None else step, by=by, yes=name == YES, reason=reason)


def _first(turn: Turn) -> Person:
    """Who answers for the turn: its first member, else whoever entered the case."""
    people = [member.person for member in members_of([turn]) if member.person]
    return people[0] if people else turn.case.entered_by


def _due(programme: Programme, group: Group) -> list[Given]:
    turns = turns_in(programme, group).order_by().values("pk")
    rows = Given.objects.filter(programme=programme, stage=group.stage, state=GivenState.DUE, turn__in=turns)
    found = rows.exclude(kind="money", via="fund").select_related("programme", "turn__case__entered_by", "person")
    return list(found.order_by("turn__case__number", "pk"))


def _seat(programme: Programme, group: Group, turns: list[Turn], *, by: Person, check_only: bool) -> list[Told[Any]]:
    """Panels are filled together, so that everybody gets a fair share."""
    step = _step(blueprint_of(programme).stage(group.stage), PanelStep)
    only = {turn.pk for turn in turns if turn.state == TurnState.HANDED_IN}

    def seat(_: Programme) -> object:
        return assign_all(programme, group.stage, -1 if step is None else step, by=by, only=only)

    done = act_on_each([programme], seat, check_only=check_only)
    return [Told(turn, done[0].refused) for turn in turns if turn.pk in only]
