"""Asking for work and for mail, in the asker's own transaction. What workers write is in ``leases``."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Least, Now

from dure.audit.operations import Part, record, record_many
from dure.core import clock
from dure.core.errors import Refused
from dure.core.findings import Finding
from dure.core.text import Text
from dure.jobs.models import (
    CHECKS,
    DELIVER,
    JOB_MOVES,
    LEAST_PRIORITY,
    MESSAGE_MOVES,
    MOST_PRIORITY,
    UNFINISHED,
    Check,
    Job,
    JobState,
    Lane,
    Message,
    MessageState,
    Worker,
)
from dure.jobs.registry import every_task, find
from dure.jobs.turns import let_next, stand_again, stand_in_lane, take_turn, turns
from dure.store.models import move

MOST_FINDINGS = 200
RETRIED_AT_ONCE = 1_000
WORKERS_KEPT = timedelta(days=1)
LATER = LEAST_PRIORITY  # ten thousand letters stand in nobody else's way


def enqueue(
    task: str,
    *,
    arguments: Mapping[str, str | int | UUID] | None = None,
    key: str = "",
    run_at: datetime | None = None,
    queue: str = "",
    share: str = "",
    lane: str = "",
    at_once: int = 1,
    priority: int = 0,
    most_attempts: int | None = None,
    runner: str = "local",
    sandbox: str = "",
) -> Job:
    """Accept work; it exists exactly when the caller's transaction commits.

    ``arguments`` are ids, never content. ``key`` names the work: while an unfinished job has it, no second one is
    made; a ready one takes the earlier of both moments, a running one runs once more, so that what the caller
    has just changed is always seen.

    ``queue``: the workers that may take it, empty for the platform's own. All ``share``s (left out: each task is one)
    are served by turns, and each step of ``priority`` doubles how often. Of one ``lane`` no more than ``at_once`` jobs
    run beside each other; the rest wait without being in anybody's way.
    """
    if most_attempts is not None and most_attempts < 1:
        raise ValueError("a job is attempted at least once")
    if not LEAST_PRIORITY <= priority <= MOST_PRIORITY:
        raise ValueError(f"a priority lies between {LEAST_PRIORITY} and {MOST_PRIORITY}")
    if lane and run_at and run_at > clock.now():
        raise ValueError("a job of a lane runs when its turn comes, not at a moment")
    job = Job(
        task=task,
        arguments={name: str(value) if isinstance(value, UUID) else value for name, value in (arguments or {}).items()},
        key=key,
        run_at=run_at or clock.now(),
        queue=queue,
        share=share or task,
        priority=priority,
        most_attempts=most_attempts or find(task).most_attempts,
        runner=runner,
        sandbox=sandbox,
    )
    line = (lane, at_once) if lane else None
    return _enqueue_once(job, line) if key else _insert(job, line)


def _insert(job: Job, line: tuple[str, int] | None) -> Job:
    if line is None:
        take_turn(job)
        job.save(force_insert=True)
    else:
        with transaction.atomic(savepoint=False):  # the caller's own fails with it
            stand_in_lane(job, *line)
            job.save(force_insert=True)
    return job


@transaction.atomic
def _enqueue_once(job: Job, line: tuple[str, int] | None) -> Job:
    same = Job.objects.filter(key=job.key, state__in=UNFINISHED)
    while not _ask_again(same, job.run_at):
        with suppress(IntegrityError), transaction.atomic():  # somebody else may be first; then theirs is asked
            return _insert(job, line)
    return same.get()


def _ask_again(same: QuerySet[Job], moment: datetime) -> int:
    """Touching the row also keeps a worker from claiming it before the caller's transaction commits."""
    idle_run = When(state=JobState.RUNNING, again=False, then=Value(moment))
    return same.update(
        run_at=Case(idle_run, default=Least(F("run_at"), Value(moment))),
        again=Case(When(state=JobState.RUNNING, then=Value(True)), default=Value(False)),
    )


def hand_over(share: str, *, to: str) -> int:
    """Let the workers of another queue do what a share has waiting; returns how many jobs. What runs goes on."""
    waiting = Job.objects.filter(share=share, state__in=[JobState.HELD, JobState.READY]).exclude(queue=to)
    return waiting.update(queue=to, turn=None)


def schedule() -> None:
    """See to it that every recurring task has its job."""
    for task in every_task().values():
        if task.every:
            enqueue(task.name, key=task.name)


@transaction.atomic
def cancel(job: Job) -> Job:
    """Take a job out of the queue, or give a failed one up; a worker that is at it will find its effect undone."""
    before = {"state": job.state}
    move(job, JobState.CANCELLED, by=JOB_MOVES, leased_until=None, slot=None, finished_at=clock.now())
    let_next(job.lane_id)
    record("job.cancelled", job, before=before, after={"task": job.task})
    return job


@transaction.atomic
def retry(job: Job) -> Job:
    """Give a failed job a fresh set of attempts, from now. Raises Refused("jobs.key-taken")."""
    _fresh(job)
    record("job.retried", job, after={"task": job.task})
    return job


def retry_all(*, task: str, cause_code: str) -> tuple[int, int]:
    """Retry the failed jobs of one cause, at most ``RETRIED_AT_ONCE``: how many, and how many had to stay."""
    failed = Job.objects.filter(state=JobState.FAILED, task=task, cause_code=cause_code).order_by("-pk")
    fresh, stay = [], 0
    with transaction.atomic():
        for job in failed[:RETRIED_AT_ONCE]:
            try:
                fresh.append(_fresh(job))
            except Refused:
                stay += 1
        parts = [Part(job) for job in fresh]
        record_many("jobs.retried", ("task", task), parts=parts)
    return len(fresh), stay


def _fresh(job: Job) -> Job:
    try:
        with transaction.atomic():
            place = stand_again(job)
            new = place.pop("state")
            return move(job, new, by=JOB_MOVES, attempts=0, run_at=clock.now(), finished_at=None, **place)
    except IntegrityError:
        sentence = Text(
            ko="같은 일이 이미 대기 중이거나 실행 중입니다. 그 작업이 끝난 뒤에 결과를 확인하세요.",
            en="The same work is already waiting or running. Let it end and look at its outcome.",
        )
        raise Refused("jobs.key-taken", sentence, key=job.key) from None


def prune(*, before: datetime) -> int:
    """Forget jobs that ended well and mail that was sent before that moment; failures stay until somebody looks."""
    with transaction.atomic():
        jobs, _ = Job.objects.filter(state__in=[JobState.DONE, JobState.CANCELLED], finished_at__lt=before).delete()
        mails, _ = Message.objects.filter(state=MessageState.SENT, sent_at__lt=before).delete()
        Lane.objects.filter(jobs=None).delete()
        Worker.objects.filter(seen_at__lt=Now() - WORKERS_KEPT).delete()
    return jobs + mails


def send_mail(*, to: str | Sequence[str], subject: Text, body: Text, language: str) -> Message:
    """Put one mail into the outbox, in the reader's language."""
    receivers = [to] if isinstance(to, str) else list(to)
    return post(EmailMessage(subject=subject[language], body=body[language], to=receivers))


def post(mail: EmailMessage) -> Message:
    """Write a mail into the outbox and enqueue its delivery; both exist when the caller's transaction commits."""
    message = _written(mail)
    with transaction.atomic():
        message.save(force_insert=True)
        _enqueue_delivery(message)
    return message


def written(*, to: str, subject: Text, body: Text, language: str) -> Message:
    """A mail as it will lie in the outbox, not saved: for ``post_all``, whose transaction need not wait for it."""
    return _written(EmailMessage(subject=subject[language], body=body[language], to=[to]))


@transaction.atomic
def post_all(messages: Sequence[Message]) -> None:
    """Put very many ``written`` mails into the outbox at once, each with its delivery, as ``post`` does for one."""
    Message.objects.bulk_create(messages, batch_size=1000)
    most = find(DELIVER).most_attempts
    deliveries = [
        Job(task=DELIVER, arguments={"message": str(m.id)}, key=m.delivery, share=DELIVER, priority=LATER,
            turn=turn, most_attempts=most)
        for m, turn in zip(messages, turns("", DELIVER, LATER), strict=False)
    ]  # fmt: skip
    Job.objects.bulk_create(deliveries, batch_size=1000)


def _written(mail: EmailMessage) -> Message:
    to = mail.recipients()
    message = Message(sender=mail.from_email, to=to, receiver=to[0].lower() if to else "")
    message.subject, message.text = str(mail.subject), str(mail.body)
    host = urlsplit(settings.BASE_URL).hostname
    mail.extra_headers.setdefault("Message-ID", f"<{message.id}@{host}>")
    mail.extra_headers.setdefault("Date", format_datetime(clock.now()))
    message.content = mail.message().as_bytes()
    return message


@transaction.atomic
def resend(message: Message) -> Message:
    """Try a failed message again."""
    move(message, MessageState.WAITING, by=MESSAGE_MOVES, cause_code="", cause_ko="", cause_en="")
    _enqueue_delivery(message)
    record("message.resent", message)
    return message


def note_reading(message: Message) -> None:
    """Write down that somebody to whom it was not addressed reads the letter."""
    record("message.read", message)


def _enqueue_delivery(message: Message) -> None:
    enqueue(DELIVER, arguments={"message": message.id}, key=message.delivery)


def note_attempt(message: Message) -> None:
    """Count a try before it is made, so that one that never came back is counted as well."""
    Message.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1)


def mark_sent(message: Message, *, refused: Sequence[str] = ()) -> Message:
    """Note that the message left, and which of its receivers the mail server would not take."""
    cause = _refused(refused) if refused else {}
    return move(message, MessageState.SENT, by=MESSAGE_MOVES, sent_at=clock.now(), **cause)


def mark_refused(message: Message) -> Message:
    """Note that no receiver was accepted, for good."""
    return move(message, MessageState.FAILED, by=MESSAGE_MOVES, **_refused(message.to))


def _refused(receivers: Sequence[str]) -> dict[str, str]:
    names = ", ".join(receivers)
    return {
        "cause_code": "mail.refused",
        "cause_ko": f"메일 서버가 받는 주소를 거절했습니다: {names}. 주소를 고친 뒤 다시 보내세요.",
        "cause_en": f"The mail server refused these addresses: {names}. Correct them and send again.",
    }


def ask_for_check(name: str) -> Job:
    """Have a worker check the installation now; the task's own round goes on from there."""
    if name not in CHECKS:
        raise LookupError(f"no check is called {name!r}")
    with transaction.atomic():
        record("check.asked", ("check", name))
        return enqueue(CHECKS[name], key=CHECKS[name])


def note_progress(name: str, *, done: int, of: int) -> None:
    """How far a check is."""
    Check.objects.update_or_create(name=name, defaults={"done": done, "of": of})


@transaction.atomic
def keep_findings(name: str, *, findings: Iterable[Finding], figures: Mapping[str, object], worker: str) -> Check:
    """Write down what a check found, in the place of what it found before."""
    told = [finding.as_dict() for finding in findings][:MOST_FINDINGS]
    kept = {"findings": told, "figures": figures, "worker": worker, "ended_at": clock.now()}
    check, _ = Check.objects.update_or_create(name=name, defaults=kept)
    states = Counter(str(finding["state"]) for finding in told)
    record("check.made", ("check", name), after={"worker": worker, **states})
    return check
