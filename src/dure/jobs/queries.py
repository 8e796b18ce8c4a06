"""How the queue stands: counts, ages, and why each job is where it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import Now
from django.utils.timezone import localtime

from dure.core import clock
from dure.core.text import Text
from dure.jobs.models import CHECKS, UNFINISHED, Check, Job, JobState, Message, MessageState, Worker
from dure.jobs.places import ahead_of, alive, here, many

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
HELD = Text(
    ko="같은 참가자의 작업은 한 번에 {at_once}개까지 실행합니다. 앞의 작업이 끝나면 순서를 받습니다.",
    en="Of its lane no more than {at_once} run at once. It takes its turn when one of them ends.",
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


@dataclass(frozen=True)
class Standing:
    """How the queue stands at a glance: what is not finished or failed, counted by an index; who does the work.

    ``due``: ready jobs whose time has come; ``oldest``: how long the first of them has waited. ``workers``: how many
    are at work.
    """

    due: int
    running: int
    failed: int
    oldest: timedelta | None
    workers: int
    mail_waiting: int
    mail_failed: int


def standing() -> Standing:
    now = clock.now()
    jobs = _counts(Job.objects.filter(state__in=[JobState.RUNNING, JobState.FAILED]))
    letters = _counts(Message.objects.filter(state__in=[MessageState.WAITING, MessageState.FAILED]))
    waiting = due().aggregate(at=Min("run_at"), n=Count("pk"))
    return Standing(
        due=waiting["n"],
        running=jobs.get(JobState.RUNNING, 0),
        failed=jobs.get(JobState.FAILED, 0),
        oldest=now - waiting["at"] if waiting["n"] else None,
        workers=sum(alive for _, alive in workers()),
        mail_waiting=letters.get(MessageState.WAITING, 0),
        mail_failed=letters.get(MessageState.FAILED, 0),
    )


def workers() -> list[tuple[Worker, bool]]:
    """Those that were seen in the last hour and have not ended, and whether each is at work."""
    return [(worker, worker.alive) for worker in here().annotate(alive=alive()).order_by("name", "pk")]


@dataclass(frozen=True)
class Failure:
    """Failed jobs of one task and cause; ``cause`` is what one of them says."""

    task: str
    code: str
    cause: Text
    count: int
    latest: datetime


def failures() -> list[Failure]:
    """Why jobs failed, the commonest cause first."""
    rows = Job.objects.filter(state=JobState.FAILED).order_by().values_list("task", "cause_code")
    told = rows.annotate(Count("pk"), Max("finished_at"), Min("cause_ko"), Min("cause_en"))
    found = [Failure(task, code, Text(ko=ko, en=en), n, at) for task, code, n, at, ko, en in told]
    return sorted(found, key=lambda failure: (-failure.count, failure.task))


def delivery_of(message: Message) -> Job | None:
    """The last job that was to carry a letter."""
    return Job.objects.filter(key=message.delivery).order_by("-pk").first()


@dataclass(frozen=True)
class Checked:
    """A check of the installation: what it found last (None: it was never made), and its job (None: no worker yet)."""

    name: str
    kept: Check | None
    job: Job | None

    @property
    def asked(self) -> bool:
        """It is being made, or due to be."""
        return self.job is not None and (self.job.state == JobState.RUNNING or self.job.run_at <= clock.now())


def checked() -> dict[str, Checked]:
    """Every check by its name."""
    kept = {check.name: check for check in Check.objects.all()}
    jobs = {job.key: job for job in Job.objects.filter(key__in=CHECKS.values(), state__in=UNFINISHED)}
    return {name: Checked(name, kept.get(name), jobs.get(task)) for name, task in CHECKS.items()}


def due() -> QuerySet[Job]:
    """Jobs that a worker would take now."""
    return Job.objects.filter(state=JobState.READY, run_at__lte=clock.now())


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
        case JobState.HELD:
            return HELD.format(at_once=job.lane.at_once if job.lane else 1)
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
    waits = SCHEDULED.format(at=_moment(job.run_at)) if scheduled else WAITING.format(ahead=many(ahead_of(job)))
    return SET_BACK.format(cause=job.cause, next=waits) if job.cause else waits


def _why_running(job: Job) -> Text:
    if Job.objects.filter(pk=job.pk, leased_until__lte=Now()).exists():
        return OVERDUE.format(worker=job.worker)
    return RUNNING.format(worker=job.worker, at=_moment(job.started_at), attempts=job.attempts, most=job.most_attempts)


def _moment(at: datetime | None) -> str:
    return localtime(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def failed_for_good(arguments: Mapping[str, str]) -> bool:
    """Whether work with these arguments was given up and waits for somebody to look at it."""
    return Job.objects.filter(state=JobState.FAILED, arguments=dict(arguments)).exists()
