"""Submitting: a file is received first, then accepted in one durable transaction: row, quota, job, log."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.db.models import F, QuerySet

from dure.audit.operations import record
from dure.challenges import files
from dure.challenges.events import EntrantCame
from dure.challenges.models import Entrant, Round, Sharing, Submission, SubmissionKind, Upload
from dure.challenges.operations.admitting import check_command, check_kind, check_listed, check_type, check_window
from dure.challenges.operations.quotas import check_attempts, day_of, take_attempt, tightest
from dure.challenges.operations.standing import check_may_submit
from dure.challenges.queries.standing import is_noted
from dure.challenges.questions import read_answers
from dure.challenges.queueing import enqueue_scoring
from dure.core import clock
from dure.core.errors import Forbidden, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.people.models import Person
from dure.store.transactions import durable
from dure.store.worded import found

COMMAND = "python3 main.py"
MOST_CODE = 256 << 20


@dataclass(frozen=True)
class Said:
    """What comes with a file. ``answers``: to what the round asks, by key. ``public``: whether everybody who sees the
    board may see the attempt, where the round leaves that to entrants; None: as the round has it."""

    kind: str = SubmissionKind.FILE
    command: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    public: bool | None = None


@dataclass(frozen=True)
class Received:
    """A file that came in ``at`` that moment and is not accepted yet."""

    upload: Upload
    entrant: Entrant
    by: Person
    said: Said
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
    at: datetime | None = None,
    **said: Any,
) -> Receipt:
    """Receive and accept, for callers that hold no transaction; ``said`` as :class:`Said`. Raises as those two do."""
    with receive(entrant, by=by, upload=upload, name=name, at=at, **said) as received:
        return receipt_of(accept(received))


@contextmanager
def receive(
    entrant: Entrant,
    *,
    by: Person,
    upload: IO[bytes],
    name: str = "",
    at: datetime | None = None,
    **said: Any,
) -> Iterator[Received]:
    """Hold what came in ``at`` (default: now), to be accepted inside the block; what is not, is gone after it.

    ``upload`` is a prediction file, or a program as an archive; ``said`` is what comes with it, as :class:`Said`.
    Copying takes as long as the disk does, so it belongs before a transaction; however long it took, the moment of
    arrival counts. Raises Forbidden for strangers, Refused outside the window or for a kind or name that the round does
    not take, OverQuota, Unready where programs are not run, Flawed for answers that do not fit, TooLarge. What is wrong
    inside the file is said by its verdict.
    """
    moment, told = at or clock.now(), Said(**said)
    check_command(told.command)
    _expect(entrant, by, told.kind, moment)
    check_type(entrant.task.round, name)
    read_answers(entrant.task.round.asked, told.answers)
    most = MOST_CODE if told.kind == SubmissionKind.CODE else entrant.task.most_bytes
    with files.received(upload, most_bytes=most, name=name) as stored:
        yield Received(stored, entrant, by, told, moment)


def accept(received: Received) -> Submission:
    """Take what was received as an attempt. Everything is asked now: others may have been faster meanwhile."""
    with durable():
        if not Entrant.objects.filter(pk=received.entrant.pk).update(attempts=F("attempts") + 1):  # locks its attempts
            raise _merged()
        entrant = _admit(received.entrant, received.by, received.said.kind, received.at)
        submission = _accepted(received, entrant)
        told = {"number": submission.number, "kind": submission.kind, "sha256": submission.upload.sha256}
        record("submission.received", submission, after=told, about=received.by)
    return submission


def receipt_of(submission: Submission) -> Receipt:
    """The receipt as it stands now."""
    entrant = submission.entrant
    spent, of = tightest(entrant, submission.period)
    return Receipt(submission.pk, submission.received_at, entrant.deadline, spent, of, submission.upload.sha256)


def check_admits(entrant: Entrant, *, by: Person, kind: str, at: datetime | None = None) -> None:
    """Ask everything that can be refused without the file. Raises as ``receive`` does."""
    moment = at or clock.now()
    whole = _admit(entrant, by, kind, moment)
    check_attempts(whole, day_of(whole.task.round, moment))


def _expect(entrant: Entrant, by: Person, kind: str, moment: datetime) -> None:
    """Spare the disk what comes too late or too often, as far as what the caller has read tells.

    What would be refused is asked in full, for its window may have moved with its turn; ``accept`` asks all others.
    """
    try:
        check_window(entrant, moment)
        check_kind(entrant.task.round, kind)
        check_attempts(entrant, day_of(entrant.task.round, moment))
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
    check_listed(by, entrant.task.round)
    check_window(entrant, moment)
    check_kind(entrant.task.round, kind)


def _accepted(received: Received, entrant: Entrant) -> Submission:
    round_, said = entrant.task.round, received.said
    answers = read_answers(round_.asked, said.answers)
    day = day_of(round_, received.at)
    take_attempt(entrant, day)
    received.upload.save(force_insert=True)
    submission = Submission(
        entrant=entrant, number=entrant.attempts, by=received.by, kind=said.kind, upload=received.upload,
        command=(said.command or COMMAND) if said.kind == SubmissionKind.CODE else "", received_at=received.at,
        period=day, answers=answers, shared_in=entrant.task if _is_public(round_, said.public) else None,
    )  # fmt: skip
    submission.job = enqueue_scoring(submission)
    submission.save(force_insert=True)
    return submission


def _is_public(round_: Round, wanted: bool | None) -> bool:
    """As its entrant wants it, where the round leaves that to entrants."""
    if round_.sharing == Sharing.NONE:
        return False
    return round_.sharing == Sharing.OPEN if wanted is None else wanted


def _merged() -> Refused:
    sentence = Text(
        ko="그 사이 팀이 다른 팀과 합쳐졌습니다. 새로 고친 뒤 합친 팀으로 제출하세요.",
        en="Your team has become one with another meanwhile. Reload, and submit for the one team.",
    )
    return Refused("challenges.merged", sentence)
