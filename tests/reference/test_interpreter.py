"""The second reading itself: known draws, counts made by hand, and the expectations of the library."""

from pathlib import Path

import pytest

from tests.reference.draws import drawn, u
from tests.reference.expressions import rounded, worth
from tests.reference.giving import shares
from tests.reference.interpreter import rehearsed

FILES = sorted((Path(__file__).parents[2] / "blueprints").glob("*.yaml"))

TEAMS = """
blueprint: teams-of-three
subject: person
parties: {lead: {kind: company, count: 2}}
stages:
  - {id: apply, kind: form, entry: open, options: [red, green], do: {ask: [{points: number}]}}
  - id: build
    kind: project
    team: {min: 2, max: 3}
    do: {topic: own, milestones: [done], with: {mentor: 2}}
    gate: [{rank: {by: apply.points, take: 2}}]
    gives:
      - money: {type: prize, ranks: [100, 50], from: lead}
      - credential: {name: Builder, type: badge}
      - privilege: {type: thanks, at: lead, to: mentor}
  - {id: consolation, kind: event, after: ["build:out"], do: {type: seminar}}
measures: [{id: by-colour, is: "money(prize)", by: apply.option}]
rehearse:
  entries: 11
  facts: {points: 5}
  expect: ["pass(build) = 2", "money(prize) / 4 = 37.5", "parties = 2"]
"""


def test_draw_given_in_the_text():
    assert (u(7, "facts.age", 0), drawn([16, 33], 7, "facts.age", 0)) == (0.9256406187014614, 32)


def test_eleven_persons_make_three_teams_of_three_and_one_of_two_of_which_two_pass():
    outcome = rehearsed(TEAMS)

    assert [(s["in"], s["passed"], s["reasons"]) for s in outcome["stages"]] == [
        (11, 11, {}),
        (4, 2, {"rank": 2}),
        (5, 5, {}),
    ]
    assert outcome["money"] == {"prize": 150}
    assert outcome["credentials"] == {"Builder": 6}
    assert outcome["privileges"] == {"thanks": 4}


def test_a_group_counts_the_shares_of_its_persons():
    # 100 won among persons 0 (red), 1, 2 (red): 34 + 33 + 33; 50 among 3, 4 (red), 5: 18 + 16 + 16
    assert rehearsed(TEAMS)["measures"] == {"by-colour[red]": 34 + 33 + 16, "by-colour[green]": 33 + 18 + 16}


def test_expectations_are_compared_rounded():
    assert rehearsed(TEAMS)["expect"] == [
        {"text": "pass(build) = 2", "left": 2, "right": 2, "holds": True},
        {"text": "money(prize) / 4 = 37.5", "left": 37.5, "right": 37.5, "holds": True},
        {"text": "parties = 2", "left": 2, "right": 2, "holds": True},
    ]


def test_odd_won_goes_to_the_first():
    assert shares(50, 3) == [18, 16, 16]


def test_division_by_zero_is_null_and_stays_null():
    assert rounded(worth("1 + 2 * (3 / (1 - 1))", None, None)) is None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_expectation_of_the_library_holds(file):
    assert [row["text"] for row in rehearsed(file.read_text())["expect"] if not row["holds"]] == []
