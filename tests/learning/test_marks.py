"""Marks are counted exactly: means, lateness, gaps, the scale of 4.5."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.core.errors import Flawed
from dure.learning.marks import (
    STANDARD,
    Compared,
    agreed,
    compared,
    counted,
    far_apart,
    grade_of,
    late_share,
    mean_share,
    read_scale,
    total,
    written_scale,
)

DUE = datetime(2026, 12, 1, tzinfo=UTC)
MOST, GAP = Decimal(20), Decimal("0.15")
tenths = st.integers(0, 100).map(lambda n: Decimal(n) / 10)
markings = st.fixed_dictionaries({"c1": tenths, "c2": tenths})
shares = st.integers(0, 10_000).map(lambda n: Decimal(n) / 10_000)
late = {"due": DUE, "grace": timedelta(minutes=10), "per_day": Decimal("0.1")}


@pytest.mark.parametrize(
    ("after", "costs"),
    [
        (timedelta(0), "0"), (timedelta(minutes=10), "0"), (timedelta(minutes=11), "0.1"), (timedelta(days=1), "0.1"),
        (timedelta(days=1, seconds=1), "0.2"), (timedelta(days=99), "1"), (-timedelta(days=3), "0"),
    ],
)  # fmt: skip
def test_each_day_that_has_begun_past_the_grace_costs_its_share(after, costs):
    assert late_share(DUE + after, **late) == Decimal(costs)


def test_without_a_due_time_nothing_is_late():
    assert late_share(DUE, due=None, grace=timedelta(0), per_day=Decimal(1)) == 0


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_who_hands_in_later_never_loses_less(one, other):
    first, second = sorted([one, other])
    assert late_share(DUE + timedelta(seconds=first), **late) <= late_share(DUE + timedelta(seconds=second), **late)


@given(tenths, shares)
def test_what_counts_is_never_negative_nor_more_than_what_was_given(raw, lost):
    assert 0 <= counted(raw, most=MOST, late=lost) <= raw


@given(markings, markings)
def test_two_graders_come_to_their_exact_mean_or_a_moderator_decides(first, second):
    found = agreed([first, second], most=MOST, gap=GAP)
    if far_apart(first, second, most=MOST, gap=GAP):
        assert found is None
    else:
        assert found == {key: (first[key] + second[key]) / 2 for key in first}
        assert total(found) * 2 == total(first) + total(second)
        assert all(value == value.quantize(Decimal("0.01")) for value in found.values())


@given(st.lists(markings, min_size=3, max_size=3), st.permutations([0, 1, 2]))
def test_of_three_graders_the_order_does_not_matter(rows, order):
    found = agreed(rows, most=MOST, gap=Decimal(1))
    turned = agreed([rows[at] for at in order], most=MOST, gap=Decimal(1))
    assert total(found) == total(turned)


def test_of_three_the_closest_two_count_and_a_tie_is_the_learners():
    def row(points):
        return {"c1": Decimal(points)}

    assert agreed([row(2), row(10), row(9)], most=MOST, gap=GAP) == row("9.5")
    assert agreed([row(6), row(8), row(10)], most=MOST, gap=GAP) == row(9)
    assert agreed([row(0), row(10), row(20)], most=MOST, gap=GAP) is None
    assert agreed([row(7)], most=MOST, gap=GAP) == row(7)
    assert agreed([], most=MOST, gap=GAP) is None


@given(shares, shares)
def test_a_higher_share_never_has_a_lower_grade(one, other):
    low, high = sorted([one, other])
    assert grade_of(low).points <= grade_of(high).points


def test_cuts_of_the_standard_scale():
    assert [grade_of(Decimal(share)).letter for share in ("1", "0.95", "0.9499", "0.8", "0.6", "0.5999", "0")] == [
        "A+", "A+", "A0", "B0", "D0", "F", "F",
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(1, 9).map(Decimal), shares), min_size=1, max_size=5))
def test_a_mean_lies_between_its_parts(parts):
    assert min(share for _, share in parts) <= mean_share(parts) <= max(share for _, share in parts)


def test_nothing_that_weighs_has_no_mean():
    assert mean_share([]) is None
    assert mean_share([(Decimal(0), Decimal(1))]) is None


def test_a_scale_is_read_back_as_it_is_written():
    assert read_scale(written_scale(STANDARD)) == STANDARD


@pytest.mark.parametrize("written", ["", "A 90", "A 90 4.6", "A 90 4\nB 95 3\nF 0 0", "A 90 4\nB 50 4\nF 0 0", "A 9 4"])
def test_a_scale_that_leaves_a_share_without_a_grade_is_refused(written):
    with pytest.raises(Flawed):
        read_scale(written)


def test_a_grader_is_compared_with_the_others_on_the_same_work_alone():
    totals = [("strict", "a", Decimal(10)), ("mild", "a", Decimal(14)), ("strict", "b", Decimal(12)),
              ("mild", "b", Decimal(14)), ("alone", "c", Decimal(5))]  # fmt: skip

    assert compared(totals) == {
        "strict": Compared(2, Decimal(11), Decimal("1.41"), Decimal(-3), 2),
        "mild": Compared(2, Decimal(14), Decimal(0), Decimal(3), 2),
        "alone": Compared(1, Decimal(5), None, None, 0),
    }


@given(st.lists(st.tuples(tenths, tenths), min_size=1))
def test_two_graders_drift_apart_by_as_much_in_either_direction(pairs):
    totals = [(grader, work, given) for work, both in enumerate(pairs) for grader, given in enumerate(both)]
    drifts = [one.drift for one in compared(totals).values()]

    assert abs(sum(drifts)) <= Decimal("0.01")  # each is rounded on its own
