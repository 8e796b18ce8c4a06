"""Sessions planned: one, or a run of them by a weekly rule."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from dure.audit.operations import Part, record, record_many
from dure.calendar.models import Recurrence, Series, Session
from dure.calendar.operations.series import known_zone
from dure.calendar.recurrence import Weekly, occurrences
from dure.core.errors import Refused
from dure.core.text import Text

DESCRIBED = ("title_ko", "title_en", "place", "link", "capacity")
LONGEST = timedelta(hours=24)
_TIMES = Text(
    ko="끝나는 시각은 시작보다 뒤이고 24시간 안이어야 합니다.",
    en="A session ends after it begins, and within 24 hours.",
)


@transaction.atomic
def plan(series: Series, *, starts_at: datetime, ends_at: datetime, zone: str = "", **told: Any) -> Session:
    """Plan one session; ``told`` as ``DESCRIBED``. Raises Refused("session.times" or "series.zone")."""
    check_times(starts_at, ends_at)
    session = _session(series, (starts_at, ends_at), zone=known_zone(zone or series.zone), **told)
    session.save(force_insert=True)
    record(
        "session.planned", session, after={"series": str(series.pk), "starts_at": starts_at, "title": session.title_en}
    )
    return session


@transaction.atomic
def plan_weekly(series: Series, rule: Weekly, **told: Any) -> Sequence[Session]:
    """Plan a session for each day of the rule; titles take ``{n}`` as their number.

    Raises Refused("session.times", "series.zone", "recurrence.none" or "recurrence.many").
    """
    known_zone(rule.zone)
    times = occurrences(rule)
    check_times(*times[0])
    recurrence = Recurrence.objects.create(
        series=series, weekdays=sorted(rule.weekdays), first=rule.first, last=rule.last, at=rule.at,
        minutes=rule.minutes, zone=rule.zone, skipped=[day.isoformat() for day in sorted(rule.skipped)],
    )  # fmt: skip
    sessions = []
    for number, span in enumerate(times, start=1):
        titled = {name: told[name].replace("{n}", str(number)) for name in ("title_ko", "title_en")}
        sessions.append(_session(series, span, zone=rule.zone, recurrence=recurrence, **{**told, **titled}))
    Session.objects.bulk_create(sessions)
    parts = [Part(row, after={"starts_at": row.starts_at, "title": row.title_en}) for row in sessions]
    record_many("session.planned", series, parts=parts)
    return sessions


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    if not timedelta() < ends_at - starts_at <= LONGEST:
        raise Refused("session.times", _TIMES)


def _session(series: Series, times: tuple[datetime, datetime], *, zone: str, **told: Any) -> Session:
    starts_at, ends_at = times
    return Session(
        series=series, starts_at=starts_at, ends_at=ends_at, zone=zone, opens_at=starts_at - series.early, **told
    )
