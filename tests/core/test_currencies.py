"""Money is kept in whole smallest units and read in whole ones."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.core.currencies import decimals, in_units, named
from dure.core.text import Text


@pytest.mark.parametrize(
    ("amount", "currency", "read"),
    [
        (15_000_000, "KRW", "15,000,000"),
        (100_000, "USD", "1,000"),
        (100_050, "USD", "1,000.50"),
        (-5, "EUR", "-0.05"),
        (1_234_567, "KWD", "1,234.567"),
        (500, "JPY", "500"),
    ],
)
def test_an_amount_is_read_in_whole_units(amount, currency, read) -> None:
    assert in_units(amount, currency) == read


@given(st.integers(-(10**15), 10**15), st.sampled_from(["KRW", "USD", "KWD"]))
def test_nothing_of_an_amount_is_lost(amount, currency) -> None:
    assert Decimal(in_units(amount, currency).replace(",", "")) * 10 ** decimals(currency) == amount


@pytest.mark.parametrize(
    ("amount", "currency", "ko", "en"),
    [
        (15_000_000, "KRW", "1,500만 원", "KRW 15,000,000"),
        (205_000_000, "KRW", "2억 500만 원", "KRW 205,000,000"),
        (12_345, "KRW", "12,345원", "KRW 12,345"),
        (100_050, "USD", "USD 1,000.50", "USD 1,000.50"),
    ],
)
def test_an_amount_is_named_as_its_readers_write_it(amount, currency, ko, en) -> None:
    assert named(amount, currency) == Text(ko=ko, en=en)
