"""Dividing money: nothing is lost, nothing is made, odd units go to the first."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.funding.promises import Due, instalments
from dure.funding.shares import equally
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
