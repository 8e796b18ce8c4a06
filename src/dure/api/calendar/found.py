"""What a calendar address names, for who asks: Missing for strangers, Forbidden for those who do not run it."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel

from dure.api.base import Asked
from dure.api.find import allow, one
from dure.calendar.models import Series, Session
from dure.calendar.rules import may_run, may_see
from dure.core.text import Text

SERIES = Text(ko="일정", en="series")
SESSION = Text(ko="수업", en="session")
NONE_IS_SAID = {"capacity", "slots_each"}  # null: without end


def said_of(body: BaseModel) -> dict[str, Any]:
    """What a patch says: keys that were left out, and nulls that mean nothing, stay as they are."""
    told = body.model_dump(exclude_unset=True)
    return {name: value for name, value in told.items() if value is not None or name in NONE_IS_SAID}


def seen_series(request: Asked, series_id: UUID) -> Series:
    found = one(Series.objects.select_related("organisation"), "series.missing", SERIES, pk=series_id)
    return found if may_see(request.auth, found) else one(Series.objects.none(), "series.missing", SERIES)


def run_series(request: Asked, series_id: UUID) -> Series:
    found = seen_series(request, series_id)
    allow(may_run(request.auth, found), "series.not-yours")
    return found


def seen_session(request: Asked, session_id: UUID) -> Session:
    rows = Session.objects.select_related("series__organisation")
    found = one(rows, "session.missing", SESSION, pk=session_id)
    return found if may_see(request.auth, found.series) else one(rows.none(), "session.missing", SESSION)


def run_session(request: Asked, session_id: UUID) -> Session:
    found = seen_session(request, session_id)
    allow(may_run(request.auth, found.series), "series.not-yours")
    return found
