"""Dividing money: nothing is lost, nothing is made, odd units go to the first."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.funding.promises import Due, instalments
from dure.funding.shares import by_share, equally
from dure.people.models import Person


@pytest.mark.parametrize(("amount", "among", "shares"), [(100, 3, [34, 33, 33]), (1, 3, [1, 0, 0]), (7, 1, [7])])
def test_odd_units_go_to_the_first(amount, among, shares):
    assert equally(amount, among) == shares


@given(st.integers(0, 10**15), st.integers(1, 500))
def test_equal_shares_sum_up_and_differ_by_no_more_than_the_odd_units(amount, among):
    shares = equally(amount, among)

    assert sum(shares) == amount
    assert set(shares[1:]) <= {amount // among}
    assert shares[0] - amount // among == amount % among


def test_lines_are_exact_where_floats_are_not():
    shares = {"staff": 0.7, "travel": 0.2, "devices": Decimal("0.1")}

    assert by_share(1_750_000_000, shares) == {"staff": 1_225_000_000, "travel": 350_000_000, "devices": 175_000_000}


@given(
    st.integers(0, 10**15),
    st.lists(st.decimals("0.01", 1, places=2), min_size=1, max_size=8),
)
def test_lines_sum_up_and_only_the_first_is_rounded_up(amount, parts):
    shares = {str(n): part for n, part in enumerate(parts)}
    divided = by_share(amount, shares)

    assert sum(divided.values()) == amount
    whole = sum(parts)
    assert all(divided[name] == amount * share // whole for name, share in list(shares.items())[1:])


def test_instalments_are_equal_shares_on_each_day():
    anna, ben = Person(name="Anna"), Person(name="Ben")
    days = [date(2026, 1, 31), date(2026, 2, 28)]

    assert instalments(5, to=[anna, ben], on=days) == (
        Due(anna, 3, days[0], 1, 2),
        Due(ben, 2, days[0], 1, 2),
        Due(anna, 3, days[1], 2, 2),
        Due(ben, 2, days[1], 2, 2),
    )


def test_nobody_is_due_nothing():
    anna, ben = Person(name="Anna"), Person(name="Ben")

    assert [due.payee for due in instalments(1, to=[anna, ben], on=[date(2026, 1, 1)])] == [anna]
