"""Setting up rounds and their tasks: a task's files are received first, then accepted in one transaction."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import PurePath
from tarfile import is_tarfile
from typing import IO
from zipfile import is_zipfile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.challenges import files
from dure.challenges.labels import Labels
from dure.challenges.measures import Measure, check_limits, check_measure, check_scorable
from dure.challenges.models import Code, Round, Task, Upload, Visibility
from dure.core import clock
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.people.models import Person
from dure.store.disk import too_large
from dure.store.transactions import durable

MIB = 1 << 20
MOST_LABELS = 256 * MIB
MOST_STARTER = 1024 * MIB
MOST_SCORER = MIB
_INPUTS = Text(
    ko="코드 입력 데이터를 열 수 없습니다. zip 파일로 묶어 올리세요.",
    en="The inputs for code cannot be opened. Pack them as a zip file.",
)


@dataclass(frozen=True)
class ReceivedTask:
    """A task's files and what was read from them, not accepted yet; ``uploads`` by the task's fields."""

    measure: Measure
    uploads: Mapping[str, Upload]
    rows: int
    most_bytes: int
    limits: Mapping[str, int]


@transaction.atomic
def open_round(
    title: Text,
    *,
    by: Person,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    zone: str = "Asia/Seoul",
    daily: int | None = None,
    total: int | None = None,
    sealed: bool = False,
    code: str = Code.NONE,
    board: str = Visibility.PUBLIC,
) -> Round:
    """A round without tasks; ``by`` organises it."""
    _check_window(opens_at, closes_at)
    _check_zone(zone)
    made = Round.objects.create(
        title_ko=title.ko, title_en=title.en, opens_at=opens_at, closes_at=closes_at, zone=zone, daily=daily,
        total=total, sealed=sealed, code=code, board=board,
    )  # fmt: skip
    made.organisers.add(by)
    record("round.opened", made, after={"title": title.as_dict(), **_window(made)})
    return made


@transaction.atomic
def set_window(round_: Round, *, opens_at: datetime | None, closes_at: datetime | None) -> Round:
    """Move a round's opening and close. A round whose close moves into the future hides final scores again."""
    _check_window(opens_at, closes_at)
    before = _window(round_)
    round_.opens_at, round_.closes_at = opens_at, closes_at
    round_.save(update_fields=["opens_at", "closes_at"])
    record("round.window", round_, before=before, after=_window(round_))
    return round_


def close_round(round_: Round) -> Round:
    """End a round now: nothing is taken any more, and final scores are shown."""
    return round_ if round_.is_over else set_window(round_, opens_at=None, closes_at=clock.now())


@transaction.atomic
def add_organiser(round_: Round, person: Person) -> None:
    """Let somebody else see to the round as well."""
    _, fresh = Round.organisers.through.objects.get_or_create(round=round_, person=person)
    if fresh:
        record("round.organiser", round_, after={"person": person.pk}, about=person)


@transaction.atomic
def remove_organiser(round_: Round, person: Person) -> None:
    """Let somebody see to the round no more; what they decided stays."""
    gone, _ = Round.organisers.through.objects.filter(round=round_, person=person).delete()
    if gone:
        record("round.organiser-left", round_, before={"person": person.pk}, about=person)


@transaction.atomic
def set_board(round_: Round, board: str) -> Round:
    """Show the boards to everybody, to entrants, or to organisers only."""
    before = {"board": round_.board}
    round_.board = Visibility(board)
    round_.save(update_fields=["board"])
    record("round.board", round_, before=before, after={"board": round_.board})
    return round_


def add_task(
    round_: Round,
    option: str = "",
    *,
    labels: IO[bytes],
    measure: Measure,
    starter: IO[bytes] | None = None,
    inputs: IO[bytes] | None = None,
    most_bytes: int = 32 * MIB,
    limits: Mapping[str, int] | None = None,
) -> Task:
    """Receive a task and accept it, for callers that hold no transaction. Raises as those two do."""
    with receive_task(
        sealed=round_.sealed, labels=labels, measure=measure, starter=starter, inputs=inputs, most_bytes=most_bytes,
        limits=limits,
    ) as received:  # fmt: skip
        return accept_task(round_, option, received=received)


@contextmanager
def receive_task(
    *,
    sealed: bool,
    labels: IO[bytes],
    measure: Measure,
    starter: IO[bytes] | None = None,
    inputs: IO[bytes] | None = None,
    most_bytes: int = 32 * MIB,
    limits: Mapping[str, int] | None = None,
) -> Iterator[ReceivedTask]:
    """Hold a task's files, to be accepted inside the block; what is not, is gone after it.

    ``labels``: the test set as CSV (id, labels and, where the round is ``sealed``, maybe ``part``: public or final).
    Raises TooLarge, Flawed for labels that are not in order, Refused where the metric is not defined on a part of
    them: a perfect submission is scored before anybody else's.
    """
    check_measure(measure)
    check_limits(limits or {})
    read = _read_labels(labels, measure, sealed=sealed)
    check_scorable(read, measure)
    told = BytesIO(read.dump(id_column=measure.id_column))
    sent = {
        "labels": (told, 2 * MOST_LABELS),
        "starter": (starter, MOST_STARTER),
        "inputs": (inputs, MOST_STARTER),
        "scorer": (measure.scorer, MOST_SCORER),
    }
    with ExitStack() as held:
        uploads = {
            key: held.enter_context(files.received(stream, most_bytes=most, name=_name(stream)))
            for key, (stream, most) in sent.items()
            if stream
        }
        if "inputs" in uploads:
            _check_inputs(uploads["inputs"])
        yield ReceivedTask(measure, uploads, len(read.ids), most_bytes, dict(limits or {}))


def _check_inputs(upload: Upload) -> None:
    """Raise Flawed for what no program could be given."""
    path = files.path_of(upload)
    if not (is_zipfile(path) or is_tarfile(path)):
        raise Flawed("challenges.inputs", _INPUTS, errors=[{"field": "inputs", **_INPUTS.as_dict()}])


def accept_task(round_: Round, option: str = "", *, received: ReceivedTask) -> Task:
    """Take what was received as the round's task under that option. Raises Refused where it has one already."""
    measure = received.measure
    try:
        with durable():
            Upload.objects.bulk_create(received.uploads.values())
            task = Task.objects.create(
                round=round_, option=option, metric=measure.metric, greater_is_better=measure.more_is_better,
                precision=measure.precision, id_column=measure.id_column, columns=measure.predicted,
                classes=list(measure.classes), rows=received.rows, most_bytes=received.most_bytes,
                limits=received.limits, **received.uploads,
            )  # fmt: skip
            record("round.task", task, after={"round": round_.pk, "option": option, "metric": task.metric})
    except IntegrityError:
        raise taken_twice(option) from None
    return task


def taken_twice(option: str) -> Refused:
    """The refusal of a second task under one option."""
    sentence = Text(ko="이 라운드에 ‘{option}’ 과제가 이미 있습니다.", en="The round has a task {option} already.")
    return Refused("challenges.task", sentence.format(option=option or "–"), option=option)


def _name(stream: IO[bytes]) -> str:
    """A file's own name, where it has one."""
    name = getattr(stream, "name", "")
    return PurePath(name).name if isinstance(name, str) else ""


def _read_labels(stream: IO[bytes], measure: Measure, *, sealed: bool) -> Labels:
    data = stream.read(MOST_LABELS + 1)
    if len(data) > MOST_LABELS:
        raise too_large(MOST_LABELS)
    split = measure.split if sealed else None
    return Labels.read(data, id_column=measure.id_column, columns=measure.label_columns, sort=measure.sort, split=split)


def _window(round_: Round) -> dict[str, datetime | None]:
    return {"opens_at": round_.opens_at, "closes_at": round_.closes_at}


def _check_window(opens_at: datetime | None, closes_at: datetime | None) -> None:
    if opens_at and closes_at and closes_at < opens_at:
        sentence = Text(ko="마감이 시작보다 빠릅니다.", en="The close comes before the opening.")
        raise Refused("challenges.window", sentence, opens_at=opens_at, closes_at=closes_at)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        sentence = Text(ko="‘{zone}’ 시간대를 알 수 없습니다.", en="Unknown time zone {zone}.").format(zone=zone)
        raise Refused("challenges.zone", sentence, zone=zone) from None
