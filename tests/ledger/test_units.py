"""Units: currencies by their ISO code, meters by a plain name."""

import pytest

from dure.core.errors import Refused
from dure.ledger import units


@pytest.mark.parametrize("name", ["KRW", "USD", "KWD", "gpu-second", "token", "facility-minute"])
def test_currencies_and_meters_are_units(name):
    assert units.unit(name) == name


@pytest.mark.parametrize("name", ["", "krw1", "XXX", "Won", "gpu second", "gpu-", "-", "KRW ", "원"])
def test_anything_else_is_refused(name):
    with pytest.raises(Refused) as refusal:
        units.unit(name)

    assert (refusal.value.code, refusal.value.facts) == ("ledger.currency", {"currency": name})


def test_a_meter_is_no_currency():
    with pytest.raises(Refused, match="no ISO 4217 currency"):
        units.currency("token")


def test_smallest_units_are_won_cents_and_fils():
    assert [units.DECIMALS[code] for code in ["KRW", "JPY", "USD", "EUR", "KWD"]] == [0, 0, 2, 2, 3]
    assert len(units.DECIMALS) == 154


def test_amounts_read_in_whole_and_smallest_units():
    amounts = [(1_750_000, "KRW"), (1234, "USD"), (-5, "USD"), (1, "KWD"), (3600, "gpu-second")]

    written = [units.written(*amount) for amount in amounts]
    assert written == ["1,750,000 KRW", "12.34 USD", "-0.05 USD", "0.001 KWD", "3,600 gpu-second"]
