"""Who may do what in a programme: computed from seats, parties and turns; never stored."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from dure.blueprint.model import Ability, Blueprint, DecideStep, PanelStep
from dure.core import clock
from dure.people.days import today
from dure.people.models import Person
from dure.people.rules import administrations
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Attendant, Ban, BannedPerson, Case, Member, Programme, Seat, Turn, TurnMember
from dure.store.worded import asked, found


def is_operator(person: Person) -> bool:
    """An operator of the whole platform."""
    return person.is_active and person.is_staff


def operates(person: Person, programme: Programme) -> bool:
    """Whoever made the programme, who sits in a role that can ``operate``, and the platform's operators."""
    return is_operator(person) or programme.made_by_id == person.pk or can(person, programme, Ability.OPERATE)


def can(person: Person, programme: Programme, *abilities: Ability) -> bool:
    """Whether a seat of the person gives one of the abilities."""
    roles = blueprint_of(programme).roles
    held = (roles[role].can for role in _roles(person, programme) if role in roles)
    return any(not set(abilities).isdisjoint(given) for given in held)


def sits_in(person: Person, programme: Programme, role: str) -> bool:
    return role in _roles(person, programme)


def stands_for(person: Person, programme: Programme, party: str) -> bool:
    """Whether the person is seated at ``party`` or administers an organisation that stands for it."""
    at = programme.parties.filter(key=party).values("organisation")
    seated = Seat.objects.filter(programme=programme, person=person, ended_at__isnull=True, organisation__in=at)
    return seated.exists() or administrations(person.pk, today()).filter(organisation__in=at).exists()


def may_make(person: Person) -> bool:
    """Who may make programmes: the platform's operators, and whoever looks after an organisation."""
    return is_operator(person) or administrations(person.pk, today()).exists()


def oversees(person: Person, programme: Programme) -> bool:
    """Whether somebody sees everybody who takes part: who operates the programme, and who decides in it.

    Whoever only reviews there is shown what they review, by the panel's own pages, which know what is blind.
    """
    blueprint = blueprint_of(programme)
    return operates(person, programme) or any(_sees_all(blueprint, role) for role in _roles(person, programme))


def overseen_by(person: Person) -> set[UUID]:
    """Programmes whose participants somebody sees: those they made, operate or decide in."""
    sees = {seat.programme_id for seat in seats_of(person) if _sees_all(blueprint_of(seat.programme), seat.role)}
    return sees.union(made.pk for made in found(_made, person.pk))


def _made(person: UUID) -> QuerySet[Programme]:
    return Programme.objects.filter(made_by=person).only("pk")


def seats_of(person: Person) -> list[Seat]:
    """Where somebody sits now, with the programmes."""
    return found(_held_seats, person.pk)


def _held_seats(person: UUID) -> QuerySet[Seat]:
    return Seat.objects.filter(person=person, ended_at__isnull=True).select_related("programme")


def _sees_all(blueprint: Blueprint, role: str) -> bool:
    """A role that operates or decides. That it could decide counts for nothing where it is only ever asked to mark."""
    can = blueprint.roles[role].can if role in blueprint.roles else ()
    steps = [step for stage in blueprint.stages for step in stage.gate]
    decides = any(isinstance(step, DecideStep) and step.role == role for step in steps)
    marks = any(isinstance(step, PanelStep) and role in step.roles for step in steps)
    return Ability.OPERATE in can or (Ability.DECIDE in can and (decides or not marks))


def takes_part_in(programmes: set[UUID]) -> Q:
    """Persons who are in a case of one of the programmes."""
    case = Case.objects.filter(pk=OuterRef("case"), programme__in=programmes)  # person by person, not case by case
    return Q(Exists(Member.objects.filter(Exists(case), person=OuterRef("pk"))))


def may_nominate(person: Person, programme: Programme) -> bool:
    """A party's operator or decider (appendix B, ``entry``)."""
    return can(person, programme, Ability.OPERATE, Ability.DECIDE)


def held_by(person: Person | UUID) -> Q:
    """Turns that are the person's own: a member's, or of the case they entered where no persons travel."""
    own = TurnMember.objects.filter(member__person=person).order_by().values("turn")
    entered = Turn.objects.filter(case__entered_by=person, turn_members__member__person__isnull=True).values("pk")
    return Q(pk__in=own.union(entered))  # each by its own index; an "or" of the two would look at every turn


def holds(person: Person, turn: Turn) -> bool:
    """Whether somebody may act for the turn: it is their own, and they are not banned from its programme."""
    return bool(asked(_held, person.pk, turn.pk, turn.programme_id, clock.now()))


def _held(person: UUID, turn: UUID, programme: UUID, moment: datetime) -> "QuerySet[Turn, Any]":
    banned = BannedPerson.objects.filter(banned_at(moment), programme=programme, person=person)
    return Turn.objects.filter(held_by(person), ~Exists(banned), pk=turn).values_list("stage")


def banned_at(moment: datetime) -> Q:
    """Rows of those whom a ban keeps from its programme at that moment."""
    return Q(Q(until=None) | Q(until__gt=moment), over_at=None)


def concerned_by(person: Person, ban: Ban) -> bool:
    """Whether the ban is about somebody: they read why, and may appeal."""
    return ban.persons.filter(person=person).exists()


def attends(person: Person, turn: Turn) -> bool:
    """Whether the turn has the person as one of its own under ``with``."""
    return Attendant.objects.filter(turn=turn, person=person).exists()


def may_see(person: Person, turn: Turn) -> bool:
    """Whose it is, those who attend it or record for it, and whoever oversees the programme."""
    own = asked(_own, person.pk, turn.pk)
    return bool(own) or oversees(person, turn.programme) or may_record(person, turn)


def _own(person: UUID, turn: UUID) -> "QuerySet[Turn, tuple[str]]":
    return Turn.objects.filter(held_by(person), pk=turn).values_list("stage")


def seen_at(person: Person, programme: Programme, stage: str) -> Q:
    """The turns of a stage that somebody sees: :func:`may_see` for many."""
    if oversees(person, programme) or _is_named(person, programme, stage):
        return Q()
    return seen_alone(person)


def seen_alone(person: Person) -> Q:
    """Turns that somebody sees one by one: their own, and those that have them under ``with``."""
    return held_by(person) | Q(pk__in=Attendant.objects.filter(person=person).order_by().values("turn"))


def may_record(person: Person, turn: Turn) -> bool:
    """Who may enter the recorded evidence of a turn: the role its stage names, else one that can operate."""
    programme = turn.programme
    return operates(person, programme) or _is_named(person, programme, turn.stage) or attends(person, turn)


def _is_named(person: Person, programme: Programme, stage: str) -> bool:
    """Whether a stage's ``do`` names the person's role, or a party that they stand for."""
    named = _named_by(blueprint_of(programme).stage(stage).do)
    return any(sits_in(person, programme, name) or stands_for(person, programme, name) for name in named)


def _named_by(do: object) -> set[str]:
    """Roles and parties that a stage's ``do`` names as the ones who do it with the turn."""
    by = {getattr(do, "by", None)} | {getattr(item, "by", None) for item in getattr(do, "items", ())}
    return {name for name in by if name}


def _roles(person: Person, programme: Programme) -> set[str]:
    return {role for (role,) in asked(_seats, person.pk, programme.pk)}


def _seats(person: UUID, programme: UUID) -> "QuerySet[Seat, tuple[str]]":
    return Seat.objects.filter(programme=programme, person=person, ended_at__isnull=True).values_list("role")
