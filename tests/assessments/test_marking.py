"""What answers are worth."""

import unicodedata
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.assessments.content import Case
from dure.assessments.marking import has_output, mark_of, plain, share_of, taken
from dure.core.errors import Flawed
from tests.assessments.factories import multiple, numeric, ordering, short, single

SHARES = st.fractions(min_value=0, max_value=1, max_denominator=60)


@pytest.mark.parametrize(
    ("chosen", "share"),
    [([0, 1], 1), ([0], Fraction(1, 2)), ([0, 2], 0), ([0, 1, 2], Fraction(1, 2)), ([2, 3], 0), ([], 0)],
)
def test_a_wrong_choice_takes_away_what_a_right_one_gives(chosen, share):
    assert share_of(multiple(0, 1), chosen) == share


@pytest.mark.parametrize(
    ("typed", "is_right"),
    [
        ("3.14", True),
        ("3.15", True),
        ("3.16", False),
        ("３．１４", True),
        ("3.14 m", False),
        ("", False),
        ("pi", False),
    ],
)
def test_a_number_counts_up_to_the_bound_of_its_tolerance(typed, is_right):
    assert share_of(numeric("3.14", tolerance="0.01"), typed) == is_right


@pytest.mark.parametrize(
    ("typed", "is_right"),
    [("1,500 mW", True), ("1500mW", True), ("1500 MW", False), ("1500", False), ("1.5e3 mW", True)],
)
def test_a_unit_is_asked_for_and_its_capitals_count(typed, is_right):
    assert share_of(numeric("1500", units=("mW",)), typed) == is_right


@pytest.mark.parametrize(
    "typed", ["기계학습", "기계 학습", " 기계  학습 ", unicodedata.normalize("NFD", "기계 학습"), "기계\u3000학습"]
)
def test_hangul_is_the_same_however_it_is_spaced_and_composed(typed):
    assert share_of(short("기계 학습", "machine learning"), typed) == 1


def test_latin_words_keep_their_spaces():
    assert (plain("Machine  Learning"), plain("machinelearning")) == ("machine learning", "machinelearning")


def test_an_order_is_worth_its_right_neighbours():
    assert [share_of(ordering(), put) for put in ([0, 1, 2, 3], [2, 3, 0, 1], [3, 2, 1, 0])] == [
        1, Fraction(2, 3), 0,
    ]  # fmt: skip


@given(st.decimals("0.01", "100", places=2), SHARES)
def test_a_mark_lies_within_its_points_and_half_a_step_of_the_exact_value(points, share):
    mark = mark_of(points, share)

    assert 0 <= mark <= points
    assert abs(Fraction(mark) - Fraction(points) * share) <= Fraction(1, 20_000)


@given(st.sets(st.integers(0, 3)), st.sets(st.integers(0, 3), min_size=1))
def test_no_multiple_choice_is_worth_more_than_the_right_one_or_less_than_nothing(chosen, right):
    share = share_of(multiple(*sorted(right)), sorted(chosen))

    assert 0 <= share <= 1
    assert (share == 1) == (chosen == right)


@given(st.text(max_size=30))
def test_writing_an_answer_alike_twice_changes_nothing_more(text):
    assert plain(plain(text)) == plain(text)


@given(st.permutations(range(4)))
def test_only_the_right_order_is_worth_all(put):
    assert (share_of(ordering(), put) == 1) == (put == [0, 1, 2, 3])


def test_output_is_compared_without_spaces_at_the_ends_of_lines():
    assert has_output(Case("", "1\n2"), "1 \n2\n\n")
    assert not has_output(Case("", "1\n2"), "1\n\n2")


def test_an_answer_is_kept_by_what_it_means_and_not_by_where_it_stood():
    assert taken(single(), [2], order=[1, 2, 0]) == [0]
    assert taken(ordering(), [3, 2, 1, 0], order=[1, 3, 0, 2]) == [2, 0, 3, 1]


@pytest.mark.parametrize("given_", [[3], [0, 1], ["0"], "0", [True], {"a": 1}, 5])
def test_what_no_page_sends_is_refused(given_):
    with pytest.raises(Flawed):
        taken(single(), given_, order=[0, 1, 2])


def test_marks_are_rounded_half_to_even():
    assert mark_of(Decimal(1), Fraction(1, 3)) == Decimal("0.3333")
    assert mark_of(Decimal("0.01"), Fraction(1, 200)) == Decimal("0.0000")
