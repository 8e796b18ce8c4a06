"""Who takes a turn together: persons come through one by one, then units are formed of them (appendix B and I)."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dure.blueprint.draws import Indices
from dure.blueprint.model import Stage, Subject, TeamSize, Unit

Mask = npt.NDArray[np.bool_]
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Units:
    """The units at one stage, in the order of their first traveller. Travellers are numbered persons, or cases."""

    members: Indices  # travellers, unit by unit
    unit_of_member: Indices  # beside it: the number of the unit
    unit_of: Indices  # by traveller: the number of their unit, or NOBODY
    teams: Indices | None  # by unit: the number of the team; None where everybody goes alone

    @property
    def firsts(self) -> Indices:
        """The first traveller of each unit."""
        starts = np.flatnonzero(np.diff(self.unit_of_member, prepend=NOBODY))
        return self.members[starts]

    def touched(self, travellers: Mask) -> Mask:
        """By unit: whether one of ``travellers`` is in it."""
        touched = np.zeros(len(self.firsts), dtype=bool)
        touched[self.unit_of_member[travellers[self.members]]] = True
        return touched


@dataclass
class Teams:
    """The last team of everybody, by traveller; teams are numbered in the order they form."""

    of: Indices
    formed: int = field(init=False)

    def __post_init__(self) -> None:
        self.formed = int(self.of.max(initial=NOBODY)) + 1

    @classmethod
    def at_entry(cls, subject: Subject, travellers: int, members: int) -> "Teams":
        """In subject ``team`` each case is a team from the start; else there is none yet."""
        everybody = np.arange(travellers, dtype=np.int64)
        return cls(everybody // members if subject is Subject.TEAM else np.full_like(everybody, NOBODY))

    def units(self, stage: Stage, subject: Subject, comers: Indices) -> Units:
        """The units of ``comers`` (ascending) at ``stage``; whoever finds no place in one stays behind."""
        if stage.unit is not Unit.TEAM or not subject.has_persons:
            return self._united(comers, np.arange(len(comers)), None)
        if stage.team and subject is Subject.PERSON:
            return self._form(stage.team, comers)
        return self._keep(comers)

    def _form(self, size: TeamSize, comers: Indices) -> Units:
        rest = len(comers) % size.max
        members = comers if rest >= size.min else comers[: len(comers) - rest]
        unit_of_member = np.arange(len(members)) // size.max
        self.of[members] = self.formed + unit_of_member
        teams = self.formed + np.arange(int(unit_of_member.max(initial=NOBODY)) + 1)
        self.formed += len(teams)
        return self._united(members, unit_of_member, teams)

    def _keep(self, comers: Indices) -> Units:
        members = comers[self.of[comers] != NOBODY]
        teams, firsts, unit = np.unique(self.of[members], return_index=True, return_inverse=True)
        order = np.argsort(firsts)
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        unit_of_member = place[unit]
        grouped = np.argsort(unit_of_member, kind="stable")
        return self._united(members[grouped], unit_of_member[grouped], teams[order])

    def _united(self, members: Indices, unit_of_member: Indices, teams: Indices | None) -> Units:
        unit_of = np.full(len(self.of), NOBODY, dtype=np.int64)
        unit_of[members] = unit_of_member
        return Units(members, unit_of_member, unit_of, teams)
