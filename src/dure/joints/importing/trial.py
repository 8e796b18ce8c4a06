"""Try a bundle out before anything is made of it: each included solution is run and scored in the sandbox."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from dure.bundles import Read
from dure.bundles.findings import Defect, Place
from dure.bundles.model import Competition, Phase, Solution, TaskBundle
from dure.bundles.opening import Bundle
from dure.bundles.programs import Program
from dure.challenges import contracts
from dure.challenges.columns import complete
from dure.compute.box import Author
from dure.compute.models import Environment
from dure.compute.queries import offer, rule_for
from dure.compute.runners import check_runs
from dure.core.errors import Refused, Unready
from dure.core.text import Text
from dure.joints.importing.findings import found
from dure.joints.importing.settings import box_limits, part_of, scored, tasks_of


@dataclass(frozen=True)
class Trial:
    """All that was found. ``values``: by task and solution what the scoring program said, as exact numbers.

    ``image`` is the docker image that its programs ask for, ``environment`` what stands for it here.
    """

    findings: tuple[Defect, ...]
    environment: Environment | None = None
    values: Mapping[tuple[str, str], Mapping[str, Decimal]] = field(default_factory=dict)
    title: str = ""
    image: str = ""

    @property
    def stops(self) -> bool:
        return any(one.stops for one in self.findings)


def try_out(read: Read, *, work: Path, environment: Environment | None = None, chosen: bool = False) -> Trial:
    """Judge a bundle that was read by what there is here. ``work``: an empty folder.

    ``chosen``: ``environment`` was named for it (None is the standard one); else its image decides.
    """
    if read.competition is None or read.bundle is None:
        return Trial(read.findings)
    trial = _Trying(read.competition, read.bundle, work)
    found_first = [*read.findings, *trial.surroundings(read.programs or {}, environment, chosen=chosen)]
    if not any(one.stops for one in found_first):
        found_first += trial.runs()
    return Trial(
        tuple(dict.fromkeys(found_first)), trial.environment, trial.values, title=read.competition.title,
        image=read.competition.docker_image,
    )  # fmt: skip


class _Trying:
    def __init__(self, competition: Competition, bundle: Bundle, work: Path) -> None:
        self._competition, self._bundle, self._work = competition, bundle, work
        self._copies: dict[Path, Path] = {}
        self.environment: Environment | None = None
        self.values: dict[tuple[str, str], Mapping[str, Decimal]] = {}

    def surroundings(
        self, programs: Mapping[str, Program], environment: Environment | None, *, chosen: bool
    ) -> Iterator[Defect]:
        """Whether an environment stands for its image, and has what its programs import."""
        image = self._competition.docker_image
        place = self._competition.at("docker_image")
        rule = None if chosen or not image else rule_for(image)
        if image and rule is None and not chosen:
            yield found("environment.none", place, image=image)
            return
        self.environment = rule.environment if rule else environment
        there = offer(self.environment)
        if not there.is_ready:
            yield found("environment.unready", place, name=there.name)
            return
        for path, program in programs.items():
            code = "environment.brought" if self._may_be_brought(path) else "environment.module"
            for module in sorted(program.imports.keys() - program.optional - there.modules):
                yield found(code, program.imports[module], module=module, name=there.name)

    def _may_be_brought(self, path: str) -> bool:
        """Whether the program runs submissions, and no solution tells what those bring."""
        ingests = {task.index for task in self._competition.tasks if task.ingestion_program == path}
        return bool(ingests) and not any(ingests & set(one.tasks) for one in self._competition.solutions if one.path)

    def runs(self) -> Iterator[Defect]:
        """Each task with each of its solutions, under the limits of the first phase that has it."""
        try:
            check_runs(Author.PARTICIPANT)
        except Refused as refusal:
            yield found("trial.unready", Place(), why=refusal.text)
            return
        for task in self._competition.tasks:
            phase = next((one for one in self._competition.phases if task.index in one.tasks), None)
            solutions = [one for one in self._competition.solutions if task.index in one.tasks and one.path]
            if not solutions:
                yield found("trial.none", task.place, task=task.name)
            for solution in solutions if phase else ():
                yield from self._run(phase, task, solution) if phase else ()

    def _run(self, phase: Phase, task: TaskBundle, solution: Solution) -> Iterator[Defect]:
        work = self._new(f"run-{task.index}-{solution.index}")
        part = part_of(self._competition, phase, task, self._bundle)
        ready = contracts.Part(**{**vars(part), **{name: self._copy(getattr(part, name)) for name in _FOLDERS}})
        rules = contracts.Rules(box_limits(phase), self.environment.mounted if self.environment else None)
        submission = self._copy(self._bundle.folder(solution.path))
        try:
            ended = contracts.judge(ready, submission or work, rules=rules, work=work)
        except Unready as refusal:
            yield found("trial.unready", solution.place, why=refusal.text)
            return
        if isinstance(ended, contracts.Stopped):
            yield from _stopped(ended, task, solution)
            return
        self.values[task.name, solution.path] = ended.values
        yield from self._lacking(phase, task, ended.values)

    def _lacking(self, phase: Phase, task: TaskBundle, values: Mapping[str, Decimal]) -> Iterator[Defect]:
        board = scored(self._competition, phase)
        at = tasks_of(self._competition, phase).index(task) + 1
        prefix = f"{at}." if len(tasks_of(self._competition, phase)) > 1 else ""
        said = {f"{prefix}{key}": value for key, value in values.items()}
        filled = complete(said, board.columns)
        place = Place(task.scoring_program)
        for column in board.columns:
            own = column.key.startswith(prefix)
            if own and column.key not in filled:
                code = "trial.primary" if column.key == board.primary else "trial.column"
                yield found(code, place, column=column.key, said=", ".join(values) or "–")

    def _copy(self, source: Path | None) -> Path | None:
        """A copy that everybody may read, since boxes read as a user of their own; a file gets a folder."""
        if source is None or source in self._copies:
            return self._copies.get(source) if source else None
        target = self._new(f"data-{len(self._copies)}")
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(source, target / source.name)
        for path in [target, *target.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        self._copies[source] = target
        return target

    def _new(self, name: str) -> Path:
        folder = self._work / name
        folder.mkdir()
        folder.chmod(0o755)
        return folder


_FOLDERS = ("scoring_program", "reference", "ingestion_program", "input_data")


def _stopped(ended: contracts.Stopped, task: TaskBundle, solution: Solution) -> Iterator[Defect]:
    last = ended.limit or _last_line(ended)
    if ended.by_scorer:
        yield found("trial.scorer", Place(task.scoring_program), solution=solution.path, last=last)
    else:
        yield found("trial.solution", Place(solution.path), solution=solution.path, last=last)
    yield from ended.defects


def _last_line(ended: contracts.Stopped) -> Text | str:
    """Of what it printed, where an error stands; the cause, where it printed nothing."""
    log = ended.organiser_log if ended.by_scorer else ended.log
    return next((line.strip() for line in reversed(log.splitlines()) if line.strip()), None) or ended.cause
