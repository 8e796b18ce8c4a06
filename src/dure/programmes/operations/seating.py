"""Seating: who acts in which role, and whom a turn has of its own."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q

from dure.audit.operations import record
from dure.blueprint.model import ProjectDo, Role, WorkDo
from dure.core import clock
from dure.core.errors import Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import KnownFact, Organisation, Person
from dure.programmes.events import SeatEnded
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Attendant, Given, GivenState, Programme, Seat, Turn


@transaction.atomic
def seat(programme: Programme, role: str, *, person: Person, organisation: Organisation | None = None) -> Seat:
    """Seat ``person`` in ``role`` for ``organisation`` (a party of the role; needless where it has only one)."""
    written = _role(programme, role)
    place = _seat_at(programme, written, organisation)
    if written.holds and not holds_credential(person, written.holds):
        sentence = Text(ko="이 역할에는 ‘{name}’ 자격이 필요합니다.", en="This role needs the credential “{name}”.")
        raise Refused("seat.credential", sentence.format(name=written.holds), credential=written.holds)
    try:
        with transaction.atomic():
            held = Seat.objects.create(programme=programme, role=role, person=person, organisation=place)
    except IntegrityError:
        raise Refused(
            "seat.taken", Text(ko="이미 이 역할을 맡고 있습니다.", en="They sit in this role already.")
        ) from None
    record("seat.taken", held, after=_told(held), about=person)
    return held


@transaction.atomic
def unseat(held: Seat) -> Seat:
    """End a seat; what was done from it stays."""
    if Seat.objects.filter(pk=held.pk, ended_at__isnull=True).update(ended_at=clock.now()) != 1:
        raise Refused("seat.ended", Text(ko="이미 끝난 자리입니다.", en="This seat has ended already."))
    held.refresh_from_db()
    record("seat.ended", held, before=_told(held), about=held.person)
    publish(SeatEnded(held.programme_id, held.person_id))
    return held


def _told(held: Seat) -> dict[str, object]:
    place = held.organisation.short if held.organisation else None
    return {"programme": held.programme.slug, "role": held.role, "person": held.person_id, "organisation": place}


@transaction.atomic
def attach(turn: Turn, role: str, *, person: Person) -> Attendant:
    """Give ``turn`` one of its own under ``with``: somebody seated in ``role``, exactly as many as are written."""
    most = company_of(turn).get(role, 0)
    if not most:
        sentence = Text(ko="이 단계는 ‘{role}’ 역할을 두지 않습니다.", en="This stage has no {role} of its own.")
        raise Refused("with.role", sentence.format(role=role), role=role)
    if not Seat.objects.filter(programme=turn.programme, role=role, person=person, ended_at__isnull=True).exists():
        sentence = Text(ko="먼저 ‘{role}’ 역할로 등록하세요.", en="Seat them as {role} first.").format(role=role)
        raise Refused("with.not-seated", sentence, role=role)
    taken = set(Attendant.objects.filter(turn=turn, role=role).values_list("slot", flat=True))
    free = [slot for slot in range(1, most + 1) if slot not in taken]
    if not free:
        sentence = Text(ko="‘{role}’은(는) 정확히 {most}명입니다.", en="A turn has exactly {most} {role}.")
        raise Refused("with.full", sentence.format(role=role, most=most), role=role, most=most)
    try:
        with transaction.atomic():
            attendant = Attendant.objects.create(turn=turn, role=role, slot=free[0], person=person)
    except IntegrityError:
        sentence = Text(
            ko="방금 다른 사람이 배정되었거나 이미 배정된 사람입니다.", en="Assigned already, or somebody was just now."
        )
        raise Refused("with.taken", sentence) from None
    record("turn.attendant", turn, after={"role": role, "person": person.pk}, about=person)
    return attendant


@transaction.atomic
def detach(attendant: Attendant) -> None:
    told = {"role": attendant.role, "person": attendant.person_id}
    record("turn.attendant-left", attendant.turn, before=told, about=attendant.person)
    attendant.delete()


def company_of(turn: Turn) -> dict[str, int]:
    """``with`` of the turn's stage: role → how many."""
    do = blueprint_of(turn.programme).stage(turn.stage).do
    return dict(do.with_roles) if isinstance(do, ProjectDo | WorkDo) else {}


def missing_company(turn: Turn) -> dict[str, int]:
    """How many of each role the turn still lacks."""
    have: dict[str, int] = {}
    for role in Attendant.objects.filter(turn=turn).values_list("role", flat=True):
        have[role] = have.get(role, 0) + 1
    return {role: n - have.get(role, 0) for role, n in company_of(turn).items() if n > have.get(role, 0)}


def holds_credential(person: Person, name: str, *, on: date | None = None) -> bool:
    """Whether the person holds credential ``name``, valid on the day: given here, or an operator vouches for it."""
    day = on or clock.now().astimezone(ZoneInfo("Asia/Seoul")).date()
    given = Given.objects.filter(kind="credential", name=name, person=person).exclude(state=GivenState.REVOKED)
    if given.filter(Q(expires_at__isnull=True) | Q(expires_at__date__gte=day)).exists():
        return True
    vouched = KnownFact.objects.filter(person=person, name="credential", source="operator")
    return any(fact.value == name for fact in vouched)


def _role(programme: Programme, role: str) -> Role:
    roles = blueprint_of(programme).roles
    if role not in roles:
        sentence = Text(
            ko="‘{role}’ 역할이 없습니다. 있는 역할: {known}", en="There is no role {role}; there are {known}."
        )
        raise Refused("seat.role", sentence.format(role=role, known=", ".join(roles)), role=role)
    return roles[role]


def _seat_at(programme: Programme, role: Role, organisation: Organisation | None) -> Organisation | None:
    if role.at == ("any",):
        return organisation
    bound = [party.organisation for party in programme.parties.filter(key__in=role.at).select_related("organisation")]
    if organisation is None and len(set(bound)) == 1:
        return bound[0]
    if organisation not in bound:
        names = ", ".join(party.short for party in bound)
        sentence = Text(ko="어느 기관의 자리인지 고르세요: {names}", en="Name the party they sit for: {names}")
        raise Refused("seat.party", sentence.format(names=names), parties=[p.short for p in bound])
    return organisation
