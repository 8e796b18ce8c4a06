"""Every read of this room that two callers share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dure.core import clock
from dure.credentials.models import (
    SIGNED,
    Achievement,
    Batch,
    Credential,
    CredentialState,
    Issuer,
    KeyState,
    SigningKey,
    StatusList,
)
from dure.people.models import Person
from dure.people.queries.names import persons_called
from dure.store.worded import found, padded

EXPIRED = "expired"
NEAR = timedelta(days=60)  # before its end somebody is told of it, and may ask for another
WITH = ("version", "achievement__issuer__organisation", "person", "key")
_NAMES = ("name_ko", "name_en", "recognised_from", "before_ko", "before_en")  # what a version is called when
_LINE = ("person__name", "person__email", *(f"version__{name}" for name in _NAMES))


@dataclass(frozen=True)
class Progress:
    """How far the workers came with a batch."""

    done: int
    of: int


def issuer_called(short: str) -> Issuer | None:
    return next(iter(found(_issuer, short)), None)


def _issuer(short: str) -> QuerySet[Issuer]:
    return Issuer.objects.select_related("organisation").filter(organisation__short=short)


def active_key(issuer: Issuer) -> SigningKey | None:
    """The one it signs with."""
    return next(iter(found(_active_key, issuer.pk)), None)


def _active_key(issuer: UUID) -> QuerySet[SigningKey]:
    rows = SigningKey.objects.select_related("issuer__organisation").filter(issuer=issuer, state=KeyState.ACTIVE)
    return rows.order_by("pk")


def believed_keys(issuer: Issuer) -> QuerySet[SigningKey]:
    """Those whose signatures hold, the newest first."""
    return issuer.keys.exclude(state=KeyState.COMPROMISED).select_related("issuer").order_by("-pk")


def achievements_of(issuer: Issuer) -> QuerySet[Achievement]:
    """What it awards, what is awarded still first, each with how many wait (``waiting``) and how many were issued."""
    rows = issuer.achievements.select_related("current", "issuer__organisation")
    counted = rows.annotate(waiting=_count(CredentialState.PROPOSED), issued=_count(*SIGNED))
    return counted.order_by(F("retired_at").asc(nulls_first=True), "code")


def awaited_at(issuer: Issuer) -> list[tuple[Achievement, int]]:
    """The achievements for which somebody waits, with how many."""
    rows = issuer.achievements.select_related("current").annotate(waiting=_count(CredentialState.PROPOSED))
    return [(row, row.waiting) for row in rows.filter(waiting__gt=0).order_by("code")]


def _count(*states: CredentialState) -> Coalesce:
    """How many credentials of an achievement are in these states, from the index alone."""
    rows = Credential.objects.filter(achievement=OuterRef("pk"), state__in=states).order_by().values("achievement")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def waiting_at(issuer: Issuer) -> QuerySet[Credential]:
    """Proposals that somebody has to sign off, the oldest first. Read with :func:`whole`."""
    rows = Credential.objects.filter(achievement__in=_awarded_by(issuer), state=CredentialState.PROPOSED)
    return rows.order_by("pk")


def issued_by(issuer: Issuer, *, typed: str = "") -> QuerySet[Credential]:
    """What was issued; of those whose holder is called so. Read with :func:`whole`."""
    rows = Credential.objects.filter(achievement__in=_awarded_by(issuer), state__in=SIGNED)
    if typed:
        rows = rows.filter(person__in=persons_called(typed))
    return rows


def ending_by(issuer: Issuer) -> QuerySet[Credential]:
    """What it issued that holds now and whose end is near, the nearest first."""
    now = clock.now()
    rows = Credential.objects.filter(achievement__in=_awarded_by(issuer), state=CredentialState.ISSUED)
    near = rows.filter(valid_until__gt=now, valid_until__lte=now + NEAR)
    return near.select_related(*WITH).defer("document", "token").order_by("valid_until", "pk")


def may_be_asked_anew(credential: Credential) -> bool:
    """Whether its end is near or past, and its achievement is awarded still."""
    is_awarded = credential.achievement.retired_at is None
    return credential.state == CredentialState.ISSUED and is_awarded and is_near_end(credential)


def is_near_end(credential: Credential) -> bool:
    """Whether its end is near or past."""
    return credential.valid_until is not None and credential.valid_until <= clock.now() + NEAR


def renewal_of(credential: Credential) -> Credential | None:
    """What was proposed or issued in its place."""
    return Credential.objects.filter(renews=credential).defer("document", "token").first()


def whole(rows: QuerySet[Credential]) -> QuerySet[Credential]:
    """With all that a list shows of them, the newest first; without what was signed, which is long."""
    return rows.select_related(*WITH).defer("document", "token").order_by("-pk")


def lines_of(credentials: Sequence[UUID]) -> list[Credential]:
    """Credentials with as much as a line says of them: whose each is, what it is called, its state and its days."""
    return found(_lines, *padded(credentials)) if credentials else []


def _lines(*credentials: UUID) -> QuerySet[Credential]:
    rows = Credential.objects.filter(pk__in=credentials).select_related("version", "person")
    return rows.only("state", "issued_at", "valid_until", *_LINE).order_by("-pk")


def _awarded_by(issuer: Issuer) -> list[UUID]:
    """By their ids: a join would keep the database from reading in order of birth."""
    return list(issuer.achievements.values_list("pk", flat=True))


def held_by(person: Person) -> QuerySet[Credential]:
    """What somebody holds or held, the newest first."""
    return whole(Credential.objects.filter(person=person, state__in=SIGNED).exclude(document=""))


def shown_as(wanted: str) -> Credential | None:
    """The credential whose page is open at this address: by its link, or by its id where it is public."""
    rows = Credential.objects.select_related(*WITH).filter(state__in=SIGNED).exclude(document="")
    public = Q(pk=wanted, public=True) if _is_id(wanted) else Q(pk__in=[])
    return rows.filter(Q(share=wanted) | public).first()


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def progress_of(batch: Batch) -> Progress:
    return Progress(batch.credentials.exclude(state=CredentialState.APPROVED).count(), batch.of)


def places_of(listed: StatusList, state: CredentialState) -> list[int]:
    """Where the bits of a state are set."""
    rows = Credential.objects.filter(status_list=listed, state=state)
    return [index for index in rows.values_list("status_index", flat=True) if index is not None]


def standing_of(credential: Credential) -> str:
    """Its state as people read it: what it is, or that it expired."""
    return EXPIRED if credential.expired and credential.state == CredentialState.ISSUED else credential.state
