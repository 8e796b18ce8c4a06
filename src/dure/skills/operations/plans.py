"""Companies' plans, and the month's count of what is asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Sum

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Organisation, Person
from dure.skills.events import DemandCounted
from dure.skills.models import Asking, Demand, JobRole, OwnRole, Plan, PlanSeats, RoleSkill

MOST_LINES, MOST_SEATS = 200, 100_000
_NAME = Text(ko="계획의 이름을 120자 이내로 쓰세요.", en="Give the plan a name of at most 120 letters.")
_TAKEN = Text(
    ko="같은 이름의 계획이 있습니다. 다른 이름을 쓰세요.", en="There is a plan of that name. Choose another name."
)
_SEATS = Text(ko="인원은 1명에서 {most:,}명까지입니다.", en="Seats are 1 to {most:,}.")
_TWICE = Text(ko="직무와 날짜가 같은 줄이 두 번 있습니다: {role}", en="The same role and day stand twice: {role}")
_MANY = Text(ko="한 계획에는 {most}줄까지 넣을 수 있습니다.", en="A plan has at most {most} lines.")
_ENDED = Text(ko="이미 종료한 계획입니다.", en="This plan has ended.")


@dataclass(frozen=True, slots=True)
class Line:
    """``seats`` people of a role by a day."""

    role: JobRole
    seats: int
    by: date


@transaction.atomic
def make_plan(organisation: Organisation, *, name: str, by: Person, lines: Iterable[Line] = ()) -> Plan:
    """A plan of a company. Raises Flawed("plan.name"), Refused("plan.taken") and as ``set_seats``."""
    named = name.strip()
    if not 0 < len(named) <= 120:
        raise Flawed("plan.name", _NAME)
    try:
        with transaction.atomic():
            plan = Plan.objects.create(organisation=organisation, name=named, made_by=by)
    except IntegrityError:
        raise Refused("plan.taken", _TAKEN) from None
    record("plan.made", plan, after={"name": named}, about=organisation)
    return set_seats(plan, lines=lines)


@transaction.atomic
def set_seats(plan: Plan, *, lines: Iterable[Line]) -> Plan:
    """Replace all lines of a plan. Raises Flawed("plan.lines", "plan.seats", "plan.twice"), Refused("plan.ended")."""
    wanted = list(lines)
    _check(plan, wanted)
    plan.lines.all().delete()
    PlanSeats.objects.bulk_create(PlanSeats(plan=plan, role=one.role, seats=one.seats, by=one.by) for one in wanted)
    told = [{"role": one.role.code, "seats": one.seats, "by": one.by} for one in wanted]
    record("plan.seats-set", plan, after={"lines": told}, about=plan.organisation)
    return plan


def _check(plan: Plan, lines: list[Line]) -> None:
    if plan.ended_at:
        raise Refused("plan.ended", _ENDED)
    if len(lines) > MOST_LINES:
        raise Flawed("plan.lines", _MANY.format(most=MOST_LINES))
    known = set()
    for one in lines:
        if not 1 <= one.seats <= MOST_SEATS:
            raise Flawed("plan.seats", _SEATS.format(most=MOST_SEATS))
        if (one.role.pk, one.by) in known:
            raise Flawed("plan.twice", _TWICE.format(role=one.role.name))
        known.add((one.role.pk, one.by))


@transaction.atomic
def end_plan(plan: Plan) -> Plan:
    """It counts no more. Raises Refused("plan.ended")."""
    now = clock.now()
    if not Plan.objects.filter(pk=plan.pk, ended_at=None).update(ended_at=now):
        raise Refused("plan.ended", _ENDED)
    plan.ended_at = now
    record("plan.ended", plan, after={"name": plan.name}, about=plan.organisation)
    return plan


@transaction.atomic
def count_demand(*, on: date) -> date:
    """Keep how often each skill is asked for in the month of ``on``; the same month again replaces its count."""
    month = on.replace(day=1)
    chosen = dict(OwnRole.objects.values_list("role").annotate(Count("person")))
    lines = PlanSeats.objects.filter(plan__ended_at=None, by__gte=on)
    planned = dict(lines.order_by().values_list("role").annotate(Sum("seats")))
    for asking, by_role in ((Asking.ROLES, chosen), (Asking.PLANS, planned)):
        _keep(asking, month, _by_skill(by_role))
    publish(DemandCounted(f"{month:%Y-%m}"))
    return month


@transaction.atomic
def report_demand(counts: Mapping[UUID, int], *, month: date) -> None:
    """How many openings ask for each skill (by id) in a month, told by the room that keeps them."""
    _keep(Asking.OPENINGS, month.replace(day=1), counts)


def _by_skill(by_role: Mapping[UUID, int]) -> dict[UUID, int]:
    counts: dict[UUID, int] = {}
    for role, skill in RoleSkill.objects.filter(role__in=list(by_role)).values_list("role", "skill"):
        counts[skill] = counts.get(skill, 0) + by_role[role]
    return counts


def _keep(asking: Asking, month: date, counts: Mapping[UUID, int]) -> None:
    Demand.objects.filter(month=month, asking=asking).delete()
    rows = [Demand(skill_id=skill, month=month, asking=asking, count=count) for skill, count in counts.items()]
    Demand.objects.bulk_create(rows, batch_size=1000)
