"""What an organisation is told of some of its people, in as many questions whoever they are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from dure.core import clock
from dure.core.text import Text
from dure.credentials.models import Credential, Version
from dure.joints.models import Proof, ProofState
from dure.joints.workforce.rows import IN_TURN, Eyes, confirmed, holding, lasting, learning, proof, sharing, stuck
from dure.joints.workforce.shapes import Certificate, Learning, Standing, Worker
from dure.learning.models import Enrolment, EnrolmentState, completed
from dure.people.days import day_of
from dure.people.models import Membership, Organisation, Person
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Given, Programme, TurnMember, TurnState
from dure.store.worded import found, padded, valued

_ENROLLED = (
    "person", "state", "stuck", "own", "done", "extended_until", "cohort__name", "cohort__closes_at",
    "cohort__course__title_ko", "cohort__course__title_en",
)  # fmt: skip


def workers(organisation: Organisation, ids: Sequence[UUID]) -> list[Worker]:
    """What there is to see of some of its people."""
    if not ids:
        return []
    eyes = Eyes.of(organisation)
    told = {one.id: one for one in _told(eyes, ids)}
    sharing = [pk for pk in ids if told[pk].shares]
    page = _Page(bool(sharing), (*eyes, *padded(ids), *padded(sharing, len(ids))))
    certificates, under_way = _certificates_of(page), _learning_of(page)
    return [replace(told[pk], certificates=certificates[pk], learning=under_way[pk]) for pk in ids]


class _Page(NamedTuple):
    """``keys``: the eyes; whom they look at; of these, those whom they may see all of, which ``any_shares``."""

    any_shares: bool
    keys: tuple[Any, ...]


def _read(keys: Sequence[Any]) -> tuple[Eyes, Sequence[UUID], Sequence[UUID]]:
    """Who looks; at whom; and of whom they may see all."""
    eyes, ids = Eyes(*keys[: len(Eyes._fields)]), keys[len(Eyes._fields) :]
    half = len(ids) // 2
    return eyes, ids[:half], ids[half:]


# --- who they are


def _told(eyes: Eyes, ids: Sequence[UUID]) -> Iterator[Worker]:
    for pk, name, email, shares, at, ko, en in valued(_persons, *eyes, *padded(ids)):
        role = Text(ko=ko, en=en) if shares and ko else None
        yield Worker(pk, name, email, shares=bool(shares), department=at or "", role=role)


def _persons(*keys: Any) -> "QuerySet[Person, Any]":
    """Who each is, whether they share all, their department, and the job role they aim at."""
    eyes, ids = Eyes(*keys[: len(Eyes._fields)]), keys[len(Eyes._fields) :]
    places = Membership.objects.on(eyes.day).filter(organisation=eyes.organisation, person=OuterRef("pk"))
    rows = Person.objects.filter(pk__in=ids).annotate(
        shares=Exists(sharing(eyes).filter(person=OuterRef("pk"))),
        department=Subquery(places.order_by("-department").values("department")[:1]),
    )
    role = "own_role__role"
    return rows.values_list("pk", "name", "email", "shares", "department", f"{role}__name_ko", f"{role}__name_en")


# --- what they are certified in


def _certificates_of(page: _Page) -> dict[UUID, list[Certificate]]:
    found: dict[UUID, list[Certificate]] = defaultdict(list)
    shared = (_recorded(page), _from_outside(page)) if page.any_shares else ()
    for person, certificate in chain(_signed(page), *shared):
        found[person].append(certificate)
    return found


def _signed(page: _Page) -> Iterator[tuple[UUID, Certificate]]:
    rows = valued(_credentials, *page.keys)
    if not rows:
        return
    versions = {version.pk: version for version in found(_versions, *padded(sorted({row[1] for row in rows})))}
    for person, of, since, until in rows:
        version = versions[of]
        name, by = version.name_on(day_of(since or clock.now())), version.achievement.issuer.organisation.title
        yield person, Certificate(name, by, version.level, since, until)


def _versions(*ids: Any) -> "QuerySet[Version]":
    return Version.objects.filter(pk__in=ids).select_related("achievement__issuer__organisation")


def _credentials(*keys: Any) -> "QuerySet[Credential, Any]":
    eyes, theirs, shared = _read(keys)
    held = holding(eyes, Q(person__in=shared)).filter(person__in=theirs).order_by("-pk")
    return held.values_list("person", "version", "issued_at", "valid_until")


def _recorded(page: _Page) -> Iterator[tuple[UUID, Certificate]]:
    for given in found(_givens, *page.keys):
        name, by = blueprint_of(given.programme).word(given.name), given.programme.title
        level = str(given.details.get("level") or "")
        yield cast("UUID", given.person_id), Certificate(name, by, level, given.done_at, given.expires_at)


def _givens(*keys: Any) -> "QuerySet[Given]":
    eyes, _theirs, shared = _read(keys)
    return confirmed(eyes).filter(person__in=shared).select_related("programme").order_by("-pk")


def _from_outside(page: _Page) -> Iterator[tuple[UUID, Certificate]]:
    pairs = valued(_proven, *page.keys)
    if not pairs:
        return
    eyes = Eyes(*page.keys[: len(Eyes._fields)])
    proofs = Proof.objects.filter(lasting(eyes, "valid_until"), state=ProofState.VERIFIED)
    by_turn: dict[UUID, list[Certificate]] = defaultdict(list)
    for one in proofs.filter(turn__in={turn for _, turn in pairs}).select_related("turn__programme").order_by("pk"):
        by_turn[one.turn_id].append(_outside(one))
    for person, turn in pairs:
        yield from ((person, certificate) for certificate in by_turn[turn])


def _proven(*keys: Any) -> "QuerySet[TurnMember, Any]":
    eyes, _theirs, shared = _read(keys)
    return (
        TurnMember.objects.filter(proof(eyes), member__person__in=shared)
        .order_by()
        .values_list("member__person", "turn")
    )


def _outside(proof: Proof) -> Certificate:
    word = blueprint_of(proof.turn.programme).word(proof.turn.stage)
    name = Text(ko=f"{word.ko} {proof.reference}", en=f"{word.en} {proof.reference}")
    return Certificate(name, proof.turn.programme.title, "", proof.verified_at, proof.valid_until)


# --- what they are under way with


def _learning_of(page: _Page) -> dict[UUID, list[Learning]]:
    found: dict[UUID, list[Learning]] = defaultdict(list)
    for person, way in chain(_courses(page), _stages(page) if page.any_shares else ()):
        found[person].append(way)
    return found


def _courses(page: _Page) -> Iterator[tuple[UUID, Learning]]:
    for person, state, is_stuck, own, done, until, cohort, closes, ko, en in valued(_enrolments, *page.keys):
        share = completed(done, own) if state == EnrolmentState.ACTIVE else None
        shown = Standing.STUCK.value if is_stuck else state
        yield person, Learning(Text(ko=ko, en=en), Text(ko=cohort, en=cohort), shown, share, until or closes)


def _enrolments(*keys: Any) -> "QuerySet[Enrolment, Any]":
    eyes, theirs, shared = _read(keys)
    rows = learning(eyes, Q(person__in=shared)).filter(person__in=theirs)
    told = rows.annotate(stuck=ExpressionWrapper(stuck(eyes), BooleanField()))
    return told.order_by("pk").values_list(*_ENROLLED)


def _stages(page: _Page) -> Iterator[tuple[UUID, Learning]]:
    turns = valued(_turns, *page.keys)
    programmes = Programme.objects.in_bulk({turn[1] for turn in turns})
    for person, of, stage, state, closes in turns:
        programme = programmes[of]
        name = blueprint_of(programme).word(stage)
        yield person, Learning(name, programme.title, _state_of(state, closes), None, closes)


def _turns(*keys: Any) -> "QuerySet[TurnMember, Any]":
    _eyes, _theirs, shared = _read(keys)
    rows = TurnMember.objects.filter(member__person__in=shared, turn__state__in=IN_TURN).order_by("pk")
    return rows.values_list("member__person", "turn__programme", "turn__stage", "turn__state", "turn__closes_at")


def _state_of(state: str, closes: datetime | None) -> str:
    """Of a turn."""
    if state == TurnState.HANDED_IN:
        return state
    return Standing.STUCK.value if closes and closes <= clock.now() else EnrolmentState.ACTIVE.value
