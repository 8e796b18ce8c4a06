"""Which attempts are to be carried over to another task now, and for whom."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, UUIDField

from dure.challenges.models import (
    Best,
    Carried,
    CarryOver,
    Code,
    EntrantMember,
    Submission,
    SubmissionKind,
    SubmissionState,
    Which,
)
from dure.challenges.queries.standing import not_out
from dure.core import clock


def due_carry_overs() -> QuerySet[CarryOver]:
    """Those under way: by themselves or asked for, into rounds that are not over."""
    running = Q(into__round__closes_at=None) | Q(into__round__closes_at__gt=clock.now())
    return CarryOver.objects.filter(running, Q(auto=True) | Q(asked_at__isnull=False)).select_related("into__round")


def to_carry(carry: CarryOver) -> QuerySet[Submission]:
    """Scored attempts that count, not carried yet, whose people may hand in to the other task now, the first first.

    Each with ``target``, the entrant there that one of its people is in.
    """
    rows = Submission.objects.filter(not_out(), entrant__task=carry.source_id, state=SubmissionState.SCORED)
    if carry.which == Which.BEST:
        rows = rows.filter(pk__in=Best.objects.filter(task=carry.source_id).values("counting"))
    for kind, refusing in ((SubmissionKind.CODE, Code.NONE), (SubmissionKind.FILE, Code.REQUIRED)):
        if carry.into.round.code == refusing:
            rows = rows.exclude(kind=kind)
    rows = rows.filter(~Exists(Carried.objects.filter(carry_over=carry, source=OuterRef("pk"))))
    target = Subquery(_targets(carry).values("entrant")[:1], output_field=UUIDField())
    rows = rows.annotate(target=target).filter(target__isnull=False)
    return rows.select_related("by").order_by("received_at", "pk")


def _targets(carry: CarryOver) -> QuerySet[EntrantMember]:
    """Of the entrant that a row of submissions has, who is in the other task too and may hand in there."""
    now, round_ = clock.now(), carry.into.round
    is_open = (round_.opens_at is None or round_.opens_at <= now) and not round_.is_over
    opened = Q(entrant__opens_at=None) | Q(entrant__opens_at__lte=now)
    unclosed = Q(entrant__closes_at=None) | Q(entrant__closes_at__gt=now)
    members = EntrantMember.objects.filter(opened, unclosed, person__entrant_members__entrant=OuterRef("entrant"))
    return members.filter(task=carry.into_id).order_by("pk") if is_open else members.none()
