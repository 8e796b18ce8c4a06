"""Proposing to score a task otherwise: the new version's files are received first, then kept beside the old ones."""

import csv
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO, StringIO
from pathlib import PurePath
from typing import IO, Any

from django.db import IntegrityError
from django.db.models import Max

from dure.audit.operations import record
from dure.challenges import files
from dure.challenges.columns import Column
from dure.challenges.labels import PART, Labels
from dure.challenges.measures import Measure, check_limits
from dure.challenges.metrics import OWN
from dure.challenges.models import Proposal, Task, TaskVersion, Upload, VersionPart
from dure.challenges.models.programs import PROGRAM
from dure.challenges.operations.programs import MOST_DATA
from dure.challenges.operations.rounds import MOST_LABELS, receive_task
from dure.challenges.rules import organises
from dure.challenges.versions import Scoring, scoring_in, scoring_of
from dure.compute.models import Environment
from dure.compute.queries import check_ready
from dure.core.errors import Flawed, Forbidden, Refused
from dure.core.text import Text
from dure.jobs.operations import enqueue
from dure.people.models import Person
from dure.store.transactions import durable

COLLECT = "challenges.collect"
MOST_WHY = 400
_NOT_YOURS = Text(ko="이 라운드의 주최자만 할 수 있습니다.", en="Only the organisers of the round may do this.")
_NO_WHY = Text(
    ko="왜 다시 채점하는지 {most}자 이내로 쓰세요.", en="Say in at most {most} letters why it is to be judged again."
)
_SAME = Text(
    ko="지금 채점 방식과 다른 점이 없습니다. 바꿀 것을 올리거나 고르세요.",
    en="Nothing differs from how it is scored now. Send or choose what is to change.",
)
_ANOTHER = Text(
    ko="이 과제에는 진행 중인 재채점 제안이 있습니다. 적용하거나 버린 뒤 다시 제안하세요.",
    en="Another proposal for this task is open. Apply or discard it first.",
)


@dataclass(frozen=True)
class Wanted:
    """What is to change; what is left out stays.

    ``measure``: for a task that the platform scores, with its scorer where the metric is ``own``. ``parts``: for one
    that programs score, files by the part's number and field. ``environment`` counts where ``moves`` is true: None is
    the standard one.
    """

    labels: IO[bytes] | None = None
    inputs: IO[bytes] | None = None
    measure: Measure | None = None
    parts: Mapping[int, Mapping[str, IO[bytes]]] | None = None
    primary: str = ""
    limits: Mapping[str, int] | None = None
    moves: bool = False
    environment: Environment | None = None


@dataclass(frozen=True)
class ReceivedVersion:
    """A version whose files were received and are not accepted yet."""

    task: Task
    by: Person
    scoring: Scoring
    uploads: tuple[Upload, ...]


def propose(task: Task, wanted: Wanted, *, by: Person, why: str) -> Proposal:
    """Receive a version and accept it, for callers that hold no transaction. Raises as those two do."""
    with receive_version(task, wanted, by=by) as received:
        return accept_version(received, why=why)


@contextmanager
def receive_version(task: Task, wanted: Wanted, *, by: Person) -> Iterator[ReceivedVersion]:
    """Hold the files of another way to score the task, to be accepted inside the block.

    Raises Forbidden for others than its organisers, and as setting up such a task does: Flawed, Refused, TooLarge.
    """
    check_organises(by, task)
    check_limits(wanted.limits or {})
    check_ready(wanted.environment)
    task = Task.objects.select_related("round", "labels", "inputs", "scorer", "environment").get(pk=task.pk)
    scoring = scoring_of(task)
    if wanted.limits is not None:
        scoring = scoring.but(limits=dict(wanted.limits))
    if wanted.moves:
        scoring = scoring.but(environment=wanted.environment)
    with ExitStack() as held:
        receive = _programs if task.metric == PROGRAM else _measured
        scoring, uploads = receive(task, scoring, wanted, held)
        yield ReceivedVersion(task, by, scoring, tuple(uploads))


def accept_version(received: ReceivedVersion, *, why: str) -> Proposal:
    """Keep what was received as a version, and begin to judge by it. Nothing of the live task changes.

    Raises Flawed without a reason, Refused("rejudging.same", "rejudging.open").
    """
    with durable():
        Upload.objects.bulk_create(received.uploads)
        return _proposed(received.task, received.scoring, by=received.by, why=why)


def propose_version(version: TaskVersion, *, by: Person, why: str) -> Proposal:
    """Propose a version that was kept: how an applied one is undone. Raises as ``accept_version``, Forbidden."""
    check_organises(by, version.task)
    with durable():
        return _proposed(version.task, scoring_in(version), by=by, why=why)


def check_organises(by: Person, task: Task) -> None:
    if not organises(by, task.round):
        raise Forbidden("challenges.not-organiser", _NOT_YOURS)


def _proposed(task: Task, scoring: Scoring, *, by: Person, why: str) -> Proposal:
    if not why.strip() or len(why) > MOST_WHY:
        raise Flawed("rejudging.why", _NO_WHY.format(most=MOST_WHY), errors=[])
    Task.objects.select_for_update().get(pk=task.pk)
    live = scoring_of(task)
    if scoring == live:
        raise Refused("rejudging.same", _SAME)
    before, after = _version(task, live), _version(task, scoring)
    try:
        proposal = Proposal.objects.create(task=task, before=before, after=after, why=why.strip(), by=by)
    except IntegrityError:
        raise Refused("rejudging.open", _ANOTHER) from None
    collect_soon(proposal)
    told = {"why": proposal.why, "version": after.number, **scoring.summary()}
    record("rejudging.proposed", proposal, before={"version": before.number, **live.summary()}, after=told)
    return proposal


def collect_soon(proposal: Proposal) -> None:
    enqueue(COLLECT, arguments={"proposal": proposal.pk}, key=f"{COLLECT}:{proposal.pk}")


def _version(task: Task, scoring: Scoring) -> TaskVersion:
    """The version that scores so: a kept one, else a new one."""
    for kept in task.versions.order_by("-number"):
        if scoring_in(kept) == scoring:
            return kept
    last = task.versions.aggregate(last=Max("number"))["last"] or 0
    made = TaskVersion.objects.create(task=task, number=last + 1, program=scoring.program, **scoring.task)
    VersionPart.objects.bulk_create(VersionPart(version=made, **part) for part in scoring.parts)
    return made


def _measured(task: Task, scoring: Scoring, wanted: Wanted, held: ExitStack) -> tuple[Scoring, list[Upload]]:
    """Everything is checked as for a new task, also where only one thing changes."""
    if not (wanted.measure or wanted.labels or wanted.inputs):
        return scoring, []
    measure = _measure(task, wanted)
    sent = _with_parts(task, wanted.labels, measure.id_column) if wanted.labels else _labels_again(task)
    received = held.enter_context(
        receive_task(
            sealed=task.round.sealed, labels=sent, measure=measure, inputs=wanted.inputs, most_bytes=task.most_bytes
        )
    )
    uploads: dict[str, Upload | None] = {
        name: _kept_if_same(getattr(task, name), fresh) for name, fresh in received.uploads.items()
    }
    if measure.metric != OWN:
        uploads["scorer"] = None
    changed = scoring.but(
        metric=measure.metric, greater_is_better=measure.more_is_better, precision=measure.precision,
        id_column=measure.id_column, columns=list(measure.predicted), classes=list(measure.classes),
        rows=received.rows, **uploads,
    )  # fmt: skip
    return changed, [one for name, one in received.uploads.items() if uploads[name] is one]


def _kept_if_same(old: Upload | None, fresh: Upload) -> Upload:
    return old if old is not None and old.sha256 == fresh.sha256 else fresh


def _measure(task: Task, wanted: Wanted) -> Measure:
    """The measure that is asked for, or the task's own again."""
    measure = wanted.measure or Measure(
        metric=task.metric, id_column=task.id_column, label_columns=_kept(task).columns, columns=task.columns,
        classes=task.classes, greater_is_better=task.greater_is_better, precision=task.precision,
    )  # fmt: skip
    if wanted.labels is None:
        measure = replace(measure, label_columns=_kept(task).columns, id_column=task.id_column)
    if measure.metric == OWN and measure.scorer is None and task.scorer:
        measure = replace(measure, scorer=BytesIO(files.read(task.scorer)))
    return measure


def _kept(task: Task) -> Labels:
    if task.labels is None:
        raise AssertionError("a task that the platform scores has labels")
    return Labels.kept(files.read(task.labels))


def _labels_again(task: Task) -> IO[bytes]:
    """The labels in force, as their organiser would send them."""
    header, *rows = csv.reader(StringIO(_kept(task).dump(id_column=task.id_column).decode(), newline=""))
    ends = None if task.round.sealed else -1  # what is not sealed has no parts
    return BytesIO(_csv([row[:ends] for row in (header, *rows)]))


def _with_parts(task: Task, sent: IO[bytes], id_column: str) -> IO[bytes]:
    """New labels of the same rows are cut as the old ones were: who saw a row in public does not meet it in the end.

    What cannot be read is left to the reader of labels, who says why.
    """
    data = sent.read(MOST_LABELS + 1)
    if not task.round.sealed:
        return BytesIO(data)
    kept = _kept(task)
    parts = dict(zip(kept.ids, kept.parts, strict=True))
    try:
        header, *rows = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))
        at = header.index(id_column)
        same = PART not in header and {row[at] for row in rows} == set(parts)
    except (ValueError, IndexError, csv.Error):
        same = False
    return BytesIO(_csv([[*header, PART], *([*row, parts[row[at]]] for row in rows)]) if same else data)


def _csv(rows: list[list[str]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _programs(_task: Task, scoring: Scoring, wanted: Wanted, held: ExitStack) -> tuple[Scoring, list[Upload]]:
    """Single files of parts are replaced; columns stay, another of them may rank."""
    fresh: list[Upload] = []
    parts: list[dict[str, Any]] = [dict(part) for part in scoring.parts]
    for part in parts:
        for name, stream in (wanted.parts or {}).get(part["number"], {}).items():
            called = PurePath(str(getattr(stream, "name", ""))).name
            received = held.enter_context(files.received(stream, most_bytes=MOST_DATA, name=called))
            part[name] = _kept_if_same(part[name], received)
            fresh += [received] if part[name] is received else []
    changed = replace(scoring, parts=tuple(parts))
    if wanted.primary:
        changed = _ranked_by(changed, wanted.primary)
    return changed, fresh


def _ranked_by(scoring: Scoring, key: str) -> Scoring:
    program = dict(scoring.program or {})
    column = next((one for one in program["columns"] if one["key"] == key), None)
    if column is None:
        raise Flawed("challenges.programs", Text(ko="순위표에 없는 열입니다.", en="The board has no such column."))
    better = not Column.of(column).ascending
    return replace(scoring.but(greater_is_better=better), program={**program, "primary": key})
