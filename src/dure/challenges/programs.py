"""Score a submission by its task's own programs: fetch the files, run each part, read the columns. Writes no row."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from math import isfinite
from pathlib import Path

from dure.challenges import contracts, files
from dure.challenges.columns import Column, Seen, complete
from dure.challenges.models import (
    Code,
    Contract,
    Program,
    ProgramPart,
    Submission,
    SubmissionState,
    Task,
    TrialRun,
    TrialState,
    Upload,
)
from dure.challenges.outcomes import Broken, Faulty, HowRun, Measured, Outcome, storable
from dure.challenges.ranks import rounded
from dure.compute.archives import unpack
from dure.compute.box import Limits
from dure.compute.queries import digest_of
from dure.compute.workspaces import workspace
from dure.core.errors import Flawed
from dure.core.text import Text

MOST_DETAILS = 8 << 20
_SEEDS = 1 << 31
_NO_PRIMARY = Text(
    ko="채점 프로그램이 순위를 정하는 ‘{column}’ 점수를 내지 않았습니다. "
    "제출 횟수는 차감되지 않으며 주최자가 확인합니다.",
    en="The scoring program gave no {column}, the score that ranks. The attempt does not count, "
    "and the organiser will look into it.",
)
_UNREADABLE = Text(
    ko="채점 프로그램이 이 제출을 처리하지 못했습니다. 다른 제출은 정상적으로 채점되었으므로 제출 횟수가 차감됩니다. "
    "파일 형식이 안내된 것과 같은지 확인하세요.",
    en="The scoring program could not make anything of this submission. It has scored others, so the attempt counts. "
    "Check that your file has the format that is described.",
)
_PART = Text(
    ko="{parts}만 채점되었습니다. 순위를 정하는 ‘{column}’ 점수가 없어 순위표에는 오르지 않으며 "
    "제출 횟수는 차감됩니다.",
    en="Only {parts} was scored. Without {column}, the score that ranks, the attempt stands on no board; it counts.",
)
_WITHOUT = Text(ko="채점되지 않은 부분: {parts}", en="Not scored: {parts}")


def outcome_of(submission: Submission) -> Outcome:
    """What the programs say of it. Raises what the platform does wrong, Unready where no box can start here."""
    with workspace("programs") as folder:
        return _Scoring(submission, folder).outcome()


def seed_of(submission: Submission) -> int:
    """What its code is seeded with: the one that it had before, so that it runs the same again, else out of its id."""
    return int(submission.pk) % _SEEDS if submission.seed is None else submission.seed


def keys_of(columns: Iterable[Column]) -> Mapping[str, Sequence[str]]:
    """EvalAI's splits with their labels, as the columns name them: ``SPLIT.LABEL``."""
    found: dict[str, list[str]] = {}
    for column in columns:
        split, _, label = column.key.partition(".")
        found.setdefault(split, []).append(label)
    return found


def has_scored(task: Task) -> bool:
    """Whether its programs have scored anything: somebody's attempt, or a trial of the organisers'."""
    attempts = Submission.objects.filter(entrant__task=task, state=SubmissionState.SCORED)
    return attempts.exists() or TrialRun.objects.filter(task=task, state=TrialState.SCORED).exists()


class _Scoring:
    """One submission on its way; ``folder`` is its own and goes away afterwards."""

    def __init__(self, submission: Submission, folder: Path) -> None:
        self.submission, self.folder = submission, folder
        self.task = submission.entrant.task
        self.program: Program = self.task.program
        self.parts = self.program.laid_parts
        self.seed = seed_of(submission)
        self.seconds: Decimal | None = None
        self.logs: list[str] = []
        self.page: Path | None = None

    def outcome(self) -> Outcome:
        try:
            handed_in = self._handed_in()
        except Flawed as flawed:
            return Broken(flawed.text)
        said: dict[str, Decimal] = {}
        for part in self.parts:
            found = self._judge(part, handed_in)
            if isinstance(found, contracts.Stopped):
                return self._stopped(found)
            prefix = f"{part.number}." if len(self.parts) > 1 else ""
            said |= {f"{prefix}{key}": value for key, value in found.values.items()}
        return self._measured(complete(said, self.program.board_columns))

    def _handed_in(self) -> Path:
        """What was handed in, unpacked; for an ``evaluate`` it is one file under its own name."""
        upload, folder = self.submission.upload, _new(self.folder / "submission")
        if self.program.contract == Contract.EVALAI:
            _copy(upload, folder)
        else:
            files.read(upload)  # damaged archives are our fault, not the entrant's
            unpack(files.path_of(upload), folder)
        return folder

    def _judge(self, part: ProgramPart, handed_in: Path) -> contracts.Judged | contracts.Stopped:
        rules = contracts.Rules(
            limits=Limits(**self.task.limits),
            packages=self.task.environment.mounted if self.task.environment else None,
            seed=self.seed,
            takes_code=self.task.round.code != Code.NONE,
        )
        found = contracts.judge(
            part_of(part, self.program), handed_in, rules=rules, work=_new(self.folder / str(part.number))
        )
        self.logs.append(found.log)
        if isinstance(found, contracts.Judged):
            self.page = self.page or found.details
            self.seconds = _plus(self.seconds, found.seconds)
        return found

    def _stopped(self, found: contracts.Stopped) -> Outcome:
        if found.raised and has_scored(self.task):
            cause = contracts.after(found.known, _UNREADABLE)
            return Broken(cause, log=self._log(), organiser_log=storable(found.organiser_log))
        if found.by_scorer:
            return Faulty(found.cause, self._log(), storable(found.organiser_log))
        return Broken(found.cause, log=self._log())

    def _measured(self, values: Mapping[str, Decimal]) -> Outcome:
        primary = values.get(self.program.primary)
        if primary is None and values and self.program.partial:
            parts = ", ".join(split for split in self._splits() if split not in self._missing(values))
            return Broken(_PART.format(parts=parts, column=self.program.primary), log=self._log())
        if primary is None or not isfinite(primary):
            return Faulty(_NO_PRIMARY.format(column=self.program.primary), self._log())
        score = rounded(primary, self.task.precision)
        missing = self._missing(values)
        notes = [_WITHOUT.format(parts=", ".join(missing))] if missing else []
        return Measured(score, None, notes, self._log(), values, _kept(self.page), self._how())

    def _splits(self) -> Mapping[str, Sequence[str]]:
        """The parts that an ``evaluate`` measures and entrants know of; commands say what they like."""
        known = (column for column in self.program.board_columns if column.seen is not Seen.ORGANISERS)
        return keys_of(known) if self.program.contract == Contract.EVALAI else {}

    def _missing(self, values: Mapping[str, Decimal]) -> list[str]:
        """Parts of which nothing was said."""
        return [
            split for split, labels in self._splits().items() if not any(f"{split}.{one}" in values for one in labels)
        ]

    def _how(self) -> HowRun:
        if self.seconds is None:
            return HowRun()
        environment, upload = self.task.environment, self.submission.upload
        return HowRun(upload.sha256, _sha256_of(self.parts), digest_of(environment), self.seed, self.seconds)

    def _log(self) -> str:
        return storable("\n".join(log for log in self.logs if log))


def part_of(part: ProgramPart, program: Program) -> contracts.Part:
    """The part with its files on this machine."""
    evalai = program.contract == Contract.EVALAI
    return contracts.Part(
        scoring_program=files.unpacked(part.scoring_program),
        reference=_reference(part.reference, evalai=evalai),
        ingestion_program=files.unpacked(part.ingestion_program) if part.ingestion_program else None,
        input_data=files.unpacked(part.input_data) if part.input_data else None,
        during_scoring=part.during_scoring,
        labels=keys_of(program.board_columns) if evalai else None,
        phase=program.phase,
    )


def _reference(upload: Upload | None, *, evalai: bool) -> Path | None:
    if upload is None:
        return None
    return files.beside_its_name(upload) if evalai else files.unpacked(upload)


def _kept(page: Path | None) -> Upload | None:
    """A page that the scorer wrote, on the disk under a row that is not saved yet; none that is absurdly large."""
    if page is None or page.stat().st_size > MOST_DETAILS:
        return None
    with page.open("rb") as opened:
        return files.store(opened, most_bytes=MOST_DETAILS, name="detailed_results.html")


def _sha256_of(parts: Sequence[ProgramPart]) -> str:
    read = [getattr(part, name) for part in parts for name in ("ingestion_program", "input_data")]
    return sha256(" ".join(upload.sha256 for upload in read if upload).encode()).hexdigest()


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one + (other or 0)


def _new(folder: Path) -> Path:
    folder.mkdir()
    folder.chmod(0o755)
    return folder


def _copy(upload: Upload, folder: Path) -> None:
    file = folder / files.plain_name(upload)
    file.write_bytes(files.read(upload))
    file.chmod(0o644)
