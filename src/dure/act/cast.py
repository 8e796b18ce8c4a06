"""Who plays: organisations for the parties, somebody in every role, and the made-up people who come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import numpy as np

from dure.blueprint.cohort import Cohort
from dure.blueprint.facts import profile_of
from dure.blueprint.gives import seats
from dure.blueprint.model import Blueprint, FormDo, MoneyGive, PanelStep, Party, Subject

PLENTY = 10**15  # what every fund of a scratch database holds: no act fails for money that nobody has
ASKED = ("degree", "major", "year")  # profile facts that people state themselves


class House(Protocol):
    """What the cast needs of the doors: making people, organisations and seats."""

    def organisation(self, short: str, *, kind: str, staff: int | None = None) -> None: ...

    def person(self, name: str, *, birth_date: date | None = None) -> None: ...

    def employ(self, person: str, short: str, *, role: str = "member") -> None: ...

    def state(self, person: str, fact: str, value: Any) -> None: ...

    def vouch(self, person: str, credential: str) -> None: ...

    def show_to_recruiters(self, person: str, *, yes: bool) -> None: ...

    def seat(self, role: str, person: str, organisation: str | None) -> None: ...

    def fund(self, money: str, party: str, *, amount: int, currency: str) -> None: ...


@dataclass
class Cast:
    """``travellers``: the name of each person (or of each case's proposer), by number; ``roles``: who plays what."""

    blueprint: Blueprint
    cohort: Cohort
    parties: dict[str, list[str]] = field(default_factory=dict)
    roles: dict[str, list[str]] = field(default_factory=dict)
    travellers: list[str] = field(default_factory=list)

    def found_parties(self, house: House) -> dict[str, list[str]]:
        """An organisation, or as many as are asked for, for every party."""
        for key, party in self.blueprint.parties.items():
            shorts = [key] if _size(party) == 1 else [f"{key}-{n}" for n in range(1, _size(party) + 1)]
            for short in shorts:
                house.organisation(short, kind=party.kind)
            self.parties[key] = shorts
        return self.parties

    def fill_roles(self, house: House) -> None:
        """Enough people in each role: every panel can sit, and nobody judges a student of their own."""
        for name, role in self.blueprint.roles.items():
            places: list[str | None] = [short for at in role.at for short in self.parties.get(at, [])] or [None]
            self.roles[name] = [f"{name}-{n}" for n in range(1, self._wanted(name) + 1)]
            for number, person in enumerate(self.roles[name]):
                house.person(person)
                if role.holds:
                    house.vouch(person, role.holds)
                house.seat(name, person, places[number % len(places)])

    def _wanted(self, role: str) -> int:
        """Whoever is with a member of the largest team judges nobody of it, and every panel is full all the same."""
        own = max((seats(stage).get(role, 0) for stage in self.blueprint.stages), default=0)
        team = max((stage.team.max for stage in self.blueprint.stages if stage.team), default=1)
        panels = [
            step.each
            for stage in self.blueprint.stages
            for step in stage.gate
            if isinstance(step, PanelStep) and role in step.roles
        ]
        return max(1, own * team + max(panels, default=0))

    def own(self, role: str, count: int, first: int) -> list[str]:
        """Those of ``role`` whom the turn of person ``first`` has of its own: others than its neighbours have."""
        people = self.roles[role]
        return [people[(first * count + n) % len(people)] for n in range(count)]

    def fill_funds(self, house: House) -> None:
        """A fund for every sort of money, held by the (first) party that it is from."""
        gives = [give for stage in self.blueprint.stages for give in stage.gives if isinstance(give, MoneyGive)]
        for give in {give.type: give for give in reversed(gives) if give.party}.values():
            house.fund(give.type, self.parties[give.party or ""][0], amount=PLENTY, currency=give.currency)

    def invite_everybody(self, house: House, today: date) -> None:
        """The cohort: a person for each traveller, known by the facts that were drawn for them."""
        subject = self.blueprint.subject
        facts = self._profiles()
        employers = {str(v) for v in facts.get("employer", []) if v}
        for short in sorted({word for value in employers for word in _words(value)}):
            if short not in {s for shorts in self.parties.values() for s in shorts}:
                house.organisation(short, kind="company")
        for number in range(self.cohort.travellers):
            name = f"person-{number}" if subject.has_persons else f"proposer-{number}"
            self.travellers.append(name)
            mine = {fact: values[number] for fact, values in facts.items()}
            if subject.has_persons:
                self._introduce(house, name, mine, today)
            else:
                house.person(name)
                self._bring_organisation(house, name, number, mine)

    def _profiles(self) -> dict[str, list[Any]]:
        """By fact of the profile that the file draws: its value for every traveller."""
        everybody = np.arange(self.cohort.travellers, dtype=np.int64)
        drawn = self.blueprint.rehearse.facts if self.blueprint.rehearse else {}
        wanted = [fact for fact in profile_of(self.blueprint.subject) if fact in drawn]
        return {fact: self.cohort.facts(fact, everybody).to_list() for fact in wanted}

    def _introduce(self, house: House, name: str, facts: Mapping[str, Any], today: date) -> None:
        age = facts.get("age")
        house.person(name, birth_date=None if age is None else _born(today, int(age)))
        for short in _words(str(facts.get("employer") or "")):
            house.employ(name, short)
        for fact in ASKED:
            if facts.get(fact) is not None:
                house.state(name, fact, facts[fact])
        if facts.get("consent") is not None:
            house.show_to_recruiters(name, yes=facts["consent"] == "yes")

    def _bring_organisation(self, house: House, name: str, number: int, facts: Mapping[str, Any]) -> None:
        if self.blueprint.subject not in {Subject.ORG, Subject.CONSORTIUM}:
            return
        lead = next((s.do.lead for s in self.blueprint.stages if isinstance(s.do, FormDo) and s.do.lead), None)
        kind = lead or str(facts.get("kind") or "company")
        staff = facts.get("staff")
        house.organisation(f"entrant-{number}", kind=kind, staff=None if staff is None else int(staff))
        house.employ(name, f"entrant-{number}", role="admin")


def _size(party: Party) -> int:
    return party.count or party.min or 1


def _words(value: str) -> list[str]:
    return value.replace(",", " ").split()


def _born(today: date, age: int) -> date:
    """A birth date with which one is ``age`` whole years old for the year to come: a birthday just past."""
    return date(today.year - age, today.month, min(today.day, 28))
