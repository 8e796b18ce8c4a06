"""Draws depend on seed, place and number alone."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dure.blueprint.draws import drawn, u

SEEDS = st.integers(min_value=0, max_value=2**64 - 1)


def test_the_reference_draw():
    assert u(7, "facts.age", np.array([0]))[0] == 0.9256406187014614
    assert drawn((16, 33), 7, "facts.age", np.array([0])).to_list() == [32]


@given(seed=SEEDS, place=st.text(max_size=20), numbers=st.lists(st.integers(0, 10**9), max_size=30))
def test_a_draw_knows_nothing_of_its_neighbours(seed, place, numbers):
    together = u(seed, place, np.array(numbers, dtype=np.int64))

    assert together.tolist() == [u(seed, place, np.array([number]))[0] for number in numbers]
    assert ((together >= 0) & (together < 1)).all()


@given(seed=SEEDS, low=st.integers(-1000, 1000), width=st.integers(0, 1000))
def test_two_whole_numbers_draw_a_whole_number_with_both_ends(seed, low, width):
    values = drawn((low, low + width), seed, "x", np.arange(50))

    assert values.dtype == pl.Int64
    assert all(low <= value <= low + width for value in values)


@given(seed=SEEDS, low=st.floats(-100, 100), width=st.floats(0, 100))
def test_a_point_draws_decimals_of_four_places(seed, low, width):
    values = drawn((low, low + width), seed, "x", np.arange(50)).to_list()

    assert values == [round(value, 4) for value in values]
    assert all(low - 0.00005 <= value <= low + width + 0.00005 for value in values)


def test_any_other_list_draws_its_elements():
    assert set(drawn(("yes", "no", None), 7, "x", np.arange(99))) == {"yes", "no", None}
    assert set(drawn((1, 1, 0.6), 7, "x", np.arange(99))) == {1.0, 0.6}
    assert set(drawn((1, 1, 2, 2), 7, "x", np.arange(99))) == {1, 2}


def test_numbers_beside_words_are_words():
    assert set(drawn((1, "none", True), 7, "x", np.arange(99))) == {"1", "none", "true"}


def test_a_constant_is_drawn_by_nobody():
    assert drawn("sk", 7, "x", np.arange(3)).to_list() == ["sk", "sk", "sk"]
    assert drawn(3, 7, "x", np.arange(2)).to_list() == [3, 3]
