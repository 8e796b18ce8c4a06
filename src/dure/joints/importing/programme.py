"""Make a programme of a bundle: a draft with every round's task set up, once however often it is asked."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import transaction

from dure.audit.operations import record
from dure.blueprint.library import load_blueprint
from dure.bundles import Read, blueprint_of, read
from dure.bundles.drafting import LARGEST_TEAM, USUAL_TEAM
from dure.bundles.findings import Defect
from dure.bundles.model import Competition, Contract, Format, Phase, TaskBundle
from dure.bundles.opening import Bundle, files_of
from dure.challenges import files
from dure.challenges.models import MOST_AT_ONCE, Task, Visibility, Which
from dure.challenges.operations import PartFiles, Programs
from dure.challenges.operations.asking import set_allowed, set_questions
from dure.challenges.operations.carrying import carry_over_from
from dure.challenges.operations.ruling import Rules, set_rules
from dure.compute.models import Environment
from dure.compute.workspaces import workspace
from dure.core.errors import Flawed, Refused
from dure.core.text import Text
from dure.joints.importing.asked import allowed_of, monthly_of, questions_of, sharing_of
from dure.joints.importing.pages import take_pages
from dure.joints.importing.settings import limits_of, scored, stages_of, tasks_of
from dure.joints.importing.trial import Trial, try_out
from dure.joints.models import ImportedBundle, RoundTask
from dure.joints.stages.rounds import accept_task, receive_programs
from dure.people.models import Organisation, Person
from dure.programmes.models import Programme
from dure.programmes.operations.publishing import make_programme

Competitor = Literal["person", "team"]
MOST_BUNDLE = 16 << 30
_MOST_SLUGS = 1_000
_BEFORE_ALL = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold


@dataclass(frozen=True)
class Imported:
    """What became of a bundle. Without ``programme`` something found stopped it, or it was only tried out.

    ``fresh``: the programme was made now; else the bundle had been taken in before.
    """

    trial: Trial
    programme: Programme | None = None
    fresh: bool = False

    @property
    def findings(self) -> tuple[Defect, ...]:
        return self.trial.findings


def import_bundle(
    path: Path,
    *,
    by: Person,
    platform: str = "",
    host: Organisation | None = None,
    case: Competitor = "person",
    team_most: int = USUAL_TEAM,
    environment: Environment | None = None,
    chosen: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Read a bundle, try it out and, where nothing stops it, make its programme; for callers without a transaction.

    ``host`` stands for the blueprint's only party, and may be named later. ``case``: whether persons or teams compete,
    and ``team_most`` how many persons a team has at most, which no bundle says. The programme is a draft: publishing
    is its organiser's. A bundle with the same contents is taken in once; where making it was cut short, it is
    completed. Raises Refused for a bundle of another ``platform`` (codabench or evalai) than it was said to be, Flawed
    for a size that no team has.
    """
    check_team(team_most)
    with workspace("import") as work:
        told = read(path, work / "bundle")
        _check_platform(told, platform)
        trial = try_out(told, work=_folder(work / "trial"), environment=environment, chosen=chosen)
        if told.competition is None or told.bundle is None or told.format is None:
            return Imported(trial)
        sha256 = _sha256_of(told.bundle.root)
        known = ImportedBundle.objects.select_related("programme").filter(sha256=sha256).first()
        if trial.stops or dry_run:
            return Imported(trial, known.programme if known else None)
        imported = known or _begin(
            told, sha256, by, host, blueprint_of(told.competition, case=case, team_most=team_most)
        )
        rounds = _Rounds(told.format, told.competition, told.bundle, imported.programme, trial.environment, by)
        for stage, phase in stages_of(told.competition):
            rounds.set_up(stage, phase)
        return Imported(trial, imported.programme, fresh=known is None)


def check_team(most: int) -> None:
    """Raise Flawed for a size that no team has."""
    if not 2 <= most <= LARGEST_TEAM:
        sentence = Text(ko="팀 인원은 2명에서 {most}명까지로 정하세요.", en="Let a team have 2 to {most} members.")
        raise Flawed("import.team", sentence.format(most=LARGEST_TEAM))


def _check_platform(told: Read, platform: str) -> None:
    own = told.competition.contract.value if told.competition else ""
    if platform and own and own != platform:
        sentence = Text(
            ko=f"{own} 번들입니다. {own} 형식으로 가져오세요.",
            en=f"This is a bundle of {own}: import it as one.",
        )
        raise Refused("import.platform", sentence, platform=own)


def _begin(told: Read, sha256: str, by: Person, host: Organisation | None, source: str) -> ImportedBundle:
    """The programme's draft from its blueprint with its pages, and with it what is known of its bundle."""
    if told.bundle is None or told.format is None or told.competition is None:
        raise AssertionError("only what was read becomes a programme")
    with (
        _packed(told.bundle.root, "bundle.zip") as archive,
        files.received(archive, most_bytes=MOST_BUNDLE, name="bundle.zip") as upload,
        transaction.atomic(),
    ):
        parties = {"host": [host]} if host else None
        programme = make_programme(source, slug=_free_slug(source), by=by, parties=parties, zone="UTC")
        take_pages(programme, told.competition, by=by)
        upload.save(force_insert=True)
        made = ImportedBundle.objects.create(sha256=sha256, format=told.format, programme=programme, source=upload)
        record("programme.imported", programme, after={"format": told.format, "sha256": sha256})
    return made


def _free_slug(source: str) -> str:
    name = load_blueprint(source.encode(), "bundle").name
    taken = set(Programme.objects.filter(slug__startswith=name).values_list("slug", flat=True))
    return next(slug for slug in (name, *(f"{name}-{n}" for n in range(2, _MOST_SLUGS))) if slug not in taken)


@dataclass(frozen=True)
class _Rounds:
    """Sets up the task of each phase at its stage, unless it stands there already."""

    format: Format
    competition: Competition
    bundle: Bundle
    programme: Programme
    environment: Environment | None
    by: Person

    def set_up(self, stage: str, phase: Phase) -> None:
        if RoundTask.objects.filter(programme=self.programme, stage=stage).exists():
            return
        with ExitStack() as held:
            programs = self._programs(held, phase)
            setting = held.enter_context(receive_programs(self.programme, stage, by=self.by, programs=programs))
            with transaction.atomic():
                task = accept_task(setting)
                set_rules(task.round, _ruled(Rules.of(task.round), self.competition, phase))
                set_questions(task.round, questions_of(self.competition, phase))
                set_allowed(task.round, allowed_of(phase))
                self._carry_over(stage, phase, task)

    def _carry_over(self, stage: str, phase: Phase, task: Task) -> None:
        """What was handed in to the phase before goes on: all of it in Codabench, what counts in CodaLab."""
        stages = [name for name, _ in stages_of(self.competition)]
        at = stages.index(stage)
        if phase.auto_migrate and at:
            before = RoundTask.objects.select_related("task__round").get(programme=self.programme, stage=stages[at - 1])
            which = Which.ALL if self.format == Format.CODABENCH_2 else Which.BEST
            carry_over_from(task, before.task, by=self.by, which=which)

    def _programs(self, held: ExitStack, phase: Phase) -> Programs:
        board = scored(self.competition, phase)
        evalai = self.competition.contract == Contract.EVALAI
        return Programs(
            contract=self.competition.contract.value,
            parts=[_part(held, self.bundle, task, evalai=evalai) for task in tasks_of(self.competition, phase)],
            columns=board.columns,
            primary=board.primary,
            phase=phase.codename,
            image=self.competition.docker_image[:200],
            environment=self.environment,
            limits=limits_of(phase),
            shows_details=self.competition.settings.enable_detailed_results and not phase.hide_output,
            partial=phase.partial,
            starter=_starter(held, self.bundle, phase.starting_kit or phase.public_data),
        )


def _ruled(rules: Rules, competition: Competition, phase: Phase) -> Rules:
    """What the other platform kept from entrants is kept from them here, and as many attempts run at once as there."""
    board = scored(competition, phase)
    return replace(
        rules,
        board=Visibility.HIDDEN if board.hidden else rules.board,
        own_scores=not board.secret,
        own_logs=not (phase.hide_output or phase.logs_hidden),
        at_once=min(phase.limits.at_once or rules.at_once, MOST_AT_ONCE),
        shows_seconds=any(split.show_time for split in competition.splits if split.phase == phase.index),
        monthly=monthly_of(phase),
        file_types=phase.file_types,
        sharing=sharing_of(competition, phase),
        is_public=phase.is_public,
        is_active=phase.is_active,
    )


def _part(held: ExitStack, bundle: Bundle, task: TaskBundle, *, evalai: bool) -> PartFiles:
    reference = bundle.find(task.reference_data) if evalai and task.reference_data else None
    opened = held.enter_context(reference.open("rb")) if reference else None
    return PartFiles(
        scoring_program=held.enter_context(_packed(bundle.folder(task.scoring_program), "scoring_program.zip")),
        reference=opened if evalai else _archive(held, bundle, task.reference_data),
        ingestion_program=_archive(held, bundle, task.ingestion_program),
        input_data=_archive(held, bundle, task.input_data),
        during_scoring=task.ingestion_only_during_scoring,
        name=task.name[:200],
    )


def _archive(held: ExitStack, bundle: Bundle, path: str) -> IO[bytes] | None:
    """A data set as a zip; none where there is nothing in it."""
    if not path or bundle.find(path) is None or not files_of(bundle.folder(path)):
        return None
    return held.enter_context(_packed(bundle.folder(path), f"{Path(path).stem}.zip"))


def _starter(held: ExitStack, bundle: Bundle, path: str) -> IO[bytes] | None:
    """What entrants are given: a file goes as it is, a folder as a zip."""
    found = bundle.find(path) if path else None
    return held.enter_context(found.open("rb")) if found and found.is_file() else _archive(held, bundle, path)


@contextmanager
def _packed(folder: Path, name: str) -> Iterator[IO[bytes]]:
    """A folder as a zip under that name, the same byte by byte whenever it is made."""
    with workspace("pack") as work:
        with ZipFile(work / name, "w", ZIP_DEFLATED) as packed:
            for file in files_of(folder):
                entry = ZipInfo(file.relative_to(folder).as_posix(), _BEFORE_ALL)
                entry.compress_type = ZIP_DEFLATED
                with file.open("rb") as source, packed.open(entry, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target)
        with (work / name).open("rb") as archive:
            yield archive


def _sha256_of(root: Path) -> str:
    """Of the paths and contents of all files, so that a folder and its zip are one."""
    told = hashlib.sha256()
    for file in files_of(root):
        with file.open("rb") as opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
        told.update(f"{file.relative_to(root).as_posix()}\0{content}\n".encode())
    return told.hexdigest()


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
