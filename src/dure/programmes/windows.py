"""When a turn's window opens and closes, by the blueprint's ``when`` and the programme's dates."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dure.blueprint.model import Asked, Stage
from dure.blueprint.windows import Span, window_of
from dure.core import clock
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme, Turn, TurnMember

WHOLE_STAGE = 0  # the occurrence of a stage that has only one; closing it closes all there are
Closings = Mapping[tuple[str, int], datetime]  # by stage and occurrence


def span_of(programme: Programme, stage: Stage, turn: Turn | None = None) -> Span:
    """The window of a turn, or of whoever comes now; before it opens, ``for`` and ``within`` are counted from now."""
    if stage.when is None:
        return Span(None, None)
    return window_of(
        stage.when,
        zone=programme.zone,
        opened=turn.opened_at if turn else None,
        published=programme.published_at or programme.made_at,
        arrived=turn.arrived_at if turn else clock.now(),
        asked=lambda stage_id, field: _asked(turn, stage_id, field) if turn else None,
        bound=programme.bind,
        other=lambda stage_id: span_of(programme, blueprint_of(programme).stage(stage_id), turn),
    )


def dates_of(programme: Programme, stage: Stage) -> tuple[datetime | None, datetime | None]:
    """When a stage opens and closes for whoever comes now, as far as that is known."""
    span = span_of(programme, stage)
    return span.opens, close_of(stage.id, span, closings_of(programme))


def entry_span(programme: Programme, stage: Stage) -> tuple[datetime | None, datetime | None]:
    """From when and until when one can apply: for what recurs, at any time until the next occurrence begins."""
    opens, closes = dates_of(programme, stage)
    if stage.when and stage.when.every and opens and opens > clock.now():
        return None, opens
    return opens, closes


def set_dates(programme: Programme, turns: Sequence[Turn]) -> None:
    """Set opening, close and occurrence of turns as they stand now; an operator's closing of a stage comes first."""
    closings, blueprint = closings_of(programme), blueprint_of(programme)
    for turn in turns:
        span = span_of(programme, blueprint.stage(turn.stage), turn)
        turn.opens_at, turn.occurrence = span.opens, _occurrence(span)
        turn.closes_at = close_of(turn.stage, span, closings)


def closings_of(programme: Programme) -> Closings:
    """When operators closed which stage, or which occurrence of it."""
    return {(row.stage, row.occurrence): row.at for row in programme.closings.all()}


def close_of(stage_id: str, span: Span, closings: Closings) -> datetime | None:
    """When a window of the stage ends: by its dates, or as an operator closed it or its whole stage before."""
    ended = [closings.get((stage_id, occurrence)) for occurrence in (WHOLE_STAGE, _occurrence(span))]
    return min(filter(None, [span.closes, *ended]), default=None)


def _occurrence(span: Span) -> int:
    """Occurrences are told apart by their day, which survives a changed start."""
    return span.opens.toordinal() if span.occurring and span.opens else WHOLE_STAGE


def judged_at_end(programme: Programme, stage: Stage) -> bool:
    """``for`` alone is judged when the turn's window ends, whenever it was handed in (appendix D)."""
    window = stage.when
    if window is None or window.beside is not None:
        return bool(window and judged_at_end(programme, blueprint_of(programme).stage(window.beside or "")))
    return window.length is not None and window.start is None and window.every is None


def asks_a_date(programme: Programme, stage: Stage) -> bool:
    """Whether the stage's window hangs on a date that somebody is asked, and so on whose turn it is."""
    window = stage.when
    if window is not None and window.beside is not None:
        return asks_a_date(programme, blueprint_of(programme).stage(window.beside))
    return window is not None and any(isinstance(end, Asked) for end in (window.start, window.end))


DATES = ("opens_at", "closes_at", "occurrence")


def is_over(turn: Turn) -> bool:
    return turn.closes_at is not None and turn.closes_at <= clock.now()


def _asked(turn: Turn, stage: str, field: str) -> date | None:
    """A date that a form asked of the turn's first member before."""
    member = turn.turn_members.order_by("member__case__number", "member_id").values("member_id")[:1]
    row = TurnMember.objects.filter(member_id__in=member, stage=stage).select_related("turn__evidence").first()
    values: dict[str, Any] = row.turn.evidence.values if row and row.turn.evidence else {}
    return date.fromisoformat(values[field]) if values.get(field) else None
