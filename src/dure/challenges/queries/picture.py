"""A round as it runs: how many attempts came when, what became of them and why, how the scores spread, what waits."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import TruncDay, TruncHour

from dure.challenges.models import UNJUDGED, Best, Entrant, Round, Submission, SubmissionState, Task
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
    tasks = list(Task.objects.filter(round=round_).values_list("pk", flat=True))
    rows = Submission.objects.filter(entrant__task__in=tasks)
    counted = rows.order_by().values_list("state").annotate(n=Count("*"))
    active = rows.filter(received_at__gt=clock.now() - ACTIVE).order_by().aggregate(n=Count("entrant", distinct=True))
    by_time, is_hourly = _by_time(rows, ZoneInfo(round_.zone))
    return Picture(
        states={**dict.fromkeys(SubmissionState.values, 0), **dict(counted)},
        entrants=Entrant.objects.filter(task__in=tasks).count(),
        active=active["n"],
        on_board=Best.objects.filter(task__in=tasks).count(),
        by_time=by_time,
        is_hourly=is_hourly,
        failures=_failures(rows),
        waiting=_waiting(rows),
    )


def public_scores(task: Task) -> list[float]:
    """The best public score of everybody who has one, in no order; for those who run the round."""
    found = Best.objects.filter(task=task).values_list("best__public_score", flat=True)
    return [score for score in found if score is not None]


def _by_time(rows: QuerySet[Submission], zone: ZoneInfo) -> tuple[list[tuple[datetime, int]], bool]:
    """By the hour while that is few bars, else by the day; of more than ``DAYS`` the last."""
    ends = rows.order_by().aggregate(first=Min("received_at"), last=Max("received_at"))
    if ends["first"] is None:
        return [], True
    is_hourly = ends["last"] - ends["first"] <= HOURLY
    step = timedelta(hours=1) if is_hourly else timedelta(days=1)
    since = max(ends["first"], ends["last"] - timedelta(days=DAYS))
    unit = (TruncHour if is_hourly else TruncDay)("received_at", tzinfo=zone)
    counted = rows.filter(received_at__gte=since).order_by().annotate(unit=unit).values_list("unit")
    found: dict[datetime, int] = dict(counted.annotate(n=Count("*")))
    start, end = min(found), max(found)
    moments = [start + step * at for at in range(int((end - start) / step) + 1)]
    return [(moment, found.get(moment, 0)) for moment in moments], is_hourly


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


def _waiting(rows: QuerySet[Submission]) -> Waiting:
    going = rows.filter(state__in=UNJUDGED).order_by().aggregate(n=Count("*"), oldest=Min("received_at"))
    judged = rows.filter(~Q(judged_at=None)).order_by("-pk").values_list("received_at", "judged_at")[:RECENT]
    seconds = sorted((judged_at - received_at).total_seconds() for received_at, judged_at in judged if judged_at)
    return Waiting(going["n"], going["oldest"], median(seconds) if seconds else None, _ninety_fifth(seconds))


def _ninety_fifth(ordered: Sequence[float]) -> float | None:
    return ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)] if ordered else None
