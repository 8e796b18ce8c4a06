"""Money: shares add up to the whole, whatever is divided among whomever."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.blueprint.gives import instalments, line_shares, shares, worth
from dure.blueprint.model import BIND, Duration, MoneyGive
from dure.core.errors import Refused

WON = st.integers(0, 10**12)


@given(whole=WON, among=st.integers(1, 50))
def test_shares_add_up_and_only_the_first_differs(whole, among):
    paid = shares(whole, among)

    assert sum(paid) == whole
    assert len(set(paid[1:])) <= 1
    assert 0 <= paid[0] - whole // among < among


def test_nobody_shares_nothing():
    assert shares(100, 0) == []


@given(pool=WON, places=st.lists(st.integers(0, 9), min_size=1, max_size=20))
def test_a_pool_is_paid_whole(pool, places):
    place = np.array(places)

    assert sum(worth(MoneyGive("prize", pool=pool), place, np.ones_like(place)).tolist()) == pool


def test_ranks_pay_the_first_places_and_nobody_else():
    prize = MoneyGive("prize", ranks=(15, 7, 3))

    assert worth(prize, np.array([0, 1, 2, 3, 4, 1]), np.ones(6, dtype=np.int64)).tolist() == [0, 15, 7, 3, 0, 15]


def test_an_amount_per_entry_counts_cases():
    grant = MoneyGive("grant", amount=10, per="entry")

    assert worth(grant, np.array([0, 0]), np.array([3, 0])).tolist() == [30, 0]


@pytest.mark.parametrize(
    ("give", "times"),
    [
        (MoneyGive("x", amount=1), 1),
        (MoneyGive("x", amount=1, months=12), 12),
        (MoneyGive("x", amount=1, months=12, every=Duration(3, "m")), 4),
        (MoneyGive("x", amount=1, months=24, every=Duration(1, "y")), 2),
    ],
)
def test_instalments_are_months_by_every(give, times):
    assert instalments(give) == times


@given(pool=WON, teams=st.integers(min_value=1, max_value=8))
def test_what_a_pool_is_worth_adds_up(pool, teams):
    each = worth(MoneyGive("prize", pool=pool), np.zeros(teams, dtype=np.int64), np.ones(teams, dtype=np.int64))

    assert int(each.sum()) == pool


def test_budget_lines_are_summed_as_written():
    lines = {"personnel": 0.15, "students": 0.45, "rest": 0.40}

    assert line_shares(MoneyGive("grant", amount=1, lines=lines)) == 1


def test_money_that_nobody_bound_is_refused():
    with pytest.raises(Refused) as refused:
        worth(MoneyGive("tuition", amount=BIND), np.array([0]), np.array([1]))

    assert refused.value.code == "blueprint.unbound"
