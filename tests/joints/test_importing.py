"""Competitions of other platforms: tried out, made into a programme once, scored with the numbers they had."""

import json
from decimal import Decimal

import pytest

from dure.challenges import files
from dure.challenges.models import CarryOver, Round, Submission, Task
from dure.challenges.operations import begin, enter, record, submit
from dure.challenges.scoring import outcome_of
from dure.compute.box import Level
from dure.compute.operations import add_environment, use_for_images
from dure.compute.proof import proof
from dure.core.errors import Refused
from dure.joints.importing import import_bundle
from dure.joints.models import ImportedBundle, RoundTask
from dure.programmes.frozen import blueprint_of
from dure.programmes.models import Programme
from tests.bundles.samples import challenge, flowers, numbers
from tests.challenges.bundled import archive
from tests.factories import make_organisation, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox]


@pytest.fixture(autouse=True)
def _setting(settings, tmp_path):
    if proof().level is not Level.FULL:
        pytest.skip("this machine does not reach the full level: " + "; ".join(one.detail for one in proof().broken))
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def legacy():
    """The images of the samples are run in the standard environment."""
    use_for_images("codalab/*", None)


def imported(path, **known):
    return import_bundle(path, **{"by": make_person(), "host": make_organisation(), **known})


def codes(done) -> set[str]:
    return {finding.code for finding in done.findings if finding.stops}


@pytest.mark.usefixtures("legacy")
def test_a_bundle_becomes_a_draft_whose_rounds_are_set_up(tmp_path):
    done = imported(flowers(tmp_path / "bundle"))

    assert codes(done) == set()
    assert done.trial.values == {("Development", "solution"): {"accuracy": Decimal("1.0"), "duration": Decimal(1)}}
    assert (done.fresh, done.programme.state) == (True, "draft")
    tasks = Task.objects.filter(round_task__programme=done.programme).order_by("round_task__stage")
    assert list(CarryOver.objects.values_list("source", "into", "which", "auto")) == [
        (tasks[0].pk, tasks[1].pk, "all", True)
    ]
    assert [task.round_task.stage for task in tasks] == ["phase-1", "phase-2"]
    assert [(task.round.daily, task.round.total, task.round.code) for task in tasks] == [
        (3, 30, "required"), (5, 100, "required"),
    ]  # fmt: skip
    assert [task.limits["wall_seconds"] for task in tasks] == [120, 600]
    assert [task.starter is not None for task in tasks] == [False, True]
    columns = tasks[0].program.board_columns
    assert [(one.key, one.precision, one.ascending, one.seen) for one in columns] == [
        ("accuracy", 4, False, "public"), ("duration", 2, True, "organisers"),
    ]  # fmt: skip


@pytest.mark.usefixtures("legacy")
@pytest.mark.parametrize("case", ["person", "team"])
def test_persons_or_teams_compete_as_the_import_says(tmp_path, case):
    done = imported(flowers(tmp_path / "bundle"), case=case)

    assert blueprint_of(done.programme).subject == case


@pytest.mark.usefixtures("legacy")
def test_what_is_handed_in_is_scored_by_the_imported_programs(tmp_path):
    programme = imported(flowers(tmp_path / "bundle")).programme
    task = Task.objects.get(round_task__programme=programme, round_task__stage="phase-1")
    person = make_person()
    model = {"model.py": "class Model:\n    def predict(self, lines):\n        return ['setosa'] * len(lines)\n"}

    receipt = submit(enter(task, persons=[person]), by=person, upload=archive(model), kind="code")
    submission = Submission.objects.get(pk=receipt.id)
    begin(submission)
    record(submission.pk, outcome_of(submission))

    submission.refresh_from_db()
    assert (submission.state, submission.public_score) == ("scored", 0.5)


@pytest.mark.usefixtures("legacy")
def test_the_same_bundle_is_taken_in_once_folder_or_zip(tmp_path):
    first = imported(flowers(tmp_path / "bundle"))

    again = imported(flowers(tmp_path / "again"))

    assert (again.fresh, again.programme) == (False, first.programme)
    assert (Programme.objects.count(), Round.objects.count(), ImportedBundle.objects.count()) == (1, 2, 1)


@pytest.mark.usefixtures("legacy")
def test_one_that_was_cut_short_is_completed(tmp_path):
    person = make_person()
    first = imported(flowers(tmp_path / "bundle"), by=person)
    lost = RoundTask.objects.get(programme=first.programme, stage="phase-2")
    lost.delete()

    again = imported(flowers(tmp_path / "again"), by=person)

    assert again.fresh is False
    assert set(RoundTask.objects.values_list("stage", flat=True)) == {"phase-1", "phase-2"}


@pytest.mark.usefixtures("legacy")
def test_a_dry_run_makes_nothing(tmp_path):
    done = imported(flowers(tmp_path / "bundle"), dry_run=True)

    assert done.programme is None
    assert done.trial.values
    assert (Programme.objects.count(), Task.objects.count()) == (0, 0)


@pytest.mark.usefixtures("legacy")
def test_an_old_bundle_with_zips_is_taken_in(tmp_path):
    done = imported(numbers(tmp_path / "bundle"))

    assert codes(done) == set(), [finding.say("en") for finding in done.findings]
    assert {finding.code for finding in done.findings} >= {"trial.none"}
    task = Task.objects.filter(round_task__programme=done.programme).first()
    assert [(one.key, one.computation, one.of_keys) for one in task.program.board_columns] == [
        ("set1_score", "", ()), ("set2_score", "", ()), ("mean", "avg", ("set1_score", "set2_score")),
    ]  # fmt: skip


def test_a_challenge_is_taken_in_with_its_splits(tmp_path):
    done = imported(challenge(tmp_path / "bundle"), chosen=True)

    assert codes(done) == set(), [finding.say("en") for finding in done.findings]
    tasks = Task.objects.filter(round_task__programme=done.programme).order_by("round_task__stage")
    assert [(task.program.phase, task.program.primary, task.round.board) for task in tasks] == [
        ("dev", "dev_split.F1", "public"), ("test", "dev_split.F1", "hidden"),
    ]  # fmt: skip
    assert [(column.key, column.seen) for column in tasks[1].program.board_columns] == [
        ("dev_split.F1", "public"), ("dev_split.Total", "own"),
        ("test_split.F1", "organisers"), ("test_split.Total", "organisers"),
    ]  # fmt: skip
    assert tasks[0].program.parts.get().reference.name == "dev.json"


def test_what_the_other_platform_hides_is_hidden_here_and_what_it_bounds_is_bounded(tmp_path):
    def secretive(told: dict) -> None:
        told["challenge_phases"][0] |= {"disable_logs": True, "max_concurrent_submissions_allowed": 5}
        told["challenge_phase_splits"][1]["show_execution_time"] = True

    done = imported(challenge(tmp_path / "bundle", secretive), chosen=True)

    rounds = Round.objects.filter(tasks__round_task__programme=done.programme).order_by("tasks__round_task__stage")
    assert [(one.own_logs, one.at_once, one.shows_seconds) for one in rounds] == [(False, 5, False), (True, 2, True)]


def test_a_phase_of_several_tasks_is_one_task_of_several_parts(tmp_path):
    def two(told):
        told["tasks"].append({**told["tasks"][0], "index": 1, "name": "Harder"})
        told["phases"][0]["tasks"] = [0, 1]
        told["solutions"][0]["tasks"] = [0, 1]

    done = imported(flowers(tmp_path / "bundle", two), chosen=True)

    assert codes(done) == set(), [finding.say("en") for finding in done.findings]
    task = Task.objects.get(round_task__programme=done.programme, round_task__stage="phase-1")
    assert [part.name for part in task.program.parts.all()] == ["Development", "Harder"]
    assert task.program.primary == "sum"
    assert [column.key for column in task.program.board_columns] == [
        "1.accuracy", "1.duration", "2.accuracy", "2.duration", "sum",
    ]  # fmt: skip


def test_an_image_without_an_environment_is_named(tmp_path):
    done = imported(flowers(tmp_path / "bundle"))

    assert codes(done) == {"environment.none"}
    (line,) = [finding.say("en") for finding in done.findings if finding.stops]
    assert "competition.yaml:7" in line
    assert "Choose an environment for it" in line
    assert Programme.objects.count() == 0


def test_an_environment_that_is_not_built_is_named(tmp_path):
    use_for_images("codalab/*", add_environment("later", requirements="a==1 --hash=sha256:0"))

    assert codes(imported(flowers(tmp_path / "bundle"))) == {"environment.unready"}


@pytest.mark.usefixtures("legacy")
@pytest.mark.parametrize(
    ("file", "text", "code", "said"),
    [
        ("scoring_program/score.py", "import os\n\nimport unheard_of\n", "environment.module", "score.py:3"),
        ("scoring_program/score.py", "print('reading')\n1 / 0\n", "trial.scorer", "ZeroDivisionError"),
        ("scoring_program/score.py", "pass\n", "trial.scorer", "scores"),
        ("scoring_program/score.py", "for _ in range(40):\n    print('x' * (1 << 20))\n", "trial.scorer", "printing"),
        ("scoring_program/score.py", "open('/app/output/scores.txt', 'w').write('other: 1')", "trial.primary", "other"),
        ("solution/model.py", "raise SystemExit('no model')\n", "trial.solution", "no model"),
        ("scoring_program/score.py", "print 'two'\n", "program.python2", "score.py:1"),
    ],
)
def test_what_stops_an_import_is_named_with_its_file(tmp_path, file, text, code, said):
    done = imported(flowers(tmp_path / "bundle", **{file: text}))

    assert code in codes(done), [finding.say("en") for finding in done.findings]
    assert any(said in finding.say("en") for finding in done.findings if finding.code == code)
    assert done.programme is None


@pytest.mark.usefixtures("legacy")
def test_what_only_submissions_may_bring_stops_no_import_that_has_no_solution(tmp_path):
    done = imported(flowers(tmp_path / "bundle", lambda told: told.pop("solutions")))

    assert codes(done) == set(), [finding.say("en") for finding in done.findings]
    (brought,) = [finding for finding in done.findings if finding.code == "environment.brought"]
    assert "The module model is not in the environment" in brought.say("en")


def test_a_challenge_without_splits_is_named_and_not_run(tmp_path):
    done = imported(challenge(tmp_path / "bundle", lambda told: told.pop("challenge_phase_splits")), chosen=True)

    assert "split.none" in codes(done)
    assert done.trial.values == {}


@pytest.mark.usefixtures("legacy")
def test_a_starting_kit_that_is_one_file_goes_as_it_is(tmp_path):
    def kit(told):
        told["phases"][1]["starting_kit"] = "begin.txt"

    done = imported(flowers(tmp_path / "bundle", kit, **{"begin.txt": "Begin here."}))

    task = Task.objects.get(round_task__programme=done.programme, round_task__stage="phase-2")
    assert (task.starter.name, files.read(task.starter)) == ("begin.txt", b"Begin here.")


def test_a_bundle_is_imported_as_what_it_is(tmp_path):
    with pytest.raises(Refused) as refusal:
        imported(flowers(tmp_path / "bundle"), platform="evalai")

    assert refusal.value.code == "import.platform"


def test_what_is_no_bundle_is_told_without_a_fault(tmp_path):
    (tmp_path / "readme.txt").write_text("hello")

    done = imported(tmp_path)

    assert codes(done) == {"bundle.unknown"}
    assert json.dumps([finding.as_dict() for finding in done.findings])
    assert Programme.objects.count() == 0
