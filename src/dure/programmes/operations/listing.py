"""Keeping what lists say of a programme true to its rules, its dates and the moment."""

from datetime import datetime

from django.db.models import Q

from dure.blueprint.gives import prizes_in_all
from dure.blueprint.model import Entry
from dure.core import clock
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Listing, Programme, ProgrammeState
from dure.programmes.windows import entry_span

Span = tuple[datetime | None, datetime | None]


def put_on_list(programme: Programme) -> Listing:
    """Write the programme's row in lists as it stands now. Never logged: it repeats what was."""
    blueprint = blueprint_of(programme)
    starts = [stage for stage in blueprint.stages if stage.entry and not stage.after]
    spans = [entry_span(programme, stage) for stage in starts if stage.entry is Entry.OPEN]
    opens, closes = _next(spans)
    follows = len(spans) > 1 or any(stage.when and stage.when.every for stage in starts)
    row, _ = Listing.objects.update_or_create(
        programme=programme,
        defaults={
            "subject": blueprint.subject,
            "kinds": " ".join(dict.fromkeys(stage.kind for stage in blueprint.stages)),
            "entries": " ".join(dict.fromkeys(stage.entry for stage in starts if stage.entry)),
            "opens_at": opens,
            "closes_at": closes,
            "again_at": closes if follows and closes and closes > clock.now() else None,
            "prizes": prizes_in_all(blueprint),
        },
    )
    return row


def keep_lists() -> None:
    """List what is public and stands in no list yet; show the next window where the one shown has ended."""
    unlisted, ended = Q(listing=None), Q(listing__again_at__lte=clock.now())
    for programme in Programme.objects.filter(unlisted | ended).exclude(state=ProgrammeState.DRAFT):
        put_on_list(programme)


def _next(spans: list[Span]) -> Span:
    """The window that is open or opens next, the earliest to close first; else the last one that was open."""
    now = clock.now()
    ahead = [span for span in spans if span[1] is None or span[1] > now]
    by_close = sorted(ahead or spans, key=lambda span: (_late(span[0], now), span[1] is None, span[1] or now))
    if not by_close:
        return None, None
    return by_close[0] if ahead else by_close[-1]


def _late(opens: datetime | None, now: datetime) -> datetime:
    """Windows that are open come before those that will be, the earlier before the later."""
    return max(opens or now, now)
