"""What an organisation sees of its own people: what they are certified in, and how far they are with what they learn.

Its people belong to it today, or it sends them to a course and pays. It sees the courses that it pays for, what it
issued itself, and what a holder shows to everybody; all else only of those who agreed to it (``EMPLOYER``).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, overload
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from dure.core import clock
from dure.core.text import Text
from dure.credentials.models import Credential, CredentialState, Version
from dure.joints.models import Proof, ProofState
from dure.learning.models import Enrolment, EnrolmentState, Progress, completed
from dure.people.days import day_of, today
from dure.people.models import Consent, Membership, Organisation, Person
from dure.people.queries.consent import EMPLOYER
from dure.people.queries.names import MANY, is_near, walked
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Given, GivenState, Programme, TurnMember, TurnState
from dure.skills.models import Level, OwnRole
from dure.store.search import called

STILL = timedelta(days=14)  # without a lesson opened, somebody is stuck
UNDER_WAY = (EnrolmentState.WAITING, EnrolmentState.ACTIVE)
IN_TURN = (TurnState.OPEN, TurnState.HANDED_IN)
_ENROLLED = (
    "person", "state", "stuck", "own", "done", "extended_until", "cohort__name", "cohort__closes_at",
    "cohort__course__title_ko", "cohort__course__title_en",
)  # fmt: skip


class Standing(StrEnum):
    """How somebody stands; certified and learning may both be true, stuck is one who learns and gets nowhere."""

    CERTIFIED = "certified"
    LEARNING = "learning"
    STUCK = "stuck"
    NEITHER = "neither"


@dataclass(frozen=True)
class Wanted:
    """Whom one looks for; what is empty narrows nothing. ``role`` and ``skill`` are ids, as ``cohort`` is."""

    text: str = ""
    standing: Standing | None = None
    cohort: UUID | None = None
    role: UUID | None = None
    skill: UUID | None = None


@dataclass(frozen=True)
class Certificate:
    """What somebody is certified in, by whom; ``until`` None: for ever."""

    name: Text
    by: Text
    level: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True)
class Learning:
    """What somebody is under way with: a course and its cohort, or a stage and its programme. ``state``: waiting,
    active, handed-in or stuck; ``share`` 0 to 1 where it is counted."""

    name: Text
    group: Text
    state: str
    share: Decimal | None
    until: datetime | None


@dataclass(frozen=True)
class Worker:
    """One of its people, as far as the organisation may see them. ``shares``: they agreed to all of it."""

    id: UUID
    name: str
    email: str
    shares: bool
    department: str
    role: Text | None
    certificates: Sequence[Certificate] = ()
    learning: Sequence[Learning] = ()


@dataclass(frozen=True)
class Numbers:
    people: int
    sharing: int
    certified: int
    learning: int
    stuck: int

    def of(self, standing: Standing | None) -> int:
        """How many stand so; all where it is none, and 0 where nobody counted."""
        return {
            None: self.people, Standing.CERTIFIED: self.certified, Standing.LEARNING: self.learning,
            Standing.STUCK: self.stuck,
        }.get(standing, 0)  # fmt: skip


# --- who


def workforce(organisation: Organisation, wanted: Wanted | None = None) -> "QuerySet[Person]":
    """Its people, those who are looked for, by name."""
    rows = Person.objects.filter(pk__in=_own(organisation), is_active=True)
    return rows.filter(_fits(organisation, wanted or Wanted())).order_by("name_key", "pk")


class Found(Sequence[UUID]):
    """The ids of those who are looked for, by name, a part at a time. How many there are is counted, but for many of a
    standing, of whom ``told`` knows it; names that hold what was typed are read once."""

    def __init__(self, organisation: Organisation, wanted: Wanted, *, told: Numbers) -> None:
        self.organisation, self.wanted, self.told = organisation, wanted, told

    @cached_property
    def _typed(self) -> list[UUID]:
        return list(workforce(self.organisation, self.wanted).values_list("pk", flat=True))

    @cached_property
    def _count(self) -> int:
        told = self.told.of(self.wanted.standing) if self.wanted == Wanted(standing=self.wanted.standing) else 0
        if told >= MANY:
            return told
        return len(self._typed) if self.wanted.text else workforce(self.organisation, self.wanted).order_by().count()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, part: int) -> UUID: ...
    @overload
    def __getitem__(self, part: slice) -> list[UUID]: ...
    def __getitem__(self, part: int | slice) -> UUID | list[UUID]:
        if isinstance(part, int):
            return self[part : part + 1][0]
        if self.wanted.text:
            return self._typed[part]
        if not is_near(part, self._count):
            return list(workforce(self.organisation, self.wanted).values_list("pk", flat=True)[part])
        here = Person.objects.filter(_is_own(self.organisation), is_active=True)
        return walked(here.filter(_fits(self.organisation, self.wanted)), part=part, count=self._count)


def numbers(organisation: Organisation) -> Numbers:
    """How many of its people stand where."""
    own = Person.objects.filter(_is_own(organisation), is_active=True)
    counted = {standing: own.filter(pk__in=_union(rows)).count() for standing, rows in _standing(organisation).items()}
    people = Person.objects.filter(pk__in=_own(organisation), is_active=True)
    sharing = own.filter(pk__in=_sharing(organisation)).count()
    return Numbers(people=people.count(), sharing=sharing, **{kind.value: n for kind, n in counted.items()})


def _union(rows: "Sequence[tuple[QuerySet[Any], str]]") -> "QuerySet[Any]":
    first, *others = (some.order_by().values_list(by, flat=True) for some, by in rows)
    return first.union(*others)


def _fits(organisation: Organisation, wanted: Wanted) -> Q:
    fits = called(wanted.text) if wanted.text else Q()
    if wanted.cohort:
        fits &= _is_one(_enrolments(organisation).filter(cohort=wanted.cohort), "person")
    if wanted.role:
        fits &= _is_one(OwnRole.objects.filter(role=wanted.role, person__in=_sharing(organisation)), "person")
    if wanted.skill:
        fits &= _skilled(organisation, wanted.skill)
    if wanted.standing:
        fits &= _stands(organisation, wanted.standing)
    return fits


def _is_own(organisation: Organisation) -> Q:
    places = Membership.objects.on(today()).filter(organisation=organisation)
    return _is_one(places, "person") | _is_one(_sent(organisation), "person")


def _own(organisation: Organisation) -> "QuerySet[Membership, UUID]":
    places = Membership.objects.on(today()).filter(organisation=organisation)
    return places.values_list("person", flat=True).union(_sent(organisation).values_list("person", flat=True))


def _sent(organisation: Organisation) -> "QuerySet[Enrolment]":
    return Enrolment.objects.filter(organisation=organisation).exclude(state=EnrolmentState.WITHDRAWN)


def _sharing(organisation: Organisation) -> "QuerySet[Consent, UUID]":
    return Consent.objects.filter(purpose=EMPLOYER, scope=organisation.short, withdrawn_at=None).values_list(
        "person", flat=True
    )


def _skilled(organisation: Organisation, skill: UUID) -> Q:
    """A credential shows it, or their evidence does, where they let the organisation see it."""
    aligned = _credentials(organisation).filter(version__alignments__skill=skill)
    levels = Level.objects.filter(skill=skill, level__gte=1, person__in=_sharing(organisation))
    return Q(pk__in=aligned.values("person")) | Q(pk__in=levels.values("person"))


def _stands(organisation: Organisation, standing: Standing) -> Q:
    of = _standing(organisation)
    if standing == Standing.NEITHER:
        return ~_is_one_of(of[Standing.CERTIFIED]) & ~_is_one_of(of[Standing.LEARNING])
    return _is_one_of(of[standing])


def _standing(organisation: Organisation) -> "dict[Standing, list[tuple[QuerySet[Any], str]]]":
    """By what somebody stands so: rows, any of which will do, and where they name the person."""
    return {
        Standing.CERTIFIED: [
            (_credentials(organisation), "person"), (_givens(organisation), "person"),
            (_proven(organisation), "member__person"),
        ],
        Standing.LEARNING: [(_enrolments(organisation), "person"), (_turns(organisation), "member__person")],
        Standing.STUCK: [
            (_enrolments(organisation).filter(_stuck()), "person"),
            (_turns(organisation).filter(_late()), "member__person"),
        ],
    }  # fmt: skip


def _is_one_of(rows: "Sequence[tuple[QuerySet[Any], str]]") -> Q:
    found = Q()
    for some, by in rows:
        found |= _is_one(some, by)
    return found


def _is_one(rows: "QuerySet[Any]", by: str) -> Q:
    return Q(Exists(rows.filter(**{by: OuterRef("pk")})))


def employers_of(person: Person) -> "QuerySet[Organisation]":
    """The organisations of whose people somebody is, by name."""
    places = Membership.objects.on(today()).filter(person=person).values("organisation")
    sent = Enrolment.objects.filter(person=person, organisation__isnull=False).exclude(state=EnrolmentState.WITHDRAWN)
    return Organisation.objects.filter(pk__in=places.union(sent.values("organisation"))).order_by("name_key", "pk")


def employers_to_ask(person: Person) -> "QuerySet[Organisation]":
    """Those of them that somebody has not let see what they learn."""
    agreed = Consent.objects.filter(purpose=EMPLOYER, person=person, withdrawn_at=None).values_list("scope", flat=True)
    return employers_of(person).exclude(short__in=list(agreed))


# --- what of them


def _credentials(organisation: Organisation) -> "QuerySet[Credential]":
    return _holding(organisation, Q(person__in=_sharing(organisation)))


def _holding(organisation: Organisation, shared: Q) -> "QuerySet[Credential]":
    """Those that hold now and that it may see."""
    seen = Q(public=True) | Q(achievement__issuer__organisation=organisation) | shared
    return Credential.objects.filter(seen, _lasting("valid_until"), state=CredentialState.ISSUED)


def _givens(organisation: Organisation) -> "QuerySet[Given]":
    return _confirmed().filter(person__in=_sharing(organisation))


def _confirmed() -> "QuerySet[Given]":
    """Credentials of programmes that are not signed here, but confirmed by whoever runs the programme."""
    return Given.objects.filter(_lasting("expires_at"), kind="credential", state=GivenState.DONE, via="recorded")


def _proven(organisation: Organisation) -> "QuerySet[TurnMember]":
    return TurnMember.objects.filter(_proof(), member__person__in=_sharing(organisation))


def _proof() -> Exists:
    """A certificate from outside was verified at the turn, and holds."""
    proofs = Proof.objects.filter(_lasting("valid_until"), state=ProofState.VERIFIED, turn=OuterRef("turn"))
    return Exists(proofs)


def _lasting(until: str) -> Q:
    return Q(**{until: None}) | Q(**{f"{until}__gt": clock.now()})


def _enrolments(organisation: Organisation, shared: Q | None = None) -> "QuerySet[Enrolment]":
    seen = Q(organisation=organisation) | (shared or Q(person__in=_sharing(organisation)))
    return Enrolment.objects.filter(seen, state__in=UNDER_WAY)


def _turns(organisation: Organisation) -> "QuerySet[TurnMember]":
    return TurnMember.objects.filter(turn__state__in=IN_TURN, member__person__in=_sharing(organisation))


def _stuck() -> Q:
    """Over their date, or no lesson opened for ``STILL`` since it began for them."""
    now = clock.now()
    recent = Progress.objects.filter(
        Q(opened_at__gt=now - STILL) | Q(done_at__gt=now - STILL), enrolment=OuterRef("pk")
    )
    begun = Q(asked_at__lte=now - STILL) & (Q(cohort__opens_at=None) | Q(cohort__opens_at__lte=now - STILL))
    over = Q(extended_until__lte=now) | Q(extended_until=None, cohort__closes_at__lte=now)
    return Q(state=EnrolmentState.ACTIVE) & (over | (begun & ~Q(Exists(recent))))


def _late() -> Q:
    return Q(turn__state=TurnState.OPEN, turn__closes_at__lte=clock.now())


# --- one page of them


def workers(organisation: Organisation, ids: Sequence[UUID]) -> list[Worker]:
    """What there is to see of some of its people, in as many queries whoever they are."""
    told = _told(organisation, ids)
    sharing = {pk for pk in ids if told[pk].shares}
    certificates, learning = _certificates_of(organisation, ids, sharing), _learning_of(organisation, ids, sharing)
    return [replace(told[pk], certificates=certificates[pk], learning=learning[pk]) for pk in ids]


def _told(organisation: Organisation, ids: Collection[UUID]) -> dict[UUID, Worker]:
    """Who each is, whether they share all, their department, and the job role they aim at."""
    places = Membership.objects.on(today()).filter(organisation=organisation, person=OuterRef("pk"))
    rows = Person.objects.filter(pk__in=ids).annotate(
        shares=Exists(_sharing(organisation).filter(person=OuterRef("pk"))),
        department=Subquery(places.order_by("-department").values("department")[:1]),
    )
    found = rows.values_list(
        "pk", "name", "email", "shares", "department", "own_role__role__name_ko", "own_role__role__name_en"
    )
    return {
        pk: Worker(
            pk, name, email, shares=shares, department=at or "", role=Text(ko=ko, en=en) if shares and ko else None
        )
        for pk, name, email, shares, at, ko, en in found
    }


def _certificates_of(
    organisation: Organisation, ids: Collection[UUID], sharing: Collection[UUID]
) -> dict[UUID, list[Certificate]]:
    found: dict[UUID, list[Certificate]] = defaultdict(list)
    held = _holding(organisation, Q(person__in=sharing)).filter(person__in=ids).order_by("-pk")
    rows = list(held.values_list("person", "version", "issued_at", "valid_until"))
    versions = Version.objects.select_related("achievement__issuer__organisation").in_bulk({row[1] for row in rows})
    for person, of, since, until in rows:
        version = versions[of]
        name, by = version.name_on(day_of(since or clock.now())), version.achievement.issuer.organisation.title
        found[person].append(Certificate(name, by, version.level, since, until))
    for given in _confirmed().filter(person__in=sharing).select_related("programme").order_by("-pk"):
        name, by = blueprint_of(given.programme).word(given.name), given.programme.title
        if given.person_id:
            level = str(given.details.get("level") or "")
            found[given.person_id].append(Certificate(name, by, level, given.done_at, given.expires_at))
    for person, proofs in _proofs_of(sharing):
        found[person] += [_outside(proof) for proof in proofs]
    return found


def _proofs_of(sharing: Collection[UUID]) -> Iterator[tuple[UUID, list[Proof]]]:
    proven = TurnMember.objects.filter(_proof(), member__person__in=sharing)
    pairs = list(proven.order_by().values_list("member__person", "turn"))
    proofs = Proof.objects.filter(_lasting("valid_until"), state=ProofState.VERIFIED, turn__in={t for _, t in pairs})
    by_turn: dict[UUID, list[Proof]] = defaultdict(list)
    for proof in proofs.select_related("turn__programme").order_by("pk") if pairs else ():
        by_turn[proof.turn_id].append(proof)
    for person, turn in pairs:
        if person:
            yield person, by_turn[turn]


def _outside(proof: Proof) -> Certificate:
    word = blueprint_of(proof.turn.programme).word(proof.turn.stage)
    name = Text(ko=f"{word.ko} {proof.reference}", en=f"{word.en} {proof.reference}")
    return Certificate(name, proof.turn.programme.title, "", proof.verified_at, proof.valid_until)


def _learning_of(
    organisation: Organisation, ids: Collection[UUID], sharing: Collection[UUID]
) -> dict[UUID, list[Learning]]:
    found: dict[UUID, list[Learning]] = defaultdict(list)
    seen = _enrolments(organisation, Q(person__in=sharing)).filter(person__in=ids)
    for row in seen.annotate(stuck=ExpressionWrapper(_stuck(), BooleanField())).order_by("pk").values_list(*_ENROLLED):
        person, state, stuck, own, done, until, cohort, closes, ko, en = row
        share = completed(done, own) if state == EnrolmentState.ACTIVE else None
        shown = Standing.STUCK.value if stuck else state
        found[person].append(Learning(Text(ko=ko, en=en), Text(ko=cohort, en=cohort), shown, share, until or closes))
    taken = TurnMember.objects.filter(turn__state__in=IN_TURN, member__person__in=sharing).order_by("pk")
    turns = list(
        taken.values_list("member__person", "turn__programme", "turn__stage", "turn__state", "turn__closes_at")
    )
    programmes = Programme.objects.in_bulk({turn[1] for turn in turns})
    for person, of, stage, state, closes in turns:
        programme = programmes[of]
        name = blueprint_of(programme).word(stage)
        found[person].append(Learning(name, programme.title, _state_of(state, closes), None, closes))
    return found


def _state_of(state: str, closes: datetime | None) -> str:
    """Of a turn."""
    if state == TurnState.HANDED_IN:
        return state
    return Standing.STUCK.value if closes and closes <= clock.now() else EnrolmentState.ACTIVE.value
