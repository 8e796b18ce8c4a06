"""The one door: whatever bundle it is, what it tells of and all that is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dure.bundles import codabench2, codalab1, evalai
from dure.bundles.contract import Step
from dure.bundles.findings import Defect, Findings, Place
from dure.bundles.model import Competition, Contract, Format
from dure.bundles.nodes import Node, read_yaml
from dure.bundles.opening import Bundle, Limits, Unopened, opened
from dure.bundles.pages import tell_pages
from dure.bundles.programs import Program, look_at, modules

_CODABENCH, _EVALAI = ("competition.yaml", "competition.yml"), ("challenge_config.yaml", "challenge_config.yml")
_READERS: Mapping[Format, Callable[[Node, Bundle, Findings], Competition]] = {
    Format.CODABENCH_2: codabench2.read,
    Format.CODALAB_1: codalab1.read,
    Format.EVALAI: evalai.read,
}


@dataclass(frozen=True)
class Read:
    """What was read. Without ``bundle`` it could not be opened; without ``competition`` not be understood.

    ``programs``: by the path of its data set, each program that the competition names.
    """

    findings: tuple[Defect, ...]
    format: Format | None = None
    competition: Competition | None = None
    bundle: Bundle | None = None
    programs: Mapping[str, Program] | None = None

    @property
    def stops(self) -> bool:
        """Whether anything found stops an import."""
        return self.competition is None or any(found.stops for found in self.findings)


def read(path: Path, into: Path, limits: Limits | None = None) -> Read:
    """Read the bundle at ``path``, a folder or a zip. Never raises for what is in it.

    ``into``: a folder of the caller's, empty or not there yet, where archives are unpacked; the caller removes it.
    """
    findings = Findings()
    try:
        bundle = opened(path, into, (*_CODABENCH, *_EVALAI), limits)
    except Unopened as fault:
        return Read((fault.defect,))
    file = next(name for name in (*_CODABENCH, *_EVALAI) if (bundle.root / name).is_file())
    root = read_yaml(bundle.read(file), file, findings)
    if root is None or not isinstance(root.value, Mapping):
        if root is not None:
            findings.add("bundle.shape", Place(file, 1))
        return Read(tuple(findings), bundle=bundle)
    known = _format(file, root.value, findings)
    competition = _READERS[known](root, bundle, findings)
    programs = _programs(competition, bundle, findings)
    _data(competition, bundle, findings)
    tell_pages(competition, findings)
    return Read(tuple(findings), known, competition, bundle, programs)


def _format(file: str, told: Mapping[str, Node], findings: Findings) -> Format:
    if file in _EVALAI:
        return Format.EVALAI
    version = told.get("version")
    if version is None or version.text.strip().startswith("1"):
        return Format.CODALAB_1
    if version.text.strip().rstrip("0").rstrip(".") != "2":
        findings.add("bundle.version", version.place, version=version.text)
    return Format.CODABENCH_2


def _programs(competition: Competition, bundle: Bundle, findings: Findings) -> dict[str, Program]:
    by_command = competition.contract == Contract.CODABENCH
    steps: dict[str, Step | None] = {}
    for solution in competition.solutions:
        steps[solution.path] = Step.SUBMISSION
    for task in competition.tasks:
        during = task.ingestion_only_during_scoring
        steps[task.ingestion_program] = Step.INGESTION_DURING_SCORING if during else Step.INGESTION
        steps[task.scoring_program] = Step.SCORING if by_command else None
    folders = {path: folder for path in steps if path and (folder := _folder(path, bundle, findings))}
    submitted = [modules(folder) for path, folder in folders.items() if steps[path] == Step.SUBMISSION]
    beside = frozenset[str]().union(*submitted)
    return {path: look_at(folder, path, findings, step=steps[path], beside=beside) for path, folder in folders.items()}


def _data(competition: Competition, bundle: Bundle, findings: Findings) -> None:
    """Every data set opens. EvalAI's annotations are files that its evaluation reads itself."""
    for task in competition.tasks:
        names = ("input_data", "reference_data") if competition.contract == Contract.CODABENCH else ()
        for path in (task.data.get(name) for name in names):
            folder = _folder(path, bundle, findings) if path else None
            if path and folder and not any(folder.iterdir()):
                findings.add("data.empty", Place(path), path=path)


def _folder(path: str, bundle: Bundle, findings: Findings) -> Path | None:
    try:
        return bundle.folder(path)
    except Unopened as fault:
        findings.take([fault.defect])
        return None
