"""What follows from a verdict: rows for every give, made in the verdict's transaction, once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from dure.blueprint.gives import filled, instalments, shares
from dure.blueprint.model import (
    CONTACTS,
    ENTRANTS,
    PASSED,
    CredentialGive,
    Give,
    MoneyGive,
    PrivilegeGive,
    PublishGive,
    RoleGive,
    SpawnGive,
    Stage,
)
from dure.blueprint.windows import add, moment_span
from dure.core import clock
from dure.programmes.frozen import blueprint_of
from dure.programmes.kinds import give_kinds
from dure.programmes.models import Given, Programme, TurnMember
from dure.programmes.operations.audited import record_set
from dure.programmes.queries.contacts import contacts_of
from dure.programmes.queries.options import first_option
from dure.programmes.queries.roles import holders_of
from dure.programmes.queries.standing import Standing, travellers_by_turn

KINDS: dict[type[Any], str] = {
    CredentialGive: "credential", MoneyGive: "money", PrivilegeGive: "privilege",
    PublishGive: "publish", SpawnGive: "spawn", RoleGive: "role",
}  # fmt: skip


@dataclass
class Places:
    """Of a set: by turn, its place among those that passed and its place in its option (1 is first)."""

    overall: dict[UUID, int] = field(default_factory=dict)
    in_option: dict[UUID, int] = field(default_factory=dict)


def plan_passed(programme: Programme, stage: Stage, turns: Sequence[Standing], places: Places) -> list[Given]:
    """The (unsaved) gives due when ``turns``, in the order the gate left, pass: all but ``to: entrants``."""
    return _plan(programme, stage, turns, places, _numbered(stage, lambda g: g.to != ENTRANTS))


def plan_entrants(programme: Programme, stage: Stage, turns: Sequence[Standing]) -> list[Given]:
    """The (unsaved) gives due when ``turns`` take part; a pool waits until the stage settles."""
    return _plan(
        programme, stage, turns, Places(), _numbered(stage, lambda g: g.to == ENTRANTS and not is_shared_pool(g))
    )


def plan_pools(programme: Programme, stage: Stage, turns: Sequence[Standing]) -> list[Given]:
    """Pools for all who took part, shared when the stage settles."""
    return _plan(programme, stage, turns, Places(), _numbered(stage, is_shared_pool))


def give_entrants(programme: Programme, stage: Stage, turns: Sequence[Standing]) -> list[Given]:
    return give(programme, plan_entrants(programme, stage, turns))


@transaction.atomic
def give(programme: Programme, planned: Sequence[Given]) -> list[Given]:
    """Write a stage's planned gives; each kind's joint does what follows. Raises Refused whole: nothing is given."""
    if not planned:
        return []
    check(programme, planned)
    Given.objects.bulk_create(planned, batch_size=1000)
    record_set("give.made", programme, Given, planned[0].stage, given=[given.pk for given in planned])
    for kind in dict.fromkeys(given.kind for given in planned):
        give_kinds[kind].give(programme, [given for given in planned if given.kind == kind])
    return list(planned)


def check(programme: Programme, planned: Sequence[Given]) -> None:
    """Raise what a joint refuses (a short fund), before anything is written."""
    for kind in dict.fromkeys(given.kind for given in planned):
        give_kinds[kind].check(programme, [given for given in planned if given.kind == kind])


Gives = list[tuple[int, Give]]


def _numbered(stage: Stage, wanted: Callable[[Give], bool]) -> Gives:
    """The gives that are ``wanted``, each with its place in the stage's list."""
    return [(index, give_) for index, give_ in enumerate(stage.gives) if wanted(give_)]


def is_shared_pool(give_: Give) -> bool:
    """A pool for all who take part: it waits until the stage settles."""
    return isinstance(give_, MoneyGive) and give_.pool is not None and give_.to == ENTRANTS


def _plan(programme: Programme, stage: Stage, turns: Sequence[Standing], places: Places, gives: Gives) -> list[Given]:
    if not gives or not turns:
        return []
    making = _Making(programme, stage, turns, places)
    known = set(
        Given.objects.filter(programme=programme, stage=stage.id, turn__isnull=True).values_list("index", flat=True)
    )
    rows = [row for index, give_ in gives for row in making.rows(give_, index)]
    return [row for row in rows if row.turn_id is not None or row.index not in known]


class _Making:
    """Rows of one stage's gives for a list of turns; members, options and role holders are read once."""

    def __init__(self, programme: Programme, stage: Stage, turns: Sequence[Standing], places: Places) -> None:
        self.programme, self.stage, self.turns, self.places = programme, stage, turns, places
        self.members = travellers_by_turn(turn.pk for turn in turns)
        self.option = first_option(programme, stage, turns)
        self.now = clock.now()
        self.index = 0
        self.zone = ZoneInfo(programme.zone)

    def rows(self, give_: Give, index: int) -> list[Given]:
        self.index = index
        rows = self._rows(give_)
        for row in rows:
            row.index = index
        return rows

    def _rows(self, give_: Give) -> list[Given]:
        match give_:
            case MoneyGive():
                return self._money(give_)
            case PublishGive(once=True):
                return [self._row(give_, None, self._published(give_, self.turns[0]))]
            case PublishGive():
                return [self._row(give_, turn, self._published(give_, turn)) for turn in self._standing(give_)]
            case SpawnGive():
                return [
                    self._row(give_, turn, give_.blueprint, details=_spawn(give_)) for turn in self._standing(give_)
                ]
        return [row for turn in self.turns for row in self._personal(give_, turn)]

    def _standing(self, give_: Give) -> Sequence[Standing]:
        """Turns that have somebody to give to."""
        if give_.to in {PASSED, ENTRANTS}:
            return self.turns
        return [turn for turn in self.turns if self._persons(give_, turn)]

    # --- who

    def _persons(self, give_: Give, turn: Standing) -> list[UUID]:
        """Persons who receive, each once: those of the turn, its contacts, or the holders of a role."""
        if give_.to in {PASSED, ENTRANTS}:
            found = [m.person_id or m.entered_by_id for m in self.members[turn.pk]]
        elif give_.to == CONTACTS:
            found = contacts_of(turn.pk)
        else:
            found = holders_of(self.programme, self.stage.id, [m.pk for m in self.members[turn.pk]], give_.to)
        return list(dict.fromkeys(found))

    def _organisation(self, turn: Standing) -> UUID | None:
        return self.members[turn.pk][0].organisation_id

    def _personal(self, give_: Give, turn: Standing) -> list[Given]:
        """Credential, privilege, role: one row for every person; for organisations to the organisation."""
        if self._organisation(turn) is not None and give_.to in {PASSED, ENTRANTS}:
            return [self._of_kind(give_, turn, person=None)]
        return [self._of_kind(give_, turn, person=person) for person in self._persons(give_, turn)]

    # --- what

    def _of_kind(self, give_: Give, turn: Standing, *, person: UUID | None) -> Given:
        match give_:
            case CredentialGive():
                return self._credential(give_, turn, person)
            case PrivilegeGive():
                details = {"at": give_.at, "job": give_.job, "uses": give_.uses}
                expires = add(self.now, give_.within, self.zone) if give_.within else None
                return self._row(give_, turn, give_.type, person=person, details=details, expires=expires)
            case RoleGive():
                return self._row(give_, turn, give_.role, person=person)
        raise TypeError(give_)

    def _credential(self, give_: CredentialGive, turn: Standing, person: UUID | None) -> Given:
        level = self.option.get(turn.pk) if give_.level == "option" else give_.level
        details = {"type": give_.type, "title": give_.name, "level": level}
        recognised = give_.recognised
        if recognised:
            day = recognised.start
            start = day.get(level or "") if isinstance(day, dict) else day
            early = start is not None and self.now < moment_span(start, self.zone)[0]  # type: ignore[arg-type]  # a Moment: mappings are taken apart above
            details["recognised_by"] = None if early else recognised.by
            if early and recognised.before:
                details |= {"type": "certificate", "title": recognised.before}
        expires = add(self.now, give_.valid, self.zone) if give_.valid else None
        return self._row(give_, turn, give_.name, person=person, details=details, expires=expires)

    def _published(self, give_: PublishGive, turn: Standing) -> str:
        return (self.option.get(turn.pk) or "option") if give_.type == "option" else give_.type

    def _row(
        self,
        give_: Give,
        turn: Standing | None,
        name: str,
        *,
        person: UUID | None = None,
        details: dict[str, Any] | None = None,
        expires: datetime | None = None,
    ) -> Given:
        organisation = None if person or turn is None else self._organisation(turn)
        return Given(
            programme=self.programme, turn_id=turn.pk if turn else None, stage=self.stage.id,
            kind=KINDS[type(give_)], name=name, person_id=person, organisation_id=organisation,
            receiver=str(person or organisation or ""),
            details=details if details is not None else _details(give_), expires_at=expires, given_at=self.now,
        )  # fmt: skip

    # --- money

    def _money(self, give_: MoneyGive) -> list[Given]:
        """One row a turn with what it gets in all, and the equal shares of those who are paid."""
        rows = []
        for turn, amount in self._amounts(give_):
            row = self._row(give_, turn, give_.type)
            row.amount, row.currency = amount * instalments(give_), give_.currency
            row.details = self._payment(give_, turn, amount)
            rows.append(row)
        return rows

    def _amounts(self, give_: MoneyGive) -> list[tuple[Standing, int]]:
        """What one instalment pays each turn."""
        turns = self._standing(give_)
        if give_.ranks:
            place = self.places.in_option if give_.per == "option" else self.places.overall
            ranked = [(turn, place.get(turn.pk, 0)) for turn in turns]
            return [(turn, give_.ranks[n - 1]) for turn, n in ranked if 0 < n <= len(give_.ranks)]
        if give_.pool is not None:
            return list(zip(turns, shares(filled(give_.pool, give_.type), len(turns)), strict=True)) if turns else []
        amount = filled(give_.amount, give_.type)
        times = self._new_cases(turns) if give_.per == "entry" else dict.fromkeys((t.pk for t in turns), 1)
        return [(turn, amount * times[turn.pk]) for turn in turns if times[turn.pk]]

    def _new_cases(self, turns: Sequence[Standing]) -> dict[UUID, int]:
        """By turn, how many cases it is the first of this stage to be given for."""
        paid = Given.objects.filter(programme=self.programme, stage=self.stage.id, kind="money", index=self.index)
        seen = set(TurnMember.objects.filter(turn__in=paid.values("turn")).values_list("member__case_id", flat=True))
        found = {}
        for turn in turns:
            cases = {m.case_id for m in self.members[turn.pk]} - seen
            seen |= cases
            found[turn.pk] = len(cases)
        return found

    def _payment(self, give_: MoneyGive, turn: Standing, amount: int) -> dict[str, Any]:
        organisation = self._organisation(turn)
        if organisation is not None and give_.to in {PASSED, ENTRANTS}:
            payees = [{"organisation": str(organisation)}]
        else:
            payees = [{"person": str(person)} for person in self._persons(give_, turn)]
        parts = shares(amount, len(payees))
        return {
            "shares": [{**payee, "amount": part} for payee, part in zip(payees, parts, strict=True)],
            "instalments": instalments(give_), "every": str(give_.every), "from": give_.party,
            "budget": give_.budget, "lines": dict(give_.lines) if give_.lines else None, "year": give_.year,
        }  # fmt: skip


def _spawn(give_: SpawnGive) -> dict[str, Any]:
    return {"as": give_.title}


def _details(give_: Give) -> dict[str, Any]:
    if isinstance(give_, PublishGive):
        return {"where": give_.where, "licence": give_.licence, "metadata": give_.metadata, "what": give_.what}
    return {}


def rules_of(programme: Programme, given: Given) -> Give:
    """The give of the blueprint that ``given`` came from."""
    return blueprint_of(programme).stage(given.stage).gives[given.index]
