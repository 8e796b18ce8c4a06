"""Who may do what with persons, organisations, teams and what is known of them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from dure.people.days import today
from dure.people.models import (
    Invitation,
    Membership,
    Organisation,
    Person,
    Relation,
    Role,
    Source,
    Team,
    TeamMember,
)
from dure.store.worded import valued


def is_operator(actor: Person) -> bool:
    """Runs the platform itself."""
    return actor.is_active and actor.is_staff


def administers(actor: Person, organisation: Organisation) -> bool:
    """Looks after an organisation today."""
    return actor.is_active and administrations(actor.pk, today()).filter(organisation=organisation).exists()


def administrations(person: UUID, day: date) -> "QuerySet[Membership]":
    """The memberships by which somebody looks after organisations on a day."""
    return Membership.objects.on(day).filter(person=person, role=Role.ADMIN)


def administered_by(actor: Person) -> "QuerySet[Membership, UUID]":
    """The organisations that somebody looks after today, for ``organisation__in``."""
    return administrations(actor.pk, today()).values_list("organisation", flat=True)


def looked_after_by(actor: Person) -> "QuerySet[Organisation]":
    """The organisations for which somebody may act, by name: those that they look after; operators, for all."""
    rows = Organisation.objects.order_by("name_key", "pk")
    return rows if is_operator(actor) else rows.filter(pk__in=administered_by(actor))


def belongs_to(actor: Person, organisation: Organisation) -> bool:
    """Has any role at an organisation today."""
    return actor.is_active and organisation.memberships.on(today()).filter(person=actor).exists()


def may_change_organisation(actor: Person, organisation: Organisation) -> bool:
    """Its names, its members, whom it invites. Its short name and domains are an operator's."""
    return is_operator(actor) or administers(actor, organisation)


def may_set_up_sign_in(actor: Person, organisation: Organisation) -> bool:
    """How its people sign in, and which domains it says are its own."""
    return may_change_organisation(actor, organisation)


def may_see_person(actor: Person, person: Person) -> bool:
    """Oneself, operators, and admins of an organisation to which the person belongs today."""
    if actor == person or is_operator(actor):
        return actor.is_active
    here = person.memberships.on(today()).filter(organisation__in=administered_by(actor))
    return actor.is_active and here.exists()


def meets(actor: Person) -> Q:
    """Persons of whom one knows that they are here: oneself, team mates, and who belongs to the same organisation."""
    teams, places = valued(_teams, actor.pk), valued(_places, actor.pk, today())
    mates = TeamMember.objects.filter(person=OuterRef("pk"), left_at=None, team__in=[pk for (pk,) in teams])
    # Person by person: few rows.
    place = Organisation.objects.filter(pk=OuterRef("organisation"), pk__in=[pk for (pk,) in places])
    colleagues = Membership.objects.on(today()).filter(Exists(place), person=OuterRef("pk"))
    return Q(pk=actor.pk) | Q(Exists(mates)) | Q(Exists(colleagues))


def _teams(person: UUID) -> "QuerySet[TeamMember, Any]":
    return TeamMember.objects.filter(person=person, left_at=None).values_list("team")


def _places(person: UUID, day: date) -> "QuerySet[Membership, Any]":
    return Membership.objects.on(day).filter(person=person).values_list("organisation")


def may_change_person(actor: Person, person: Person) -> bool:
    return actor.is_active and (actor == person or is_operator(actor))


def may_end_membership(actor: Person, membership: Membership) -> bool:
    """One may always leave; an organisation's admins and operators may end it as well."""
    return may_change_person(actor, membership.person) or administers(actor, membership.organisation)


def may_state_fact(actor: Person, subject: Person | Organisation, source: str) -> bool:
    """Everybody speaks for themselves (``asked``), operators for what they have seen proof of.

    Facts of source ``credential`` come from verified credentials, never from somebody's hand.
    """
    if source == Source.OPERATOR:
        return is_operator(actor)
    return source == Source.ASKED and _speaks_for(actor, subject)


def may_state_relation(actor: Person, one: Person, other: Person) -> bool:
    """Either of the two, or an operator."""
    return actor.is_active and (actor in {one, other} or is_operator(actor))


def may_end_relation(actor: Person, relation: Relation) -> bool:
    """Whoever stated it, or an operator: nobody shakes off a bond that somebody else declared."""
    return is_operator(actor) or (actor.is_active and actor.pk == relation.stated_by_id)


def may_lead(actor: Person, team: Team) -> bool:
    """Invite to a team, dismiss from it, hand it over, merge it; of a dissolved one nobody."""
    return actor.is_active and team.size > 0 and (team.captain_id == actor.pk or is_operator(actor))


def may_see_team(actor: Person, team: Team) -> bool:
    return may_lead(actor, team) or (actor.is_active and team.members.filter(person=actor, left_at=None).exists())


def may_withdraw(actor: Person, invitation: Invitation) -> bool:
    """Whoever sent it, or an operator. Rooms add whoever looks after its subject."""
    return is_operator(actor) or (actor.is_active and actor.pk == invitation.invited_by_id)


def _speaks_for(actor: Person, subject: Person | Organisation) -> bool:
    if isinstance(subject, Person):
        return actor.is_active and actor == subject
    return administers(actor, subject)
