"""Tasks that programs score, set up: their files are received first, then accepted in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import IO

from django.db import IntegrityError, transaction

from dure.audit.operations import record
from dure.challenges import files
from dure.challenges.columns import COMPUTATIONS, Column, Seen
from dure.challenges.measures import check_limits
from dure.challenges.models import Contract, Program, ProgramPart, Round, Task, Upload
from dure.challenges.models.programs import PROGRAM
from dure.challenges.operations.rounds import MIB, MOST_STARTER, taken_twice
from dure.compute.models import STANDARD, Environment
from dure.compute.queries import check_ready
from dure.core.errors import Flawed
from dure.core.text import Text
from dure.store.transactions import durable

MOST_DATA = 16 * MOST_STARTER
_MOST_PRECISION = 12


@dataclass(frozen=True)
class PartFiles:
    """The archives of one scoring; for evalai ``reference`` is one file, under its own name."""

    scoring_program: IO[bytes]
    reference: IO[bytes] | None = None
    ingestion_program: IO[bytes] | None = None
    input_data: IO[bytes] | None = None
    during_scoring: bool = False
    name: str = ""


@dataclass(frozen=True)
class Programs:
    """How a task is scored by programs. ``primary``: the key of the column that ranks."""

    contract: str
    parts: Sequence[PartFiles]
    columns: Sequence[Column]
    primary: str
    phase: str = ""
    image: str = ""
    environment: Environment | None = None
    limits: Mapping[str, int] = field(default_factory=dict)
    starter: IO[bytes] | None = None
    most_bytes: int = 256 * MIB
    shows_details: bool = False
    partial: bool = False

    @property
    def ranking(self) -> Column:
        return next(column for column in self.columns if column.key == self.primary)


@dataclass(frozen=True)
class ReceivedPrograms:
    """Programs whose files were received and are not accepted yet; ``parts`` by the fields of a part."""

    programs: Programs
    parts: Sequence[Mapping[str, Upload]]
    starter: Upload | None


@contextmanager
def receive_programs(programs: Programs) -> Iterator[ReceivedPrograms]:
    """Hold the files of a task that programs score, to be accepted inside the block; what is not, is gone after it.

    Raises Flawed where columns, limits or parts do not go together, Refused for an environment that is not ready,
    TooLarge.
    """
    _check(programs)
    check_ready(programs.environment)
    with ExitStack() as held:

        def hold(stream: IO[bytes] | None) -> Upload | None:
            if stream is None:
                return None
            name = PurePath(str(getattr(stream, "name", ""))).name
            return held.enter_context(files.received(stream, most_bytes=MOST_DATA, name=name))

        parts = []
        for part in programs.parts:
            taken = {name: hold(getattr(part, name)) for name in _FILES}
            parts.append({name: upload for name, upload in taken.items() if upload})
        yield ReceivedPrograms(programs, parts, hold(programs.starter))


def accept_programs(round_: Round, option: str = "", *, received: ReceivedPrograms) -> Task:
    """Take what was received as the round's task under that option. Raises Refused where it has one already."""
    programs = received.programs
    uploads = [upload for part in received.parts for upload in part.values()]
    try:
        with durable():
            Upload.objects.bulk_create([*uploads, *([received.starter] if received.starter else [])])
            task = Task.objects.create(
                round=round_, option=option, metric=PROGRAM, greater_is_better=not programs.ranking.ascending,
                precision=_MOST_PRECISION, most_bytes=programs.most_bytes, limits=dict(programs.limits),
                environment=programs.environment, starter=received.starter,
            )  # fmt: skip
            _add(task, received)
            told = {"round": round_.pk, "option": option, "metric": PROGRAM, "environment": str(task.environment or "")}
            record("round.task", task, after=told)
    except IntegrityError:
        raise taken_twice(option) from None
    return task


@transaction.atomic
def set_environment(task: Task, environment: Environment | None) -> Task:
    """Run the task's programs in ``environment`` (None: the standard one) from now on."""
    check_ready(environment)
    before = {"environment": str(task.environment or STANDARD)}
    task.environment = environment
    task.save(update_fields=["environment"])
    record("task.environment", task, before=before, after={"environment": str(environment or STANDARD)})
    return task


_FILES = ("scoring_program", "reference", "ingestion_program", "input_data")


def _add(task: Task, received: ReceivedPrograms) -> None:
    programs = received.programs
    program = Program.objects.create(
        task=task, contract=Contract(programs.contract), phase=programs.phase, image=programs.image,
        columns=[column.as_dict() for column in programs.columns], primary=programs.primary,
        shows_details=programs.shows_details, partial=programs.partial,
    )  # fmt: skip
    ProgramPart.objects.bulk_create(
        ProgramPart(program=program, number=number, name=part.name, during_scoring=part.during_scoring, **uploads)
        for number, (part, uploads) in enumerate(zip(programs.parts, received.parts, strict=True), 1)
    )


def _check(programs: Programs) -> None:
    check_limits(programs.limits)
    keys = [column.key for column in programs.columns]
    wrong: list[Text] = []
    if len(set(keys)) != len(keys):
        wrong.append(Text(ko="순위표의 열 이름이 겹칩니다.", en="A column of the board is named twice."))
    if programs.primary not in keys:
        wrong.append(Text(ko="순위를 정하는 열이 없습니다.", en="The column that ranks is missing."))
    elif programs.ranking.seen is not Seen.PUBLIC:
        wrong.append(
            Text(
                ko="순위를 정하는 열은 순위표를 보는 모두에게 보여야 합니다. 점수를 숨기려면 순위표를 비공개로 하세요.",
                en="The column that ranks is seen by all who see the board. To hide scores, hide the board.",
            )
        )
    if any(column.computation and column.computation not in COMPUTATIONS for column in programs.columns):
        names = ", ".join(COMPUTATIONS)
        wrong.append(Text(ko=f"계산 방법은 다음 중 하나입니다: {names}", en=f"A column is computed by one of: {names}"))
    if not programs.parts or (programs.contract == Contract.EVALAI and len(programs.parts) > 1):
        wrong.append(Text(ko="채점 프로그램이 하나 있어야 합니다.", en="There must be one scoring program."))
    if wrong:
        raise Flawed("challenges.programs", wrong[0], errors=[text.as_dict() for text in wrong])
