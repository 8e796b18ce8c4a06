"""The commands of those who take part in rounds, against the platform itself: what they print and how they exit."""

import json
import zipfile

import pytest
import requests
from django.urls import reverse

from dure.challenges.models import Entrant, Submission, SubmissionState
from dure.cli.main import main
from dure.client.keeping import token_for
from dure.core import clock
from dure.jobs.worker import drain
from tests.challenges.conftest import CLOSE, predictions
from tests.client.conftest import URL, Desk, broken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture(autouse=True)
def _ways(request, monkeypatch):
    """Requests of the desk reach the platform in this process; one's locale is English."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    if "desk" in request.fixturenames:
        at = request.getfixturevalue("desk")
        monkeypatch.setattr(requests.Session, "get_adapter", lambda *_asked, **_named: at.line)
        monkeypatch.setenv("DURE_URL", URL)
        monkeypatch.setenv("DURE_TOKEN", at.token)


@pytest.fixture
def worker(desk: Desk):
    """Attempts are judged as soon as somebody looks at them."""
    desk.line.before = lambda asked: drain() if "/submissions/" in asked.path_url else None


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "predictions.csv"
    path.write_bytes(predictions(3, 6).read())
    return path


def words(*given: object) -> list[str]:
    return [str(word) for word in given]


def test_scored_submission_prints_its_score_and_exits_0(desk: Desk, worker, file, capsys):
    code = main(words("submit", desk.round, file))

    out = capsys.readouterr().out.splitlines()
    assert (code, out[-1]) == (0, "Score: 0.75")
    assert out[0].endswith(f"attempts 1/3, id {Submission.objects.get().pk}")


def test_refused_submission_names_row_and_column_and_exits_1(desk: Desk, worker, file, capsys):
    file.write_text(file.read_text().replace("\n3,", "\n2,"))

    code = main(words("submit", desk.round, file))

    assert code == 1
    assert capsys.readouterr().err.splitlines() == [
        "Flaws to correct: 2.",
        "row 5, column id: Id 2 is in row 4 already. Keep one of them.",
        "column id: There is no prediction for id 3. All 10 rows are needed.",
    ]


def test_korean_locale_is_spoken_to_in_korean(desk: Desk, worker, file, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")

    main(words("submit", desk.round, file))

    assert capsys.readouterr().out.splitlines()[-1] == "점수: 0.75"


def test_one_need_not_wait(desk: Desk, file, capsys):
    code = main(words("submit", desk.round, file, "--no-wait", "--json"))

    told = json.loads(capsys.readouterr().out)
    assert (code, told["submission"], told["receipt"]["id"]) == (0, None, str(Submission.objects.get().pk))


def test_spent_attempts_exit_1_and_say_from_when_there_are_new_ones(desk: Desk, file, capsys):
    for _ in range(3):
        main(words("submit", desk.round, file, "--no-wait"))
    capsys.readouterr()

    code = main(words("submit", desk.round, file))

    assert code == 1
    assert capsys.readouterr().err.splitlines()[1].startswith("There are new attempts from 2026-05-0")


def test_closed_round_exits_1(desk: Desk, file, capsys):
    clock.set_clock(CLOSE)

    code = main(words("submit", desk.round, file))

    assert (code, "deadline has passed" in capsys.readouterr().err) == (1, True)


@pytest.mark.parametrize("given", [("submit", "nowhere", "FILE"), ("submit", "ROUND", "none.csv")])
def test_wrong_call_exits_2(desk: Desk, file, given):
    meant = {"FILE": file, "ROUND": desk.round}

    assert main(words(*(meant.get(word, word) for word in given))) == 2


def test_without_a_token_one_is_told_to_log_in(file, capsys):
    code = main(words("submit", "race", file))

    assert (code, "dure login URL" in capsys.readouterr().err) == (2, True)


def test_platform_that_is_away_exits_3(desk: Desk, file, capsys):
    desk.line.before = broken

    code = main(words("submit", desk.round, file))

    assert (code, "cannot be reached" in capsys.readouterr().err) == (3, True)


def test_failure_of_the_platform_exits_3(desk: Desk, file, capsys):
    def give_up(asked) -> None:
        Submission.objects.update(state="failed")

    desk.line.after = give_up

    code = main(words("submit", desk.round, file))

    assert (code, "given back" in capsys.readouterr().err) == (3, True)


def test_login_keeps_a_token_that_works(desk: Desk, capsys, monkeypatch):
    monkeypatch.delenv("DURE_TOKEN")

    code = main(words("login", f"{URL}/", "--token", desk.token))

    assert (code, desk.person.name in capsys.readouterr().out) == (0, True)
    assert token_for() == (URL, desk.token)


def test_login_with_a_wrong_token_keeps_nothing(desk: Desk, capsys, monkeypatch):
    monkeypatch.delenv("DURE_TOKEN")

    code = main(words("login", URL, "--token", "dure_000000000000_x"))

    assert (code, main(words("rounds"))) == (3, 3)
    assert "Issue a new one" in capsys.readouterr().err


def test_token_over_a_plain_address_is_warned_of(desk: Desk, capsys):
    main(words("login", "http://dure.example", "--token", desk.token))

    assert capsys.readouterr().err.startswith("Beware")


def test_rounds_are_listed_with_deadline_and_attempts(desk: Desk, capsys):
    code = main(words("rounds"))

    head, row = capsys.readouterr().out.splitlines()
    assert (code, head.split()) == (0, ["Round", "Title", "Deadline", "Today", "This", "month", "In", "all", "Metric"])
    assert row.split()[0] == desk.round
    assert row.split()[-4:] == ["0/3", "0", "0", "accuracy"]


def test_who_takes_part_in_nothing_is_told_what_to_do(desk: Desk, capsys):
    Entrant.objects.all().delete()

    main(words("rounds"))

    assert "apply" in capsys.readouterr().out


def test_board_is_a_table_a_document_or_csv(desk: Desk, worker, file, capsys):
    main(words("submit", desk.round, file))
    printed = []
    for form in ([], ["--json"], ["--csv"]):
        capsys.readouterr()
        assert main(words("board", desk.round, *form)) == 0
        printed.append(capsys.readouterr().out)

    table, document, csv = printed
    assert table.splitlines()[1].split()[0] == "1"
    assert [(row["place"], row["score"]) for row in json.loads(document)["rows"]] == [(1, 0.75)]
    assert csv.splitlines()[1].startswith("1,")


def test_logs_tell_the_verdict_and_what_was_printed(desk: Desk, worker, file, capsys):
    main(words("submit", desk.round, file))
    Submission.objects.update(log="epoch 1\n")
    capsys.readouterr()

    code = main(words("logs", Submission.objects.get().pk))

    assert (code, capsys.readouterr().out) == (0, "Score: 0.75\nepoch 1\n\n")


def test_the_end_of_what_a_broken_program_printed_is_shown_at_once(desk: Desk, worker, file, capsys):
    def break_it(asked) -> None:
        if "/submissions/" in asked.path_url:
            told = {
                "state": SubmissionState.REFUSED,
                "cause_ko": "오류",
                "cause_en": "It broke.",
                "log": "\n".join(map(str, range(30))),
            }
            Submission.objects.update(**told, judged_at=clock.now())

    desk.line.before = break_it

    assert main(words("submit", desk.round, file)) == 1
    whole = f"All that it printed: `dure logs {Submission.objects.get().pk}`"
    assert capsys.readouterr().err.splitlines() == ["It broke.", *map(str, range(10, 30)), whole]


def test_what_is_no_id_of_a_submission_is_told_so(desk: Desk, capsys):
    assert main(words("logs", "7")) == 3
    assert "7 is no id of a submission" in capsys.readouterr().err


def test_sound_file_is_checked_without_an_attempt(desk: Desk, file, capsys):
    code = main(words("check", desk.round, file))

    assert (code, capsys.readouterr().out) == (0, "This file can be scored.\n")
    assert Submission.objects.count() == 0


def test_flawed_file_is_told_row_by_row_and_exits_1(desk: Desk, file, capsys):
    file.write_text(file.read_text().replace("\n3,", "\nthree,"))

    code = main(words("check", desk.round, file, "--json"))

    told = json.loads(capsys.readouterr().out)
    assert (code, [(flaw["code"], flaw["row"]) for flaw in told["flaws"]]) == (
        1,
        [("id-unknown", 5), ("id-missing", None)],
    )


def test_kit_is_saved(desk: Desk, tmp_path, capsys):
    code = main(words("kit", desk.round, tmp_path / "kit.zip"))

    assert (code, zipfile.is_zipfile(tmp_path / "kit.zip")) == (0, True)


def test_login_without_a_token_opens_the_page_that_issues_one(desk: Desk, capsys, monkeypatch):
    opened = []
    monkeypatch.delenv("DURE_TOKEN")
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("dure.cli.login.getpass", lambda _asked: f"{desk.token}\n")

    code = main(words("login", URL))

    assert (code, opened) == (0, [f"{URL}{reverse('tokens')}"])
    assert token_for() == (URL, desk.token)
