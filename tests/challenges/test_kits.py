"""Starter kits: what is in them runs, and makes files that can be scored."""

import io
import json
import os
import subprocess
import sys
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dure.challenges import kits
from dure.challenges.kits import ids_of, kit_of, with_data
from dure.challenges.measures import Measure
from dure.challenges.models import Code, Round, Task
from dure.challenges.operations import add_task, open_round
from dure.challenges.predictions import read_predictions
from dure.challenges.scoring import format_of
from dure.core.errors import Missing
from dure.core.text import Text
from tests.challenges.conftest import make_task
from tests.challenges.test_programs import programs, set_up
from tests.factories import make_person

pytestmark = pytest.mark.django_db

DEADLINE = datetime(2026, 5, 11, 15, tzinfo=UTC)
MEMBERS = {"README.md", "README.ko.md", "main.py", "baseline.ipynb", "format.json", "sample_submission.csv"}
TASKS = {
    "labels": (Measure("accuracy", classes=("cat", "dog")), ["cat", "dog"], "label"),
    "any-label": (Measure("f1-macro"), ["cat", "dog"], "label"),
    "numbers": (Measure("rmsle"), ["1", "2.5"], "label"),
    "chance": (Measure("auc", classes=("cat", "dog")), ["cat", "dog"], "label"),
    "chances": (Measure("log-loss", classes=("cat", "dog", "owl")), ["cat", "dog", "owl"], "cat,dog,owl"),
}


def task_of(measure: Measure, known: list[str], starter: bytes | None = None) -> Task:
    rows = "".join(f"{number},{known[number % len(known)]}\n" for number in range(12))
    sent = stream(starter) if starter else None
    round_ = open_round(Text(ko="라운드", en="Round"), by=make_person(), daily=3)
    return add_task(round_, labels=io.BytesIO(f"id,label\n{rows}".encode()), measure=measure, starter=sent)


def stream(starter: bytes) -> io.BytesIO:
    made = io.BytesIO(starter)
    made.name = "train.zip"
    return made


def unpacked(task: Task, folder: Path) -> Path:
    with zipfile.ZipFile(whole_kit(task)) as kit:
        kit.extractall(folder)
    return folder


def whole_kit(task: Task) -> io.BytesIO:
    kit = kit_of(task, name="race/sprint/cats", deadline=DEADLINE)
    return io.BytesIO(b"".join(with_data(kit, task.starter)) if task.starter else kit.read_bytes())


def members_of(task: Task) -> dict[str, bytes]:
    with zipfile.ZipFile(whole_kit(task)) as kit:
        assert kit.testzip() is None
        return {name: kit.read(name) for name in kit.namelist()}


def archive(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as kit:
        for name, text in files.items():
            kit.writestr(f"{name}.csv", text)
    return made.getvalue()


def run(folder: Path, **environment: str) -> Path:
    program = [sys.executable, str(folder / "main.py")]
    done = subprocess.run(program, env=os.environ | environment, capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


@pytest.mark.parametrize("sort", TASKS)
def test_baseline_and_sample_can_be_scored(sort, tmp_path):
    measure, known, columns = TASKS[sort]
    train = "".join(f"{one},{','.join([known[0]] * len(columns.split(',')))}\n" for one in "abc")
    task = task_of(measure, known, archive(train=f"id,{columns}\n{train}"))
    folder = unpacked(task, tmp_path)

    written = run(folder)

    assert written == folder / "predictions.csv"
    for path in (written, folder / "sample_submission.csv"):
        read_predictions(path.read_bytes(), format_of(task), ids_of(task))


def test_baseline_learns_from_the_data(tmp_path):
    task = task_of(*TASKS["labels"][:2], archive(train="id,label\na,dog\nb,dog\nc,cat\n"))

    written = run(unpacked(task, tmp_path))

    assert set(written.read_text().splitlines()[1:]) == {f"{number},dog" for number in range(12)}


def test_baseline_runs_in_the_rounds_box(tmp_path):
    folder = unpacked(task_of(*TASKS["numbers"][:2]), tmp_path / "code")
    for name in ("data", "output"):
        (tmp_path / name).mkdir()
    (tmp_path / "data" / "ids.csv").write_text("id\nx\ny\n")

    written = run(folder, BOX=str(tmp_path))

    assert written.relative_to(tmp_path).as_posix() == "output/predictions.csv"
    assert written.read_text() == "id,label\nx,0.0\ny,0.0\n"


def test_notebook_makes_the_same_file(tmp_path):
    folder = unpacked(task_of(*TASKS["labels"][:2]), tmp_path)
    cells = json.loads((folder / "baseline.ipynb").read_text())["cells"]
    code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]

    subprocess.run([sys.executable, "-c", "\n".join(code[:-1])], cwd=folder, check=True)

    assert code[-1] == "!dure check race/sprint/cats predictions.csv"
    assert (folder / "predictions.csv").read_text() == (folder / "sample_submission.csv").read_text()


def test_readme_names_deadline_limits_and_metric_in_both_languages(tmp_path):
    folder = unpacked(task_of(*TASKS["numbers"][:2]), tmp_path)

    korean, english = ((folder / name).read_text(encoding="utf-8") for name in ("README.ko.md", "README.md"))

    assert "| 제출 마감 | 2026년 5월 11일(월) 24:00 (Asia/Seoul) |" in korean
    assert "| 지표 | 평균 제곱근 로그 오차 (작을수록 좋습니다) |" in korean
    assert "| deadline | Mon 11 May 2026, 24:00 (Asia/Seoul) |" in english
    assert "| attempts a day | 3 |\n| attempts a month | no limit |\n| attempts in all | no limit |" in english
    assert "dure check race/sprint/cats predictions.csv" in korean
    assert "dure check race/sprint/cats predictions.csv" in english


def test_kit_holds_the_starter_files_and_no_label(tmp_path):
    starter = archive(train="id,label\na,dog\n")
    task = task_of(Measure("accuracy"), ["canary", "bird"], starter)

    members = members_of(task)

    assert set(members) == {*MEMBERS, "data/train.zip"}
    assert members["data/train.zip"] == starter
    assert not any(b"canary" in content for content in members.values())


def test_kit_of_a_task_that_programs_score_has_the_data_and_the_rules():
    task = set_up(programs(starter=stream(archive(train="x\n"))))

    members = members_of(task)

    assert set(members) == {"README.md", "README.ko.md", "data/train.zip"}
    assert "| metric | Accuracy (greater is better) |" in members["README.md"].decode()
    with pytest.raises(Missing):
        ids_of(task)


def test_same_kit_is_made_once_and_another_when_the_rules_change():
    task = make_task()
    first, again = (kit_of(task, name="race", deadline=DEADLINE) for _ in range(2))
    Round.objects.update(code=Code.ALLOWED)

    changed = kit_of(Task.objects.get(), name="race", deadline=DEADLINE)

    assert first == again != changed
    assert {path.name for path in first.parent.iterdir()} == {first.name, changed.name}


def test_large_starter_is_sent_on_piece_by_piece(tmp_path):
    large = os.urandom(1 << 20) * 40
    task = task_of(Measure("accuracy"), ["dog", "bird"], large)
    kit = kit_of(task, name="race", deadline=DEADLINE)

    tracemalloc.start()
    with (tmp_path / "kit.zip").open("wb") as file:
        file.writelines(with_data(kit, task.starter))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 8 << 20
    assert kit.stat().st_size < 1 << 20
    subprocess.run([sys.executable, "-m", "zipfile", "-t", str(tmp_path / "kit.zip")], check=True)
    with zipfile.ZipFile(tmp_path / "kit.zip") as whole:
        assert set(whole.namelist()) == {*MEMBERS, "data/train.zip"}
        assert whole.read("data/train.zip") == large


def test_kit_that_nobody_took_for_a_week_goes():
    old, fresh = (kit_of(make_task(), name=name, deadline=None) for name in ("old", "fresh"))
    os.utime(old, (0, 0))

    assert (kits.sweep(), old.exists(), fresh.exists()) == (1, False, True)


def test_what_could_not_be_made_leaves_nothing(monkeypatch):
    task = make_task()
    monkeypatch.setattr(kits, "_write_sample", lambda _task, _member: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        kit_of(task, name="race", deadline=None)

    assert list(kits._folder().iterdir()) == []
