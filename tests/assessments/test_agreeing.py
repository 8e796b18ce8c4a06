"""What several interviewers come to: exact means, and a word where they are too far apart."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from dure.assessments.agreeing import agreed, kept, spread, summed, total

MOST, GAP = Decimal(100), Decimal("0.2")
points = st.fixed_dictionaries(
    {
        "a": st.decimals(0, 60, places=1, allow_nan=False),
        "b": st.decimals(0, 40, places=1, allow_nan=False),
    }
)


def one(a, b=0):
    return {"a": Decimal(a), "b": Decimal(b)}


def come_to(*sheets, seats=2):
    return agreed(sheets, seats=seats, most=MOST, gap=GAP)


def test_the_mean_of_three_is_exact():
    assert come_to(one(10), one(10), one(11), seats=3) == {"a": Fraction(31, 3), "b": 0}


def test_whoever_is_as_far_apart_as_allowed_agrees_and_beyond_that_people_talk():
    assert come_to(one(30), one(50)) == {"a": 40, "b": 0}
    assert come_to(one(30), one("50.1")) is None


def test_totals_are_compared_and_not_single_criteria():
    assert come_to(one(60, 0), one(20, 40)) == {"a": 40, "b": 20}


def test_of_two_and_one_asked_later_the_closest_two_count():
    assert come_to(one(0), one(60), one(50)) == {"a": 55, "b": 0}


def test_of_two_equally_close_pairs_the_higher_one_counts():
    assert come_to(one(20), one(40), one(60)) == {"a": 50, "b": 0}


def test_where_no_group_is_close_enough_people_talk_again():
    assert come_to(one(0), one(30), one(60)) is None


def test_of_nobody_nothing_is_agreed():
    assert come_to() is None


@given(st.lists(points, min_size=1, max_size=4), st.integers(2, 3))
def test_the_order_in_which_they_send_changes_nothing(sheets, seats):
    found = {tuple(sorted((told or {}).items())) for told in (come_to(*p, seats=seats) for p in permutations(sheets))}

    assert len(found) == 1


@given(st.lists(points, min_size=1, max_size=5), st.integers(1, 5))
def test_a_result_lies_between_points_that_are_close_enough(sheets, seats):
    result = come_to(*sheets, seats=seats)

    if result is None:
        assert spread(sheets) > GAP * MOST
    else:
        assert min(map(total, sheets)) <= summed(result.values()) <= max(map(total, sheets))
        within = [sheet for sheet in sheets if abs(Fraction(total(sheet)) - summed(result.values())) <= GAP * MOST]
        assert len(within) >= min(len(sheets), max(2, min(seats, len(sheets))))


@given(st.lists(points, min_size=1, max_size=6))
def test_where_all_agree_every_one_weighs_the_same(sheets):
    if spread(sheets) <= GAP * MOST:
        assert summed(come_to(*sheets).values()) == sum(map(Fraction, map(total, sheets))) / len(sheets)


@given(st.fractions(0, 1000))
def test_what_is_kept_is_within_half_a_unit_of_the_last_place(exact):
    assert abs(Fraction(kept(exact)) - exact) <= Fraction(1, 20_000)
