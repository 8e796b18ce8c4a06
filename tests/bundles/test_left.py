"""Settings that have no counterpart here: each is told by its line, with what to do instead, and stops nothing."""

import pytest

from dure.bundles import read
from tests.bundles.samples import challenge, flowers, numbers


def told(path, into) -> list[tuple[str, bool]]:
    """The key of each setting that is left behind, and whether its line is known."""
    found = [one for one in read(path, into).findings if one.code == "setting.left"]
    assert not any(one.stops for one in found)
    return [(one.text.en.split()[0], bool(one.place.line)) for one in found]


def left(*keys) -> list[tuple[str, bool]]:
    return [(key, True) for key in keys]


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("anonymous_leaderboard: true", left("anonymous_leaderboard")),
        ("anonymous_leaderboard: false", []),
        ("enable_teams: true", left("enable_teams")),
        ("admin_names: lee, kim", left("admin_names")),
        ("admin_names: ''", []),
    ],
)
def test_of_codalab(tmp_path, line, keys):
    path = numbers(tmp_path / "in", ("end_date: 2030-03-01\n", f"end_date: 2030-03-01\n{line}\n"))

    assert told(path, tmp_path / "into") == keys


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("hidden_columns: set1_score", left("hidden_columns")),
        ("scoring_program_docker_image: python:3.9", left("scoring_program_docker_image")),
    ],
)
def test_of_a_phase_of_codalab(tmp_path, line, keys):
    path = numbers(tmp_path / "in", ('label: "Final"\n', f'label: "Final"\n    {line}\n'))

    assert told(path, tmp_path / "into") == keys


@pytest.mark.parametrize("rule", ["Force_Last", "Force_Latest_Multiple"])
def test_of_codabench(tmp_path, rule):
    def change(told):
        told |= {"collaborators": ["lee@example.org"], "queue": "0aaf1ee8-0a4c-4a37-a9d1-4b31d9b0a9e9"}
        told["leaderboards"][0]["submission_rule"] = rule

    assert sorted(told(flowers(tmp_path / "in", change), tmp_path / "into")) == left(
        "collaborators", "queue", "submission_rule"
    )


def test_what_makes_the_best_attempt_count_is_kept(tmp_path):
    def change(told):
        told["leaderboards"][0]["submission_rule"] = "Force_Best"

    assert told(flowers(tmp_path / "in", change), tmp_path / "into") == []


def test_of_evalai(tmp_path):
    def change(told):
        told |= {
            "allowed_email_domains": ["example.org"],
            "blocked_email_domains": [],
            "anonymous_leaderboard": True,
        }
        told["challenge_phases"][0]["is_restricted_to_select_one_submission"] = True
        told["challenge_phase_splits"][0] |= {
            "show_leaderboard_by_latest_submission": True, "show_scores_on_leaderboard": False,
        }  # fmt: skip

    assert sorted(told(challenge(tmp_path / "in", change), tmp_path / "into")) == left(
        "allowed_email_domains",
        "anonymous_leaderboard",
        "is_restricted_to_select_one_submission",
        "show_leaderboard_by_latest_submission",
        "show_scores_on_leaderboard",
    )


@pytest.mark.parametrize(
    ("key", "made", "not_made"),
    [
        ("is_static_dataset_code_upload", True, False),
        ("leaderboard_description", "Accuracy, then F1", ""),
        ("submission_time_limit", 3600, ""),
        ("forum_url", "https://forum.example.org/pictures", ""),
        ("is_registration_open", False, True),
        ("banned_email_ids", ["mallory@example.org"], []),
        ("allow_cancel_running_submissions", True, False),
        ("allow_participants_resubmissions", True, False),
        ("allow_resuming_submissions", True, False),
    ],
)
def test_what_evalai_does_for_a_whole_challenge_is_told_where_it_is_made(tmp_path, key, made, not_made):
    found = {
        value: told(
            challenge(tmp_path / value, lambda said, made=made: said.update({key: made})), tmp_path / f"{value}-"
        )
        for value, made in (("made", made), ("not-made", not_made))
    }

    assert found == {"made": left(key), "not-made": []}


def test_questions_that_evalai_asks_by_itself_are_told(tmp_path):
    def change(told):
        told["challenge_phases"][0]["default_submission_meta_attributes"] = [
            {"name": "method_name", "is_visible": True}
        ]

    assert told(challenge(tmp_path / "in", change), tmp_path / "into") == left("default_submission_meta_attributes")


def test_what_only_evalais_server_decides_is_not_called_misspelt(tmp_path):
    def change(told):
        told |= {"slug": "pictures-1", "enable_forum": True, "cpu_only_jobs": False, "worker_disk_size": 100}
        told["challenge_phases"][0]["challenge"] = 1

    assert read(challenge(tmp_path / "in", change), tmp_path / "into").findings == ()


def test_boards_beside_the_first_are_told(tmp_path):
    def change(told):
        told["leaderboards"].append({**told["leaderboards"][0], "title": "Hard", "key": "hard"})

    found = read(flowers(tmp_path / "in", change), tmp_path / "into").findings

    assert [(one.code, one.stops) for one in found] == [("board.others", False)]
    assert "Hard" in found[0].text.en
