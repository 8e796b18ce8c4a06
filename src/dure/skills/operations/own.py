"""What people say of themselves: levels that count for nothing, and the role they have or work towards."""

from django.db import transaction

from dure.audit.operations import record
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Person
from dure.skills.events import RoleChosen
from dure.skills.levels import LEVELS
from dure.skills.models import Claim, JobRole, OwnRole, Skill

_LEVEL = Text(ko="수준은 1에서 5까지입니다. 다시 고르세요.", en="Levels are 1 to 5. Choose one of them.")
_RETIRED = Text(
    ko="더 이상 쓰지 않는 항목입니다. 목록에서 다른 항목을 고르세요.",
    en="This is no longer used. Choose another one from the list.",
)


@transaction.atomic
def claim(person: Person, *, skill: Skill, level: int) -> Claim:
    """Say how well one does something; the same again with another level corrects it."""
    if level not in LEVELS:
        raise Flawed("claim.level", _LEVEL)
    if skill.retired_in_id:
        raise Refused("skill.retired", _RETIRED)
    told = {"level": level, "said_at": clock.now()}
    row, _ = Claim.objects.update_or_create(person=person, skill=skill, defaults=told)
    record("skill.claimed", row, after={"skill": skill.code, "level": level}, about=person)
    return row


@transaction.atomic
def unclaim(person: Person, *, skill: Skill) -> None:
    """Take it back; nothing happens where nothing was said."""
    row = Claim.objects.filter(person=person, skill=skill).first()
    if row:
        record("skill.unclaimed", row, before={"skill": skill.code, "level": row.level}, about=person)
        row.delete()


@transaction.atomic
def choose_role(person: Person, *, role: JobRole) -> OwnRole:
    """Say which job role one has or works towards; another one replaces it. Raises Refused("skill.retired")."""
    if role.retired_in_id:
        raise Refused("skill.retired", _RETIRED)
    row, _ = OwnRole.objects.update_or_create(person=person, defaults={"role": role, "chosen_at": clock.now()})
    record("role.chosen", role, after={"role": role.code}, about=person)
    publish(RoleChosen(person.pk, role.pk))
    return row


@transaction.atomic
def leave_role(person: Person) -> None:
    """Have no role of one's own any more."""
    row = OwnRole.objects.filter(person=person).select_related("role").first()
    if row:
        record("role.left", row.role, before={"role": row.role.code}, about=person)
        row.delete()
        publish(RoleChosen(person.pk, None))
