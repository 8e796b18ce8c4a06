"""The rows by which an organisation sees its people, and which of them it may see.

Whatever is asked of them is put into SQL once (``store.worded``): so they are told by ids and moments alone.
"""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from dure.core import clock
from dure.credentials.models import Credential, CredentialState
from dure.joints.models import Proof, ProofState
from dure.joints.workforce.shapes import Standing
from dure.learning.models import Enrolment, EnrolmentState, Progress
from dure.people.days import today
from dure.people.models import Consent, Membership, Organisation
from dure.people.queries.consent import EMPLOYER
from dure.programmes.models import Given, GivenState, TurnMember, TurnState
from dure.skills.models import Level

STILL = timedelta(days=14)  # without a lesson opened, somebody is stuck
UNDER_WAY = (EnrolmentState.WAITING, EnrolmentState.ACTIVE)
IN_TURN = (TurnState.OPEN, TurnState.HANDED_IN)


class Eyes(NamedTuple):
    """Who looks, and when. ``still``: since when whoever opened no lesson is stuck."""

    organisation: UUID
    short: str
    day: date
    now: datetime
    still: datetime

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        now = clock.now()
        return cls(organisation.pk, organisation.short, today(), now, now - STILL)


# --- who is theirs


def is_own(eyes: Eyes) -> Q:
    return is_one(_places(eyes), "person") | is_one(_sent(eyes), "person")


def own(eyes: Eyes) -> "QuerySet[Membership, UUID]":
    """Some of them twice: whoever asks who is among them need not sort them out."""
    return _places(eyes).values_list("person", flat=True).union(_sent(eyes).values_list("person", flat=True), all=True)


def _places(eyes: Eyes) -> "QuerySet[Membership]":
    return Membership.objects.on(eyes.day).filter(organisation=eyes.organisation)


def _sent(eyes: Eyes) -> "QuerySet[Enrolment]":
    return Enrolment.objects.filter(organisation=eyes.organisation).exclude(state=EnrolmentState.WITHDRAWN)


def sharing(eyes: Eyes) -> "QuerySet[Consent, UUID]":
    """Who agreed that it sees everything."""
    agreed = Consent.objects.filter(purpose=EMPLOYER, scope=eyes.short, withdrawn_at=None)
    return agreed.values_list("person", flat=True)


def is_one(rows: "QuerySet[Any]", by: str) -> Q:
    return Q(Exists(rows.filter(**{by: OuterRef("pk")})))


# --- how they stand


def standing(eyes: Eyes) -> "dict[Standing, list[tuple[QuerySet[Any], str]]]":
    """By what somebody stands so: rows, any of which will do, and where they name the person."""
    agreed, turns = Q(person__in=sharing(eyes)), TurnMember.objects.filter(member__person__in=sharing(eyes))
    enrolments, under_way = learning(eyes, agreed), turns.filter(turn__state__in=IN_TURN)
    return {
        Standing.CERTIFIED: [
            (holding(eyes, agreed), "person"), (confirmed(eyes).filter(agreed), "person"),
            (turns.filter(proof(eyes)), "member__person"),
        ],
        Standing.LEARNING: [(enrolments, "person"), (under_way, "member__person")],
        Standing.STUCK: [(enrolments.filter(stuck(eyes)), "person"), (turns.filter(_late(eyes)), "member__person")],
    }  # fmt: skip


def skilled(eyes: Eyes, skill: UUID) -> Q:
    """A credential shows it, or their evidence does, where they let the organisation see it."""
    aligned = holding(eyes, Q(person__in=sharing(eyes))).filter(version__alignments__skill=skill)
    levels = Level.objects.filter(skill=skill, level__gte=1, person__in=sharing(eyes))
    return Q(pk__in=aligned.values("person")) | Q(pk__in=levels.values("person"))


def holding(eyes: Eyes, shared: Q) -> "QuerySet[Credential]":
    """Credentials that hold now and that it may see; ``shared``: whose it may see whatever they are."""
    seen = Q(public=True) | Q(achievement__issuer__organisation=eyes.organisation) | shared
    return Credential.objects.filter(seen, lasting(eyes, "valid_until"), state=CredentialState.ISSUED)


def confirmed(eyes: Eyes) -> "QuerySet[Given]":
    """Credentials of programmes that are not signed here, but confirmed by whoever runs the programme."""
    return Given.objects.filter(lasting(eyes, "expires_at"), kind="credential", state=GivenState.DONE, via="recorded")


def proof(eyes: Eyes) -> Exists:
    """A certificate from outside was verified at the turn, and holds."""
    proofs = Proof.objects.filter(lasting(eyes, "valid_until"), state=ProofState.VERIFIED, turn=OuterRef("turn"))
    return Exists(proofs)


def lasting(eyes: Eyes, until: str) -> Q:
    return Q(**{until: None}) | Q(**{f"{until}__gt": eyes.now})


def learning(eyes: Eyes, shared: Q) -> "QuerySet[Enrolment]":
    """Enrolments under way that it may see; ``shared`` as for :func:`holding`."""
    return Enrolment.objects.filter(Q(organisation=eyes.organisation) | shared, state__in=UNDER_WAY)


def stuck(eyes: Eyes) -> Q:
    """Of enrolments: over their date, or no lesson opened for ``STILL`` since it began for them."""
    recent = Progress.objects.filter(Q(opened_at__gt=eyes.still) | Q(done_at__gt=eyes.still), enrolment=OuterRef("pk"))
    begun = Q(asked_at__lte=eyes.still) & (Q(cohort__opens_at=None) | Q(cohort__opens_at__lte=eyes.still))
    over = Q(extended_until__lte=eyes.now) | Q(extended_until=None, cohort__closes_at__lte=eyes.now)
    return Q(state=EnrolmentState.ACTIVE) & (over | (begun & ~Q(Exists(recent))))


def _late(eyes: Eyes) -> Q:
    return Q(turn__state=TurnState.OPEN, turn__closes_at__lte=eyes.now)
