"""Who may do what in a programme: computed from seats, parties and turns; never stored."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from dure.blueprint.model import Ability
from dure.people.models import Membership, Person, Role
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Attendant, Case, Member, Programme, Seat, Turn, TurnMember

OVERSEE = frozenset({Ability.OPERATE, Ability.REVIEW, Ability.DECIDE})  # what lets somebody see who takes part


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
    admin = Membership.objects.filter(person=person, organisation__in=at, role="admin", until__isnull=True)
    return seated.exists() or admin.exists()


def may_make(person: Person) -> bool:
    """Who may make programmes: the platform's operators, and whoever looks after an organisation."""
    return is_operator(person) or person.memberships.filter(role=Role.ADMIN, until__isnull=True).exists()


def overseen_by(person: Person) -> set[UUID]:
    """Programmes whose participants somebody sees: those they made, operate or judge."""
    seats = Seat.objects.filter(person=person, ended_at__isnull=True).select_related("programme")
    sees = {seat.programme_id for seat in seats if _oversees(seat)}
    return sees.union(Programme.objects.filter(made_by=person).values_list("pk", flat=True))


def _oversees(seat: Seat) -> bool:
    role = blueprint_of(seat.programme).roles.get(seat.role)
    return role is not None and not OVERSEE.isdisjoint(role.can)


def takes_part_in(programmes: set[UUID]) -> Q:
    """Persons who are in a case of one of the programmes."""
    case = Case.objects.filter(pk=OuterRef("case"), programme__in=programmes)  # person by person, not case by case
    return Q(Exists(Member.objects.filter(Exists(case), person=OuterRef("pk"))))


def may_nominate(person: Person, programme: Programme) -> bool:
    """A party's operator or decider (appendix B, ``entry``)."""
    return can(person, programme, Ability.OPERATE, Ability.DECIDE)


def held_by(person: Person) -> Q:
    """Turns that are the person's own: a member's, or of the case they entered where no persons travel."""
    own = TurnMember.objects.filter(member__person=person).order_by().values("turn")
    entered = Turn.objects.filter(case__entered_by=person, turn_members__member__person__isnull=True).values("pk")
    return Q(pk__in=own.union(entered))  # each by its own index; an "or" of the two would look at every turn


def holds(person: Person, turn: Turn) -> bool:
    return Turn.objects.filter(held_by(person), pk=turn.pk).exists()


def attends(person: Person, turn: Turn) -> bool:
    """Whether the turn has the person as one of its own under ``with``."""
    return Attendant.objects.filter(turn=turn, person=person).exists()


def may_see(person: Person, turn: Turn) -> bool:
    """Its holders, those who attend it, and whoever has a say in the programme."""
    return holds(person, turn) or attends(person, turn) or bool(_roles(person, turn.programme)) or operates(
        person, turn.programme
    )  # fmt: skip


def may_record(person: Person, turn: Turn) -> bool:
    """Who may enter the recorded evidence of a turn: the role its stage names, else one that can operate."""
    if operates(person, turn.programme):
        return True
    stage = blueprint_of(turn.programme).stage(turn.stage)
    named = _named_by(stage.do)
    return any(sits_in(person, turn.programme, name) or stands_for(person, turn.programme, name) for name in named) or (
        attends(person, turn)
    )


def _named_by(do: object) -> set[str]:
    """Roles and parties that a stage's ``do`` names as the ones who do it with the turn."""
    by = {getattr(do, "by", None)} | {getattr(item, "by", None) for item in getattr(do, "items", ())}
    return {name for name in by if name}


def _roles(person: Person, programme: Programme) -> set[str]:
    seats = Seat.objects.filter(programme=programme, person=person, ended_at__isnull=True)
    return set(seats.values_list("role", flat=True))
