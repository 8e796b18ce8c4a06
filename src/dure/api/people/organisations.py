"""Organisations and who belongs to them."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from django.db.models import Q
from ninja import Query, Router
from pydantic import Field

from dure.api.base import Asked
from dure.api.find import allow, one, person_by, platform_operator
from dure.api.people.invitations import InvitationOut
from dure.api.shapes import Email, In, Out, Page, Paging, PersonRef, Words, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.people import operations, rules
from dure.people.days import today
from dure.people.models import Invitation, Membership, Organisation, OrganisationKind, Person, Role
from dure.people.operations.invitations import ORGANISATION

router = Router(tags=["people"])
Label = Annotated[str, Field(min_length=1, max_length=160)]
Place = Annotated[str, Field(max_length=120)]
Staff = Annotated[int, Field(ge=0, le=2**31 - 1)]


class NewOrganisation(In):
    """``short`` is how blueprints and rules call it; ``staff`` how many people work there."""

    short: Annotated[str, Field(max_length=80)]
    name_ko: Label
    name_en: Label
    kind: OrganisationKind
    staff: Staff | None = None


class OrganisationIn(In):
    name_ko: Label | None = None
    name_en: Label | None = None
    staff: Staff | None = None


class OrganisationOut(Out):
    id: UUID
    short: str
    name: Words
    kind: str
    staff: int | None

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        return cls(
            id=organisation.pk,
            short=organisation.short,
            name=Words.of(organisation.title),
            kind=organisation.kind,
            staff=organisation.staff,
        )


class NewMember(In):
    email: Email
    role: Role = Role.MEMBER
    department: Place = ""
    team: Place = ""
    title: Place = ""
    since: date | None = None
    until: date | None = None


class MemberOut(Out):
    """Somebody's time at an organisation: from ``since`` until the day before ``until``."""

    id: UUID
    organisation: str
    person: PersonRef
    role: str
    department: str
    team: str
    title: str
    since: date
    until: date | None

    @classmethod
    def of(cls, membership: Membership) -> Self:
        return cls(
            id=membership.pk,
            organisation=membership.organisation.short,
            person=PersonRef.of(membership.person),
            role=membership.role,
            department=membership.department,
            team=membership.team,
            title=membership.title,
            since=membership.since,
            until=membership.until,
        )


class NewInvitation(In):
    email: Email
    role: Role = Role.MEMBER


def _members(rows: Iterable[Membership]) -> list[MemberOut]:
    return [MemberOut.of(membership) for membership in rows]


def _organisation(short: str) -> Organisation:
    what = Text(ko="기관", en="organisation")
    return one(Organisation.objects.all(), "organisation.missing", what, short=short)


@router.get("/organisations", response=Page[OrganisationOut])
def listed(
    request: Asked,
    paging: Query[Paging],
    kind: OrganisationKind | None = None,
) -> Page[OrganisationOut]:
    """Every organisation that Dure knows."""
    rows = Organisation.objects.filter(kind=kind) if kind else Organisation.objects.all()
    return paged(rows, paging, lambda found: [OrganisationOut.of(row) for row in found])


@writes(router.post, "/organisations", OrganisationOut, status=201)
def found(request: Asked, body: NewOrganisation) -> Organisation:
    """Make an organisation known, by a platform operator."""
    platform_operator(request.auth)
    return operations.found_organisation(**body.model_dump())


@router.get("/organisations/{slug:short}", response=OrganisationOut)
def shown(request: Asked, short: str) -> OrganisationOut:
    """One organisation by its short name."""
    return OrganisationOut.of(_organisation(short))


@writes(router.patch, "/organisations/{slug:short}", OrganisationOut)
def change(request: Asked, short: str, body: OrganisationIn) -> Organisation:
    """Change its names or size, by whoever looks after it; what is left out stays."""
    organisation = _organisation(short)
    allow(rules.may_change_organisation(request.auth, organisation))
    said = body.model_dump(exclude_unset=True)
    changes: dict[str, Any] = {name: value for name, value in said.items() if value is not None or name == "staff"}
    return operations.change_organisation(organisation, **changes)


@router.get("/organisations/{slug:short}/members", response=Page[MemberOut])
def members(request: Asked, short: str, paging: Query[Paging], past: bool = False) -> Page[MemberOut]:
    """Who belongs to it today (``past``: or ever did), for those who belong to it or look after it."""
    organisation = _organisation(short)
    allow(rules.belongs_to(request.auth, organisation) or rules.is_operator(request.auth))
    rows = organisation.memberships.select_related("person", "organisation")
    return paged(rows if past else rows.filter(Q(until=None) | Q(until__gt=today())), paging, _members)


@writes(router.post, "/organisations/{slug:short}/members", MemberOut, status=201)
def join(request: Asked, short: str, body: NewMember) -> Membership:
    """Write down that somebody belongs to it, by whoever looks after it."""
    organisation = _organisation(short)
    allow(rules.may_change_organisation(request.auth, organisation))
    known = body.model_dump(exclude={"email"})
    return operations.join_organisation(organisation, person=person_by(body.email), **known)


@writes(router.post, "/organisations/{slug:short}/invitations", InvitationOut, status=201)
def invite(request: Asked, short: str, body: NewInvitation) -> Invitation:
    """Invite an address by a letter; its reader accepts."""
    organisation = _organisation(short)
    allow(rules.may_change_organisation(request.auth, organisation))
    what = Text(ko=f"기관 ‘{organisation.name_ko}’", en=f"to the organisation {organisation.name_en}")
    sent = operations.invite(
        body.email, purpose=ORGANISATION, subject=organisation.pk, what=what, by=request.auth, role=body.role
    )
    return sent.row


@router.get("/me/memberships", response=Page[MemberOut])
def mine(request: Asked, paging: Query[Paging]) -> Page[MemberOut]:
    """Where one belongs and belonged."""
    return paged(request.auth.memberships.select_related("person", "organisation"), paging, _members)


@writes(router.delete, "/memberships/{uuid:membership_id}", MemberOut)
def leave(request: Asked, membership_id: UUID, on: date | None = None) -> Membership:
    """End a membership: one's own, or one of an organisation that one looks after."""
    membership = _membership(request.auth, membership_id)
    allow(rules.may_end_membership(request.auth, membership))
    return operations.leave(membership, on=on)


class RoleIn(In):
    role: Role


@writes(router.post, "/memberships/{uuid:membership_id}/role", MemberOut)
def change_role(request: Asked, membership_id: UUID, body: RoleIn) -> Membership:
    """Make somebody something else from today on, by whoever looks after the organisation; what was stays known."""
    membership = _membership(request.auth, membership_id)
    allow(rules.may_change_organisation(request.auth, membership.organisation))
    return operations.change_role(membership, role=body.role)


def _membership(person: Person, membership_id: UUID) -> Membership:
    what = Text(ko="소속", en="membership")
    rows = Membership.objects.select_related("person", "organisation")
    membership = one(rows, "membership.missing", what, pk=membership_id)
    if not rules.may_see_person(person, membership.person):
        return one(rows.none(), "membership.missing", what)
    return membership
