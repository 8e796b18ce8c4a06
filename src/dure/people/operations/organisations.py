"""Organisations, and who belongs to them from when to when."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from dure.audit.operations import record
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.people.days import today
from dure.people.models import Membership, Organisation, OrganisationKind, Person, Role
from dure.people.operations.checks import named, once, word_of

LAST_ADMIN = Text(
    ko="이 기관의 마지막 관리자입니다. 먼저 다른 사람을 관리자로 지정한 뒤 다시 시도하세요.",
    en="This is the organisation's last administrator. Make somebody else an administrator first, then try again.",
)


@transaction.atomic
def found_organisation(
    short: str, *, name_ko: str, name_en: str, kind: OrganisationKind | str, staff: int | None = None
) -> Organisation:
    """Make an organisation known to Dure. ``short`` is how blueprints call it, a name of the language.

    Raises Flawed("organisation.short"), Flawed("organisation.kind"), Refused("organisation.exists").
    """
    named(short, code="organisation.short")
    word = word_of(OrganisationKind, kind, code="organisation.kind")
    taken = Text(
        ko="같은 짧은 이름을 쓰는 기관이 이미 있습니다. 다른 이름을 고르세요.",
        en="Another organisation has this short name. Choose another one.",
    )
    with once("organisation.exists", taken):
        made = Organisation.objects.create(short=short, name_ko=name_ko, name_en=name_en, kind=word, staff=staff)
    record("organisation.founded", made, after={"short": short, "kind": word, "staff": staff})
    return made


@transaction.atomic
def change_organisation(organisation: Organisation, **changes: str | int | None) -> Organisation:
    """Change ``name_ko``, ``name_en`` or ``staff``. ``short`` and ``kind`` stay: agreements lean on them."""
    unknown = changes.keys() - {"name_ko", "name_en", "staff"}
    if unknown:
        raise TypeError(f"not for change_organisation: {', '.join(sorted(unknown))}")
    before = {name: getattr(organisation, name) for name in changes}
    for name, value in changes.items():
        setattr(organisation, name, value)
    organisation.save(update_fields=[*changes, "name_key"])
    record("organisation.changed", organisation, before=before, after=changes)
    return organisation


@transaction.atomic
def join_organisation(
    organisation: Organisation,
    *,
    person: Person,
    role: Role | str = Role.MEMBER,
    department: str = "",
    team: str = "",
    title: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Membership:
    """Write down that somebody belongs to an organisation, now, before (with both days) or from a later day on.

    Raises Refused("membership.exists") while the same role goes on, Flawed("membership.days" or "membership.role").
    """
    start = since or today()
    if until and until < start:
        sentence = Text(
            ko="끝나는 날이 시작하는 날보다 빠릅니다. 날짜를 확인하세요.",
            en="It ends before it begins. Check the days.",
        )
        raise Flawed("membership.days", sentence, since=start, until=until)
    there = Text(
        ko="이미 같은 역할로 이 기관에 소속되어 있습니다. 바꾸려면 지금 소속을 먼저 끝내세요.",
        en="This person already has that role there. To change it, end the present one first.",
    )
    known = {
        "role": word_of(Role, role, code="membership.role"),
        "department": department,
        "team": team,
        "title": title,
        "since": start,
        "until": until,
    }
    with once("membership.exists", there):
        joined = Membership.objects.create(organisation=organisation, person=person, **known)
    record("membership.began", joined, after=known, about=person)
    return joined


@transaction.atomic
def leave(membership: Membership, *, on: date | None = None) -> Membership:
    """End a membership: ``on`` (left out: today) is the first day on which it no longer holds.

    Raises Refused("membership.ended") where it has ended already, Flawed("membership.days") before its beginning,
    Refused("membership.last-admin") where nobody would look after the organisation any more.
    """
    day = on or max(today(), membership.since)
    if day < membership.since:
        sentence = Text(
            ko="끝나는 날이 시작하는 날보다 빠릅니다. 날짜를 확인하세요.",
            en="It ends before it begins. Check the days.",
        )
        raise Flawed("membership.days", sentence, since=membership.since, until=day)
    if not Membership.objects.filter(Q(until=None) | Q(until__gt=day), pk=membership.pk).update(until=day):
        raise Refused("membership.ended", Text(ko="이미 끝난 소속입니다.", en="This membership has already ended."))
    _keep_an_administrator(membership, max(day, today()))
    membership.until = day
    record("membership.ended", membership, after={"until": day}, about=membership.person)
    return membership


def _keep_an_administrator(former: Membership, day: date) -> None:
    """Refused where the last administrator goes on ``day``; two who go at once ask one after the other. What was over
    already (``former`` as it stood) changes nothing."""
    if former.role != Role.ADMIN or (former.until and former.until <= today()):
        return
    organisation = Organisation.objects.select_for_update().get(pk=former.organisation_id)
    if not organisation.memberships.on(day).filter(role=Role.ADMIN, person__is_active=True).exists():
        raise Refused("membership.last-admin", LAST_ADMIN)


@transaction.atomic
def change_role(membership: Membership, *, role: Role | str) -> Membership:
    """Make somebody something else at their organisation from today on; the former role keeps its history.

    Raises Flawed("membership.role"), Refused("membership.exists") where they have that role already and
    Refused("membership.last-admin") where nobody would look after the organisation any more.
    """
    word = word_of(Role, role, code="membership.role")
    if word == membership.role:
        return membership
    goes_on = membership.until
    leave(membership)
    return join_organisation(
        membership.organisation, person=membership.person, role=word, department=membership.department,
        team=membership.team, title=membership.title, until=goes_on,
    )  # fmt: skip
