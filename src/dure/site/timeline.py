"""A programme as a line of stages: when each is, what it asks, how one passes, what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dure.blueprint.model import Entry, Stage
from dure.blueprint.reasons import gate_text
from dure.core import clock
from dure.people.models import Person
from dure.programmes import rules
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, ProgrammeState, Turn
from dure.programmes.windows import dates_of
from dure.site import words


@dataclass(frozen=True)
class Step:
    """One stage as people read it. ``place``: ``done``, ``now``, ``later`` or, without dates, empty."""

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

    @property
    def takes_entries(self) -> bool:
        """Whether anybody may apply here now, as far as dates tell."""
        return self.stage.entry is Entry.OPEN and not self.stage.after and self.place in {"", "now"}


def steps_of(programme: Programme, person: Person | None = None) -> list[Step]:
    """The programme's stages in order; with the turn that ``person`` has at each."""
    mine = _turns_of(programme, person) if person else {}
    return [_step(programme, stage, mine) for stage in blueprint_of(programme).stages]


def _turns_of(programme: Programme, person: Person) -> Mapping[str, Turn]:
    turns = Turn.objects.filter(rules.held_by(person), programme=programme)
    return {turn.stage: turn for turn in turns}


def _step(programme: Programme, stage: Stage, mine: Mapping[str, Turn]) -> Step:
    blueprint = blueprint_of(programme)
    opens, closes = dates_of(programme, stage)
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
    )


def _place(programme: Programme, opens: datetime | None, closes: datetime | None) -> str:
    now = clock.now()
    if programme.state == ProgrammeState.CLOSED or (closes and closes <= now):
        return "done"
    if opens and opens > now:
        return "later"
    return "now" if opens or closes else ""
