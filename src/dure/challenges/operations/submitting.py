"""Submitting: a file is received first, then accepted in one durable transaction: row, quota, job, log."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from dure.audit.operations import record
from dure.challenges import files
from dure.challenges.events import EntrantCame
from dure.challenges.models import Code, Entrant, Quota, Round, Submission, SubmissionKind, Upload
from dure.challenges.operations.standing import check_may_submit
from dure.challenges.queries import TOTAL
from dure.challenges.queries.standing import is_noted
from dure.challenges.queueing import enqueue_scoring
from dure.compute.box import Author
from dure.compute.runners import check_runs
from dure.core import clock
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Person
from dure.store.transactions import durable
from dure.store.worded import asked, found

COMMAND = "python3 main.py"
MOST_CODE = 256 << 20
MOST_COMMAND = 400


class OverQuota(Refused):
    """All attempts of a day, or of the round, are used up."""

    status = 429


@dataclass(frozen=True)
class Received:
    """A file that came in ``at`` that moment and is not accepted yet."""

    upload: Upload
    entrant: Entrant
    by: Person
    kind: str
    command: str
    at: datetime


@dataclass(frozen=True)
class Receipt:
    """What was accepted: a receipt from before the deadline means that it will be judged.

    ``used`` of ``of`` attempts are used up, where a limit holds (the one with the fewest left); ``of`` None: no limit.
    """

    id: UUID
    received_at: datetime
    deadline: datetime | None
    used: int
    of: int | None
    sha256: str


def submit(
    entrant: Entrant,
    *,
    by: Person,
    upload: IO[bytes],
    name: str = "",
    kind: str = SubmissionKind.FILE,
    command: str = "",
    at: datetime | None = None,
) -> Receipt:
    """Receive and accept, for callers that hold no transaction. Raises as those two do."""
    with receive(entrant, by=by, upload=upload, name=name, kind=kind, command=command, at=at) as received:
        return receipt_of(accept(received))


@contextmanager
def receive(
    entrant: Entrant,
    *,
    by: Person,
    upload: IO[bytes],
    name: str = "",
    kind: str = SubmissionKind.FILE,
    command: str = "",
    at: datetime | None = None,
) -> Iterator[Received]:
    """Hold what came in ``at`` (default: now), to be accepted inside the block; what is not, is gone after it.

    ``upload`` is a prediction file, or a program as an archive that ``command`` starts. Copying takes as long as the
    disk does, so it belongs before a transaction; however long it took, the moment of arrival counts.
    Raises Forbidden for strangers, Refused outside the window or for a kind that the round does not take, OverQuota,
    Unready where programs are not run, TooLarge. What is wrong inside the file is said by its verdict.
    """
    moment = at or clock.now()
    _check_command(command)
    _expect(entrant, by, kind, moment)
    most = MOST_CODE if kind == SubmissionKind.CODE else entrant.task.most_bytes
    with files.received(upload, most_bytes=most, name=name) as stored:
        yield Received(stored, entrant, by, kind, command, moment)


def accept(received: Received) -> Submission:
    """Take what was received as an attempt. Everything is asked now: others may have been faster meanwhile."""
    with durable():
        if not Entrant.objects.filter(pk=received.entrant.pk).update(attempts=F("attempts") + 1):  # locks its attempts
            raise _merged()
        entrant = _admit(received.entrant, received.by, received.kind, received.at)
        submission = _accepted(received, entrant)
        told = {"number": submission.number, "kind": submission.kind, "sha256": submission.upload.sha256}
        record("submission.received", submission, after=told, about=received.by)
    return submission


def receipt_of(submission: Submission) -> Receipt:
    """The receipt as it stands now."""
    entrant = submission.entrant
    spent, of = _tightest(entrant, submission.period)
    return Receipt(submission.pk, submission.received_at, entrant.deadline, spent, of, submission.upload.sha256)


def check_admits(entrant: Entrant, *, by: Person, kind: str, at: datetime | None = None) -> None:
    """Ask everything that can be refused without the file. Raises as ``receive`` does."""
    moment = at or clock.now()
    _check_quota(_admit(entrant, by, kind, moment), moment)


def _expect(entrant: Entrant, by: Person, kind: str, moment: datetime) -> None:
    """Spare the disk what comes too late or too often, as far as what the caller has read tells.

    What would be refused is asked in full, for its window may have moved with its turn; ``accept`` asks all others.
    """
    try:
        _check_window(entrant, moment)
        _check_kind(entrant.task.round, kind)
        _check_quota(entrant, moment)
    except Refused:
        check_admits(entrant, by=by, kind=kind, at=moment)


def _admit(entrant: Entrant, by: Person, kind: str, moment: datetime) -> Entrant:
    """Whoever listens is asked, then the entrant as it is now, which is returned."""
    publish(EntrantCame(entrant.pk, moment, by.pk))
    for whole in found(_whole, entrant.pk):
        _check(whole, by, kind, moment)
        return whole
    raise _merged()


def _whole(entrant: UUID) -> QuerySet[Entrant]:
    return Entrant.objects.select_related("task__round__worker_queue__queue").filter(pk=entrant)


def _check(entrant: Entrant, by: Person, kind: str, moment: datetime) -> None:
    noted = is_noted(by, entrant) if by.is_active else None
    if noted is None:
        sentence = Text(ko="이 과제의 참가자만 제출할 수 있습니다.", en="Only those who take part can submit.")
        raise Forbidden("challenges.not-yours", sentence)
    if noted:
        check_may_submit(entrant, by)
    _check_window(entrant, moment)
    _check_kind(entrant.task.round, kind)


def _check_quota(entrant: Entrant, moment: datetime) -> None:
    day = _day(entrant.task.round, moment)
    bounds = _bounds(entrant.task.round, day)
    spent = _spent(entrant, day) if bounds else {}
    for period, most in bounds.items():
        if spent.get(period, 0) >= most:
            raise _over(period, most)


def _spent(entrant: Entrant, day: str) -> dict[str, int]:
    """Attempts that count, of the day and in all."""
    return dict(asked(_used, entrant.pk, day))


def _used(entrant: UUID, day: str) -> QuerySet[Quota, tuple[str, int]]:
    return Quota.objects.filter(entrant=entrant, period__in=[day, TOTAL]).values_list("period", "used")


def _accepted(received: Received, entrant: Entrant) -> Submission:
    round_ = entrant.task.round
    day = _day(round_, received.at)
    for period, most in _limits(round_, day).items():
        _take(entrant, period, most)
    received.upload.save(force_insert=True)
    submission = Submission(
        entrant=entrant, number=entrant.attempts, by=received.by, kind=received.kind, upload=received.upload,
        command=(received.command or COMMAND) if received.kind == SubmissionKind.CODE else "",
        received_at=received.at, period=day,
    )  # fmt: skip
    submission.job = enqueue_scoring(submission)
    submission.save(force_insert=True)
    return submission


def _take(entrant: Entrant, period: str, most: int | None) -> None:
    """One attempt of a period, by compare-and-set: it cannot be taken twice, however many come at once."""
    rows = Quota.objects.filter(entrant=entrant, period=period)
    free = rows if most is None else rows.filter(used__lt=most)
    if free.update(used=F("used") + 1):
        return
    Quota.objects.bulk_create([Quota(entrant=entrant, period=period)], ignore_conflicts=True)  # the first of a period
    if not free.update(used=F("used") + 1):
        raise _over(period, most or 0)


def give_back(submission: Submission) -> None:
    """Give an attempt's quota back, once."""
    if Submission.objects.filter(pk=submission.pk, counted=True).update(counted=False):
        periods = [submission.period, TOTAL]
        Quota.objects.filter(entrant=submission.entrant_id, period__in=periods).update(used=F("used") - 1)


def _limits(round_: Round, day: str) -> dict[str, int | None]:
    return {day: round_.daily, TOTAL: round_.total}


def _bounds(round_: Round, day: str) -> dict[str, int]:
    return {period: most for period, most in _limits(round_, day).items() if most is not None}


def _tightest(entrant: Entrant, day: str) -> tuple[int, int | None]:
    limits = _bounds(entrant.task.round, day)
    spent = _spent(entrant, day)
    if not limits:
        return spent.get(TOTAL, 0), None
    period = min(limits, key=lambda one: limits[one] - spent.get(one, 0))
    return spent.get(period, 0), limits[period]


def _day(round_: Round, moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(round_.zone)).date().isoformat()


def _over(period: str, most: int) -> OverQuota:
    if period == TOTAL:
        sentence = Text(ko="제출 {most}회를 모두 썼습니다.", en="All {most} attempts are used up.")
    else:
        sentence = Text(
            ko="오늘({day}) 제출 {most}회를 모두 썼습니다. 내일 다시 제출하세요.",
            en="All {most} attempts of today ({day}) are used up. Submit again tomorrow.",
        )
    return OverQuota("challenges.quota", sentence.format(most=most, day=period), used=most, of=most, period=period)


def _merged() -> Refused:
    sentence = Text(
        ko="그 사이 팀이 다른 팀과 합쳐졌습니다. 새로 고친 뒤 합친 팀으로 제출하세요.",
        en="Your team has become one with another meanwhile. Reload, and submit for the one team.",
    )
    return Refused("challenges.merged", sentence)


def _check_window(entrant: Entrant, moment: datetime) -> None:
    deadline = entrant.deadline
    opens = max(filter(None, [entrant.opens_at, entrant.task.round.opens_at]), default=None)
    if deadline is not None and moment >= deadline:
        sentence = Text(
            ko="마감 시각({when})이 지나 제출할 수 없습니다.", en="The deadline has passed ({when}). Nothing is taken."
        )
        raise Refused("challenges.closed", sentence.format(when=deadline.isoformat()), deadline=deadline)
    if opens is not None and moment < opens:
        sentence = Text(ko="제출은 {when}에 시작합니다.", en="Submissions are taken from {when}.")
        raise Refused("challenges.early", sentence.format(when=opens.isoformat()), opens_at=opens)


def _check_kind(round_: Round, kind: str) -> None:
    if kind == SubmissionKind.FILE and round_.code == Code.REQUIRED:
        sentence = Text(ko="이 라운드에는 코드를 압축해 제출하세요.", en="This round takes code: submit an archive.")
        raise Refused("challenges.code-required", sentence)
    if kind == SubmissionKind.CODE:
        if round_.code == Code.NONE:
            sentence = Text(ko="이 라운드에는 예측 파일을 제출하세요.", en="This round takes prediction files only.")
            raise Refused("challenges.no-code", sentence)
        check_runs(Author.PARTICIPANT)


def _check_command(command: str) -> None:
    if len(command) > MOST_COMMAND or not command.isprintable():
        sentence = Text(
            ko="실행 명령은 {most}자 이내의 한 줄로 쓰세요.",
            en="Write the command as one line of at most {most} characters.",
        )
        raise Flawed("challenges.command", sentence.format(most=MOST_COMMAND), errors=[command[:MOST_COMMAND]])
