"""Trying a model beside a service: agreed on, started, paused, stopped, shared, judged by the service's owner."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from secrets import randbelow
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from dure.audit.operations import record
from dure.challenges import files
from dure.challenges.events import FieldTrialJudged
from dure.challenges.field.answers import answer_columns
from dure.challenges.field.requests import shadows_in
from dure.challenges.field.sources import read, seal
from dure.challenges.models import (
    FIELD_MOVES,
    FIELD_OVER,
    Adoption,
    Ending,
    FieldState,
    FieldTrial,
    Round,
    Submission,
    SubmissionKind,
    Upload,
)
from dure.challenges.models.fieldtrials import MOST_BATCH, MOST_DAYS_KEPT, MOST_REQUESTS, MOST_STATEMENT
from dure.challenges.models.programs import PROGRAM
from dure.challenges.queries.fieldtrials import that_count
from dure.challenges.queueing import share_of
from dure.compute.box import Author
from dure.compute.runners import check_runs
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.events import publish
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.people.models import NoticeKind, Organisation, Person
from dure.people.operations.notices import tell
from dure.store.models import move

ASK = "challenges.field-batch"
MOST_SOURCE = 64 << 20
MOST_PERIOD = timedelta(days=366)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,70}\.(csv|jsonl)")
_SEEDS = 1 << 31
_BOUNDS: Mapping[str, tuple[int, int]] = {
    "share": (1, 100), "batch": (1, MOST_BATCH), "seconds": (1, 3600), "per_minute": (1, 60_000),
    "total": (1, MOST_REQUESTS), "most_failed": (0, 100), "keep_days": (0, MOST_DAYS_KEPT),
    "most_ms": (1, 3_600_000),
}  # fmt: skip
_NO_CODE = Text(
    ko="결과 파일로 낸 제출이라 새 요청에 답할 수 없습니다. 코드로 낸 제출을 고르세요.",
    en="It was handed in as a file of predictions, which answers no new request. Choose one that is code.",
)
_BY_PROGRAM = Text(
    ko="주최자의 프로그램이 채점하는 과제는 요청을 넣을 형식이 정해져 있지 않아 현장 시험을 할 수 없습니다.",
    en="A program of the organiser's scores this task, so no form is fixed in which its code could be asked.",
)
_DOES_NOT_COUNT = Text(
    ko="최종 순위에 반영된 제출만 시험할 수 있습니다. 순위표에 있는 제출을 고르세요.",
    en="Only an attempt that counts in the end is tried. Choose one that stands on the board.",
)
_BOUND = Text(ko="{least:,}–{most:,} 사이의 정수를 쓰세요.", en="A whole number from {least:,} to {most:,}.")
_PERIOD = Text(
    ko="끝나는 때는 지금과 시작 이후여야 하고, 기간은 1년까지입니다.",
    en="It ends after now and after it begins, within a year.",
)
_ONE_SOURCE = Text(ko="파일이나 주소 중 하나만 정하세요.", en="Give a file or an address, one of them.")
_ADDRESS = Text(
    ko="https://로 시작하는 주소를 쓰세요. 내부망의 http 주소는 운영자가 허용해야 합니다.",
    en="Write an address that begins with https://. One of one's own network must be allowed by the operator.",
)
_FILE_NAME = Text(
    ko="requests.csv나 requests.jsonl처럼 쓰세요. 예약된 이름 ids.csv는 쓸 수 없습니다.",
    en="Write a name such as requests.csv or requests.jsonl; ids.csv is taken.",
)
_NAMES = Text(ko="서비스의 이름을 한국어와 영어로 쓰세요.", en="Name the service in Korean and English.")
_TOLERANCE = Text(ko="0 이상, 소수점 12자리까지의 수를 쓰세요.", en="A number from 0 up with at most 12 decimals.")
_PAST = Text(ko="끝나는 때가 지났습니다. 새 현장 시험을 만드세요.", en="Its end has passed. Make a new field trial.")
_NOT_OVER = Text(ko="현장 시험이 끝난 뒤에 정할 수 있습니다.", en="It is judged once it has ended.")
_JUDGED = Text(ko="이미 결론을 냈습니다.", en="It was judged already.")
_WHY = Text(ko="이유를 {most:,}자 이내로 쓰세요.", en="Write why, in at most {most:,} letters.")
_NOT_DRAFT = Text(
    ko="시작한 현장 시험은 지울 수 없습니다. 멈출 수는 있습니다.",
    en="One that has begun is not discarded. It may be stopped.",
)
_BEGUN = Text(
    ko="‘{service}’ 옆에서 모델의 현장 시험이 시작되었습니다. 끝나면 결론을 내려 주세요.",
    en="A model is tried beside {service}. When that ends, say what becomes of it.",
)
_ENDED = Text(
    ko="‘{service}’ 현장 시험이 끝났습니다. 결과를 보고 결론을 내려 주세요.",
    en="The field trial beside {service} has ended. Look at it, and say what becomes of the model.",
)
_READABLE = Text(
    ko="‘{service}’ 옆에서 여러분의 모델을 시험한 결과를 볼 수 있습니다.",
    en="You may read how your model does beside {service}.",
)


@dataclass(frozen=True)
class Plan:
    """What is agreed on; fields as in :class:`FieldTrial`. ``file`` is CSV where ``name`` says so, else JSON lines."""

    submission: Submission
    service: Text
    organisation: Organisation
    owner: Person
    starts_at: datetime
    ends_at: datetime
    file: IO[bytes] | None = None
    name: str = ""
    address: str = ""
    answers_address: str = ""
    token: str = ""
    file_name: str = "requests.csv"
    share: int = 10
    batch: int = 50
    seconds: int = 60
    per_minute: int = 600
    total: int = 10_000
    tolerance: Decimal = Decimal(0)
    most_failed: int = 20
    most_ms: int | None = None
    keep_days: int = 30
    seed: int | None = None


@dataclass(frozen=True)
class ReceivedPlan:
    """A plan whose file lies on the disk."""

    round: Round
    plan: Plan
    upload: Upload | None


def draft_field_trial(round_: Round, plan: Plan, *, by: Person) -> FieldTrial:
    """Receive a plan and accept it, for callers that hold no transaction. Raises as those two do."""
    with receive_field_trial(round_, plan) as received:
        return accept_field_trial(received, by=by)


@contextmanager
def receive_field_trial(round_: Round, plan: Plan) -> Iterator[ReceivedPlan]:
    """Hold a plan, to be accepted inside the block. Raises Flawed for each field that is wrong, Refused where the
    attempt cannot be tried, TooLarge."""
    check_may_try(plan.submission, round_)
    _check(plan)
    with _requests(plan) as upload:
        yield ReceivedPlan(round_, plan, upload)


@transaction.atomic
def accept_field_trial(received: ReceivedPlan, *, by: Person) -> FieldTrial:
    """Keep a plan as a draft: nothing is asked before it is started."""
    plan, upload = received.plan, received.upload
    if upload is not None:
        upload.save(force_insert=True)
    same = ("submission", "organisation", "owner", "starts_at", "ends_at", "address", "answers_address", "file_name",
            "tolerance", *_BOUNDS)  # fmt: skip
    trial = FieldTrial.objects.create(
        round=received.round, made_by=by, service_ko=plan.service.ko.strip(), service_en=plan.service.en.strip(),
        upload=upload, token=seal(plan.token), seed=randbelow(_SEEDS) if plan.seed is None else plan.seed,
        **{name: getattr(plan, name) for name in same},
    )  # fmt: skip
    record("field-trial.drafted", trial, after=_told(trial))
    return trial


def check_may_try(submission: Submission, round_: Round) -> None:
    """Raise Refused unless it is code of the round that counts and can be asked about other rows than the task's."""
    if submission.kind != SubmissionKind.CODE:
        raise Refused("field.predictions", _NO_CODE)
    if submission.entrant.task.metric == PROGRAM:
        raise Refused("field.program", _BY_PROGRAM)
    if not that_count(round_).filter(pk=submission.pk).exists():
        raise Refused("field.not-final", _DOES_NOT_COUNT)


def check_source(trial: FieldTrial) -> None:
    """Read what comes first, before a trial is started and outside its transaction. Raises Unreached, and Unready
    where code is not run here."""
    check_runs(Author.PARTICIPANT)
    read(trial, most=1)


@transaction.atomic
def start_field_trial(trial: FieldTrial) -> FieldTrial:
    """Let it ask from ``starts_at`` on. Raises Refused where its time is over or its attempt counts no more."""
    _check_not_past(trial)
    check_may_try(trial.submission, trial.round)
    begins = max(trial.starts_at, clock.now())
    move(trial, FieldState.RUNNING, by=FIELD_MOVES, started_at=clock.now(), next_at=begins)
    record("field-trial.started", trial, after=_told(trial))
    _tell_of(trial, {trial.owner_id}, _BEGUN)
    ask_next(trial)
    return trial


@transaction.atomic
def pause_field_trial(trial: FieldTrial) -> FieldTrial:
    """Ask nothing more for now; a batch that runs is still kept."""
    move(trial, FieldState.PAUSED, by=FIELD_MOVES)
    record("field-trial.paused", trial, after=_told(trial))
    return trial


@transaction.atomic
def resume_field_trial(trial: FieldTrial) -> FieldTrial:
    """Go on where it stood."""
    _check_not_past(trial)
    move(trial, FieldState.RUNNING, by=FIELD_MOVES, next_at=max(trial.starts_at, clock.now()))
    record("field-trial.resumed", trial, after=_told(trial))
    ask_next(trial)
    return trial


def stop_field_trial(trial: FieldTrial) -> FieldTrial:
    """End it before its time, for good."""
    return end_field_trial(trial, Ending.PERSON)


@transaction.atomic
def end_field_trial(trial: FieldTrial, ending: Ending) -> FieldTrial:
    """End it for that reason, and ask the service's owner what becomes of the model."""
    early = ending in (Ending.PERSON, Ending.FAILURES, Ending.TIME)
    state = FieldState.STOPPED if early else FieldState.ENDED
    move(trial, state, by=FIELD_MOVES, ended_at=clock.now(), ending=ending, next_at=None, token="")
    record(f"field-trial.{state}", trial, after=_told(trial))
    organisers = trial.round.organisers.values_list("pk", flat=True)
    _tell_of(trial, {trial.owner_id, *organisers}, _ENDED)
    return trial


def discard_field_trial(trial: FieldTrial) -> None:
    """Forget a draft with its file. Raises Refused once it has begun."""
    with transaction.atomic():
        gone, _ = FieldTrial.objects.filter(pk=trial.pk, state=FieldState.DRAFT).delete()
        if not gone:
            raise Refused("field.begun", _NOT_DRAFT)
        record("field-trial.discarded", trial, before=_told(trial))
    if trial.upload is not None:
        Upload.objects.filter(pk=trial.upload.pk).delete()
        files.discard(trial.upload)


@transaction.atomic
def share_field_trial(trial: FieldTrial, *, shared: bool) -> FieldTrial:
    """Let those whose model it is read the summary, or no more."""
    FieldTrial.objects.filter(pk=trial.pk).update(shared=shared)
    record("field-trial.shared", trial, before={"shared": trial.shared}, after={"shared": shared})
    if shared and not trial.shared and trial.state != FieldState.DRAFT:
        members = trial.submission.entrant.members.values_list("person", flat=True)
        _tell_of(trial, set(members), _READABLE)
    trial.shared = shared
    return trial


@transaction.atomic
def judge_field_trial(trial: FieldTrial, adoption: Adoption, *, because: str) -> FieldTrial:
    """Say as the service's owner what becomes of the model: the comparison is evidence from now on.

    Raises Refused while it goes on and a second time, Flawed without a reason.
    """
    said = because.strip()
    if not said or len(said) > MOST_STATEMENT:
        wrong = _WHY.format(most=MOST_STATEMENT)
        raise Flawed("field.statement", wrong, errors=[{"field": "because", **wrong.as_dict()}])
    now = clock.now()
    rows = FieldTrial.objects.filter(pk=trial.pk, adoption="", state__in=FIELD_OVER)
    if not rows.update(adoption=adoption, statement=said, judged_at=now):
        trial.refresh_from_db(fields=["adoption"])
        raise Refused("field.judged", _JUDGED) if trial.adoption else Refused("field.not-over", _NOT_OVER)
    trial.adoption, trial.statement, trial.judged_at = adoption, said, now
    record("field-trial.judged", trial, after={"adoption": adoption, "because": said})
    publish(FieldTrialJudged(trial.pk))
    return trial


def ask_next(trial: FieldTrial) -> None:
    """See to it that the next batch runs when it may: one job a trial, however often this is asked."""
    enqueue(
        ASK, arguments={"trial": trial.pk}, key=f"field:{trial.pk}", share=f"field-{share_of(trial.round)}",
        run_at=trial.next_at, priority=-1,
    )  # fmt: skip


def _check_not_past(trial: FieldTrial) -> None:
    if trial.ends_at <= clock.now():
        raise Refused("field.past", _PAST)


def _check(plan: Plan) -> None:
    wrong = [{"field": field, **text.as_dict()} for field, text in _wrong(plan)]
    if wrong:
        sentence = Text(ko="현장 시험의 내용을 고쳐 주세요.", en="Correct the plan of the field trial.")
        raise Flawed("field.plan", sentence, errors=wrong)


def _wrong(plan: Plan) -> Iterator[tuple[str, Text]]:
    if not plan.service.ko.strip() or not plan.service.en.strip():
        yield "service_ko", _NAMES
    if not max(plan.starts_at, clock.now()) < plan.ends_at <= plan.starts_at + MOST_PERIOD:
        yield "ends_at", _PERIOD
    if (plan.file is None) is not bool(plan.address):
        yield "file", _ONE_SOURCE
    yield from ((field, _ADDRESS) for field in ("address", "answers_address") if _is_wrong(getattr(plan, field)))
    if not _FILE.fullmatch(plan.file_name) or plan.file_name == "ids.csv":
        yield "file_name", _FILE_NAME
    yield from _out_of_bounds(plan)
    if not plan.tolerance.is_finite() or not 0 <= plan.tolerance < 10**8 or _decimals(plan.tolerance) > 12:
        yield "tolerance", _TOLERANCE


def _out_of_bounds(plan: Plan) -> Iterator[tuple[str, Text]]:
    for field, (least, most) in _BOUNDS.items():
        value = getattr(plan, field)
        if value is not None and not least <= value <= most:
            yield field, _BOUND.format(least=least, most=most)


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _is_wrong(address: str) -> bool:
    """Whether it is none that Dure calls: without TLS only hosts of one's own network are."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return True
    is_known = parts.scheme == "https" or (parts.scheme == "http" and host in settings.PRIVATE_HOSTS)
    return bool(address) and not (host and is_known)


@contextmanager
def _requests(plan: Plan) -> Iterator[Upload | None]:
    """The plan's file as JSON lines, on the disk; None where an address tells the requests."""
    if plan.file is None:
        yield None
        return
    with tempfile.TemporaryFile() as lines:
        columns = answer_columns(plan.submission.entrant.task)
        for one in shadows_in(plan.file, name=plan.name, columns=columns):
            lines.write(one.line())
        lines.seek(0)
        with files.received(lines, most_bytes=MOST_SOURCE, name=plan.name) as upload:
            yield upload


def _tell_of(trial: FieldTrial, persons: set[Any], text: Text) -> None:
    path = f"/rounds/{trial.round_id}/field/{trial.pk}/"
    told = Text(ko=text.ko.format(service=trial.service_ko), en=text.en.format(service=trial.service_en))
    tell(persons, kind=NoticeKind.ANNOUNCEMENT, text=told, path=path)


def _told(trial: FieldTrial) -> dict[str, Any]:
    return {"state": trial.state, "submission": trial.submission_id, "service": trial.service_en,
            "ending": trial.ending}  # fmt: skip
