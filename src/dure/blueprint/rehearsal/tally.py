"""What a walked rehearsal gave and put at disposal, counted: for everybody, or for one group of travellers."""

from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TypeVar

import numpy as np

from dure.blueprint.draws import Indices
from dure.blueprint.gives import filled, instalments, seating_stages, seats, worth
from dure.blueprint.model import (
    CONTACTS,
    ENTRANTS,
    PASSED,
    Blueprint,
    CredentialGive,
    Give,
    MoneyGive,
    PrivilegeGive,
    Provision,
    PublishGive,
    RoleGive,
    SpawnGive,
    Stage,
)
from dure.blueprint.rehearsal.run import Run, StageRun
from dure.blueprint.rehearsal.units import NOBODY, Mask

Numbers = dict[str, int]
G = TypeVar("G")
P = TypeVar("P", CredentialGive, PrivilegeGive, RoleGive)


class Tally:
    """Counts over ``run``; with ``group`` (a mask by traveller) only the turns and gives of those travellers."""

    def __init__(self, run: Run, group: Mask | None = None) -> None:
        self.run = run
        self.group = group

    def money(self) -> Numbers:
        """All payments by type, in the smallest unit."""
        paid: Counter[str] = Counter()
        for here, give in self._gives(MoneyGive):
            paid[give.type] += self._paid(here, give)
        return dict(paid)

    def credentials(self) -> Numbers:
        return self._persons(CredentialGive, lambda give: give.name)

    def privileges(self) -> Numbers:
        return self._persons(PrivilegeGive, lambda give: give.type)

    def roles(self) -> Numbers:
        return self._persons(RoleGive, lambda give: give.role)

    def spawned(self) -> Numbers:
        begun: Counter[str] = Counter()
        for here, give in self._gives(SpawnGive):
            begun[give.blueprint] += int(self._receiving(here, give).sum())
        return dict(begun)

    def published(self) -> Numbers:
        """By type; ``type: option`` counts under each option."""
        shown: Counter[str] = Counter()
        for here, give in self._gives(PublishGive):
            receiving = self._receiving(here, give)
            if give.type == "option":
                shown.update(dict.fromkeys(offered(self.run.blueprint, here.stage), 0))
                shown.update(here.option().filter(receiving).drop_nulls().to_list())
            elif give.once:
                shown[give.type] += int(receiving.any()) if self.group is None else 0
            else:
                shown[give.type] += int(receiving.sum())
        return dict(shown)

    def provided(self) -> dict[str, Fraction]:
        """Metered provisions by type: amount × turns, × cases, or once for the stage (not in a group)."""
        given: dict[str, Fraction] = {}
        for here in self.run.stages.values():
            for provision in here.stage.provides:
                if provision.amount is not None:
                    amount = Fraction(str(filled(provision.amount, provision.type))) * self._times(here, provision)
                    given[provision.type] = given.get(provision.type, Fraction(0)) + amount
        return given

    def touched(self, here: StageRun) -> Mask:
        """By turn: whether one of the group's travellers is in it."""
        if self.group is None:
            return np.ones(len(here.firsts), dtype=bool)
        return here.units.touched(self.group)

    # --- who receives -----------------------------------------------------------------------------------------

    def _gives(self, kind: type[G]) -> Iterator[tuple[StageRun, G]]:
        return (
            (here, give) for here in self.run.stages.values() for give in here.stage.gives if isinstance(give, kind)
        )

    def _receiving(self, here: StageRun, give: Give) -> Mask:
        """By turn: whether the give goes to it (in the rehearsal every turn takes part)."""
        receiving = self.touched(here) if give.to == ENTRANTS else here.passed & self.touched(here)
        if give.to == CONTACTS:
            receiving &= here.evidence("contacts").to_numpy() > 0
        elif give.to not in {PASSED, ENTRANTS}:
            receiving &= self._holders(here, give.to) > 0
        return receiving

    def _persons(self, kind: type[P], name: Callable[[P], str]) -> Numbers:
        held: Counter[str] = Counter()
        for here, give in self._gives(kind):
            held[name(give)] += self._received(here, give)
        return dict(held)

    def _received(self, here: StageRun, give: Give) -> int:
        """How many receive it: every person of the turn, the contacts it left, or those who hold the role for it."""
        receiving = self._receiving(here, give)
        if give.to == CONTACTS:
            return int(here.evidence("contacts").to_numpy()[receiving].sum())
        if give.to not in {PASSED, ENTRANTS}:
            return int(self._holders(here, give.to)[receiving].sum())
        members = here.units.members[receiving[here.units.unit_of_member]]
        return len(members) if self.group is None else int(self.group[members].sum())

    def _holders(self, here: StageRun, role: str) -> Indices:
        """By turn: how many hold the role for it: for each member by the latest stage that they took and that seats it;
        members of one former turn share its holders."""
        members, unit_of_member = here.units.members, here.units.unit_of_member
        seating = seating_stages(self.run.blueprint, here.stage, role)[::-1]
        seat = np.full(len(members), NOBODY)
        former = np.full(len(members), NOBODY)
        for number, stage in enumerate(seating):
            turn = self.run.stages[stage.id].units.unit_of[members]
            seat, former = np.where(turn != NOBODY, number, seat), np.where(turn != NOBODY, turn, former)
        seated = np.column_stack([unit_of_member, seat, former])[seat != NOBODY]
        unit, seat, _ = np.unique(seated, axis=0).T
        each = np.array([seats(stage)[role] for stage in seating], dtype=np.int64)
        return np.bincount(unit, weights=each[seat], minlength=len(here.firsts)).astype(np.int64)

    # --- money and provisions ---------------------------------------------------------------------------------

    def _paid(self, here: StageRun, give: MoneyGive) -> int:
        """What the give pays: whole turns' money, or in a group those persons' shares of it."""
        everyone = Tally(self.run)._receiving(here, give)
        order = self._gate_order(here, everyone)
        amounts = np.zeros(len(here.firsts), dtype=np.int64)
        amounts[order] = worth(give, self._places(here, give)[order], self._entries(here, everyone)[order])
        shared = give.to in {PASSED, ENTRANTS} and self.run.blueprint.subject.has_persons
        paid = self._shares(here, amounts) if self.group is not None and shared else amounts[self.touched(here)]
        total: int = sum(paid.tolist())
        return total * instalments(give)

    def _gate_order(self, here: StageRun, receiving: Mask) -> Indices:
        """The receiving turns as the gate left them; those without a place behind, as they stand."""
        place = here.judgement.rows["place"].fill_null(len(here.firsts) + 1).to_numpy()
        turns = np.flatnonzero(receiving)
        ordered: Indices = turns[np.argsort(place[turns], kind="stable")]
        return ordered

    def _places(self, here: StageRun, give: MoneyGive) -> Indices:
        column = "place_in_option" if give.per == "option" else "place"
        return here.judgement.rows[column].fill_null(0).to_numpy()

    def _entries(self, here: StageRun, receiving: Mask) -> Indices:
        """By turn: how many cases it is the first receiving turn of."""
        units = here.units
        rows = np.flatnonzero(receiving[units.unit_of_member])
        _, first = np.unique(self.run.case_of(units.members[rows]), return_index=True)
        return np.bincount(units.unit_of_member[rows[first]], minlength=len(here.firsts))

    def _shares(self, here: StageRun, amounts: Indices) -> Indices:
        """The group's members' equal shares of their turns' money; what is odd is the first member's."""
        assert self.group is not None  # noqa: S101 -- asked for groups only
        units = here.units
        mine = self.group[units.members]
        size = np.bincount(units.unit_of_member, minlength=len(amounts))
        odd = np.where(self.group[here.firsts], amounts % size, 0)
        return (amounts // size) * np.bincount(units.unit_of_member[mine], minlength=len(amounts)) + odd

    def _times(self, here: StageRun, provision: Provision) -> int:
        if provision.per == "unit":
            return int(self.touched(here).sum())
        if provision.per == "entry":
            members = here.units.members
            mine = members if self.group is None else members[self.group[members]]
            return len(np.unique(self.run.case_of(mine)))
        return 1 if self.group is None else 0


def offered(blueprint: Blueprint, stage: Stage) -> tuple[str, ...]:
    """The options in force at ``stage``, as a tuple."""
    there = blueprint.options_stage(stage.id)
    return there.options if there and isinstance(there.options, tuple) else ()
