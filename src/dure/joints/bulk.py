"""The same act on many things at once: each for itself, and of each that is refused, why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from dure.blueprint.model import DecideStep, Entry, PanelStep, Stage
from dure.core.errors import Refused
from dure.core.text import Text
from dure.joints.gates.decide import decide
from dure.joints.gates.panel import assign_all
from dure.joints.gives.recorded import confirm
from dure.people.models import Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Given, GivenState, Programme, Turn, TurnState
from dure.programmes.operations.entering import offer
from dure.programmes.queries.cohort import Group, turns_in
from dure.programmes.queries.members import members_of
from dure.store.transactions import durable

T = TypeVar("T")
YES, NO, INVITE, REVIEWERS, GIVES = "yes", "no", "invite", "reviewers", "gives"
AT_ONCE = 200  # what is done while its asker waits, a second or so; more goes as a batch


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """What became of one of them; ``refused`` is None where it was done."""

    thing: T
    refused: Text | None


@dataclass(frozen=True)
class Act:
    """What is to be done, with what and by whom."""

    name: str
    programme: Programme
    stage: str
    by: Person
    reason: str = ""


def acts_of(stage: Stage) -> list[str]:
    """What can be done to many at a stage."""
    names = [YES, NO] if _step(stage, DecideStep) is not None else []
    if stage.entry not in {None, Entry.OPEN} and stage.after:
        names.append(INVITE)
    if _step(stage, PanelStep) is not None:
        names.append(REVIEWERS)
    return [*names, GIVES] if stage.gives else names


def things_for(act: Act, group: Group) -> list[tuple[Turn, Given | None]]:
    """Every turn, or due give, of the group that the act could be about, in the order of their cases."""
    if act.name != GIVES:
        turns = _turns(act, group).select_related("programme", "case__entered_by", "evidence")
        return [(turn, None) for turn in turns]
    due = _gives(act, group).select_related("programme", "turn__case__entered_by", "person")
    return [(given.turn, given) for given in due if given.turn]


def ids_for(act: Act, group: Group) -> list[tuple[UUID, UUID | None]]:
    """The same as ids."""
    if act.name == GIVES:
        return list(_gives(act, group).values_list("turn", "pk"))
    return [(pk, None) for pk in _turns(act, group).values_list("pk", flat=True)]


def _turns(act: Act, group: Group) -> "QuerySet[Turn]":
    turns = turns_in(act.programme, group)
    return turns.filter(state=TurnState.HANDED_IN) if act.name == REVIEWERS else turns


def _gives(act: Act, group: Group) -> "QuerySet[Given]":
    rows = Given.objects.filter(programme=act.programme, stage=act.stage, state=GivenState.DUE)
    due = rows.filter(turn__in=_turns(act, group).order_by().values("pk")).exclude(kind="money", via="fund")
    return due.order_by("turn__case__number", "pk")


def do_to(act: Act, things: Sequence[tuple[Turn, Given | None]], *, check_only: bool = False) -> list[Told[Turn]]:
    """Do it to each; reviewers are seated for all or for none, so that everybody gets a fair share."""
    turns = [turn for turn, _ in things]
    if act.name == REVIEWERS:
        (told,) = act_on_each([turns], lambda all_: _seat(act, all_), check_only=check_only)
        return [Told(turn, told.refused) for turn in turns]
    told_of = act_on_each(things, _ACTS[act.name](act), check_only=check_only)
    return [Told(row.thing[0], row.refused) for row in told_of]


def act_on_each(things: Sequence[T], act: Callable[[T], object], *, check_only: bool = False) -> list[Told[T]]:
    """Do ``act`` to each; what is refused stands in nobody's way. ``check_only`` does it all and takes it back."""
    with durable():
        told = [Told(thing, _refusal(act, thing)) for thing in things]
        transaction.set_rollback(check_only)
    return told


def _refusal(act: Callable[[T], object], thing: T) -> Text | None:
    try:
        with transaction.atomic():
            act(thing)
    except Refused as refusal:
        return refusal.text
    return None


def _decide(act: Act) -> Callable[[tuple[Turn, Any]], object]:
    step = _step(blueprint_of(act.programme).stage(act.stage), DecideStep)
    yes = act.name == YES
    return lambda thing: decide(thing[0], -1 if step is None else step, by=act.by, yes=yes, reason=act.reason)


def _invite(act: Act) -> Callable[[tuple[Turn, Any]], object]:
    return lambda thing: offer(
        act.programme, act.stage, to=_first(thing[0]), by=act.by, turn=thing[0], note=act.reason[:400]
    )


def _confirm(act: Act) -> Callable[[tuple[Turn, Any]], object]:
    return lambda thing: confirm(thing[1], by=act.by)


_ACTS: Mapping[str, Callable[[Act], Callable[[tuple[Turn, Any]], object]]] = {
    YES: _decide, NO: _decide, INVITE: _invite, GIVES: _confirm,
}  # fmt: skip


def _seat(act: Act, turns: Sequence[Turn]) -> object:
    step = _step(blueprint_of(act.programme).stage(act.stage), PanelStep)
    only = {turn.pk for turn in turns}
    return assign_all(act.programme, act.stage, -1 if step is None else step, by=act.by, only=only)


def _step(stage: Stage, sort: type[Any]) -> int | None:
    return next((number for number, step in enumerate(stage.gate) if isinstance(step, sort)), None)


def _first(turn: Turn) -> Person:
    """Who answers for the turn: its first member, else whoever entered the case."""
    people = [member.person for member in members_of([turn]) if member.person]
    return people[0] if people else turn.case.entered_by
