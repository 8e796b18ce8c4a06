"""A programme as a line of stages: when each is, what it asks, how one passes, what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from dure.blueprint.model import Blueprint, Entry, Stage
from dure.blueprint.reasons import gate_text
from dure.core import clock
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.models import Programme, ProgrammeState, Turn
from dure.programmes.windows import dates_of, entry_span
from dure.site import words


@dataclass(frozen=True)
class Step:
    """One stage as people read it. ``place``: ``done``, ``now``, ``later`` or, without dates, empty.

    ``apply_from`` and ``apply_by`` bound the time in which anybody may apply, at a start that is open to all.
    """

    stage: Stage
    title: str
    opens: datetime | None
    closes: datetime | None
    spell: str
    place: str
    asks: list[str]
    rules: list[str]
    provides: list[str]
    gives: list[str]
    turn: Turn | None = None
    apply_from: datetime | None = None
    apply_by: datetime | None = None

    @property
    def takes_entries(self) -> bool:
        """Whether anybody may apply here now, as far as dates tell."""
        now = clock.now()
        begun = self.apply_from is None or self.apply_from <= now
        return is_open_to_all(self.stage) and begun and (self.apply_by is None or self.apply_by > now)


def is_open_to_all(stage: Stage) -> bool:
    """Whether it is a start at which people apply by themselves."""
    return stage.entry is Entry.OPEN and not stage.after


def steps_of(programme: Programme, blueprint: Blueprint, mine: Mapping[str, Turn]) -> list[Step]:
    """The stages in order, as ``blueprint`` tells of them; with the visitor's turn at each (``turns_of``)."""
    prefetch_related_objects([programme], "closings")
    return [_step(programme, blueprint, stage, mine) for stage in blueprint.stages]


def turns_of(programme: Programme, person: Person) -> Mapping[str, Turn]:
    """By stage, the turn that somebody has there."""
    turns = Turn.objects.filter(rules.held_by(person), programme=programme)
    return {turn.stage: turn for turn in turns}


def _step(programme: Programme, blueprint: Blueprint, stage: Stage, mine: Mapping[str, Turn]) -> Step:
    opens, closes = dates_of(programme, stage)
    apply_from, apply_by = entry_span(programme, stage) if is_open_to_all(stage) else (None, None)
    return Step(
        stage=stage,
        title=words.word(blueprint, stage.id),
        opens=opens,
        closes=closes,
        spell=words.spell_of(stage),
        place=_place(programme, opens, closes),
        asks=words.asks_of(blueprint, stage),
        rules=[words.say(text) for text in gate_text(blueprint, stage)],
        provides=words.provides_of(blueprint, stage),
        gives=words.gives_of(blueprint, stage),
        turn=mine.get(stage.id),
        apply_from=apply_from,
        apply_by=apply_by,
    )


def _place(programme: Programme, opens: datetime | None, closes: datetime | None) -> str:
    now = clock.now()
    if programme.state == ProgrammeState.CLOSED or (closes and closes <= now):
        return "done"
    if opens and opens > now:
        return "later"
    return "now" if opens or closes else ""
