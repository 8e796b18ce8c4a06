"""One address asks so often a minute, whoever else asks."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from dure.core import clock
from dure.core.errors import TooOften
from dure.store.limits import limit_rate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    cache.clear()
    with clock.at(datetime(2030, 1, 1, 12, tzinfo=UTC)):
        yield


def from_(address):
    return RequestFactory().get("/", REMOTE_ADDR=address)


def test_the_last_of_a_minute_passes_and_the_next_is_told_how_long_to_wait():
    limit_rate("x", from_("198.51.100.1"), most=2)
    limit_rate("x", from_("198.51.100.1"), most=2)

    with pytest.raises(TooOften) as told:
        limit_rate("x", from_("198.51.100.1"), most=2)
    assert told.value.facts == {"most": 2, "seconds": 60}


def test_other_addresses_and_other_things_are_counted_apart():
    for what, address in (("x", "198.51.100.1"), ("x", "198.51.100.2"), ("y", "198.51.100.1")):
        limit_rate(what, from_(address), most=1)


def test_a_network_of_ipv6_is_one_visitor():
    limit_rate("x", from_("2001:db8::1"), most=1)

    with pytest.raises(TooOften):
        limit_rate("x", from_("2001:db8::ffff"), most=1)


def test_without_a_limit_nothing_is_counted():
    for _ in range(5):
        limit_rate("x", from_("198.51.100.1"), most=0)


def test_those_whose_address_nobody_knows_are_one_visitor():
    limit_rate("x", from_(""), most=1)

    with pytest.raises(TooOften):
        limit_rate("x", from_(""), most=1)
