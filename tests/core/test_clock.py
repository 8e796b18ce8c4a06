"""The clock of deadlines: it runs, or stands where it is set."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dure.core import clock

NOON = datetime(2027, 3, 1, 12, tzinfo=timezone(timedelta(hours=9)))


def test_the_clock_runs_in_utc():
    before = datetime.now(UTC)

    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC


def test_a_clock_that_is_set_stands_until_it_runs_again():
    clock.set_clock(NOON)
    stood = clock.now(), clock.now()
    clock.set_clock(None)

    assert stood == (NOON, NOON)
    assert clock.now() < NOON


def test_time_passes_by_hand():
    clock.set_clock(NOON)

    assert clock.pass_time(timedelta(hours=2)) == clock.now() == NOON + timedelta(hours=2)


def test_the_clock_stands_inside_a_block_and_is_as_before_after_it():
    clock.set_clock(NOON)

    with clock.at(NOON - timedelta(days=1)):
        inside = clock.now()

    assert (inside, clock.now()) == (NOON - timedelta(days=1), NOON)


def test_a_moment_without_a_zone_is_no_moment():
    with pytest.raises(ValueError, match="aware"):
        clock.set_clock(datetime(2027, 3, 1))  # noqa: DTZ001 -- that is what is refused
