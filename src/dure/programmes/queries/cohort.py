"""Some of a programme's cases: those at a stage, in a state, with an option, of an organisation, with a name."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value, prefetch_related_objects
from django.db.models.functions import Cast, StrIndex
from django.db.models.lookups import GreaterThan

from dure.blueprint.model import Subject, Unit
from dure.people.days import today
from dure.people.models import Membership, Organisation, Person
from dure.people.queries import by_name
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Case, CaseState, Member, Programme, Turn, TurnMember, TurnState
from dure.store.search import called
from dure.store.worded import counted, found

MOST_DIGITS = 9  # of a case's number
AHEAD = 1_000  # up to so many are few among ten thousand


@dataclass(frozen=True)
class Group:
    """What is empty does not narrow. ``state`` is the turn's at ``stage``; without a stage it is the case's.

    ``option`` is what was chosen at that stage or, where it offers none, at the latest before it that did.
    ``organisation``: a short name. ``text`` is looked for in names, addresses and titles; a number is a case's.
    ``cases`` names them one by one by their numbers.
    """

    stage: str = ""
    state: str = ""
    option: str = ""
    organisation: str = ""
    text: str = ""
    cases: tuple[int, ...] = ()

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Self:
        known = {name: written[name] for name in cls.__dataclass_fields__ if written.get(name)}
        return cls(**{**known, "cases": tuple(known.get("cases", ()))})

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


def cases_in(programme: Programme, group: Group, *, few: bool = False) -> "QuerySet[Case]":
    """The cases of the group, in the order of their numbers.

    ``few`` of them are wanted: they are looked at one by one, in order, and those after them not at all. Otherwise
    all that fit are gathered first.
    """
    cases = _cases(programme, group, few=few)(*_keys(programme, group))
    if group.cases:
        cases = cases.filter(number__in=group.cases)
    if group.text:
        cases = cases.filter(_with_text(programme, group.text))
    return cases


@dataclass(frozen=True)
class _Cases:
    """Asks for a programme's cases, by which parts of a group narrow them and by who travels alone.

    ``alone``: at ``stage``. ``chosen_at``: the stages at which an option is looked for, and whether one is alone there;
    None where none is looked for.
    """

    stage: str
    state: str
    alone: bool
    chosen_at: tuple[tuple[str, bool], ...] | None
    of_organisation: bool
    of_persons: bool
    few: bool
    order: str = "number"

    def __call__(self, programme: UUID, option: str, organisation: str, day: date) -> "QuerySet[Case]":
        cases = Case.objects.filter(programme=programme)
        if self.stage:
            turns = _standing(Group(self.stage, self.state))
            cases = cases.filter(_with_turn(programme, turns, alone=self.alone, few=self.few))
        elif self.state:
            cases = cases.filter(state=self.state)
        if self.chosen_at is not None:
            cases = cases.filter(self._chosen(programme, option))
        if self.of_organisation:
            cases = cases.filter(_of_organisation(organisation, day, of_persons=self.of_persons, few=self.few))
        return cases.order_by(*dict.fromkeys((self.order, "number")))

    def _chosen(self, programme: UUID, option: str) -> Q:
        chosen = Q()
        for stage, alone in self.chosen_at or ():
            turns = _chose(_standing(Group(stage)), option)
            chosen |= _with_turn(programme, turns, alone=alone, few=self.few)
        return chosen


def _cases(programme: Programme, group: Group, *, few: bool, order: str = "number") -> _Cases:
    """How the group's cases are asked for, but for its text and for cases that it names."""
    alone = bool(group.stage) and _travels_alone(programme, group.stage)
    places = tuple((stage, _travels_alone(programme, stage)) for stage in options_stages(programme, group.stage))
    chosen_at = places if group.option else None
    return _Cases(
        group.stage,
        _known_state(group),
        alone,
        chosen_at,
        bool(group.organisation),
        _is_of_persons(programme),
        few,
        order,
    )


def _known_state(group: Group) -> str:
    """What is no state narrows nothing, so that states are few however many are asked for."""
    return group.state if group.state in (TurnState.values if group.stage else CaseState.values) else ""


def _keys(programme: Programme, group: Group) -> tuple[UUID, str, str, date]:
    return programme.pk, _quoted(group.option), group.organisation, today()


def count_in(programme: Programme, group: Group) -> int:
    """How many cases there are in the group."""
    turns = _turns_alone(programme, group)
    if turns is not None:
        return counted(turns, programme.pk, _quoted(group.option))
    if group.cases or group.text:
        return cases_in(programme, group).count()
    return counted(_cases(programme, group, few=False), *_keys(programme, group))


def page_in(programme: Programme, group: Group, *, order: str, start: int, size: int) -> tuple[list[Case], int]:
    """``size`` of the group's cases from ``start`` on, ordered by a field of the case, and how many they are in all."""
    if order.endswith("sole__name") and _is_of_persons(programme):
        return _page_by_name(programme, group, descending=order.startswith("-"), start=start, size=size)
    if group.text or group.cases:
        return _page_by_number(programme, group, order=order, start=start, size=size)
    few = order in {"number", "-number"} and start < AHEAD
    asks = _cases(programme, group, few=few, order=order)
    page = found(asks, *_keys(programme, group), part=slice(start, start + size))
    is_last = 0 < len(page) < size
    return _placed(page), start + len(page) if is_last else count_in(programme, group)


def _page_by_name(
    programme: Programme, group: Group, *, descending: bool, start: int, size: int
) -> tuple[list[Case], int]:
    count = count_in(programme, group)
    first, last = min(start, count), min(start + size, count)
    part = slice(count - last, count - first) if descending else slice(first, last)
    page = _placed(by_name(cases_in(programme, group, few=True), whose="sole", part=part, count=count))
    return page[::-1] if descending else page, count


def _page_by_number(programme: Programme, group: Group, *, order: str, start: int, size: int) -> tuple[list[Case], int]:
    """Of a text every name has to be read to count them, which takes longer than all else: so they are read once."""
    numbers = list(cases_in(programme, group).order_by(order, "number").values_list("number", flat=True))
    cases = Case.objects.filter(programme=programme, number__in=numbers[start : start + size])
    return _placed(list(cases.order_by(order, "number"))), len(numbers)


def _placed(cases: list[Case]) -> list[Case]:
    """With their organisations: most programmes' cases have none."""
    if any(case.organisation_id for case in cases):
        prefetch_related_objects(cases, "organisation")
    return cases


def turns_in(programme: Programme, group: Group) -> "QuerySet[Turn]":
    """The turns at the group's stage that its cases have, in the order of their cases."""
    turns = _at_stage(programme, group)
    if _only_by_turn(group):
        return turns.order_by("case__number", "pk")
    members = Member.objects.filter(case__in=cases_in(programme, group).order_by())
    taken = TurnMember.objects.filter(stage=group.stage, member__in=members).values("turn")
    return turns.filter(pk__in=taken).order_by("case__number", "pk")


def people_in(programme: Programme, group: Group) -> "QuerySet[Person]":
    """Who travels in the group's cases (at its stage, where it has one); of a case without persons, who entered it."""
    members = Member.objects.filter(case__in=cases_in(programme, group).order_by())
    if group.stage:
        turns = _at_stage(programme, group).order_by()
        members = members.filter(turn_members__turn__in=turns)
    entered = members.filter(person__isnull=True).values("case__entered_by")
    found = Q(pk__in=members.filter(person__isnull=False).values("person")) | Q(pk__in=entered)
    return Person.objects.filter(found, is_active=True).order_by("pk")


def people_count(programme: Programme, group: Group) -> int:
    """How many :func:`people_in` finds. A person travels in one case: there only closed accounts are looked up."""
    if blueprint_of(programme).subject is not Subject.PERSON or (
        group.stage and not _travels_alone(programme, group.stage)
    ):
        return people_in(programme, group).count()
    closed = Person.objects.filter(is_active=False).values("pk")
    return cases_in(programme, group).exclude(sole__in=closed).count()


def _only_by_turn(group: Group) -> bool:
    """Whether stage and state say it all."""
    return not (group.option or _by_case(group))


def _by_case(group: Group) -> bool:
    """Whether something is asked that no turn tells."""
    return bool(group.cases or group.organisation or group.text)


@dataclass(frozen=True)
class _Turns:
    """Asks for a programme's turns of a stage and state, those with an option where it is chosen ``chosen_at`` one."""

    stage: str
    state: str
    chosen_at: str

    def __call__(self, programme: UUID, option: str) -> "QuerySet[Turn]":
        turns = _standing(Group(self.stage, self.state)).filter(programme=programme)
        if self.chosen_at == self.stage:
            return _chose(turns, option)
        chose = _chose(_standing(Group(self.chosen_at)), option)
        return turns.filter(Exists(chose.filter(case=OuterRef("case")))) if self.chosen_at else turns


def _turns_alone(programme: Programme, group: Group) -> _Turns | None:
    """Asks for the turns that tell the group's cases, one each; None where teams travel or turns do not tell it all."""
    chosen_at = options_stages(programme, group.stage) if group.option else []
    here = [group.stage] if group.stage else [] if group.state else chosen_at
    alone = all(_travels_alone(programme, stage) for stage in {*here, *chosen_at})
    if len(here) != 1 or _by_case(group) or not alone:
        return None
    return _Turns(here[0], _known_state(group), *(chosen_at or [""]))


def _at_stage(programme: Programme, group: Group) -> "QuerySet[Turn]":
    return _standing(group).filter(programme=programme)


def _standing(group: Group) -> "QuerySet[Turn]":
    """Turns of any programme, for questions that know the case: it is in one."""
    turns = Turn.objects.filter(stage=group.stage)
    return turns.filter(state=group.state) if group.state in TurnState.values else turns


def _chose(turns: "QuerySet[Turn]", option: str) -> "QuerySet[Turn]":
    """The turns in which the option, as :func:`_quoted`, was chosen."""
    return turns.filter(GreaterThan(StrIndex(Cast("options", TextField()), Value(option)), 0))


def _quoted(option: str) -> str:
    """As it stands in the text of a list: options are names, so that tells them apart."""
    return f'"{option}"'


def options_stages(programme: Programme, stage: str) -> list[str]:
    """Where what holds at ``stage`` is chosen; without a stage, everywhere that something is."""
    blueprint = blueprint_of(programme)
    if stage:
        source = blueprint.options_stage(stage)
        return [source.id] if source else []
    return [s.id for s in blueprint.stages if s.options is not None]


def _with_turn(programme: UUID, turns: "QuerySet[Turn]", *, alone: bool, few: bool) -> Q:
    """Cases of everybody in ``turns`` of one stage."""
    if alone and few:
        return Q(Exists(turns.filter(case=OuterRef("pk"))))
    turns = turns.filter(programme=programme)
    if alone:
        return Q(pk__in=turns.values("case"))
    return _in(TurnMember.objects.filter(turn__in=turns), "member__case", few=few)


def _in(rows: "QuerySet[Any]", whose: str, *, own: str = "pk", few: bool) -> Q:
    """That one of ``rows`` is the case's: its field ``whose`` is the case's ``own``."""
    return Q(Exists(rows.filter(**{whose: OuterRef(own)}))) if few else Q(**{f"{own}__in": rows.values(whose)})


def _travels_alone(programme: Programme, stage: str) -> bool:
    """Whether each case has one turn at the stage, and each turn there one case: no teams of several."""
    blueprint = blueprint_of(programme)
    return blueprint.subject is not Subject.TEAM and blueprint.stage(stage).unit is not Unit.TEAM


def _of_organisation(short: str, day: date, *, of_persons: bool, few: bool) -> Q:
    """Cases that an organisation entered or is a partner of, or whose persons belong to it on the day."""
    here = Organisation.objects.filter(short=short).values("pk")
    belonging = Membership.objects.on(day).filter(organisation__in=here)
    if of_persons:
        return _in(belonging, "person", own="sole", few=few)
    members = Member.objects.filter(person__in=belonging.values("person")).values("case")
    partners = Case.partners.through.objects.filter(organisation__in=here).values("case")
    return Q(pk__in=members) | Q(organisation__in=here) | Q(pk__in=partners)


def _with_text(programme: Programme, text: str) -> Q:
    if text.isdecimal() and len(text) <= MOST_DIGITS:
        return Q(number=int(text))
    if _is_of_persons(programme):
        return _of_person("sole", text)
    named = Member.objects.filter(_of_person("person", text), case__programme=programme)
    organisations = Organisation.objects.filter(name_ko__icontains=text).values("pk")
    return Q(title__icontains=text) | Q(pk__in=named.values("case")) | Q(organisation__in=organisations)


def _is_of_persons(programme: Programme) -> bool:
    """Whether each case is a person, whom it has at hand, and nothing else."""
    return blueprint_of(programme).subject is Subject.PERSON


def _of_person(person: str, text: str) -> Q:
    """That the field ``person`` is somebody of that name or, where one is typed, with that in their address."""
    known = called(text, column=f"{person}__name_key")
    in_email = GreaterThan(StrIndex(f"{person}__email", Value(text.lower())), 0)  # half the time of a pattern
    return known | Q(in_email) if text.isascii() else known
