"""Code submissions: the participant's program predicts in one box, the organiser's scorer scores in another.

Labels enter the second box only, and nothing but the files of predictions goes from the first to the second. What a
participant may read is the first box's log; of the second box only the scores leave.
"""

import json
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from pathlib import Path

from dure.compute.archives import unpack
from dure.compute.box import KIB, MIB, Author, Box, Limits, Packages, Ran, Runner, Usage, Verdict
from dure.compute.runners import LocalRunner
from dure.compute.workspaces import workspace
from dure.core.errors import Flawed, Unready
from dure.core.text import Text

SCORES = "scores.json"
_MOST_SCORES_BYTES = 64 * KIB
_MOST_SCORE = Decimal(10) ** 15
_STEP = Decimal("1e-12")
_EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)


class Part(StrEnum):
    """The two boxes of a code submission."""

    PREDICTION = "prediction"
    SCORING = "scoring"


@dataclass(frozen=True)
class Scored:
    """``score`` and the scorer's further numbers, rounded half to even at 12 decimals; ``log`` is the participant's."""

    score: Decimal
    details: Mapping[str, Decimal]
    log: str = ""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True)
class Unscored:
    """Which part ended how; ``text`` and ``log`` are for the participant, ``organiser_log`` never is."""

    part: Part
    verdict: Verdict
    text: Text
    log: str = ""
    organiser_log: str = ""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True)
class Predicted:
    """The first box ended well; its predictions lie in the folder that was given."""

    files: tuple[str, ...]
    log: str
    usage: Usage


def run_code_submission(
    archive: Path,
    *,
    command: str,
    public_inputs: Path,
    labels: Path,
    scorer: Path,
    limits: Limits,
    scoring_limits: Limits | None = None,
    runner: Runner | None = None,
) -> Scored | Unscored:
    """Predict and score a submission in two boxes.

    Raises Flawed for the archive or the command, Unready where participants' code is not run here or a box never
    started: then nothing was judged and the attempt is given back.
    """
    with _folders("predictions") as (predictions,):
        predicted = predict(
            archive, command=command, public_inputs=public_inputs, limits=limits, into=predictions, runner=runner
        )
        if isinstance(predicted, Unscored):
            return predicted
        scored = score(predictions, labels=labels, scorer=scorer, limits=scoring_limits or limits, runner=runner)
    return replace(scored, log=predicted.log, usage=predicted.usage)


def predict(
    archive: Path,
    *,
    command: str,
    public_inputs: Path,
    limits: Limits,
    into: Path,
    runner: Runner | None = None,
    packages: Packages | None = None,
    variables: Mapping[str, str] | None = None,
) -> Predicted | Unscored:
    """The first box: ``command`` starts in the unpacked code, reads ``$BOX/data`` and writes ``$BOX/output``.

    ``into`` (an empty folder) receives the predictions; ``packages`` is the locked environment, ``variables`` stand in
    the program's own. Raises as ``run_code_submission`` does.
    """
    with _folders("code") as (code,):
        unpack(archive, code)
        box = Box(
            _words(command), {"code": code, "data": public_inputs}, variables or {}, limits, "code", packages=packages
        )
        ran = started((runner or LocalRunner()).run(box, into=into, author=Author.PARTICIPANT))
    log = log_of(ran)
    if ran.verdict is Verdict.OK and ran.files:
        return Predicted(ran.files, log, ran.usage)
    verdict = Verdict.NO_PREDICTIONS if ran.verdict is Verdict.OK else ran.verdict
    return Unscored(Part.PREDICTION, verdict, why(verdict, ran, limits), log=log, usage=ran.usage)


def score(
    predictions: Path, *, labels: Path, scorer: Path, limits: Limits, runner: Runner | None = None
) -> Scored | Unscored:
    """The second box: the organiser's ``scorer``, a Python file, reads ``$BOX/labels`` and ``$BOX/predictions``.

    It writes ``$BOX/output/scores.json``: an object with the number ``score`` and, if it likes, further numbers.
    Nothing else of it reaches a participant, so neither ``log`` nor ``usage`` is set.
    """
    mounts = {"labels": labels, "predictions": predictions, "scorer": scorer}
    with _folders("scores") as (scores,):
        box = Box(("python3", "scorer"), mounts, limits=limits)
        ran = started((runner or LocalRunner()).run(box, into=scores, author=Author.HOUSE))
        size = _size(scores / SCORES) if ran.verdict is Verdict.OK else 0
        numbers = _numbers(scores / SCORES) if 0 < size <= _MOST_SCORES_BYTES else {}
    if "score" in numbers:
        return Scored(numbers.pop("score"), numbers)
    verdict = Verdict.NO_SCORE if ran.verdict is Verdict.OK else ran.verdict
    if size > _MOST_SCORES_BYTES:
        large = _LARGE.format(name=SCORES, size=f"{size:,}", most=f"{_MOST_SCORES_BYTES:,}")
        return Unscored(Part.SCORING, verdict, large, organiser_log=f"{large.en}\n{log_of(ran)}")
    return Unscored(Part.SCORING, verdict, _NOT_SCORED, organiser_log=log_of(ran))


@contextmanager
def _folders(*names: str) -> Iterator[tuple[Path, ...]]:
    """Empty folders that the box's user may read; gone afterwards."""
    with workspace("code") as root:
        folders = tuple(root / name for name in names)
        for folder in folders:
            folder.mkdir()
            folder.chmod(0o755)
        yield folders


def _words(command: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command))
    except ValueError:
        words = ()
    if not words or "\0" in command:
        sentence = Text(
            ko="실행 명령을 읽을 수 없습니다. `python3 main.py`처럼 한 줄로 적어 주세요.",
            en="The run command cannot be read. Write one line such as `python3 main.py`.",
        )
        raise Flawed("compute.command", sentence, errors=[command])
    return words


def started(ran: Ran) -> Ran:
    """The same; raises Unready where the box never started, for then nobody is judged."""
    if ran.verdict is Verdict.NEVER_STARTED:
        sentence = Text(
            ko="서버 문제로 실행을 시작하지 못했습니다. 제출 횟수는 차감되지 않습니다. 잠시 후 다시 시도하세요.",
            en="The server could not start the run. The attempt does not count. Try again in a while.",
        )
        raise Unready("compute.never_started", sentence, fault=ran.fault)
    return ran


def log_of(ran: Ran) -> str:
    """What was printed, and what of the output stayed behind."""
    left = "".join(f"(not collected) {line}\n" for line in ran.left_out)
    return "\n".join(part for part in (ran.stdout, ran.stderr, left) if part)


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def _numbers(file: Path) -> dict[str, Decimal]:
    """The numbers of a scores file; nothing where it is no JSON object of finite numbers of sane size."""
    try:
        told = json.loads(file.read_bytes(), parse_float=Decimal, parse_int=Decimal)
        return {str(name): _EXACT.quantize(value, _STEP) for name, value in told.items() if _is_score(value)}
    except (OSError, ValueError, ArithmeticError, AttributeError, RecursionError):
        return {}


def _is_score(value: object) -> bool:
    """JSON's NaN and Infinity come as floats, so they are none."""
    return isinstance(value, Decimal) and value.is_finite() and abs(value) <= _MOST_SCORE


def why(verdict: Verdict, ran: Ran, limits: Limits) -> Text:
    """The sentence for somebody whose program ended so."""
    return _WHY[verdict].format(
        code=ran.exit_code,
        memory=limits.memory_bytes // MIB,
        processes=limits.processes,
        cpu=limits.cpu_seconds,
        wall=limits.wall_seconds,
        output=limits.output_bytes // MIB,
        files=limits.output_files,
    )


_NOT_SCORED = Text(
    ko="예측 파일을 채점하지 못했습니다. 파일 형식이 안내와 같은지 확인하고, 같다면 주최자에게 문의하세요.",
    en="The predictions could not be scored. Check their format against the instructions; "
    "if it is right, ask the organiser.",
)
_LARGE = Text(
    ko="주최자의 채점 프로그램이 쓴 {name} 파일이 {size}바이트로 한도 {most}바이트를 넘어 읽지 않았습니다. "
    "점수만 쓰도록 주최자에게 알려 주세요.",
    en="The organiser's scorer wrote {name} with {size} bytes, more than the {most} that are read. "
    "Tell the organiser: it should hold the scores only.",
)
_WHY = {
    Verdict.EXIT: Text(
        ko="프로그램이 오류(종료 코드 {code})로 끝났습니다. 아래 기록에서 원인을 확인하세요.",
        en="Your program ended with an error (exit code {code}). The log below says why.",
    ),
    Verdict.MEMORY: Text(
        ko="메모리 한도 {memory}MiB를 넘어 중단되었습니다. 한 번에 읽는 양을 줄이세요(임시 파일도 메모리입니다).",
        en="It was stopped at the memory limit of {memory} MiB. Read less at once (temporary files count).",
    ),
    Verdict.PROCESSES: Text(
        ko="프로세스와 스레드 한도 {processes}개를 넘었습니다. 동시에 실행하는 수를 줄이세요.",
        en="It needed more than the {processes} processes and threads allowed. Run fewer at once.",
    ),
    Verdict.CPU: Text(
        ko="CPU 시간 한도 {cpu}초를 넘어 중단되었습니다. 모든 프로세스의 시간을 더한 값입니다. 계산량을 줄이세요.",
        en="It was stopped at {cpu} seconds of CPU time, counted over all its processes. Compute less.",
    ),
    Verdict.TIME: Text(
        ko="실행 시간 한도 {wall}초를 넘어 중단되었습니다. 더 빨리 끝나게 고쳐 주세요.",
        en="It was stopped after {wall} seconds. Make it finish sooner.",
    ),
    Verdict.OUTPUT: Text(
        ko="출력이 한도({output}MiB, 파일 {files}개)를 넘었습니다. 예측 파일만 남기세요.",
        en="It wrote more than {output} MiB or {files} files. Leave only the predictions.",
    ),
    Verdict.LOG: Text(
        ko="화면 출력이 너무 많아 중단되었습니다. 출력문을 줄이세요.",
        en="It was stopped for printing too much. Print less.",
    ),
    Verdict.STOPPED: Text(
        ko="함께 실행되던 프로그램이 오류로 끝나 중단되었습니다.",
        en="It was stopped because the program beside it failed.",
    ),
    Verdict.NO_PREDICTIONS: Text(
        ko="예측 파일이 없습니다. 프로그램이 $BOX/output 폴더에 파일을 쓰는지 확인하세요.",
        en="There are no predictions. Check that your program writes files to $BOX/output.",
    ),
}
