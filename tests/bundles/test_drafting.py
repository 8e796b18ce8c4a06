"""A competition as a blueprint: sound whatever the competition, and saying what the bundle says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.blueprint.lint import lint_text
from dure.blueprint.read import read as read_blueprint
from dure.blueprint.yaml import read_document
from dure.bundles import blueprint_of, read
from dure.bundles.drafting import prizes_of
from dure.bundles.model import Competition, Prize
from tests.bundles.made_competitions import anything, sound
from tests.bundles.samples import challenge, flowers, numbers


@settings(deadline=None, max_examples=200)
@given(anything() | sound(), st.sampled_from(["person", "team"]))
def test_the_blueprint_of_any_competition_is_sound(competition, case):
    text = blueprint_of(competition, case=case)

    assert [str(flaw) for flaw in lint_text(text.encode(), "made.yaml")] == []


def drafted(folder, tmp_path, **case):
    text = blueprint_of(read(folder, tmp_path / "into").competition, **case)
    blueprint, _ = read_blueprint(read_document(text.encode(), "made.yaml"))
    return text, blueprint


def test_each_phase_is_a_round_with_its_dates_and_limits(tmp_path):
    text, blueprint = drafted(flowers(tmp_path / "in"), tmp_path)

    join, development, final = blueprint.stages
    assert (blueprint.name, blueprint.title.ko) == ("flowers-by-their-petals", "Flowers by their petals")
    assert ([stage.id for stage in blueprint.stages], join.entry) == (["join", "phase-1", "phase-2"], "open")
    assert (development.do.daily, development.do.total, development.do.code) == (3, 30, "required")
    assert "when: {from: 2030-01-01T00:00:00Z, to: 2030-02-01T00:00:00Z}" in text
    assert [after.stage for stage in (development, final) for after in stage.after] == ["join", "phase-1"]
    assert blueprint.words["phase-1"].ko == "Development"


@pytest.mark.parametrize(("a_day", "in_all", "daily"), [(3, 30, 3), (5, 1, 1), (5, 5, 5), (None, 4, None), (5, 0, 5)])
def test_a_day_has_no_more_attempts_than_there_are_in_all(tmp_path, a_day, in_all, daily):
    def change(told):
        told["phases"][0] |= {"max_submissions_per_day": a_day, "max_submissions": in_all}

    _, blueprint = drafted(flowers(tmp_path / "in", change), tmp_path)

    assert blueprint.stages[1].do.daily == daily


def test_terms_are_agreed_to_and_registrations_approved_where_the_bundle_says_so(tmp_path):
    text, _ = drafted(numbers(tmp_path / "in"), tmp_path)

    assert "      - rule: [agree-to-terms = yes]\n      - decide: {role: organiser}\n" in text


def test_prizes_are_paid_by_place_in_the_smallest_unit(tmp_path):
    text, _ = drafted(challenge(tmp_path / "in"), tmp_path, case="team")

    assert "      - money: {type: prize, ranks: [100000, 50000], from: host, currency: USD}\n" in text
    assert "      - rank: {by: score, take: 2}\n" in text
    assert "subject: team" in text


@pytest.mark.parametrize(
    ("amounts", "read"),
    [
        (["1000USD", "$500"], ("USD", [100000, 50000])),
        (["5,000,000원"], ("KRW", [5000000])),
        (["€99.50"], ("EUR", [9950])),
        (["$100", "100 EUR"], ("", [])),
        (["a cup"], ("", [])),
        (["1000"], ("", [])),
    ],
)
def test_amounts_as_people_write_them(amounts, read):
    prizes = tuple(Prize(rank=rank, amount=amount) for rank, amount in enumerate(amounts, 1))

    assert prizes_of(Competition(title="x", prizes=prizes)) == read


def test_prizes_that_leave_a_place_out_are_not_guessed():
    assert prizes_of(Competition(title="x", prizes=(Prize(rank=2, amount="$5"),))) == ("", [])
