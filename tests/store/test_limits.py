"""One address asks so often a minute, whoever else asks."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from dure.core import clock
from dure.core.errors import TooOften
from dure.store.limits import count_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    cache.clear()
    with clock.at(datetime(2030, 1, 1, 12, tzinfo=UTC)):
        yield


def test_the_last_of_a_minute_passes_and_the_next_is_told_how_long_to_wait():
    count_in("x", "198.51.100.1", most=2)
    count_in("x", "198.51.100.1", most=2)

    with pytest.raises(TooOften) as told:
        count_in("x", "198.51.100.1", most=2)
    assert told.value.facts == {"most": 2, "seconds": 60}


def test_other_addresses_and_other_things_are_counted_apart():
    for what, address in (("x", "198.51.100.1"), ("x", "198.51.100.2"), ("y", "198.51.100.1")):
        count_in(what, address, most=1)


def test_a_network_of_ipv6_is_one_visitor():
    count_in("x", "2001:db8::1", most=1)

    with pytest.raises(TooOften):
        count_in("x", "2001:db8::ffff", most=1)


def test_without_a_limit_nothing_is_counted():
    for _ in range(5):
        count_in("x", "198.51.100.1", most=0)
