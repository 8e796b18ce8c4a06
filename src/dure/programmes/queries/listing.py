"""Programmes as lists show them: by phase, by deadline, by what they are; drafts never."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When

from dure.blueprint.model import Entry
from dure.core import clock
from dure.people.models import Organisation
from dure.programmes.models import Listing, Party, Programme, ProgrammeState
from dure.store.search import called

OPEN, SOON, UNDER_WAY, ENDED = "open", "soon", "running", "closed"
PHASES = (OPEN, SOON, UNDER_WAY, ENDED)
SHOWN = ("slug", "title_ko", "title_en", "zone", "state")  # of a programme
_PHASED = ("entries", "opens_at", "closes_at")  # of its listing
DEADLINE, NEWEST, TITLE = "deadline", "newest", "title"
ORDERS = (DEADLINE, NEWEST, TITLE)


def listed() -> QuerySet[Listing]:
    """Every programme that is public, with as much of it as lists say."""
    own = (field.name for field in Listing._meta.get_fields())
    return Listing.objects.select_related("programme").only(*own, *(f"programme__{name}" for name in SHOWN))


def phase_of(row: Listing) -> str:
    """The phase of a programme now; ``in_phase`` asks the database the same."""
    now, state = clock.now(), row.programme.state
    if state != ProgrammeState.OPEN:
        return {ProgrammeState.PUBLISHED: SOON, ProgrammeState.RUNNING: UNDER_WAY}.get(ProgrammeState(state), ENDED)
    if Entry.OPEN not in row.entries.split() or (row.closes_at is not None and row.closes_at <= now):
        return UNDER_WAY
    return SOON if row.opens_at is not None and row.opens_at > now else OPEN


def phase_in(programme: Programme) -> str:
    """The phase of any programme, best read with its ``listing``; a draft, which has none, is a draft."""
    row: Listing | None = getattr(programme, "listing", None)
    return phase_of(row) if row else programme.state


def in_lines(rows: QuerySet[Programme]) -> QuerySet[Programme]:
    """Programmes with as much of them as a line of a list and :func:`phase_in` say."""
    return rows.select_related("listing").only(*SHOWN, *(f"listing__{name}" for name in _PHASED))


def in_phase(rows: QuerySet[Listing], phase: str) -> QuerySet[Listing]:
    return rows.filter(_in(phase, clock.now()))


def with_kinds(rows: QuerySet[Listing], kinds: Iterable[str]) -> QuerySet[Listing]:
    """Programmes that have a stage of each of the kinds."""
    for kind in kinds:
        rows = rows.filter(kinds__contains=kind)
    return rows


def named(rows: QuerySet[Listing], typed: str) -> QuerySet[Listing]:
    """Programmes that are called so, or that an organisation called so stands in."""
    hosts = Organisation.objects.filter(called(typed)).values("pk")
    hosted = Party.objects.filter(organisation__in=hosts).values("programme")
    return rows.filter(called(typed, column="programme__name_key") | Q(programme__in=hosted))


def ordered(rows: QuerySet[Listing], order: str, *, title: str, phase: str = "") -> QuerySet[Listing]:
    """By ``order``: the next deadline first (what is open before what opens, then the rest), the newest, by title.

    ``phase``: the one that all of the rows are in.
    """
    if order == NEWEST:
        return rows.order_by("-pk")
    if order == TITLE:
        return rows.order_by(f"programme__{title}", "pk")
    now = clock.now()
    over = Q(programme__state=ProgrammeState.CLOSED)
    place = Case(When(_in(OPEN, now), Value(0)), When(_in(SOON, now), Value(1)), When(over, Value(3)), default=Value(2))
    ahead = Case(
        When(closes_at__gt=now, then=F("closes_at")), default=Value(None), output_field=DateTimeField(null=True)
    )
    return rows.order_by(*([] if phase else [place]), ahead.asc(nulls_last=True), "-pk")


def _in(phase: str, now: datetime) -> Q:
    """What holds of a programme in a phase. Open: anybody may apply at this moment."""
    takes = Q(programme__state=ProgrammeState.OPEN)
    by_anybody = Q(entries__contains=Entry.OPEN)
    begun = Q(opens_at=None) | Q(opens_at__lte=now)
    going = Q(closes_at=None) | Q(closes_at__gt=now)
    holds = {
        OPEN: takes & by_anybody & begun & going,
        SOON: Q(programme__state=ProgrammeState.PUBLISHED) | (takes & by_anybody & ~begun),
        UNDER_WAY: Q(programme__state=ProgrammeState.RUNNING) | (takes & (~going | ~by_anybody)),
        ENDED: Q(programme__state=ProgrammeState.CLOSED),
    }
    return holds[phase]
