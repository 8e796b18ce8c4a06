"""The rehearsal agrees, number for number, with a second reading of the language written apart from it."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dure.blueprint.library import load_blueprint
from dure.blueprint.lint import lint_text
from dure.blueprint.rehearsal import rehearse
from tests.blueprint.corner_blueprints import CORNERS, corner
from tests.blueprint.made_blueprints import made_blueprints
from tests.reference.interpreter import rehearsed

FILES = sorted((Path(__file__).parents[2] / "blueprints").glob("*.yaml"))
EXAMPLES = os.environ.get("DURE_AGREEMENT_EXAMPLES")  # a number: so many new ones instead of the same hundred
MANY = settings(
    max_examples=int(EXAMPLES or 100),
    derandomize=EXAMPLES is None,
    database=None,
    deadline=None,
    phases=[Phase.generate],  # the examples are short to read, and shrinking one takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def by_product(source, cases=None, seed=7):
    outcome = rehearse(load_blueprint(source), cases=cases, seed=seed).as_json()
    return {key: value for key, value in outcome.items() if key != "seconds"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_agrees_on_the_library_at_its_own_size(file):
    assert by_product(file) == rehearsed(file.read_text())


@pytest.mark.parametrize(("cases", "seed"), [(1, 42), (7, 1), (97, 42)])
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_agrees_on_the_library_at_other_sizes_and_seeds(file, cases, seed):
    assert by_product(file, cases, seed) == rehearsed(file.read_text(), cases, seed)


@pytest.mark.parametrize("name", CORNERS)
def test_agrees_at_the_corners(name):
    assert by_product(corner(name).encode()) == rehearsed(corner(name))


@pytest.mark.parametrize("name", CORNERS)
def test_corners_are_sound(name):
    assert lint_text(corner(name).encode(), "corner.yaml") == []


@MANY
@given(text=made_blueprints(), seed=st.integers(0, 2**32))
def test_agrees_on_made_up_blueprints(text, seed):
    assert by_product(text.encode(), seed=seed) == rehearsed(text, seed=seed)


@MANY
@given(text=made_blueprints())
def test_made_up_blueprints_are_sound(text):
    assert lint_text(text.encode(), "made-up.yaml") == []
