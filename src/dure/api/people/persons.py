"""Oneself, other persons for those who may see them, and what is known of them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from ninja import Query, Router
from pydantic import AfterValidator, Field

from dure.api.base import Asked
from dure.api.find import allow, one, person_by, platform_operator
from dure.api.shapes import BIG, Email, GivenMoment, In, Line, Moment, Out, Page, Paging, PersonRef, Prose, paged
from dure.api.writing import writes
from dure.core.text import Text
from dure.people import operations, rules
from dure.people.days import today, zone_names
from dure.people.keys import Issued
from dure.people.models import ApiToken, Bond, Consent, KnownFact, Person, Relation, Source
from dure.people.queries import consents_of, sources_of, tokens_of

router = Router(tags=["people"])
PERSON = Text(ko="사람", en="person")
PROFILE = ("age", "employer", "degree", "major", "year")
FactValue = Annotated[int, Field(ge=-BIG, le=BIG)] | Annotated[str, Field(max_length=2000)]


def _known_zone(zone: str) -> str:
    if zone and zone not in zone_names():
        raise ValueError("no time zone of that name, such as Asia/Seoul")
    return zone


class PersonIn(In):
    """``birth_date`` null takes it back."""

    name: Annotated[str, Field(max_length=120)] | None = None
    birth_date: date | None = None
    language: Annotated[str, Field(pattern="^(ko|en|)$")] | None = None
    zone: Annotated[str, AfterValidator(_known_zone)] | None = None


class NewPerson(In):
    """``verified``: the operator vouches for the address."""

    email: Email
    name: Annotated[str, Field(max_length=120)] = ""
    birth_date: date | None = None
    language: Annotated[str, Field(pattern="^(ko|en|)$")] = ""
    verified: bool = False


class PersonOut(Out):
    id: UUID
    email: str
    name: str
    birth_date: date | None
    language: str
    zone: str
    operator: bool
    joined_at: Moment

    @classmethod
    def of(cls, person: Person) -> Self:
        return cls(
            id=person.pk,
            email=person.email,
            name=person.name,
            birth_date=person.birth_date,
            language=person.language,
            zone=person.zone,
            operator=person.is_staff,
            joined_at=person.joined_at,
        )


# --- oneself and others


@router.get("/me", response=PersonOut)
def me(request: Asked) -> PersonOut:
    """Who one is here."""
    return PersonOut.of(request.auth)


@writes(router.patch, "/me", PersonOut)
def change_me(request: Asked, body: PersonIn) -> Person:
    """Change what one says of oneself; what is left out stays."""
    said = body.model_dump(exclude_unset=True)
    changes = {name: "" if value is None and name != "birth_date" else value for name, value in said.items()}
    return operations.change_person(request.auth, **changes)


@router.get("/people", response=Page[PersonOut])
def listed(request: Asked, paging: Query[Paging], email: Email = "") -> Page[PersonOut]:
    """Everybody, for the platform's operators."""
    platform_operator(request.auth)
    rows = Person.objects.filter(email=email.strip().lower()) if email else Person.objects.all()
    return paged(rows, paging, lambda found: [PersonOut.of(person) for person in found])


@writes(router.post, "/people", PersonOut, status=201)
def register(request: Asked, body: NewPerson) -> Person:
    """Make an account for somebody, by a platform operator; they sign in through "forgotten password"."""
    platform_operator(request.auth)
    return operations.register(**body.model_dump())


@router.get("/people/{uuid:person_id}", response=PersonOut)
def shown(request: Asked, person_id: UUID) -> PersonOut:
    """Somebody who belongs to an organisation that one looks after, or oneself."""
    return PersonOut.of(seen_person(request.auth, person_id))


def seen_person(actor: Person, person_id: UUID) -> Person:
    person = one(Person.objects.all(), "person.missing", PERSON, pk=person_id)
    return person if rules.may_see_person(actor, person) else one(Person.objects.none(), "person.missing", PERSON)


# --- what is known


class FactIn(In):
    name: Line
    value: FactValue


class VouchedFact(FactIn):
    """``note``: the proof that the operator has seen."""

    note: Prose = ""


class FactOut(Out):
    """What one source says; of several sources the first listed counts. ``since`` null: for ever."""

    name: str
    value: FactValue
    source: str
    since: date | None


class Facts(Out):
    items: list[FactOut]

    @classmethod
    def of(cls, person: Person) -> Self:
        stated = person.known_facts.values_list("name", flat=True).distinct()
        names = dict.fromkeys([*PROFILE, *sorted(stated)])
        found = [(name, known) for name in names for known in sources_of(person, name, on=today())]
        return cls(items=[FactOut(name=n, value=k.value, source=k.source, since=k.since) for n, k in found])


class StatedOut(Out):
    id: UUID
    name: str
    value: FactValue
    source: str
    recorded_at: Moment

    @classmethod
    def of(cls, fact: KnownFact) -> Self:
        return cls(id=fact.pk, name=fact.name, value=fact.value, source=fact.source, recorded_at=fact.recorded_at)


@router.get("/me/facts", response=Facts)
def my_facts(request: Asked) -> Facts:
    """What is known of oneself, and who says so."""
    return Facts.of(request.auth)


@writes(router.post, "/me/facts", StatedOut, status=201)
def state_mine(request: Asked, body: FactIn) -> KnownFact:
    """Say something of oneself."""
    return operations.state_fact(request.auth, body.name, body.value, by=request.auth)


@router.get("/people/{uuid:person_id}/facts", response=Facts)
def facts(request: Asked, person_id: UUID) -> Facts:
    """What is known of somebody, and who says so."""
    return Facts.of(seen_person(request.auth, person_id))


@writes(router.post, "/people/{uuid:person_id}/facts", StatedOut, status=201)
def vouch(request: Asked, person_id: UUID, body: VouchedFact) -> KnownFact:
    """Write down what an operator has seen the proof of."""
    person = seen_person(request.auth, person_id)
    allow(rules.may_state_fact(request.auth, person, Source.OPERATOR))
    return operations.state_fact(person, body.name, body.value, source=Source.OPERATOR, by=request.auth, note=body.note)


# --- consent


class ConsentIn(In):
    """``purpose`` recruiters (scope: a programme's slug), contact (a turn's id), terms, …; ``wording`` as shown."""

    purpose: Annotated[str, Field(min_length=1, max_length=40)]
    scope: Annotated[str, Field(max_length=120)]
    wording: Prose = ""


class ConsentOut(Out):
    purpose: str
    scope: str
    wording: str
    given_at: Moment | None
    withdrawn_at: Moment | None

    @classmethod
    def of(cls, consent: Consent) -> Self:
        given: datetime | None = consent.given_at
        return cls(
            purpose=consent.purpose,
            scope=consent.scope,
            wording=consent.wording,
            given_at=given,
            withdrawn_at=consent.withdrawn_at,
        )


class Consents(Out):
    items: list[ConsentOut]


@router.get("/me/consents", response=Consents)
def my_consents(request: Asked) -> Consents:
    """Every answer one gave, the newest first."""
    return Consents(items=[ConsentOut.of(consent) for consent in consents_of(request.auth)])


@writes(router.post, "/me/consents", ConsentOut, status=201)
def consent(request: Asked, body: ConsentIn) -> Consent:
    """Say yes."""
    return operations.give_consent(request.auth, **body.model_dump())


@writes(router.post, "/me/consents/withdraw", ConsentOut)
def dissent(request: Asked, body: ConsentIn) -> Consent:
    """Say no, whether or not one has said yes before."""
    return operations.withdraw_consent(request.auth, **body.model_dump())


# --- tokens


class NewToken(In):
    name: Annotated[str, Field(max_length=80)]
    expires_at: GivenMoment | None = None


class TokenOut(Out):
    id: UUID
    name: str
    prefix: str
    made_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None
    revoked_at: Moment | None

    @classmethod
    def of(cls, token: ApiToken) -> Self:
        return cls(**_token(token))


class IssuedOut(TokenOut):
    """``secret`` can be read nowhere again."""

    secret: str

    @classmethod
    def of(cls, issued: Issued[ApiToken]) -> Self:  # type: ignore[override]  # made of the secret as well
        return cls(**_token(issued.row), secret=issued.secret)


def _token(token: ApiToken) -> dict[str, Any]:
    named = {"id": token.pk, "name": token.name, "prefix": token.prefix, "made_at": token.made_at}
    ends = {"expires_at": token.expires_at, "last_used_at": token.last_used_at, "revoked_at": token.revoked_at}
    return {**named, **ends}


def _tokens(rows: Iterable[ApiToken]) -> list[TokenOut]:
    return [TokenOut.of(token) for token in rows]


@router.get("/me/tokens", response=Page[TokenOut])
def my_tokens(request: Asked, paging: Query[Paging]) -> Page[TokenOut]:
    """One's keys that were not revoked."""
    return paged(tokens_of(request.auth), paging, _tokens)


@writes(router.post, "/me/tokens", IssuedOut, status=201, secret=True)
def issue(request: Asked, body: NewToken) -> Issued[ApiToken]:
    """A key for one's programs; its secret is shown this once."""
    return operations.issue_token(request.auth, name=body.name, expires_at=body.expires_at)


@writes(router.delete, "/me/tokens/{uuid:token_id}", TokenOut)
def revoke(request: Asked, token_id: UUID) -> ApiToken:
    """The key opens nothing from now on."""
    mine: QuerySet[ApiToken] = request.auth.api_tokens.all()
    return operations.revoke_token(one(mine, "token.missing", Text(ko="토큰", en="token"), pk=token_id))


@writes(router.post, "/people/{uuid:person_id}/tokens", IssuedOut, status=201, secret=True)
def issue_for(request: Asked, person_id: UUID, body: NewToken) -> Issued[ApiToken]:
    """A key in somebody else's name: only in a scratch database (``DURE_SCRATCH=1``)."""
    platform_operator(request.auth)
    allow(settings.SCRATCH, "token.not-yours")
    person = seen_person(request.auth, person_id)
    return operations.issue_token(person, name=body.name, expires_at=body.expires_at)


# --- relations


class NewRelation(In):
    """What ``one`` is to ``other``; both are email addresses."""

    one: Email
    other: Email
    bond: Bond


class RelationOut(Out):
    id: UUID
    one: PersonRef
    other: PersonRef
    bond: str
    stated_at: Moment
    ended_at: Moment | None

    @classmethod
    def of(cls, relation: Relation) -> Self:
        return cls(
            id=relation.pk,
            one=PersonRef.of(relation.one),
            other=PersonRef.of(relation.other),
            bond=relation.bond,
            stated_at=relation.stated_at,
            ended_at=relation.ended_at,
        )


@writes(router.post, "/relations", RelationOut, status=201)
def relate(request: Asked, body: NewRelation) -> Relation:
    """State a bond: either of the two, or a platform operator."""
    first, second = person_by(body.one), person_by(body.other)
    allow(rules.may_state_relation(request.auth, first, second))
    return operations.state_relation(first, to=second, bond=body.bond, by=request.auth)


@writes(router.delete, "/relations/{uuid:relation_id}", RelationOut)
def unrelate(request: Asked, relation_id: UUID) -> Relation:
    """Take a bond back: whoever stated it, or a platform operator."""
    what = Text(ko="관계", en="relation")
    rows = Relation.objects.select_related("one", "other")
    if not rules.is_operator(request.auth):
        rows = rows.filter(Q(one=request.auth) | Q(other=request.auth) | Q(stated_by=request.auth))
    relation = one(rows, "relation.missing", what, pk=relation_id)
    allow(rules.may_end_relation(request.auth, relation))
    return operations.end_relation(relation)
