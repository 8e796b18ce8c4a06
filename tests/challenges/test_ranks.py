"""Ranks are integers that stand in the order of the scores."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.challenges.ranks import image, rank_of, rounded

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite, finite)
def test_images_stand_in_the_order_of_their_scores(one, other):
    assert (image(one) < image(other)) == (one < other)
    assert (image(one) == image(other)) == (one == other)


@given(finite)
def test_an_image_is_a_signed_64_bit_integer_and_minus_zero_is_zero(score):
    assert -(2**63) < image(score) < 2**63
    assert image(-score) == -image(score)


@given(finite, finite, st.booleans())
def test_the_better_score_has_the_smaller_rank(one, other, greater):
    better = one > other if greater else one < other

    assert (rank_of(one, greater_is_better=greater) < rank_of(other, greater_is_better=greater)) == better


@pytest.mark.parametrize(
    ("score", "places", "expected"),
    [
        (0.1 + 0.2, 6, 0.3),
        (0.5, 0, 0.0),
        (1.5, 0, 2.0),
        (2.675, 2, 2.67),  # the double lies below 2.675
        (Decimal("2.675"), 2, 2.68),
        (-0.0000001, 6, 0.0),
        (1e300, 12, 1e300),
    ],
)
def test_scores_are_rounded_half_to_even_on_their_exact_value(score, places, expected):
    assert str(rounded(score, places)) == str(expected)


@given(st.floats(-1e6, 1e6))
def test_rounding_twice_changes_nothing(score):
    assert rounded(rounded(score, 6), 6) == rounded(score, 6)
