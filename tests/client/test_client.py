"""Rounds from one's own machine: submitting once, large files in parts, verdicts, boards."""

import csv
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from dure.challenges.models import Code, Round, Submission
from dure.challenges.operations.asking import set_questions
from dure.challenges.operations.ruling import Rules, set_rules
from dure.challenges.operations.teams import open_to_teams
from dure.challenges.questions import Question
from dure.client import Allowance, Client, Refused, Unreachable, sending
from dure.client.keeping import remember, token_for
from dure.core import clock
from dure.core.errors import Flawed, Missing
from dure.core.text import Text
from dure.jobs.worker import drain
from dure.people.models import Team
from dure.programmes import rules
from dure.programmes.models import Turn
from tests.challenges.conftest import CLOSE, START, crowd, make_task, predictions, scored
from tests.client.conftest import URL, Desk, broken, desk_in, once
from tests.joints.small_programme import make_small

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "predictions.csv"
    path.write_bytes(predictions(3, 6).read())
    return path


@pytest.fixture
def small_parts(monkeypatch):
    """Files of more than ten bytes go in parts of ten."""
    monkeypatch.setattr(sending, "PART", 10)


def test_package_knows_no_django():
    code = "import sys, dure.client, dure.client.checking; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False, env=os.environ).returncode == 0


def test_rounds_tell_deadline_and_attempts_left(desk: Desk, file):
    desk.client().submit(desk.round, file)

    [found] = desk.client().rounds()

    assert (found.id, found.name, found.metric, found.code) == (desk.round, desk.round, "accuracy", "none")
    assert (found.opens_at, found.deadline) == (START, CLOSE)
    assert (found.today.used, found.today.of, found.total) == (1, 3, Allowance(1, None, None))
    assert found.today.renews_at.isoformat() == "2026-05-02T00:00:00+09:00"


def test_round_is_meant_by_name_or_its_beginning(desk: Desk, monkeypatch):
    client = desk.client()
    named = [replace(client.rounds()[0], id=name, name=name) for name in ("a/b/cats", "a/b/dogs", "c/d")]
    monkeypatch.setattr(Client, "rounds", lambda _self: named)

    assert [client.round(meant).id for meant in ("a/b/cats", "c")] == ["a/b/cats", "c/d"]
    with pytest.raises(Missing, match="a/b/cats, a/b/dogs"):
        client.round("a/b")


def test_submission_is_scored(desk: Desk, file):
    receipt = desk.client().submit(desk.round, file)
    drain()

    judged = desk.client().wait(receipt.id)

    assert (receipt.received_at, receipt.used, receipt.of) == (START, 1, 3)
    assert (judged.state, judged.public_score, judged.final_score, judged.counts) == ("scored", 0.75, None, True)


def test_what_the_round_asks_is_answered(desk: Desk, file):
    set_questions(desk.task.round, [Question("model", Text(ko="모델", en="Model"), required=True)])
    set_rules(desk.task.round, replace(Rules.of(desk.task.round), sharing="chosen", monthly=9))

    with pytest.raises(Refused, match="Answer “Model”"):
        desk.client().submit(desk.round, file)
    desk.client().submit(desk.round, file, answers={"model": "ResNet"}, public=True)

    [found], submission = desk.client().rounds(), Submission.objects.get()
    assert [(one.key, one.kind, one.required) for one in found.questions] == [("model", "text", True)]
    assert (found.sharing, found.month.of) == ("chosen", 9)
    assert (submission.answers, submission.is_public) == ({"model": "ResNet"}, True)


PLAIN = """
blueprint: plain
title: {en: Plain, ko: 대회}
subject: person
parties: {host: {kind: company}}
stages:
  - {id: join, kind: form, entry: open}
  - id: solve
    kind: round
    after: join
    do: {metric: accuracy}
"""


def test_a_programme_that_asks_nothing_is_entered(desk: Desk):
    make_small("plain-1", PLAIN)

    entry = desk.client().enter("plain-1")

    turn = Turn.objects.get(pk=entry.id)
    assert (entry.programme, entry.stage) == ("plain-1", "join")
    assert rules.holds(desk.person, turn)
    assert (turn.state, entry.state) == ("handed-in", "handed-in")


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("{id: join, kind: form, entry: open, do: {ask: [{motive: text}]}}", "client.form"),
        ("{id: join, kind: form, entry: open, options: [image, text]}", "client.option"),
        ("{id: join, kind: form, entry: invite}", "client.start"),
    ],
)
def test_what_asks_something_is_left_to_its_page(desk: Desk, start, code):
    make_small("plain-1", PLAIN.replace("{id: join, kind: form, entry: open}", start))

    with pytest.raises(Refused) as refused:
        desk.client().enter("plain-1")

    assert (refused.value.code, f"{URL}/programmes/plain-1/" in str(refused.value.text)) == (
        code,
        code != "client.option",
    )
    assert not Turn.objects.exists()


def test_an_option_is_chosen_by_its_name(desk: Desk):
    make_small("plain-1", PLAIN.replace("entry: open}", "entry: open, options: [image, text]}"))

    entry = desk.client().enter("plain-1/join", options=["text"])

    assert Turn.objects.get(pk=entry.id).options == ["text"]


def test_a_round_outside_programmes_is_entered_by_its_id(desk: Desk):
    task = make_task(opens_at=None, closes_at=None)
    open_to_teams(task.round, most=2)

    entry = desk.client().enter(str(task.pk), name="Alpha")

    entrant = task.entrants.get()
    assert (entry.id, entry.programme, entrant.title) == (str(entrant.pk), "", "Alpha")
    assert desk.client().round(str(task.pk)).id == str(task.pk)


def test_one_enters_a_round_under_ones_own_name_where_nothing_else_is_said(desk: Desk):
    task = make_task(opens_at=None, closes_at=None)
    open_to_teams(task.round)

    desk.client().enter(str(task.pk))

    assert task.entrants.get().title == desk.person.name


def test_a_round_that_is_not_entered_leaves_no_team_behind(desk: Desk):
    task = make_task(opens_at=None, closes_at=None)
    open_to_teams(task.round, least=2)

    with pytest.raises(Refused) as refused:
        desk.client().enter(str(task.pk))

    assert (refused.value.code, Team.objects.exists()) == ("team.small", False)


def test_waiting_ends_when_it_was_told_to(desk: Desk, file):
    receipt = desk.client().submit(desk.round, file)
    looks = []

    found = desk.client().wait(receipt.id, seconds=0.01, seen=looks.append)

    assert (found.state, found.judged, looks[0].id) == ("received", False, receipt.id)


def test_retried_submission_never_makes_two(desk: Desk, file):
    desk.line.after = once(broken, "POST")

    receipt = desk.client().submit(desk.round, file)

    assert [row.pk.hex for row in Submission.objects.all()] == [receipt.id.replace("-", "")]


def test_next_process_gets_the_receipt_that_never_arrived(desk: Desk, file):
    desk.line.after = lambda asked: broken(asked) if asked.method == "POST" else None
    with pytest.raises(Unreachable):
        desk.client().submit(desk.round, file)
    desk.line.after = lambda _asked: None

    receipt = desk.client().submit(desk.round, file)
    second = desk.client().submit(desk.round, file)

    assert [str(row.pk) for row in Submission.objects.order_by("number")] == [receipt.id, second.id]


def test_large_file_goes_in_parts(desk: Desk, file, small_parts):
    arrived = []

    receipt = desk.client().submit(desk.round, file, progress=lambda there, size: arrived.append((there, size)))

    size = file.stat().st_size
    assert arrived == [(there, size) for there in (*range(0, size, 10), size)]
    assert receipt.sha256 == sha256(file.read_bytes()).hexdigest()
    assert Submission.objects.get().upload.name == "predictions.csv"


@pytest.mark.parametrize("side", ["before", "after"])
def test_broken_part_goes_on_where_it_was(desk: Desk, file, small_parts, side):
    setattr(desk.line, side, once(broken, "PATCH"))

    desk.client().submit(desk.round, file)

    parts = -(-file.stat().st_size // 10)
    assert sum(asked.startswith("PATCH") for asked in desk.line.seen) == parts + (side == "before")


def test_next_process_sends_only_what_has_not_arrived(desk: Desk, file, small_parts):
    desk.line.before = lambda asked: broken(asked) if "offset=20" in asked.path_url else None
    with pytest.raises(Unreachable):
        desk.client().submit(desk.round, file)
    desk.line.before, desk.line.seen = lambda _asked: None, []

    desk.client().submit(desk.round, file)

    offsets = [asked.partition("offset=")[2].partition("&")[0] for asked in desk.line.seen if "PATCH" in asked]
    assert offsets == [str(offset) for offset in range(20, file.stat().st_size, 10)]


def test_receipt_is_of_when_the_whole_had_arrived(desk: Desk, file, small_parts):
    later = START.replace(hour=5)

    def dawdle(asked) -> None:
        if "offset=20" in asked.path_url:
            clock.set_clock(later)

    desk.line.before = dawdle

    assert desk.client().submit(desk.round, file).received_at == later


def test_closed_round_is_refused_with_the_first_part(desk: Desk, file, small_parts):
    clock.set_clock(CLOSE)

    with pytest.raises(Refused) as refused:
        desk.client().submit(desk.round, file)

    assert (refused.value.code, refused.value.status) == ("challenges.closed", 409)
    assert [asked.split()[0] for asked in desk.line.seen] == ["GET", "GET", "PATCH"]


def test_spent_attempts_say_when_there_are_new_ones(desk: Desk, file):
    for _ in range(3):
        desk.client().submit(desk.round, file)

    with pytest.raises(Refused, match=r"All 3 attempts of today .* Submit again tomorrow"):
        desk.client().submit(desk.round, file)


def test_wrong_token_says_what_to_do(desk: Desk):
    desk.token = "dure_0123456789ab_wrong"

    with pytest.raises(Refused, match="Issue a new one") as refused:
        desk.client().rounds()

    assert refused.value.status == 401


def test_foreign_address_is_no_platform(desk: Desk):
    def lost(asked) -> None:
        asked.prepare_url(f"{URL}/accounts/login/", None)

    desk.line.before = lost

    with pytest.raises(Unreachable, match="is the address of a Dure"):
        desk.client().name()


def test_missing_file_is_told(desk: Desk, tmp_path):
    with pytest.raises(Flawed, match="There is no file"):
        desk.client().submit(desk.round, tmp_path / "none.csv")


def test_folder_is_sent_as_an_archive_that_is_always_the_same(desk: Desk, tmp_path, monkeypatch):
    Round.objects.update(code=Code.REQUIRED)
    monkeypatch.setattr("dure.challenges.operations.admitting.check_runs", lambda _author: None)
    folder = tmp_path / "program"
    for name in ("main.py", "lib/model.py", ".git/config", "__pycache__/main.pyc"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("print(1)")

    first, second = (desk.client().submit(desk.round, folder, command="python3 main.py") for _ in range(2))

    submission = Submission.objects.get(pk=first.id)
    assert (submission.kind, submission.command, submission.upload.name) == ("code", "python3 main.py", "program.zip")
    assert first.sha256 == second.sha256
    with (
        sending.parcel(folder, kind="code", command="", answers={}, public=None) as sent,
        zipfile.ZipFile(sent.path) as archive,
    ):
        assert archive.namelist() == ["lib/model.py", "main.py"]


@pytest.mark.parametrize(
    ("rules", "name", "command", "kind"),
    [
        (("allowed", "accuracy"), "predictions.csv", "", "file"),
        (("allowed", "accuracy"), "program.tar.gz", "", "code"),
        (("allowed", "accuracy"), "program", "python3 main.py", "code"),
        (("none", "accuracy"), "predictions.zip", "", "code"),
        (("required", "accuracy"), "program", "", "code"),
        (("allowed", "program"), "results.zip", "", "file"),
        (("required", "program"), "program.zip", "", "code"),
    ],
)
def test_kind_follows_from_what_is_sent_and_where(desk: Desk, rules, name, command, kind):
    code, metric = rules
    into = replace(desk.client().round(desk.round), code=code, metric=metric)

    assert sending.kind_of(Path(name), command, into=into) == kind


def test_board_is_read_to_its_end(desk: Desk):
    crowd(desk.task, [(number / 1000, 0.5) for number in range(1000)])

    rows = list(desk.client().board(desk.round))

    assert [row.place for row in rows] == list(range(1, 1001))
    assert (rows[0].score, rows[0].title) == (0.999, "E999")


def test_board_as_csv_holds_no_formula(desk: Desk):
    scored(desk.entrant)
    type(desk.entrant).objects.update(title="=1+1")

    header, row = csv.reader(io.StringIO(desk.client().board_csv(desk.round).decode("utf-8-sig")))

    assert (header[:3], row[0], row[1][:1] == "=") == (["Place", "Who", "Score"], "1", False)


def test_hidden_board_and_foreign_attempt_are_not_there():
    with clock.at(START):
        desk = desk_in(make_task(board="hidden"))
        other = scored(desk_in(desk.task).entrant)

        with pytest.raises(Refused) as board:
            list(desk.client().board(desk.round))
        with pytest.raises(Refused) as attempt:
            desk.client().submission(str(other.pk))

    assert (board.value.status, attempt.value.status) == (404, 404)


def test_token_is_kept_for_its_owner_alone(tmp_path):
    path = remember("https://dure.example", "secret")
    remember("https://other.example", "another")

    assert path.stat().st_mode & 0o777 == 0o600
    assert token_for("https://dure.example") == ("https://dure.example", "secret")
    assert token_for() == ("https://other.example", "another")


def test_token_of_the_environment_goes_to_its_own_platform_only(monkeypatch):
    monkeypatch.setenv("DURE_URL", "https://dure.example/")
    monkeypatch.setenv("DURE_TOKEN", "secret")

    assert token_for() == ("https://dure.example", "secret")
    with pytest.raises(Missing, match="dure login"):
        token_for("https://other.example")
