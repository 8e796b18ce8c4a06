"""A round as it runs: how many attempts came when, what became of them and why, how the scores spread, what waits."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Substr

from dure.challenges.models import UNJUDGED, Best, Entrant, Round, Submission, SubmissionState
from dure.core import clock
from dure.core.text import Text

ACTIVE = timedelta(hours=24)
HOURLY = timedelta(hours=48)  # up to such a span bars stand for hours
DAYS = 30
CAUSES = 10
RECENT = 200  # judged attempts that waiting times are read from


@dataclass(frozen=True)
class Failure:
    """Why attempts could not be scored: ``code`` of the first flaw of their files, else ``cause``; how many."""

    code: str
    cause: Text
    state: str
    count: int


@dataclass(frozen=True)
class Waiting:
    """What waits now, since when the oldest; in how many seconds half and 95 per cent of the latest were judged."""

    length: int
    oldest: datetime | None
    half: float | None
    most: float | None


@dataclass(frozen=True)
class Picture:
    """``by_time``: attempts by the hour or the day, in the round's zone, without gaps; ``entrants`` who entered."""

    states: dict[str, int]
    entrants: int
    active: int
    on_board: int
    by_time: list[tuple[datetime, int]]
    is_hourly: bool
    failures: list[Failure]
    waiting: Waiting

    @property
    def total(self) -> int:
        return sum(self.states.values())


def picture_of(round_: Round) -> Picture:
    """The whole round now: a handful of counts over its own attempts."""
    tasks = [task.pk for task in round_.tasks.all()]
    rows = Submission.objects.filter(entrant__task__in=tasks)
    standing = _standing(rows)
    active = rows.filter(received_at__gt=clock.now() - ACTIVE).order_by().aggregate(n=Count("entrant", distinct=True))
    by_time, is_hourly = _by_time(rows, standing, ZoneInfo(round_.zone))
    return Picture(
        states={state: standing[state].n if state in standing else 0 for state in SubmissionState.values},
        entrants=Entrant.objects.filter(task__in=tasks).count(),
        active=active["n"],
        on_board=Best.objects.filter(task__in=tasks).count(),
        by_time=by_time,
        is_hourly=is_hourly,
        failures=_failures(rows),
        waiting=_waiting(rows, standing),
    )


def public_scores(round_: Round) -> dict[UUID, list[float]]:
    """By task, the best public score of everybody who has one, in no order; for those who run the round."""
    found: dict[UUID, list[float]] = {task.pk: [] for task in round_.tasks.all()}
    for task, score in Best.objects.filter(task__in=list(found)).values_list("task", "best__public_score"):
        if score is not None:
            found[task].append(score)
    return found


class _Standing(NamedTuple):
    """The attempts in one state, and when the first and the last of them came."""

    n: int
    first: datetime
    last: datetime


def _standing(rows: QuerySet[Submission]) -> dict[str, _Standing]:
    counted = rows.order_by().values_list("state").annotate(Count("pk"), Min("received_at"), Max("received_at"))
    return {state: _Standing(*known) for state, *known in counted}


def _by_time(
    rows: QuerySet[Submission], standing: Mapping[str, _Standing], zone: ZoneInfo
) -> tuple[list[tuple[datetime, int]], bool]:
    """By the hour while that is few bars, else by the day; of more than ``DAYS`` the last."""
    if not standing:
        return [], True
    first, last = min(one.first for one in standing.values()), max(one.last for one in standing.values())
    is_hourly = last - first <= HOURLY
    step = timedelta(hours=1) if is_hourly else timedelta(days=1)
    found: Counter[datetime] = Counter()
    for moment, count in _by_moment(rows.filter(received_at__gte=max(first, last - timedelta(days=DAYS))), zone, last):
        begun = moment.astimezone(zone).replace(minute=0)
        found[begun if is_hourly else begun.replace(hour=0)] += count
    start, end = min(found), max(found)
    moments = [start + step * at for at in range(int((end - start) / step) + 1)]
    return [(moment, found[moment]) for moment in moments], is_hourly


def _by_moment(rows: QuerySet[Submission], zone: ZoneInfo, last: datetime) -> Iterator[tuple[datetime, int]]:
    """How many came in each hour, in a zone that is not whole hours from UTC in each minute.

    By the first signs of the time as text, which both databases count without asking Python about each row.
    """
    whole = not (zone.utcoffset(last) or timedelta()) % timedelta(hours=1)
    signs = len("2026-05-01 09" if whole else "2026-05-01 09:30")
    unit = Substr(Cast("received_at", TextField()), 1, signs)
    for told, count in rows.order_by().annotate(unit=unit).values_list("unit").annotate(Count("pk")):
        yield datetime.fromisoformat(told).replace(tzinfo=UTC), count


def _failures(rows: QuerySet[Submission]) -> list[Failure]:
    """The most frequent first."""
    ended = rows.filter(state__in=[SubmissionState.REFUSED, SubmissionState.FAILED]).order_by()
    told = ended.annotate(code=KT("flaws__0__code")).values_list("state", "code", "cause_ko", "cause_en")
    found: Counter[tuple[str, str, str, str]] = Counter()
    for state, code, ko, en, count in told.annotate(n=Count("*")):
        found[(state, code, "", "") if code else (state, "", ko, en)] += count
    return [
        Failure(code, Text(ko=ko, en=en), state, count) for (state, code, ko, en), count in found.most_common(CAUSES)
    ]


def _waiting(rows: QuerySet[Submission], standing: Mapping[str, _Standing]) -> Waiting:
    going = [standing[state] for state in UNJUDGED if state in standing]
    judged = rows.filter(~Q(judged_at=None)).order_by("-pk").values_list("received_at", "judged_at")[:RECENT]
    seconds = sorted((judged_at - received_at).total_seconds() for received_at, judged_at in judged if judged_at)
    oldest = min((one.first for one in going), default=None)
    half = median(seconds) if seconds else None
    return Waiting(sum(one.n for one in going), oldest, half, _ninety_fifth(seconds))


def _ninety_fifth(ordered: Sequence[float]) -> float | None:
    return ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)] if ordered else None
