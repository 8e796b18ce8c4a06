"""Whom recruiters of a programme see, why they may, and who looked at whom."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, FloatField, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from dure.blueprint.model import Ability, Kind, Stage
from dure.core import clock
from dure.people.models import Consent, Organisation, Person
from dure.people.queries.consent import RECRUITERS
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import (
    Approach,
    Given,
    GivenState,
    Look,
    Member,
    Programme,
    ProgrammeState,
    Seat,
    Shortlisted,
    TurnMember,
)
from dure.store.worded import found, padded

SCORED = frozenset({Kind.ROUND, Kind.TEST})
FEW = 1_000  # answers of which each may be looked into by itself


class Recruiter(NamedTuple):
    """Somebody who recruits in a programme, and the organisation they do it for."""

    person: Person
    programme: Programme
    organisation: Organisation | None


def recruits_of(person: Person) -> list[Recruiter]:
    """The programmes in which the person recruits, the newest first."""
    recruits: dict[UUID, Recruiter] = {}
    for seat in found(_seats, person.pk):
        role = blueprint_of(seat.programme).roles.get(seat.role)
        if role is not None and Ability.RECRUIT in role.can:
            recruits.setdefault(seat.programme_id, Recruiter(person, seat.programme, seat.organisation))
    return list(recruits.values())


def _seats(person: UUID) -> "QuerySet[Seat]":
    seats = Seat.objects.filter(person=person, ended_at__isnull=True).exclude(programme__state=ProgrammeState.DRAFT)
    return seats.select_related("programme", "organisation").order_by("-programme_id", "pk")


def rights(recruiter: Recruiter) -> "QuerySet[Given]":
    """The privileges that hold now at the recruiter's party: the right to an interview and the like."""
    given = Given.objects.filter(
        programme=recruiter.programme, kind="privilege", details__at__in=_parties_of(recruiter)
    )
    return given.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now())).exclude(state=GivenState.REVOKED)


def _parties_of(recruiter: Recruiter) -> list[str]:
    """For which parties of the programme the recruiter's organisation stands."""
    programme, place = recruiter.programme, recruiter.organisation.pk if recruiter.organisation else None
    prefetch_related_objects([programme], "parties")  # once, however often their rights are asked for
    return [party.key for party in programme.parties.all() if party.organisation_id == place]


def shown_to(recruiter: Recruiter, *, one: UUID | None = None) -> "QuerySet[Person]":
    """Those who take part and said yes to recruiters of the programme, or hold a right at the recruiter's party and
    never said no; with ``one`` that person alone, where they are of these. Sets, each read once where they are large:
    asked of every person by themselves they took half a minute for 10,000."""
    asked = Q() if one is None else Q(person=one)
    answers = Consent.objects.filter(asked, purpose=RECRUITERS, scope=recruiter.programme.slug)
    yes, members = answers.filter(withdrawn_at=None), Member.objects.filter(asked, case__programme=recruiter.programme)
    agreed = yes.filter(_is_one_of(members, few=one is not None or len(yes.values_list("pk")[: FEW + 1]) <= FEW))
    silent = rights(recruiter).filter(asked, person__isnull=False).exclude(person__in=answers.values("person"))
    return Person.objects.filter(pk__in=agreed.values("person").union(silent.values("person")), is_active=True)


def _is_one_of(members: "QuerySet[Member]", *, few: bool) -> Q:
    """Where few are asked about, each is looked up; else all members are read once."""
    if few:
        return Q(Exists(members.filter(person=OuterRef("person"))))
    return Q(person__in=members.filter(person__isnull=False).values("person"))


def shortlist_of(recruiter: Recruiter) -> "QuerySet[Shortlisted]":
    """Whom the recruiter's party keeps in mind (who sits for no party: whom they do themselves)."""
    rows = Shortlisted.objects.filter(programme=recruiter.programme, organisation=recruiter.organisation)
    return rows if recruiter.organisation else rows.filter(by=recruiter.person)


def scored_stage(programme: Programme) -> Stage | None:
    """The last stage that leaves a score behind."""
    stages = [stage for stage in blueprint_of(programme).stages if stage.kind in SCORED]
    return next((stage for stage in reversed(stages) if stage.kind is Kind.ROUND), stages[-1] if stages else None)


def with_scores(people: "QuerySet[Person]", programme: Programme, stage: str) -> "QuerySet[Person]":
    """Each with their ``score`` at a stage; None where they have none."""
    told = KeyTextTransform("score", "turn__evidence__values")
    taken = TurnMember.objects.filter(member__person=OuterRef("pk"), stage=stage, turn__programme=programme)
    score = taken.annotate(score=Cast(told, FloatField())).order_by().values("score")[:1]
    return people.annotate(score=Subquery(score))


def taking(programme: Programme, stage: str, *, state: str = "", option: str = "") -> "QuerySet[Member]":
    """Who has a turn at a stage (in a state, with an option). Options are names: their JSON text tells them apart."""
    rows = TurnMember.objects.filter(stage=stage, turn__programme=programme)
    if state:
        rows = rows.filter(turn__state=state)
    if option:
        rows = rows.filter(turn__options__icontains=f'"{option}"')
    return Member.objects.filter(pk__in=rows.values("member"))


@dataclass(frozen=True)
class Held:
    """What somebody holds of a programme: rights at a recruiter's party, those that end first first; credentials."""

    rights: list[Given] = field(default_factory=list)
    credentials: list[Given] = field(default_factory=list)


def held_by_person(recruiter: Recruiter, people: Sequence[Person]) -> Mapping[UUID, Held]:
    """What each of ``people`` holds that the recruiter sees."""
    parties, now = _parties_of(recruiter), clock.now()
    held: dict[UUID | None, Held] = defaultdict(Held)
    for given in found(_given, recruiter.programme.pk, *padded([person.pk for person in people])):
        given.programme = recruiter.programme
        if given.kind == "credential":
            held[given.person_id].credentials.append(given)
        elif given.details.get("at") in parties and (given.expires_at is None or given.expires_at > now):
            held[given.person_id].rights.append(given)
    return {person.pk: held[person.pk] for person in people}


def _given(programme: UUID, *people: UUID) -> "QuerySet[Given]":
    rows = Given.objects.filter(programme=programme, kind__in=("credential", "privilege"), person__in=people)
    return rows.exclude(state=GivenState.REVOKED).order_by("expires_at", "pk")


def turns_at(recruiter: Recruiter, people: Sequence[Person]) -> list[TurnMember]:
    """The turns of ``people`` in the recruiter's programme, with what they left behind."""
    return found(_turns, recruiter.programme.pk, *padded([person.pk for person in people]))


def _turns(programme: UUID, *people: UUID) -> "QuerySet[TurnMember]":
    rows = TurnMember.objects.filter(member__person__in=people, turn__programme=programme)
    return rows.select_related("turn__evidence", "member").order_by("pk")


def looks_at(person: Person) -> "QuerySet[Look]":
    """Who looked at somebody's profile, the latest first: for that person alone."""
    return Look.objects.filter(person=person).select_related("programme", "by", "organisation").order_by("-at", "-pk")


def approaches_to(person: Person) -> "QuerySet[Approach]":
    """What recruiters wrote to somebody, the latest first."""
    return Approach.objects.filter(person=person).select_related("programme", "by", "organisation").order_by("-pk")


def contacts_left(programme: Programme, person: Person) -> datetime | None:
    """Since when the person's address may be shown: they left it at an event of the programme, and it stands."""
    rows = Consent.objects.filter(person=person, purpose="contact", withdrawn_at=None).order_by("given_at")
    left = list(rows.values_list("scope", "given_at"))
    if not left:
        return None
    here = TurnMember.objects.filter(member__person=person, turn__programme=programme)
    turns = {str(turn) for turn in here.values_list("turn", flat=True)}
    return next((at for scope, at in left if scope in turns), None)
