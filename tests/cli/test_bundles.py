"""`dure env`, `dure import` and `dure export`: what they print and how they exit."""

import json

import pytest

from dure.challenges.models import Task
from dure.cli.main import main
from dure.compute.box import Level
from dure.compute.proof import proof
from dure.programmes.models import Programme
from tests.bundles.samples import flowers
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings, monkeypatch, tmp_path):
    settings.HOME = settings.MEDIA_ROOT = tmp_path / "home"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def _boxes():
    if proof().level is not Level.FULL:
        pytest.skip("this machine does not reach the full level: " + "; ".join(one.detail for one in proof().broken))


@pytest.fixture
def organiser():
    person = make_person()
    make_organisation(short="acme")
    return ["--by", person.email, "--host", "acme"]


def said(*words: object) -> int:
    return main([str(word) for word in words])


def test_an_environment_is_added_listed_and_given_to_images(tmp_path, capsys):
    (tmp_path / "lock.txt").write_text("six==1.16.0 --hash=sha256:0\n")

    codes = [
        said("env", "add", "old", "--requirements", tmp_path / "lock.txt"),
        said("env", "image", "codalab/*", "old"),
        said("env", "list"),
    ]

    lines = capsys.readouterr().out.splitlines()
    assert codes == [0, 0, 0]
    assert [line.split()[:2] for line in lines[2:4]] == [["standard", "ready"], ["old", "planned"]]
    assert lines[4] == "codalab/* → old"


def test_an_environment_that_cannot_be_built_says_why_and_exits_1(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / "lock.txt").write_text("nothing-of-this-name==1 --hash=sha256:0\n")
    said("env", "add", "old", "--requirements", tmp_path / "lock.txt")

    code = said("env", "build", "old")

    assert code == 1
    assert "nothing-of-this-name" in capsys.readouterr().out


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_a_dry_run_lists_what_stops_and_exits_1(tmp_path, organiser, capsys):
    code = said("import", "codabench", flowers(tmp_path / "bundle"), "--dry-run", *organiser)

    shown = capsys.readouterr()
    assert code == 1
    assert "fail  competition.yaml:7" in shown.out
    assert "Nothing was imported" in shown.err


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_a_bundle_is_tried_imported_known_and_exported(tmp_path, organiser, capsys):
    bundle = flowers(tmp_path / "bundle")
    named = [*organiser, "--environment", "standard"]

    codes = [said("import", "codabench", bundle, *named, "--dry-run")]
    made_by_trial = Programme.objects.count()
    codes += [said("import", "codabench", bundle, *named, "--case", "team") for _ in range(2)]
    task = Task.objects.filter(round_task__stage="phase-1").get()
    codes.append(said("export", "round", "flowers-by-their-petals/phase-1", tmp_path / "out.zip"))
    codes.append(said("export", "round", task.round_id, tmp_path / "again.zip"))

    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(("warn", "ok"))]
    assert codes == [0, 0, 0, 0, 0]
    assert made_by_trial == 0
    assert [line.partition(":")[0] for line in lines] == [
        "Nothing stops it", "The programme flowers-by-their-petals was made as a draft. Look at it, then publish it",
        "This competition was imported before. Nothing new was made", f"{tmp_path}/out.zip was written.",
        f"{tmp_path}/again.zip was written.",
    ]  # fmt: skip
    assert (tmp_path / "out.zip").exists()


@pytest.mark.sandbox
@pytest.mark.usefixtures("_boxes")
def test_a_trial_is_told_as_one_document(tmp_path, organiser, capsys):
    said("import", "codabench", flowers(tmp_path / "bundle"), *organiser, "--environment", "standard", "--json")

    told = json.loads(capsys.readouterr().out)
    assert (told["stops"], told["programme"], told["fresh"]) == (False, "flowers-by-their-petals", True)
    assert told["tried"] == [
        {"task": "Development", "solution": "solution", "values": {"accuracy": "1.0", "duration": "1"}}
    ]


@pytest.mark.parametrize(
    "words",
    [
        ["env", "build", "unknown"],
        ["env", "add", "x", "--requirements", "nowhere.txt"],
        ["import", "codabench", "nowhere.zip", "--by", "nobody@example.org"],
        ["export", "round", "no-id", "nowhere.zip"],
        ["export", "round", "01a20311-c429-7001-b2ef-9a0bda206354", "nowhere.zip"],
    ],
)
def test_what_is_not_there_is_refused_with_a_sentence(words, capsys):
    assert main(words) == 3
    assert capsys.readouterr().err.strip().endswith((".", "`"))
