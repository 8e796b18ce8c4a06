"""How the queue stands: counts, ages, and why each job is where it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Now
from django.utils.timezone import localtime

from dure.core import clock
from dure.core.text import Text
from dure.jobs.models import UNFINISHED, Job, JobState, Message, MessageState

DONE = Text(ko="{at}에 끝났습니다.", en="It ended at {at}.")
CANCELLED = Text(ko="{at}에 취소되었습니다.", en="It was cancelled at {at}.")
FAILED = Text(
    ko="{attempts}번 시도한 끝에 실패했습니다. {cause}",
    en="It failed for good (attempts: {attempts}). {cause}",
)
RUNNING = Text(
    ko="{worker}에서 {at}부터 실행 중입니다. 시도 {attempts}/{most}.",
    en="{worker} has been running it since {at}. Attempt {attempts} of {most}.",
)
OVERDUE = Text(
    ko="{worker}의 응답이 끊겼습니다. 다음에 일감을 찾는 워커가 회수합니다.",
    en="{worker} stopped answering. The next worker that looks for work will take it back.",
)
SCHEDULED = Text(ko="{at}에 시작합니다.", en="It starts at {at}.")
WAITING = Text(
    ko="빈 워커를 기다립니다. 앞선 작업은 {ahead}개입니다.",
    en="It waits for a free worker; jobs before it: {ahead}.",
)
SET_BACK = Text(ko="{cause} {next}", en="{cause} {next}")


@dataclass(frozen=True)
class Health:
    """``oldest``: how long the oldest job that is due has waited; None when nothing waits."""

    jobs: dict[str, int]
    messages: dict[str, int]
    oldest: timedelta | None


@dataclass(frozen=True)
class Waiting:
    """An unfinished job, how long ago it was accepted, and what it waits for."""

    job: Job
    age: timedelta
    why: Text


def health() -> Health:
    """Counts by state of jobs and messages, and the age of the oldest job that is due."""
    now = clock.now()
    oldest: datetime | None = due().aggregate(at=Min("run_at"))["at"]
    return Health(
        jobs=dict.fromkeys(JobState.values, 0) | _counts(Job.objects.all()),
        messages=dict.fromkeys(MessageState.values, 0) | _counts(Message.objects.all()),
        oldest=None if oldest is None else now - oldest,
    )


def _counts(rows: "QuerySet[Job] | QuerySet[Message]") -> dict[str, int]:
    return dict(rows.order_by().values_list("state").annotate(Count("pk")))


def due() -> QuerySet[Job]:
    """Jobs that a worker would take now, in the order in which they are taken."""
    ready = Job.objects.filter(state=JobState.READY, run_at__lte=clock.now())
    return ready.order_by("-priority", "run_at", "pk")


def unfinished() -> QuerySet[Job]:
    """Everything accepted and not ended, oldest first."""
    return Job.objects.filter(state__in=UNFINISHED).order_by("enqueued_at", "pk")


def backlog(limit: int = 100) -> list[Waiting]:
    """The oldest unfinished jobs with their ages and causes."""
    now = clock.now()
    return [Waiting(job, now - job.enqueued_at, why(job)) for job in unfinished()[:limit]]


def why(job: Job) -> Text:
    """Why the job is where it is, in a sentence for people."""
    match JobState(job.state):
        case JobState.READY:
            return _why_ready(job)
        case JobState.RUNNING:
            return _why_running(job)
        case JobState.FAILED:
            return FAILED.format(attempts=job.attempts, cause=job.cause or "")
        case JobState.DONE:
            return DONE.format(at=_moment(job.finished_at))
        case JobState.CANCELLED:
            return CANCELLED.format(at=_moment(job.finished_at))


def _why_ready(job: Job) -> Text:
    scheduled = job.run_at > clock.now()
    waits = SCHEDULED.format(at=_moment(job.run_at)) if scheduled else WAITING.format(ahead=_ahead(job))
    return SET_BACK.format(cause=job.cause, next=waits) if job.cause else waits


def _ahead(job: Job) -> int:
    more_urgent = due().filter(priority__gt=job.priority)
    sooner = due().filter(priority=job.priority, run_at__lt=job.run_at)
    return more_urgent.count() + sooner.count()


def _why_running(job: Job) -> Text:
    if Job.objects.filter(pk=job.pk, leased_until__lte=Now()).exists():
        return OVERDUE.format(worker=job.worker)
    return RUNNING.format(worker=job.worker, at=_moment(job.started_at), attempts=job.attempts, most=job.most_attempts)


def _moment(at: datetime | None) -> str:
    return localtime(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""
